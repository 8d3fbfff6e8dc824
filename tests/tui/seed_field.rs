//! Types into the seed field of Parameters.

use rushes::tui::panes::{Parameter, Spot};

use crate::test_workbench::Desk;

impl Desk {
    /// Opens the seed field of Parameters.
    pub async fn open_seeds(&self) {
        let spots = Spot::all(&self.form());
        let seeds = spots
            .iter()
            .position(|spot| *spot == Spot::Parameter(Parameter::Seeds));
        self.press("2 home");
        for _ in 0..seeds.unwrap() {
            self.press("down");
        }
        self.press("enter");
        self.settle().await;
    }
    /// Types this list into the seed field of Parameters.
    pub async fn type_seeds(&self, seeds: &str) {
        self.open_seeds().await;
        self.press("ctrl-u");
        self.write(seeds).await;
        self.press("enter");
        self.settle().await;
    }
}
