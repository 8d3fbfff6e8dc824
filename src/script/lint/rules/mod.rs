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

/// Runs the rules that may find errors.
pub(super) fn check_for_errors(look: &mut Look<'_>) {
    parameters::check(look);
    timeline::check(look);
    references::check(look);
    template_leftovers::check(look);
}

/// Runs the rules that find only warnings and notes.
pub(super) fn check_for_others(look: &mut Look<'_>) {
    pacing::check(look);
    camera_moves::check(look);
    sound::check(look);
    picture::check(look);
}
