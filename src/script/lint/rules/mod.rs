//! Every rule, in files by what they look at. A new rule needs its name in `model::rule` and its check in one of these.

use super::Look;

mod camera_moves;
mod pacing;
mod parameters;
mod picture;
mod references;
mod sound;
mod template_leftovers;
mod timeline;

pub(super) use camera_moves::whole;
pub(super) use sound::speaking;

/// Lets every rule look.
pub(super) fn check(look: &mut Look<'_>) {
    parameters::check(look);
    timeline::check(look);
    references::check(look);
    template_leftovers::check(look);
    pacing::check(look);
    camera_moves::check(look);
    sound::check(look);
    picture::check(look);
}
