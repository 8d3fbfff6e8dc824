//! An upgrade of the program while it runs: a new file under the old name, as installers do it.

use crate::figures::count;
use crate::pace::Pace;
use crate::places::Places;
use crate::scene::Scene;
use crate::storm::Scale;
use crate::trouble::Trouble;

pub struct Upgrades {
    pace: Pace,
}

/// Puts the program where clients find it, and the version to come beside it.
pub fn install(places: &Places) {
    for version in ["version-0", "version-1"] {
        std::fs::copy(
            env!("CARGO_BIN_EXE_rushes"),
            places.outer.join("bin").join(version),
        )
        .unwrap();
    }
    replace(places, 0);
}

/// Replaces the program's file. The version counts up, so that the file is another one each time.
pub fn replace(places: &Places, version: u64) {
    let bin = places.outer.join("bin");
    let new = bin.join("new");
    std::fs::hard_link(bin.join(format!("version-{}", version % 2)), &new).unwrap();
    std::fs::rename(new, places.program()).unwrap();
}

impl Upgrades {
    pub fn new(random: &mut fastrand::Rng, scale: &Scale) -> Self {
        let pause = if scale.is_short {
            3_000..6_000
        } else {
            5_000..15_000
        };
        Self {
            pace: Pace::new(random, 1_500..3_000, pause),
        }
    }
}

impl Trouble for Upgrades {
    fn tick(&mut self, scene: &mut Scene) {
        if self.pace.is_due(&mut scene.random) {
            scene.upgrade();
            count(&mut scene.figures.troubles, "program replaced");
        }
    }

    fn end(&mut self, _: &mut Scene) {}

    fn has_struck(&self) -> bool {
        self.pace.strikes > 0
    }
}
