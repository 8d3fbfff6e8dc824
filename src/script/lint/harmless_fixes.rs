//! Decides which fixes may be offered: those that damage nothing.
//!
//! Every fix is tried on a copy, which is then read and compared: there must be no new error, no lost shot, no change of
//! a time that made sense, no other reference, and no other changed byte.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::{Form, Rule};
use crate::script::{Cited, Script, Shot, read};

use super::{Finding, Fix, Fixed, errors, text_fixes};

/// A longer prompt gets no fixes, because trying a fix reads it several times, and no fix makes a longer one.
const MAX_FIXED_BYTES: usize = 100_000;

/// Removes every fix that would damage the form.
pub(super) fn keep_harmless(form: &Form, script: &Script, findings: &mut [Finding]) {
    if findings.iter().all(|finding| finding.fixes.is_empty()) {
        return;
    }
    let errors = Errors::of(form, script);
    // Several findings often offer the same fix.
    let mut judged: Vec<(Fix, bool)> = Vec::new();
    for finding in findings {
        finding.fixes.retain(|fix| {
            if let Some((_, harmless)) = judged.iter().find(|(known, _)| known == fix) {
                return *harmless;
            }
            let harmless = form.prompt.len() <= MAX_FIXED_BYTES && is_harmless(form, script, &errors, fix);
            judged.push((fix.clone(), harmless));
            harmless
        });
    }
}

/// How many errors each rule finds.
struct Errors([usize; Rule::ALL.len()]);

impl Errors {
    fn of(form: &Form, script: &Script) -> Self {
        let mut counts = [0; Rule::ALL.len()];
        for finding in errors(form, script) {
            counts[finding.rule as usize] += 1;
        }
        // A change of length can turn one of these into the other: both are the same error.
        counts[Rule::Overrun as usize] += std::mem::take(&mut counts[Rule::OverCap as usize]);
        Self(counts)
    }

    fn are_all_in(&self, before: &Self) -> bool {
        self.0
            .iter()
            .zip(before.0)
            .all(|(after, before)| *after <= before)
    }
}

fn is_harmless(form: &Form, script: &Script, errors: &Errors, fix: &Fix) -> bool {
    match fix.apply_to(form, script) {
        // It changes nothing.
        Fixed::One(fixed) if fixed == *form => false,
        // `image 1-50` cited a thousand times grows by far.
        Fixed::One(fixed) if fixed.prompt.len() > MAX_FIXED_BYTES => false,
        Fixed::One(fixed) => {
            let again = read(&fixed.prompt);
            Errors::of(&fixed, &again).are_all_in(errors)
                && (fixed.prompt == form.prompt
                    || is_kept(fix, (&form.prompt, script), (&fixed.prompt, &again)))
        }
        Fixed::Clips(clips) => {
            let scripts: Vec<Script> = clips.iter().map(|clip| read(&clip.prompt)).collect();
            let shots: usize = scripts.iter().map(|script| script.shots.len()).sum();
            let mut both = clips.iter().zip(&scripts);
            shots == script.shots.len()
                && both.all(|(clip, script)| Errors::of(clip, script).are_all_in(errors))
        }
    }
}

/// Whether the text is changed as intended and in no other way.
fn is_kept(fix: &Fix, before: (&str, &Script), after: (&str, &Script)) -> bool {
    let (old, new) = (&before.1.shots, &after.1.shots);
    let pairs = || old.iter().zip(new);
    let same_times = pairs().all(|(old, new)| (old.start, old.end) == (new.start, new.end));
    let same_numbers = pairs().all(|(old, new)| old.number == new.number);
    let changes_times = matches!(
        fix,
        Fix::Squeeze(_) | Fix::Stretch(_) | Fix::Retime | Fix::CloseGaps | Fix::StartAtZero | Fix::Shift
    );
    old.len() == new.len()
        && !(changes_times && (before.1.is_told_twice || before.1.has_other_times))
        && (before.1.doubt.is_none() || !matches!(fix, Fix::Shift))
        && pairs().all(|(old, new)| old.title == new.title)
        && cited(before.1) == cited(after.1)
        && rest(fix, before) == rest(fix, after)
        && match fix {
            Fix::Squeeze(to) => same_numbers && begins_at_zero(old) && after.1.end_ms() == Some(*to),
            Fix::Stretch(to) => same_numbers && after.1.end_ms() == Some(*to),
            Fix::Retime => {
                same_numbers && pairs().all(|(old, new)| is_righted(old, new)) && !overlaps_righted(old, new)
            }
            Fix::CloseGaps => {
                same_numbers
                    && after.1.end_ms() == before.1.end_ms()
                    && pairs().all(|(old, new)| is_longer(old, new))
            }
            Fix::StartAtZero => same_numbers && after.1.end_ms() == before.1.end_ms(),
            Fix::Shift => same_numbers && pairs().all(|(old, new)| length(old) == length(new)),
            Fix::Renumber => same_times && are_plain_numbers(before),
            _ => same_times && same_numbers,
        }
}

