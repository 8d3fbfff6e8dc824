//! What each kind of trouble must be able to do. Each has a file of its own.

use crate::scene::Scene;

/// One kind of trouble beside the kills, the jumping clocks and the faults of single responses.
pub trait Trouble {
    /// Comes at every tick of the rage. It must not wait: other troubles go on meanwhile.
    fn tick(&mut self, scene: &mut Scene);

    /// Ends what is under way, so that calm can begin.
    fn end(&mut self, scene: &mut Scene);

    /// Whether it has happened at least once; the rage goes on until then, within limits.
    fn has_struck(&self) -> bool;
}
