//! What the user can do with reels: create, rename, archive and restore them, and say how their files are named.

use std::path::Path;

use jiff::Timestamp;

use crate::config::nearest;
use crate::engine::sidecars::renamed;
use crate::model::file_pattern::FilePattern;
use crate::model::text::{counted, is_shown, one_line};
use crate::store::{MAX_REEL_NAME, Reel, ReelRow, Store};

use super::problem::{Kind, Problem};

/// Creates a reel that does not exist yet.
pub fn create(store: &Store, name: &str) -> Result<Reel, Problem> {
    let name = checked(name)?;
    match store.reel_named(&name)? {
        None => Ok(store.reel(&name)?),
        Some(reel) if reel.archived_at.is_some() => Err(usage(
            format!("reel {name:?} is archived"),
            "`rushes reels restore NAME` opens it again, or choose another name",
        )),
        Some(_) => Err(usage(
            format!("there is a reel {name:?} already"),
            "choose another name, or open it with --reel NAME",
        )),
    }
}

/// The reel of that name, which is created if there is none.
pub fn or_new(store: &Store, name: &str) -> Result<Reel, Problem> {
    match store.reel_named(name)? {
        Some(reel) => Ok(reel),
        None => Ok(store.reel(&checked(name)?)?),
    }
}

/// The reel of that name, to plan with: if there is none, it is one that is not stored and has nothing in it.
pub fn planned(store: &Store, name: &str, now: Timestamp) -> Result<Reel, Problem> {
    if let Some(reel) = store.reel_named(name)? {
        return Ok(reel);
    }
    Ok(Reel {
        id: String::new(),
        name: checked(name)?,
        folder: String::new(),
        created_at: now,
        archived_at: None,
        file_names: None,
    })
}

/// Gives a reel another name; its folder and files keep theirs. [`renew_sidecars`] must follow.
pub fn rename(store: &Store, old: &str, new: &str) -> Result<Reel, Problem> {
    let (reel, new) = (named(store, old)?, checked(new)?);
    store.rename_reel(&reel.id, &new)?;
    Ok(Reel { name: new, ..reel })
}

/// Writes the names of renamed reels into the sidecars of their takes, which takes as long as there are takes.
///
/// # Errors
/// A sidecar cannot be written. The reel has its new name all the same.
pub fn renew_sidecars(store: &Store, reels: &Path) -> Result<(), Problem> {
    match renamed::rename(store, reels)?.first() {
        None => Ok(()),
        Some(left) => Err(Problem::new(Kind::Other, left.what(), left.next())),
    }
}

/// Archives a reel. Nothing of it is lost, it is only not listed and takes no new takes. A reel with takes that are not
/// finished stays, so that none of them is sent or paid for unseen.
pub fn archive(store: &Store, name: &str) -> Result<Reel, Problem> {
    let reel = named(store, name)?;
    if reel.archived_at.is_some() {
        return Err(usage(
            format!("reel {name:?} is archived already"),
            "`rushes reels restore NAME` opens it again",
        ));
    }
    let unsettled = row(store, &reel)?.map_or(0, |row| row.unsettled);
    if unsettled > 0 {
        return Err(usage(
            format!(
                "reel {name:?} has {} that are not finished",
                counted(unsettled, "take")
            ),
            "wait for them with `rushes resume`, or cancel them in the workbench; then archive it",
        ));
    }
    store.archive_reel(&reel.id, true)?;
    Ok(reel)
}

/// Opens an archived reel again.
pub fn restore(store: &Store, name: &str) -> Result<Reel, Problem> {
    let reel = named(store, name)?;
    if reel.archived_at.is_none() {
        return Err(usage(
            format!("reel {name:?} is not archived"),
            "open it with --reel NAME",
        ));
    }
    store.archive_reel(&reel.id, false)?;
    Ok(reel)
}

/// Sets how the reel's videos are named from now on; without a pattern, as the settings say.
pub fn name_files(store: &Store, name: &str, pattern: Option<&str>) -> Result<Reel, Problem> {
    let reel = named(store, name)?;
    if let Some(text) = pattern {
        FilePattern::parse(text).map_err(|error| usage(error.to_string(), ""))?;
    }
    store.name_files(&reel.id, pattern)?;
    Ok(Reel {
        file_names: pattern.map(str::to_owned),
        ..reel
    })
}

/// The reel of that name, which must exist.
///
/// # Errors
/// There is none: the message names similar ones, and says how to make it.
pub fn named(store: &Store, name: &str) -> Result<Reel, Problem> {
    match store.reel_named(name)? {
        Some(reel) => Ok(reel),
        None => Err(missing(&store.reels()?, name)),
    }
}

fn missing(reels: &[Reel], name: &str) -> Problem {
    let similar = nearest(name, reels.iter().map(|reel| reel.name.as_str()));
    let meant = similar.map_or_else(String::new, |similar| format!("; did you mean {similar:?}?"));
    let shown = one_line(name, 60);
    let quoted = shell_words::quote(&shown);
    usage(
        format!("there is no reel {shown:?}{meant}"),
        format!("`rushes reels --all` lists those there are, `rushes reels new {quoted}` makes this one"),
    )
}

fn row(store: &Store, reel: &Reel) -> Result<Option<ReelRow>, Problem> {
    let rows = store.reel_rows(true)?;
    Ok(rows.into_iter().find(|row| row.reel.id == reel.id))
}

fn checked(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    let length = name.chars().count();
    if name.is_empty() || length > MAX_REEL_NAME || !name.chars().all(is_shown) {
        return Err(usage(
            format!("{:?} cannot be the name of a reel", one_line(name, 60)),
            format!("use 1 to {MAX_REEL_NAME} characters of one line"),
        ));
    }
    Ok(name.to_owned())
}

fn usage(why: impl Into<String>, now: impl Into<String>) -> Problem {
    Problem::new(Kind::Usage, why, now)
}
