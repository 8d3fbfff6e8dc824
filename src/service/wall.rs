//! The wall: takes as rows, their shots as columns. Which moments are shown, their pictures, and the sheet that is exported.

use std::io::Write;
use std::path::Path;

use crate::files::NewFile;
use crate::media::{Cancel, MAX_MOMENTS, MediaError, Picture, Sheet, Thumbnails};
use crate::model::text::{counted, one_line};
use crate::model::{Take, TakeId, TakeState, Verdict};
use crate::store::{Filter, Order, Store, StoreError};

use super::problem::{Kind, Problem};
use super::shots::{TakeShot, of_take};
use super::thumbnails;

/// The most takes of one sheet; more belong on several.
pub const MAX_SHEET_TAKES: u64 = 200;

/// Which moment of every shot a wall shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scrub {
    /// One sixth into the shot.
    Early,
    #[default]
    Middle,
    /// One sixth before its end.
    Late,
}

impl Scrub {
    /// The one before it, if there is one.
    pub const fn earlier(self) -> Option<Self> {
        match self {
            Self::Early => None,
            Self::Middle => Some(Self::Early),
            Self::Late => Some(Self::Middle),
        }
    }

    /// The one after it, if there is one.
    pub const fn later(self) -> Option<Self> {
        match self {
            Self::Early => Some(Self::Middle),
            Self::Middle => Some(Self::Late),
            Self::Late => None,
        }
    }

    /// The moment of a shot, in milliseconds from the start of its take.
    pub const fn moment(self, shot: &TakeShot) -> u64 {
        let sixth = (shot.end_ms - shot.start_ms) / 6;
        match self {
            Self::Early => shot.start_ms + sixth,
            Self::Middle => shot.middle_ms(),
            Self::Late => shot.end_ms - sixth,
        }
    }
}

/// The shape of a take's pictures, as its request has it: width and height in pixels.
pub fn shape(take: &Take) -> (u32, u32) {
    take.model
        .pixels(take.resolution, take.aspect_ratio)
        .unwrap_or((16, 9))
}

/// What the columns of a take's row show: its shots, or the three thirds of a take of one shot.
pub fn columns(take: &Take) -> Vec<TakeShot> {
    match &of_take(take)[..] {
        [only] => only.thirds().to_vec(),
        shots => shots.to_vec(),
    }
}

/// The pictures of a take's row, from the cache or made now. It blocks for as long as decoding takes.
///
/// # Errors
/// Why there are none, in words: the take has no video, its file is gone, or it cannot be decoded; or it was cancelled.
pub fn pictures(
    thumbnails: &Thumbnails,
    take: &Take,
    scrub: Scrub,
    cancel: &Cancel,
) -> Result<Vec<Picture>, String> {
    let Some(file) = &take.file else {
        return Err(take.why_no_video());
    };
    if !file.is_file() {
        return Err(MediaError::gone(file).to_string());
    }
    let shots = of_take(take);
    let is_single = shots.len() == 1;
    let shown = match scrub {
        Scrub::Middle => {
            let all = thumbnails::of(thumbnails, take, cancel).map_err(|error| error.to_string())?;
            let mut pictures: Vec<_> = all.into_iter().skip(1).collect();
            if is_single && pictures.len() == 3 {
                // The middle comes first there: see `shots::moments`.
                pictures.swap(0, 1);
            }
            pictures
        }
        Scrub::Early | Scrub::Late => {
            let set = thumbnails.set(if scrub == Scrub::Early { "-early" } else { "-late" });
            let moments: Vec<u64> = columns(take).iter().map(|shot| scrub.moment(shot)).collect();
            let sha256 = take.sha256.as_deref().unwrap_or_default();
            set.of(sha256, file, &moments, cancel)
                .map_err(|error| error.to_string())?
        }
    };
    Ok(shown.into_iter().map(|(_, picture)| picture).collect())
}

/// Refuses takes that are too many for a sheet or for the terminal, or none.
fn must_fit(count: usize) -> Result<(), Problem> {
    let why = match count as u64 {
        0 => "there are no takes to show".to_owned(),
        1..=MAX_SHEET_TAKES => return Ok(()),
        _ => format!("at most {MAX_SHEET_TAKES} takes are shown on one sheet, and these are more"),
    };
    Err(Problem::new(
        Kind::Usage,
        why,
        "choose some of them by their numbers, by marks, or by the log's filter",
    ))
}

/// All takes that a filter lets through, in this order.
///
/// # Errors
/// There are none, or more than [`MAX_SHEET_TAKES`]; or the store cannot be read.
pub fn takes_of(store: &Store, filter: &Filter, order: Order) -> Result<Vec<Take>, Problem> {
    let takes = store.takes_in(filter, order, 0, MAX_SHEET_TAKES + 1)?;
    must_fit(takes.len())?;
    Ok(takes)
}

/// The takes of a sweep in the order of their numbers.
///
/// # Errors
/// There is no such sweep, it has more than [`MAX_SHEET_TAKES`] takes, or the store cannot be read.
pub fn takes_of_sweep(store: &Store, number: i64) -> Result<Vec<Take>, Problem> {
    store.sweep_row(number).map_err(|error| match error {
        StoreError::NoSuchSweep(_) => Problem {
            kind: Kind::Usage,
            ..error.into()
        },
        other => other.into(),
    })?;
    takes_of(store, &Filter::of_sweep(number), Order::default())
}

