//! Tells by its first bytes whether a file is a video or a picture at all, without a parser.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Enough for every kind that `infer` knows.
const HEAD: u64 = 8192;

/// Whether the file begins like a video of any kind. A web page or an error in JSON does not.
pub fn looks_like_video(path: &Path) -> bool {
    let mut head = Vec::new();
    File::open(path).is_ok_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok())
        && infer::is_video(&head)
}

/// The ending of a picture's file, if the bytes begin like a picture that the program reads.
pub fn looks_like_picture(bytes: &[u8]) -> Option<&'static str> {
    match infer::get(bytes)?.mime_type() {
        "image/png" => Some("png"),
        "image/jpeg" => Some("jpg"),
        "image/webp" => Some("webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn videos_are_told_from_everything_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (head, is_video) in [
            (&b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"[..], true),
            (b"\0\0\0\x18ftypisom\0\0\x02\0isommp41", true),
            (b"RIFF\0\0\0\0AVI LIST", true),
            (b"<html><body>busy</body></html>", false),
            (b"<?xml version=\"1.0\"?><Error/>", false),
            (b"{\"error\": \"no such file\"}", false),
            (b"\x89PNG\r\n\x1a\n", false),
            (b"", false),
        ] {
            let mut bytes = head.to_vec();
            bytes.resize(if head.is_empty() { 0 } else { 300 }, 0);
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(looks_like_video(&path), is_video, "{head:?}");
        }
        assert!(!looks_like_video(&folder.path().join("gone")));
    }
}
