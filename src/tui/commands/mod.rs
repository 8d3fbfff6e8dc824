//! Commands that belong to no pane: they can be done wherever the keys go.

pub mod copy;
pub mod desk;
pub mod make;
pub mod take;

use super::component::Commands;

/// Every set of them.
pub fn all() -> Vec<Box<dyn Commands>> {
    vec![
        Box::new(make::Make),
        Box::new(take::TakeCommands),
        Box::new(desk::Desk),
    ]
}