/// A part that begins later (`15-20s`) continues another one, and is only as long as its span.
fn begins_at_zero(shots: &[Shot]) -> bool {
    shots.iter().find_map(|shot| shot.start) == Some(0)
}

/// How long a shot lasts in milliseconds, if it has times.
fn length(shot: &Shot) -> Option<u32> {
    shot.end?.checked_sub(shot.start?)
}

/// Whether a shot is as long as before or longer, by at most the second that an inclusive count leaves out at its start.
fn is_longer(old: &Shot, new: &Shot) -> bool {
    length(new) >= length(old) && new.start <= old.start && new.end >= old.end
}

/// Whether a time that made sense is unchanged, and the ends of one that ran backwards are swapped.
fn is_righted(old: &Shot, new: &Shot) -> bool {
    let (Some(start), Some(end)) = (old.start, old.end) else {
        return (old.start, old.end) == (new.start, new.end);
    };
    (new.start, new.end) == (Some(start.min(end)), Some(start.max(end)))
}

/// Whether a range that ran backwards overlaps one beside it now that it is righted: another time in it is wrong.
fn overlaps_righted(old: &[Shot], new: &[Shot]) -> bool {
    let ran_backwards = |shot: &Shot| shot.end < shot.start && shot.end.is_some();
    let mut pairs = old.windows(2).zip(new.windows(2));
    pairs.any(|(old, new)| old.iter().any(ran_backwards) && new[0].end > new[1].start)
}

/// Whether the shots' numbers rise, and no other text refers to a shot by its number, neither an unread heading
/// (`SHOT 2-3`) nor a sentence (`as in shot 2`): it would then refer to another shot.
fn are_plain_numbers((text, script): (&str, &Script)) -> bool {
    let word_before = |at: usize| {
        let before = text[..at].trim_end();
        let word = before.trim_end_matches(char::is_alphabetic).len();
        before[word..].to_lowercase()
    };
    let written = script
        .shots
        .iter()
        .filter_map(|shot| shot.written.number.as_ref());
    let own: BTreeSet<usize> = written.map(|at| at.start).collect();
    let words: BTreeSet<String> = own.iter().map(|at| word_before(*at)).collect();
    let digits = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at);
    let mut others = digits
        .filter(|at| !text[..*at].ends_with(|c: char| c.is_ascii_digit()))
        .filter(|at| !own.contains(at));
    own.len() == script.shots.len()
        && script.shots.iter().all(|shot| shot.last_number == shot.number)
        && script.shots.is_sorted_by_key(|shot| shot.number)
        && !others.any(|at| words.contains(&word_before(at)))
}

/// Every cited reference, ranges of numbers one by one.
fn cited(script: &Script) -> Vec<Cited> {
    let each = |cited: &Cited| match *cited {
        Cited::Numbered { kind, first, last } => {
            let one = |n| Cited::Numbered {
                kind,
                first: n,
                last: n,
            };
            (first..=last).map(one).collect()
        }
        ref other => vec![other.clone()],
    };
    script
        .references
        .iter()
        .flat_map(|citation| each(&citation.cited))
        .collect()
}

/// The text without what the fix may change and without white space.
fn rest(fix: &Fix, (text, script): (&str, &Script)) -> String {
    let mut changed: Vec<Range<usize>> = match fix {
        Fix::Squeeze(_) | Fix::Stretch(_) | Fix::Retime | Fix::CloseGaps | Fix::StartAtZero | Fix::Shift => {
            let stamps = script.shots.iter().flat_map(|shot| shot.written.stamps());
            stamps.map(|stamp| stamp.at.clone()).collect()
        }
        Fix::Renumber => script
            .shots
            .iter()
            .filter_map(|shot| shot.written.number.clone())
            .collect(),
        Fix::NormaliseReferences => {
            let citations = script.references.iter();
            let numbered = citations.filter(|citation| matches!(citation.cited, Cited::Numbered { .. }));
            numbered.map(|citation| citation.at.clone()).collect()
        }
        Fix::ReplaceNewlines => text_fixes::literal_breaks(text).collect(),
        _ => Vec::new(),
    };
    changed.sort_by_key(|range| range.start);
    let mut rest = String::with_capacity(text.len());
    let mut last = 0;
    for range in changed {
        rest += text.get(last..range.start).unwrap_or_default();
        last = range.end;
    }
    rest += text.get(last..).unwrap_or_default();
    rest.retain(|c| !c.is_whitespace());
    // `images 1-2` becomes `image 1, image 2` with a comma between the citations.
    if *fix == Fix::NormaliseReferences {
        rest.retain(|c| !matches!(c, ',' | '，' | '、'));
    }
    rest
}
