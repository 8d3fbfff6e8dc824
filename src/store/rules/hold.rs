//! When the waiting takes of a prompt go on hold: once it was refused twice for its content.

use jiff::Timestamp;

use crate::model::Take;
use crate::model::summary::is_same_content;

/// Refusals of one prompt that put its waiting takes on hold.
const MAX_REFUSALS: usize = 2;

/// Whether a take that the user asked for at `asked` goes on hold after refusals of its prompt at these times. Earlier
/// refusals do not count: a user who asks again has read them.
pub fn goes_on_hold(asked: Timestamp, refused: impl IntoIterator<Item = Option<Timestamp>>) -> bool {
    let since = refused.into_iter().filter(|at| *at >= Some(asked));
    since.count() >= MAX_REFUSALS
}

/// Whether two takes ask the same model for the same content.
pub fn is_same_prompt(one: &Take, other: &Take) -> bool {
    one.model == other.model && is_same_content(&one.body, &other.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_refusals_after_the_take_was_asked_for_count() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let refused = |seconds: &[i64]| -> Vec<_> { seconds.iter().map(|s| Some(at(*s))).collect() };
        assert!(goes_on_hold(at(5), refused(&[5, 9])));
        assert!(!goes_on_hold(at(6), refused(&[5, 9])));
        assert!(!goes_on_hold(at(0), [Some(at(1)), None]));
    }
}
