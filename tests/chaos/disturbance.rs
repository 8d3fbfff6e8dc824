//! The interface of a storm's disturbances. Each kind has a file of its own.

use crate::scene::Scene;

/// One kind of disturbance besides the kills, the jumping clocks and the faults of single responses.
pub trait Disturbance {
    /// Called at every tick of the rage. It must not wait: other disturbances continue meanwhile.
    fn tick(&mut self, scene: &mut Scene);

    /// Ends what is under way, so that calm can begin.
    fn end(&mut self, scene: &mut Scene);

    /// Whether it has happened at least once; the rage lasts until then, within limits.
    fn has_struck(&self) -> bool;
}
