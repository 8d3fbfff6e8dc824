//! The names of a take's files in its reel's folder.

use std::ffi::OsString;
use std::fmt::Display;
use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use crate::model::file_pattern::{FileFacts, FilePattern};
use crate::model::{Take, TakeId};
use crate::store::Reel;

/// The path of a take's video as long as it is not saved: partial download and sidecar are named after it. It begins
/// with the take's number, so that the take is found by the name alone.
pub(super) fn working(reels: &Path, folder: &str, take: &Take) -> PathBuf {
    let stem = working_stem(take.id.0, take.seed, take.resolution, take.duration);
    reels.join(folder).join(format!("{stem}.mp4"))
}

/// The working name of a take, without an ending.
pub(super) fn working_stem(
    number: i64,
    seed: impl Display,
    resolution: impl Display,
    duration: impl Display,
) -> String {
    format!("{number:05}-s{seed}-{resolution}-{duration}s")
}

/// The path that a take's video gets when it is saved: by the reel's pattern, else by that of the settings.
pub(super) fn saved(reels: &Path, reel: &Reel, take: &Take, setting: &FilePattern) -> PathBuf {
    // A pattern that a newer rushes wrote may not be read.
    let own = reel.file_names.as_deref().and_then(|text| text.parse().ok());
    let pattern: &FilePattern = own.as_ref().unwrap_or(setting);
    let name = pattern.name(&FileFacts {
        reel: &reel.name,
        number: take.id,
        seed: take.seed,
        resolution: take.resolution,
        duration: take.duration,
        model: take.model,
        sweep: take.sweep,
        revision: take.revision,
        date: take.created_at.to_zoned(jiff::tz::TimeZone::system()).date(),
    });
    reels.join(&reel.folder).join(format!("{name}.mp4"))
}

/// The videos in `folder` that may be the take's by their names, under whatever pattern they were named.
pub(super) fn maybe_of(folder: &Path, take: TakeId) -> Vec<PathBuf> {
    let number = format!("{:05}", take.0);
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .map(|entry| entry.path())
        .filter(|path| {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            let is_named = stem.is_some_and(|stem| stem.contains(&number));
            is_named && path.extension().is_some_and(|ending| ending == "mp4")
        })
        .collect()
}

/// The number of the take that a file of this working name belongs to. A pattern of the user's may make such names of
/// other numbers, so store and sidecar are asked first.
pub(super) fn number(name: &str) -> Option<i64> {
    let (stem, _) = name.split_once('.')?;
    let mut parts = stem.split('-');
    let number = parts.next()?;
    let seed = parts.next()?.strip_prefix('s')?;
    let (_resolution, duration) = (parts.next()?, parts.next()?.strip_suffix('s')?);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // The number is filled up with zeros, and a seed never is.
    let is_number = number.len() == 5 || number.len() > 5 && !number.starts_with('0');
    let is_seed = seed == "0" || !seed.starts_with('0');
    let is_ours = [number, seed, duration].into_iter().all(is_digits) && is_number && is_seed;
    if !is_ours || parts.next().is_some() {
        return None;
    }
    number.parse().ok().filter(|number| *number <= TakeId::MAX.0)
}

/// The folder in a reel's folder that holds the files of rejected takes until the user empties it.
pub(super) const BIN: &str = "bin";

/// Whether a file is in a bin.
pub fn is_binned(file: &Path) -> bool {
    file.parent().and_then(Path::file_name) == Some(BIN.as_ref())
}

/// The n-th name of a picture beside a video: `main-5-first.png`, then `main-5-first-2.png`.
pub fn picture(video: &Path, word: &str, n: u32, ending: &str) -> PathBuf {
    let stem = video.file_stem().unwrap_or_default().to_string_lossy();
    let number = if n == 1 { String::new() } else { format!("-{n}") };
    video.with_file_name(format!("{stem}-{word}{number}.{ending}"))
}

/// The stem of the video that a picture of this name is beside: `main-5` of `main-5-first-2.png`.
pub(super) fn stem_of_picture(name: &str) -> Option<&str> {
    let (stem, _) = name.rsplit_once('.')?;
    let plain = match stem.rsplit_once('-') {
        Some((plain, number)) if number.parse::<u32>().is_ok() => plain,
        _ => stem,
    };
    plain
        .strip_suffix("-first")
        .or_else(|| plain.strip_suffix("-last"))
}

/// The folder that holds a file and its bin.
pub fn folder_of(file: &Path) -> Option<&Path> {
    let folder = file.parent()?;
    if is_binned(file) {
        folder.parent()
    } else {
        Some(folder)
    }
}

/// Where a file of this name would be in the bin; of one in the bin, where it would be outside.
pub(super) fn counterpart(file: &Path) -> Option<PathBuf> {
    let (folder, name) = (folder_of(file)?, file.file_name()?);
    Some(if is_binned(file) {
        folder.join(name)
    } else {
        folder.join(BIN).join(name)
    })
}

/// A file's place, which stays the same when a home is moved: its reel's folder, whether it is in the bin, and its name
/// up to the ending.
pub(super) type Place = (OsString, bool, String);

/// The place of a take's file: of a video, of what belongs to its download, or of a sidecar.
pub(super) fn place(file: &Path) -> Option<Place> {
    let name = file.file_name()?.to_str()?;
    let stem = match name.strip_suffix(".json") {
        Some(stem) => stem,
        None => name.get(..name.rfind(".mp4")?)?,
    };
    Some((
        folder_of(file)?.file_name()?.to_owned(),
        is_binned(file),
        stem.to_owned(),
    ))
}

