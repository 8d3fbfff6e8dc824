//! Tells by its first bytes what kind of file it is.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// Enough for every kind that `infer` knows.
const HEAD: u64 = 8192;

/// Whether the file begins like a video of any kind. A web page or an error in JSON does not.
pub fn looks_like_video(path: &Path) -> bool {
    let mut head = Vec::new();
    File::open(path).is_ok_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok())
        && infer::is_video(&head)
}

/// The type of a file that begins with these bytes, such as `image/png`.
pub fn mime_of(head: &[u8]) -> Option<&'static str> {
    if is_svg(head) {
        return Some("image/svg+xml");
    }
    infer::get(head).map(|kind| kind.mime_type())
}

/// Whether the first element of a text is that of an SVG picture.
fn is_svg(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut reader = Reader::from_reader(head);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                return element.local_name().as_ref() == "svg";
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(Event::Text(text)) if !text.trim_ascii().is_empty() => return false,
            Ok(_) => {}
        }
    }
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
    fn a_picture_in_svg_is_found_by_its_first_element() {
        for svg in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            "\u{feff}<?xml version=\"1.0\"?>\n<!-- drawn -->\n<!DOCTYPE svg PUBLIC \"x\" \"y\">\n<svg width=\"9\">",
            " <s:svg xmlns:s=\"http://www.w3.org/2000/svg\"><s:g>",
        ] {
            assert_eq!(mime_of(svg.as_bytes()), Some("image/svg+xml"), "{svg}");
        }
        for other in [
            "",
            "<html><svg/></html>",
            "words <svg/>",
            "<?xml version=\"1.0\"?><Error/>",
            "<svg",
            "\u{89}PNG",
        ] {
            assert_ne!(mime_of(other.as_bytes()), Some("image/svg+xml"), "{other}");
        }
        assert_eq!(mime_of(b"GIF89a"), Some("image/gif"));
    }

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
