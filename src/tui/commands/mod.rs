//! Commands that belong to no pane and can be run from anywhere.

pub mod copy;
pub mod judge;
pub mod make;
pub mod program;
pub mod promote;
pub mod sweep;
pub mod take;

use super::component::Commands;
use super::overlays::Openers;

pub fn all() -> Vec<Box<dyn Commands>> {
    vec![
        Box::new(make::Make),
        Box::new(sweep::Sweep),
        Box::new(promote::Continue),
        Box::new(take::TakeCommands),
        Box::new(judge::Judge),
        Box::new(program::Program),
        Box::new(Openers),
    ]
}
