//! Not yet.
pub(super) fn check(_look: &mut super::Look<'_>) {}
