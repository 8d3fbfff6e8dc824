//! What tells the takes of a sweep apart when it varies something else than seeds.

use std::collections::{BTreeMap, BTreeSet};

use super::take::Take;
use super::text::one_line;

/// The longest value that lists show, in characters.
const MAX: usize = 24;

/// What tells a take from its siblings in a sweep over something else than seeds: `red`.
#[derive(Debug, Default)]
pub struct SweepValues {
    /// For each sweep, the bytes with which all its values begin.
    common: BTreeMap<i64, usize>,
}

impl SweepValues {
    /// The values of these takes; words with which all values of a sweep begin do not tell them apart.
    pub fn of<'a>(takes: impl Iterator<Item = &'a Take>) -> Self {
        let mut values: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
        for take in takes {
            if let (Some(sweep), Some(value)) = (take.sweep, &take.variant) {
                values.entry(sweep).or_default().insert(value);
            }
        }
        let common = values
            .into_iter()
            .map(|(sweep, values)| (sweep, common_words(&values)));
        Self {
            common: common.collect(),
        }
    }

    /// The value of a take; empty when only seeds vary.
    pub fn of_take(&self, take: &Take) -> String {
        let Some(value) = &take.variant else {
            return String::new();
        };
        let common = take.sweep.and_then(|sweep| self.common.get(&sweep)).copied();
        match common
            .filter(|common| *common > 0)
            .and_then(|common| value.get(common..))
        {
            Some(rest) => one_line(&format!("…{rest}"), MAX),
            None => one_line(value, MAX),
        }
    }
}

/// How many bytes of words all of the values begin with; 0 for a single one.
fn common_words(values: &BTreeSet<&str>) -> usize {
    // Between the least and the greatest are all others.
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return 0;
    };
    if first == last {
        return 0;
    }
    let same = first
        .bytes()
        .zip(last.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    let same = first.get(..first.floor_char_boundary(same)).unwrap_or_default();
    same.rfind(' ').map_or(0, |space| space + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_apart_by_the_words_in_which_they_differ() {
        let common = |values: &[&str]| {
            let values: BTreeSet<&str> = values.iter().copied().collect();
            let common = common_words(&values);
            values
                .into_iter()
                .map(|value| value[common..].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(common(&["wool coat red", "wool coat blue"]), ["blue", "red"]);
        assert_eq!(common(&["red coat", "rust coat"]), ["red coat", "rust coat"]);
        assert_eq!(common(&["wool coat", "wool coat red"]), ["coat", "coat red"]);
        assert_eq!(common(&["café é", "café è"]), ["è", "é"]);
        assert_eq!(common(&["alone here"]), ["alone here"]);
    }
}
