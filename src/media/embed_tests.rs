//! Requests put into copies of videos, found again, and replaced.

use std::fs;

use sha2::{Digest, Sha256};

use super::super::samples::Bars;
use super::super::{VideoProblem, inspect};
use super::*;

const REQUEST: &str = "{\"prompt\":\"Shot 1 | 0s–2s <wide>\\nHe says \\\"5 > 4 & 3\\\".\",\"seed\":42}";

/// Name, place and hash of the content of each box at the top.
fn boxes(path: &Path) -> Vec<(String, u64, Vec<u8>)> {
    let mut file = File::open(path).unwrap();
    let tops = super::boxes::check(path, &mut file).unwrap().tops;
    let bytes = fs::read(path).unwrap();
    let content = |top: &Top| &bytes[usize::try_from(top.start).unwrap()..usize::try_from(top.end).unwrap()];
    let name = |top: &Top| String::from_utf8(top.name.to_vec()).unwrap();
    tops.iter()
        .map(|top| (name(top), top.start, Sha256::digest(content(top)).to_vec()))
        .collect()
}

fn names(path: &Path) -> Vec<String> {
    boxes(path).into_iter().map(|(name, ..)| name).collect()
}

#[test]
fn a_request_comes_back_and_no_byte_of_the_video_changes() {
    let folder = tempfile::tempdir().unwrap();
    let video = Bars::new(64, 48, 12).save(folder.path(), "video.mp4");
    let before = fs::read(&video).unwrap();
    let copy = folder.path().join("copy.mp4");
    assert_eq!(extract(&video).unwrap(), None);
    let bytes = embed(&video, REQUEST, &copy).unwrap();
    assert_eq!(bytes, copy.metadata().unwrap().len());
    assert_eq!(extract(&copy).unwrap().as_deref(), Some(REQUEST));
    assert_eq!(fs::read(&video).unwrap(), before);
    // All that was there is where it was, media data and all.
    assert!(fs::read(&copy).unwrap().starts_with(&before));
    assert_eq!(boxes(&copy)[..3], boxes(&video)[..]);
    let (mut old, new) = (inspect(&video).unwrap(), inspect(&copy).unwrap());
    old.bytes = new.bytes;
    assert_eq!(old, new);
    // Another request takes its place.
    let again = folder.path().join("again.mp4");
    embed(&copy, "{\"seed\":7}", &again).unwrap();
    assert_eq!(extract(&again).unwrap().as_deref(), Some("{\"seed\":7}"));
    assert_eq!(names(&again), ["ftyp", "moov", "mdat", "uuid"]);
    // Nothing is overwritten, and nothing is left over.
    let there = embed(&copy, REQUEST, &video).unwrap_err();
    assert!(
        there.to_string().contains("video.mp4 is there already"),
        "{there}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_request_before_the_media_data_leaves_room_behind() {
    let folder = tempfile::tempdir().unwrap();
    let video = Bars::new(64, 48, 12).save(folder.path(), "video.mp4");
    let bytes = fs::read(&video).unwrap();
    let at = bytes.windows(4).position(|four| four == b"moov").unwrap() - 4;
    // As programs write it that put the header last: earlier request, media data, header.
    let packet = xmp::packet("{\"seed\":1}", "");
    let early = folder.path().join("early.mp4");
    let request = uuid_box(packet.as_bytes());
    fs::write(&early, [&bytes[..at], &request, &bytes[at..]].concat()).unwrap();
    assert_eq!(extract(&early).unwrap().as_deref(), Some("{\"seed\":1}"));
    let copy = folder.path().join("copy.mp4");
    embed(&early, REQUEST, &copy).unwrap();
    assert_eq!(names(&copy), ["ftyp", "free", "moov", "mdat", "uuid"]);
    assert_eq!(boxes(&copy)[2..4], boxes(&early)[2..4]);
    assert_eq!(extract(&copy).unwrap().as_deref(), Some(REQUEST));
}

#[test]
fn odd_ends_of_files_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let video = Bars::new(64, 48, 12).save(folder.path(), "video.mp4");
    let bytes = fs::read(&video).unwrap();
    let mdat = bytes.windows(4).position(|four| four == b"mdat").unwrap();
    let copy = folder.path().join("copy.mp4");
    // The media data goes on to the end of the file.
    let open = folder.path().join("open.mp4");
    let mut unclosed = bytes.clone();
    unclosed[mdat - 4..mdat].fill(0);
    fs::write(&open, &unclosed).unwrap();
    embed(&open, REQUEST, &copy).unwrap();
    assert!(
        fs::read(&copy).unwrap().starts_with(&bytes),
        "it is given its length"
    );
    assert_eq!(extract(&copy).unwrap().as_deref(), Some(REQUEST));
    // An index of fragments stays the last; XMP of other programs and stray bytes stay too.
    let others = uuid_box(b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>");
    let index = b"\0\0\0\x10mfra12345678";
    let strange = folder.path().join("strange.mp4");
    fs::write(&strange, [&bytes, &others, &index[..], b"\0\0"].concat()).unwrap();
    for (from, to) in [("strange.mp4", "once.mp4"), ("once.mp4", "twice.mp4")] {
        let (from, to) = (folder.path().join(from), folder.path().join(to));
        embed(&from, REQUEST, &to).unwrap();
        assert_eq!(names(&to), ["ftyp", "moov", "mdat", "uuid", "uuid", "mfra"]);
        assert_eq!(boxes(&to)[..4], boxes(&strange)[..4]);
        assert!(fs::read(&to).unwrap().ends_with(b"mfra12345678\0\0"));
        assert_eq!(extract(&to).unwrap().as_deref(), Some(REQUEST));
    }
}

#[test]
fn what_is_no_request_or_no_video_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let video = Bars::new(64, 48, 3).save(folder.path(), "video.mp4");
    let copy = folder.path().join("copy.mp4");
    for json in ["", "not JSON", "[1]", "\"text\""] {
        let error = embed(&video, json, &copy).unwrap_err();
        assert!(matches!(error, EmbedError::NotARequest { .. }), "{error}");
    }
    let large = format!("{{\"prompt\":\"{}\"}}", "a".repeat(MAX_REQUEST));
    assert!(matches!(
        embed(&video, &large, &copy),
        Err(EmbedError::TooLarge { .. })
    ));
    let largest = format!("{{\"prompt\":\"{}\"}}", "<".repeat(MAX_REQUEST - 20));
    embed(&video, &largest, &copy).unwrap();
    assert_eq!(extract(&copy).unwrap(), Some(largest));
    let page = folder.path().join("page.mp4");
    fs::write(&page, "<html>").unwrap();
    let to = folder.path().join("to.mp4");
    assert!(matches!(
        embed(&page, "{}", &to),
        Err(EmbedError::Media(MediaError::Read {
            problem: VideoProblem::NotAMovie(_),
            ..
        }))
    ));
    assert!(matches!(
        extract(&page),
        Err(MediaError::Read {
            problem: VideoProblem::NotAMovie(_),
            ..
        })
    ));
    assert!(!to.exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn hostile_metadata_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let video = Bars::new(64, 48, 3).save(folder.path(), "video.mp4");
    let bytes = fs::read(&video).unwrap();
    let path = folder.path().join("hostile.mp4");
    // Far too large: it is not read.
    let mut huge = bytes.clone();
    huge.extend(0x1000_0010_u32.to_be_bytes());
    huge.extend(b"uuid");
    huge.extend(XMP);
    fs::write(&path, &huge).unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(bytes.len() as u64 + 0x1000_0010)
        .unwrap();
    assert_eq!(extract(&path).unwrap(), None);
    // Nested as deep as it is long, and torn off.
    let deep = format!("<a xmlns=\"urn:rushes:xmp:1\">{}", "<b>".repeat(1 << 20));
    fs::write(&path, [&bytes[..], &uuid_box(deep.as_bytes())].concat()).unwrap();
    let error = extract(&path);
    assert!(
        matches!(
            error,
            Ok(None)
                | Err(MediaError::Read {
                    problem: VideoProblem::Damaged(_),
                    ..
                })
        ),
        "{error:?}"
    );
    let torn = "<b:request xmlns:b=\"urn:rushes:xmp:1\">{";
    fs::write(&path, [&bytes[..], &uuid_box(torn.as_bytes())].concat()).unwrap();
    let error = extract(&path).unwrap_err().to_string();
    assert!(
        error.contains("hostile.mp4 is damaged: the request in it cannot be read"),
        "{error}"
    );
    // A copy can still be made of it.
    let copy = folder.path().join("copy.mp4");
    embed(&video, REQUEST, &copy).unwrap();
    let whole = fs::read(&copy).unwrap();
    let mut random = fastrand::Rng::with_seed(11);
    for round in 0..200 {
        let mut damaged = whole.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(bytes.len()..whole.len());
            damaged[at] = random.u8(..);
        }
        fs::write(&path, &damaged).unwrap();
        if let Err(error) = extract(&path) {
            assert!(
                error.to_string().contains("hostile.mp4"),
                "round {round}: {error}"
            );
        }
    }
}
