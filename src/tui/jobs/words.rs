//! The first words of a take's prompt that differ from the revision before, so that two prompts can be told apart.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::difference::first_difference_words;
use crate::model::{Take, TakeId};
use crate::store::{Group, Store, StoreError};

/// The longest words, in characters.
const MAX: usize = 40;
/// Takes that are remembered; more than are loaded at once.
const KEPT: usize = 10_000;

/// Words that were found before. Neither the prompt of a take nor those before it change.
pub type Words = Arc<Mutex<BTreeMap<TakeId, String>>>;

/// A revision, and the newest older take of another one with the prompt of that.
type Above = (Option<i64>, Option<(TakeId, String)>);

/// The words of the takes in `groups`; of those without a difference there are none.
pub fn of(
    store: &Store,
    known: &Words,
    reel_id: &str,
    groups: &[Group],
) -> Result<BTreeMap<TakeId, String>, StoreError> {
    let mut takes: Vec<&Take> = groups.iter().flat_map(|group| &group.takes).collect();
    takes.sort_by_key(|take| std::cmp::Reverse(take.id));
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() > KEPT {
        known.clear();
    }
    // The revision of the take above, and the newest older take of another one.
    let mut above: Option<Above> = None;
    // The prompt of the revision itself.
    let mut new: Option<String> = None;
    for take in &takes {
        if known.contains_key(&take.id) {
            continue;
        }
        let revision = take.revision;
        let holds =
            |(of, before): &Above| *of == revision && before.as_ref().is_none_or(|(id, _)| *id < take.id);
        if !above.as_ref().is_some_and(holds) {
            let before = store.prompt_before(reel_id, take.id, revision)?;
            let before = before.map(|(id, prompt, revision)| {
                let written = written(store, reel_id, revision)?;
                Ok::<_, StoreError>((id, written.unwrap_or(prompt)))
            });
            above = Some((revision, before.transpose()?));
            new = written(store, reel_id, revision)?;
        }
        let before = above.as_ref().and_then(|(_, before)| before.as_ref());
        let prompt = new.as_deref().or_else(|| take.prompt());
        let words = match (before, prompt) {
            (Some((_, old)), Some(new)) => first_difference_words(old, new, MAX),
            _ => String::new(),
        };
        known.insert(take.id, words);
    }
    let words = takes
        .iter()
        .filter_map(|take| Some((take.id, known.get(&take.id)?.clone())));
    Ok(words.filter(|(_, words)| !words.is_empty()).collect())
}

/// The prompt of a revision as it was written: takes of one revision may differ in its variables.
fn written(store: &Store, reel_id: &str, revision: Option<i64>) -> Result<Option<String>, StoreError> {
    let Some(version) = revision else { return Ok(None) };
    let form = store.forms(reel_id).revision(version)?;
    Ok(form.map(|form| form.prompt))
}
