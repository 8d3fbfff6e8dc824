//! Walks the boxes of a movie header that was read into memory, and decodes single ones.
//!
//! Only the boxes that are needed are decoded, each by itself: a decoder of everything would follow whatever
//! a hostile file nests.

use mp4_atom::Atom;

use super::super::boxes::{parse, slice};
use super::error::Fault;

/// Name and content of each box in `content`; what does not parse ends it.
pub(super) fn children(content: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let length = content.len() as u64;
        let found = parse(slice(content, at, length), at, length)?;
        at = found.end;
        (found.end <= length).then(|| (found.name, slice(content, found.start, found.end)))
    })
}

/// The content of the first box of that name.
pub(super) fn child(content: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    children(content)
        .find(|(other, _)| *other == name)
        .map(|(_, body)| body)
}

/// The content of the box at the end of the path of names.
pub(super) fn descendant<'a>(content: &'a [u8], names: &[&[u8; 4]]) -> Option<&'a [u8]> {
    names
        .iter()
        .try_fold(content, |content, name| child(content, **name))
}

/// Decodes the box of that kind in `content`, if there is one.
pub(super) fn decoded<A: Atom>(content: &[u8]) -> Result<Option<A>, Fault> {
    let kind: [u8; 4] = A::KIND.into();
    child(content, kind).map(decode_body).transpose()
}

/// Decodes the box of that kind in `content`, which has to be there.
pub(super) fn needed<A: Atom>(content: &[u8]) -> Result<A, Fault> {
    decoded(content)?.ok_or_else(|| Fault::damaged(format!("its header has no {} box", A::KIND)))
}

/// Decodes a box's content.
pub(super) fn decode_body<A: Atom>(mut body: &[u8]) -> Result<A, Fault> {
    A::decode_body(&mut body)
        .map_err(|error| Fault::damaged(format!("its {} box cannot be read ({error})", A::KIND)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_found_by_name_and_torn_ones_are_not() {
        let content = b"\0\0\0\x08free\0\0\0\x0cedtsabcd\0\0\0\x14trak\0\0\0\x0cmdia1234\0\0\0\xffmore";
        assert_eq!(child(content, *b"edts"), Some(&b"abcd"[..]));
        assert_eq!(descendant(content, &[b"trak", b"mdia"]), Some(&b"1234"[..]));
        assert_eq!(child(content, *b"more"), None);
        assert_eq!(children(content).count(), 3);
        assert!(decoded::<mp4_atom::Stts>(content).is_ok_and(|found| found.is_none()));
        assert!(needed::<mp4_atom::Stts>(content).is_err());
    }
}
