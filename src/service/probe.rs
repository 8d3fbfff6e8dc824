//! Whether a model gives the same clip for the same seed: compares takes of one request, and says what is known of a model.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::media::{self, Cancel};
use crate::model::likeness::Outcome;
use crate::model::{Backend, Model, Take, TakeId, TakeState};
use crate::store::{KnownTwins, Probe, Store, are_twins};

use super::problem::{Kind, Problem};
use super::promotion::How;

/// What a probe of a take has to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// This saved take sent the same request: nothing has to be paid.
    Compare(Box<Take>),
    /// This take of the same request is queued or in flight, and has been agreed on: it is waited for.
    WaitFor(TakeId),
    /// This take of the same request may have been sent; another one might be paid twice.
    Unclear(TakeId),
    /// The request has to be sent once more, unless other twins than these come first.
    Send(KnownTwins),
}

/// What a probe of a saved take has to do next.
pub fn next(store: &Store, take: &Take) -> Result<Next, Problem> {
    let (twins, probes) = (store.twins(take)?, store.probes()?);
    let is_compared = |other: &Take| {
        let mut others = probes.iter().map(|probe| probe.other_of(take.id));
        others.any(|compared| compared == Some(other.id))
    };
    let known = KnownTwins {
        of: take.id,
        twins: twins.iter().map(|twin| (twin.id, twin.state)).collect(),
    };
    let mut next = Next::Send(known);
    for twin in twins {
        match without_paying(twin) {
            Some(Next::Compare(twin)) if !is_compared(&twin) => return Ok(Next::Compare(twin)),
            Some(Next::Unclear(twin)) => next = Next::Unclear(twin),
            Some(Next::WaitFor(twin)) if matches!(next, Next::Send(_)) => next = Next::WaitFor(twin),
            _ => {}
        }
    }
    Ok(next)
}

/// What a probe does with a twin that came while the user was asked for money: nothing is paid for another one.
///
/// # Errors
/// The twin came to nothing.
pub fn after(store: &Store, twin: TakeId) -> Result<Next, Problem> {
    let twin = store.take(twin)?;
    let what = format!(
        "take {} sent the same request meanwhile and is {}",
        twin.id, twin.state
    );
    without_paying(twin)
        .ok_or_else(|| Problem::new(Kind::Usage, what, "run this again").so("nothing was sent"))
}

/// What can be done with a twin; `None` when it is settled and has no video.
fn without_paying(twin: Take) -> Option<Next> {
    let has_video = || twin.file.as_ref().is_some_and(|file| file.is_file());
    match twin.state {
        TakeState::Saved if has_video() => Some(Next::Compare(Box::new(twin))),
        TakeState::Unknown => Some(Next::Unclear(twin.id)),
        state => (!state.settled()).then_some(Next::WaitFor(twin.id)),
    }
}

/// Compares the videos of two saved takes and keeps the result. It blocks, for about as long as both play at several times
/// their speed.
///
/// # Errors
/// A take has no video; a video is gone, cut off, changed or cannot be decoded; it was cancelled.
pub fn compare(
    store: &Store,
    (take, other): (&Take, &Take),
    now: Timestamp,
    cancel: &Cancel,
) -> Result<Probe, Problem> {
    let file = |take: &Take| {
        let file = take.file.clone();
        file.ok_or_else(|| Problem::new(Kind::Usage, take.why_no_video(), "choose saved takes"))
    };
    let (first, second) = (file(take)?, file(other)?);
    let likeness = media::compare((&first, take.bytes), (&second, other.bytes), cancel);
    let likeness = likeness.map_err(|error| {
        let what = format!("takes {} and {} were not compared", take.id, other.id);
        Problem::new(Kind::Other, error.to_string(), "").so(what)
    })?;
    let probe = Probe {
        take: take.id,
        other: other.id,
        model: take.model.slug().to_owned(),
        backend: take.backend,
        made_at: take.created_at.max(other.created_at),
        at: now,
        is_repeat: are_twins(take, other),
        likeness,
    };
    store.keep_probe(&probe)?;
    Ok(probe)
}