/// The takes with these numbers, in the order given.
///
/// # Errors
/// There is no such take, or the store cannot be read.
pub fn takes_of_ids(store: &Store, ids: &[TakeId]) -> Result<Vec<Take>, Problem> {
    let one = |id: &TakeId| {
        store.take(*id).map_err(|error| match error {
            StoreError::NoSuchTake(_) => Problem {
                kind: Kind::Usage,
                ..error.into()
            },
            other => Problem::from(other),
        })
    };
    ids.iter().map(one).collect()
}

/// What stands beside the pictures of a take: its number, seed and verdict; its value in the sweep; tags and note.
pub fn caption(take: &Take) -> Vec<String> {
    let verdict = match take.verdict {
        Verdict::Circled => " * circled",
        Verdict::Rejected => " - rejected",
        Verdict::None => "",
    };
    let size = format!("{} {} s", take.resolution, take.duration);
    let state = match take.state {
        TakeState::Saved if take.emptied_at.is_none() => size,
        _ => format!("{size}, {}", take.state_in_words()),
    };
    let tags: Vec<String> = take.tags.iter().map(|tag| format!("#{tag}")).collect();
    let lines = [
        format!("take {}{verdict}", take.id),
        format!("seed {}", take.seed),
        take.variant.clone().unwrap_or_default(),
        state,
        tags.join(" "),
        take.note.clone().unwrap_or_default(),
    ];
    let lines = lines.into_iter().map(|line| one_line(&line, 200));
    lines.filter(|line| !line.trim().is_empty()).collect()
}

/// Draws the sheet of these takes: a row each, with its caption; instead of pictures that are missing stands why.
///
/// # Errors
/// There are no takes or too many, the sheet would be too large, or it was cancelled.
pub fn sheet(
    thumbnails: &Thumbnails,
    takes: &[Take],
    title: &str,
    scrub: Scrub,
    cancel: &Cancel,
) -> Result<Picture, Problem> {
    must_fit(takes.len())?;
    let most = takes.iter().map(|take| columns(take).len()).max().unwrap_or(1);
    let title = one_line(title, 200);
    let sheet = Sheet::new(
        &title,
        takes.len(),
        most.min(MAX_MOMENTS),
        takes.first().map_or((16, 9), shape),
    );
    let mut sheet = sheet.map_err(|error| Problem::because(error.to_string()))?;
    for take in takes {
        sheet.row(&caption(take), pictures(thumbnails, take, scrub, cancel));
        if cancel.is_cancelled() {
            return Err(Problem::because("the sheet was cancelled"));
        }
    }
    Ok(sheet.finish())
}

/// Writes the sheet as the new PNG file `to`, which is never overwritten; says what was written.
///
/// # Errors
/// As for [`sheet`]; or there is such a file already, or it cannot be written.
pub fn export(
    thumbnails: &Thumbnails,
    takes: &[Take],
    title: &str,
    scrub: Scrub,
    to: &Path,
) -> Result<String, Problem> {
    let refused = |error: crate::files::NewFileError| Problem::new(Kind::Usage, error.to_string(), "");
    // A name that is taken is told before anything is decoded.
    let mut file = NewFile::create(to).map_err(refused)?;
    let picture = sheet(thumbnails, takes, title, scrub, &Cancel::new())?;
    let png = picture
        .png()
        .map_err(|error| Problem::because(error.to_string()))?;
    if let Err(error) = file.out().write_all(&png) {
        return Err(refused(file.failed(error)));
    }
    file.finish().map_err(refused)?;
    Ok(format!(
        "{}: {}×{}, {}",
        to.display(),
        picture.width,
        picture.height,
        counted(takes.len() as u64, "take")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Backend, Form, Seed, SystemClock, Usd};
    use crate::store::Admission;

    #[test]
    fn a_sweep_of_too_many_takes_is_refused_and_not_cut() {
        let folder = tempfile::tempdir().unwrap();
        let clock = std::sync::Arc::new(SystemClock);
        let store = Store::open(&folder.path().join("rushes.db"), clock).unwrap();
        let reel = store.reel("night").unwrap();
        let sweep = |count: u64| {
            let seeds = (1..=count).map(|seed| Seed::new(u32::try_from(seed).unwrap()).unwrap());
            let (form, none) = (Form::default(), Usd::ZERO);
            let admission = Admission::of(&reel.id, Backend::Sandbox, form, seeds, none, none);
            let ids = store.admit(&admission).unwrap();
            store.take(ids[0]).unwrap().sweep.unwrap()
        };
        let (fits, is_larger) = (sweep(MAX_SHEET_TAKES), sweep(MAX_SHEET_TAKES + 1));
        assert_eq!(takes_of_sweep(&store, fits).unwrap().len(), 200);
        let refused = takes_of_sweep(&store, is_larger).unwrap_err();
        assert_eq!(refused.kind, Kind::Usage);
        assert!(refused.why.contains("at most 200 takes"), "{refused}");
    }
}
