//! Archives written and read back, and archives that others made to do harm.

use super::super::{BadName, Content, write_archive};
use super::*;
use jiff::Timestamp;
use tar::{Builder, EntryType, Header};

const LIMITS: Limits = Limits {
    entries: 20,
    entry_bytes: 1 << 20,
};

fn moment() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

/// An archive with one entry that no honest program writes: the name is put into the header as it is.
fn hostile(folder: &Path, name: &str, kind: EntryType, bytes: &[u8]) -> PathBuf {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(bytes.len() as u64);
    if kind == EntryType::Symlink {
        header.set_link_name("/etc/passwd").unwrap();
    }
    header.set_cksum();
    let mut tar = Builder::new(Vec::new());
    tar.append(&header, bytes).unwrap();
    save(folder, &tar.into_inner().unwrap())
}

fn save(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("hostile.tar");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn refused(path: &Path) -> String {
    Archive::open(path, LIMITS).unwrap_err().to_string()
}

#[test]
fn what_is_written_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("video.mp4");
    std::fs::write(&video, vec![7; 70_000]).unwrap();
    let long = format!("takes/{}/{}.json", "d".repeat(120), "n".repeat(200));
    let entries = [
        ("bundle.json", Content::Bytes(b"{\"version\":1}")),
        ("takes/00001-s7.mp4", Content::File(&video)),
        (long.as_str(), Content::Bytes(b"")),
        ("夜/прилив.txt", Content::Bytes(b"text")),
    ];
    let to = folder.path().join("bundle.tar");
    let bytes = write_archive(&to, &entries, moment()).unwrap();
    assert_eq!(bytes, to.metadata().unwrap().len());
    let archive = Archive::open(&to, LIMITS).unwrap();
    let names: Vec<&str> = archive.entries.iter().map(|entry| &*entry.name).collect();
    assert_eq!(names, entries.map(|(name, _)| name));
    assert_eq!(archive.read("bundle.json", 100).unwrap(), b"{\"version\":1}");
    assert_eq!(archive.read(&long, 100).unwrap(), b"");
    let copy = folder.path().join("copy.mp4");
    assert_eq!(archive.copy("takes/00001-s7.mp4", &copy).unwrap(), 70_000);
    assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(&video).unwrap());
    let again = archive.copy("takes/00001-s7.mp4", &copy).unwrap_err();
    assert!(matches!(again, ArchiveError::New(_)), "{again}");
    let large = archive.read("takes/00001-s7.mp4", 69_999).unwrap_err();
    assert!(
        large
            .to_string()
            .contains("\"takes/00001-s7.mp4\" has 70000 bytes")
    );
    assert!(matches!(
        archive.read("none", 1),
        Err(ArchiveError::NoEntry { .. })
    ));
    // The same entries are the same bytes, and nothing is overwritten.
    let other = folder.path().join("other.tar");
    write_archive(&other, &entries, moment()).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), std::fs::read(&other).unwrap());
    let there = write_archive(&to, &entries, moment()).unwrap_err();
    assert!(there.to_string().contains("is there already"), "{there}");
}

#[test]
fn entries_that_cannot_be_written_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("bundle.tar");
    let gone = folder.path().join("gone.mp4");
    for (entries, expected) in [
        (
            vec![("a", Content::Bytes(b"")), ("A", Content::Bytes(b""))],
            "twice",
        ),
        (vec![("../a", Content::Bytes(b""))], "leaves its folder"),
        (vec![("a", Content::File(&gone))], "gone.mp4 cannot be put into"),
        (vec![("a", Content::File(folder.path()))], "it is not a file"),
    ] {
        let error = write_archive(&to, &entries, moment()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, expected) in [
        (
            "../../.bashrc",
            "\"../../.bashrc\" has a path that leaves its folder",
        ),
        ("/etc/passwd", "\"/etc/passwd\" has an absolute path"),
        ("a/../../b", "leaves its folder"),
        ("a\\..\\b", "leaves its folder"),
        ("a//b", "empty part"),
    ] {
        let error = refused(&hostile(folder.path(), name, EntryType::Regular, b"x"));
        assert!(
            error.contains("hostile.tar") && error.contains(expected),
            "{error}"
        );
    }
    let error = refused(&hostile(folder.path(), "../up/", EntryType::Directory, b""));
    assert!(error.contains("leaves its folder"), "{error}");
}