/// Every file in a reel's folder that has a working name, with the take's number.
pub(super) fn all_of_takes(reels: &Path) -> impl Iterator<Item = (i64, DirEntry)> {
    all(reels).filter_map(|entry| Some((entry.file_name().to_str().and_then(number)?, entry)))
}

/// Every file in a reel's folder and in its bin. Folders that cannot be listed are skipped.
pub(super) fn all(reels: &Path) -> impl Iterator<Item = DirEntry> {
    let list = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    list(reels)
        .map(|entry| entry.path())
        // A reel's folder may be a link to where there is more room.
        .filter(|reel| reel.is_dir())
        .flat_map(move |reel| list(&reel).chain(list(&reel.join(BIN))))
}

/// Renames `part` to `path`. A file of that name may be another take's video, paid for like this one: it is kept
/// beside it. Returns where.
pub(super) fn give_name(part: &Path, path: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let mut other = None;
    // Another process may use the same name at the same moment, so this is tried a few times.
    for _ in 0..3 {
        match rename_anew(part, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                other = set_aside(path, now)?.or(other);
            }
            outcome => return outcome.map(|()| other),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Renames the file at `path` out of the way. `None` when it is gone already.
fn set_aside(path: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let plain = format!("mp4.other-{}", now.as_second());
    let others = (2..1000).map(|n| format!("{plain}-{n}"));
    for ending in std::iter::once(plain.clone()).chain(others) {
        let aside = path.with_extension(ending);
        match rename_anew(path, &aside) {
            Ok(()) => return Ok(Some(aside)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Renames without overwriting.
pub(super) fn rename_anew(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Not every file system can do that: then the name is checked first.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if to.symlink_metadata().is_ok() => {
            Err(io::ErrorKind::AlreadyExists.into())
        }
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => std::fs::rename(from, to),
        outcome => Ok(outcome?),
    }
}

/// Creates a reel's folder for its owner alone.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_no_take_can_have_is_none() {
        assert_eq!(number("00005-s1-480p-4s.mp4"), Some(5));
        assert_eq!(number("1000000000-s1-480p-4s.mp4"), Some(TakeId::MAX.0));
        assert_eq!(number("9223372036854775807-s1-480p-4s.mp4.part"), None);
    }

    #[test]
    fn a_name_in_use_costs_no_video() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("00001-s1-480p-4s.mp4");
        let part = path.with_extension("mp4.part");
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let mut kept = Vec::new();
        for video in ["first", "second", "third"] {
            std::fs::write(&part, video).unwrap();
            kept.extend(give_name(&part, &path, now).unwrap());
            assert_eq!(std::fs::read_to_string(&path).unwrap(), video);
            assert!(!part.exists());
        }
        let kept: Vec<_> = kept
            .iter()
            .map(|path| (path.extension().unwrap(), std::fs::read_to_string(path).unwrap()))
            .collect();
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[0], ("other-1700000000".as_ref(), "first".to_owned()));
        assert_eq!(kept[1], ("other-1700000000-2".as_ref(), "second".to_owned()));
    }

    #[test]
    fn numbers_are_read_from_our_own_names_only() {
        assert_eq!(number("00012-s7-480p-4s.json"), Some(12));
        assert_eq!(number("123456-s7-480p-4s.mp4.part"), Some(123_456));
        for other in ["12-s7.json", "00012.json", "abcde-s7.json", "-s", "", "00012-x"] {
            assert_eq!(number(other), None, "{other}");
        }
        // Made by patterns that begin with the seed.
        for other in [
            "2123456789-s00012-480p-4s.json",
            "2123456789-s00012.mp4",
            "00012-s7-480p-4s-last.png",
            "0012345-s7-480p-4s.json",
        ] {
            assert_eq!(number(other), None, "{other}");
        }
    }

    #[test]
    fn a_picture_is_named_after_its_video() {
        let video = Path::new("/reels/main/main-5.mp4");
        for (n, name) in [(1, "main-5-first.png"), (2, "main-5-first-2.png")] {
            assert_eq!(picture(video, "first", n, "png"), video.with_file_name(name));
            assert_eq!(stem_of_picture(name), Some("main-5"));
        }
        assert_eq!(stem_of_picture("main-5-last.jpg"), Some("main-5"));
        for other in ["main-5.png", "first.png", "main-5-first-x.png", "main-5-last"] {
            assert_eq!(stem_of_picture(other), None, "{other}");
        }
    }

    #[test]
    fn a_file_has_one_place_in_its_reel_and_one_in_the_bin() {
        let (out, binned) = (
            Path::new("/reels/main/a.b.mp4"),
            Path::new("/reels/main/bin/a.b.mp4"),
        );
        assert!(is_binned(binned) && !is_binned(out));
        assert_eq!(counterpart(out).as_deref(), Some(binned));
        assert_eq!(counterpart(binned).as_deref(), Some(out));
        let at = |is_binned| Some(("main".into(), is_binned, "a.b".to_owned()));
        assert_eq!((place(out), place(binned)), (at(false), at(true)));
        for beside in ["a.b.json", "a.b.mp4.part", "a.b.mp4.other-17"] {
            assert_eq!(place(&out.with_file_name(beside)), at(false), "{beside}");
        }
    }
}