/// What the probes of a model say: `the same seed gave the same clip on 2026-11-26 (1 of 1)`; `None` where there is none. How
/// often the newest outcome was found is in brackets.
pub fn history(probes: &[Probe], model: Model, backend: Backend, zone: &TimeZone) -> Option<String> {
    let about = |probe: &&Probe| probe.is_repeat && probe.model == model.slug() && probe.backend == backend;
    let about: Vec<&Probe> = probes.iter().filter(about).collect();
    let newest = about.iter().max_by_key(|probe| (probe.made_at, probe.at))?;
    let outcome = newest.likeness.outcome();
    let alike = about
        .iter()
        .filter(|probe| probe.likeness.outcome() == outcome)
        .count();
    Some(format!(
        "the same seed gave {} on {} ({alike} of {})",
        outcome.clip(),
        day(newest.made_at, zone),
        about.len()
    ))
}

/// What to know before a take's request is run again with the same seed.
pub fn before_repeat(probes: &[Probe], model: Model, backend: Backend, zone: &TimeZone) -> String {
    let cost = match backend {
        Backend::Sandbox => "It is free",
        Backend::Live => "It costs the same once more",
    };
    match history(probes, model, backend, zone) {
        Some(history) => format!("{cost}; {history}."),
        None => format!("{cost}, and may give another clip."),
    }
}

/// What is kept of a draft when it is promoted, with what is known of its seed.
pub fn kept(how: How, probes: &[Probe], model: Model, backend: Backend, zone: &TimeZone) -> String {
    let kept = how.kept();
    match history(probes, model, backend, zone).filter(|_| how == How::Seed) {
        Some(history) => format!("{kept} At the draft's own size {history}."),
        None => kept.to_owned(),
    }
}

/// What a result says of one of its two takes: `the same clip as take 7`.
pub fn in_short(probe: &Probe, take: TakeId) -> String {
    let other = probe.other_of(take).unwrap_or(probe.other);
    match probe.likeness.outcome() {
        Outcome::Same => format!("the same clip as take {other}"),
        Outcome::Near => format!("looks the same as take {other}"),
        Outcome::Different => format!("another clip than take {other}"),
    }
}

/// The results that one take is part of, the newest first.
pub fn of_take(probes: &[Probe], take: TakeId) -> impl Iterator<Item = &Probe> {
    probes.iter().filter(move |probe| probe.other_of(take).is_some())
}

/// The day of a result, where the user is.
pub fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::likeness::Likeness;

    fn probe(made_at: &str, equal_frames: u64, is_repeat: bool) -> Probe {
        Probe {
            take: TakeId(1),
            other: TakeId(2),
            model: Model::default().slug().to_owned(),
            backend: Backend::Live,
            made_at: made_at.parse().unwrap(),
            at: made_at.parse().unwrap(),
            is_repeat,
            likeness: Likeness {
                frames: (24, 24),
                sizes: ((64, 48), (64, 48)),
                equal_frames,
                psnr_mean_db: (equal_frames < 24).then_some(12.0),
                psnr_min_db: (equal_frames < 24).then_some(11.0),
            },
        }
    }

    #[test]
    fn the_newest_outcome_is_told_with_how_often_it_was_found() {
        let of = |probes: &[Probe], backend| history(probes, Model::default(), backend, &TimeZone::UTC);
        assert_eq!(of(&[], Backend::Live), None);
        let same = probe("2026-11-26T10:00:00Z", 24, true);
        let told = of(std::slice::from_ref(&same), Backend::Live);
        assert_eq!(
            told.as_deref(),
            Some("the same seed gave the same clip on 2026-11-26 (1 of 1)")
        );
        assert_eq!(of(std::slice::from_ref(&same), Backend::Sandbox), None);
        let other = probe("2026-11-28T10:00:00Z", 2, true);
        let told = of(&[same.clone(), other, same.clone()], Backend::Live);
        assert_eq!(
            told.as_deref(),
            Some("the same seed gave another clip on 2026-11-28 (1 of 3)")
        );
        // Two takes of different requests say nothing about a seed.
        assert_eq!(
            of(&[probe("2026-11-26T10:00:00Z", 24, false)], Backend::Live),
            None
        );
    }

    #[test]
    fn nothing_is_promised_where_nothing_is_known() {
        let told = |probes: &[Probe]| before_repeat(probes, Model::default(), Backend::Live, &TimeZone::UTC);
        assert_eq!(
            told(&[]),
            "It costs the same once more, and may give another clip."
        );
        assert_eq!(
            told(&[probe("2026-11-26T10:00:00Z", 24, true)]),
            "It costs the same once more; the same seed gave the same clip on 2026-11-26 (1 of 1)."
        );
    }
}