#[test]
fn links_and_devices_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, expected) in [
        (EntryType::Symlink, "\"video.mp4\" is a link"),
        (EntryType::Link, "is a hard link"),
        (EntryType::Char, "is a device"),
        (EntryType::Block, "is a device"),
        (EntryType::Fifo, "is a pipe"),
        (EntryType::GNUSparse, "is a sparse file"),
        (EntryType::new(b'Z'), "of an unknown kind"),
    ] {
        let error = refused(&hostile(folder.path(), "video.mp4", kind, b""));
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn sizes_and_counts_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let large = hostile(
        folder.path(),
        "video.mp4",
        EntryType::Regular,
        &vec![0; (1 << 20) + 1],
    );
    assert!(refused(&large).contains("\"video.mp4\" has 1048577 bytes, more than the 1048576"));
    let mut tar = Builder::new(Vec::new());
    for n in 0..21 {
        let mut header = Header::new_gnu();
        header.set_size(0);
        tar.append_data(&mut header, format!("{n}.txt"), &b""[..])
            .unwrap();
    }
    let many = save(folder.path(), &tar.into_inner().unwrap());
    assert!(refused(&many).contains("more than the 20 entries"));
    // A name of a gigabyte is not read.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(100_000);
    header.set_cksum();
    let mut tar = Builder::new(Vec::new());
    tar.append(&header, &vec![b'a'; 100_000][..]).unwrap();
    let named = save(folder.path(), &tar.into_inner().unwrap());
    assert!(refused(&named).contains("far too long"));
}

#[test]
fn a_size_in_an_extension_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut tar = Builder::new(Vec::new());
    tar.append_pax_extensions([("size", &b"3"[..])]).unwrap();
    let mut header = Header::new_ustar();
    header.set_size(5);
    tar.append_data(&mut header, "a.txt", &b"12345"[..]).unwrap();
    let path = save(folder.path(), &tar.into_inner().unwrap());
    assert!(refused(&path).contains("the size of an entry in an extension"));
}

#[test]
fn what_is_cut_short_or_no_archive_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = hostile(folder.path(), "video.mp4", EntryType::Regular, &[1; 3000]);
    let bytes = std::fs::read(&whole).unwrap();
    for cut in [512, 513, 1000, 3500, 3584, 3600, 4000] {
        let error = refused(&save(folder.path(), &bytes[..cut]));
        assert!(
            error.contains("ends early, in or after the entry \"video.mp4\""),
            "{cut}: {error}"
        );
    }
    for other in [&b""[..], b"hello", &[0x1f, 0x8b].repeat(600), b"<html>"] {
        let error = refused(&save(folder.path(), other));
        assert!(error.contains("is not a plain tar archive"), "{error}");
    }
    let error = Archive::open(folder.path(), LIMITS).unwrap_err();
    assert!(error.to_string().contains("it is not a file"), "{error}");
}

#[test]
fn archives_of_other_programs_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree/takes");
    std::fs::create_dir_all(&tree).unwrap();
    let long = format!("{}.json", "long".repeat(40));
    std::fs::write(tree.join(&long), "{}").unwrap();
    std::fs::write(folder.path().join("tree/bundle.json"), "{}").unwrap();
    let path = folder.path().join("theirs.tar");
    for format in ["gnu", "pax", "ustar"] {
        let made = std::process::Command::new("tar")
            .args(["-c", "--format", format, "-C"])
            .arg(folder.path().join("tree"))
            .arg("-f")
            .arg(&path)
            .arg(".")
            .stderr(std::process::Stdio::null())
            .status();
        // Without that program, or with another one of that name, there is nothing to read.
        if !made.is_ok_and(|status| status.success()) {
            continue;
        }
        let archive = Archive::open(&path, LIMITS).unwrap();
        let mut names: Vec<String> = archive.entries.iter().map(|e| e.name.clone()).collect();
        names.sort();
        assert_eq!(
            names,
            ["bundle.json".to_owned(), format!("takes/{long}")],
            "{format}"
        );
        assert_eq!(archive.read("bundle.json", 9).unwrap(), b"{}");
    }
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut tar = Builder::new(Vec::new());
    for text in ["one", "two"] {
        let mut header = Header::new_gnu();
        header.set_size(3);
        tar.append_data(&mut header, "bundle.json", text.as_bytes())
            .unwrap();
    }
    let path = save(folder.path(), &tar.into_inner().unwrap());
    let error = Archive::open(&path, LIMITS).unwrap_err();
    let ArchiveError::Name { name, why, .. } = error else {
        panic!("{error}");
    };
    assert_eq!((name.as_str(), why), ("bundle.json", BadName::Twice));
}
