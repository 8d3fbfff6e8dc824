//! The `Range` header: one range of bytes, as downloads are resumed with.

/// What part of a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// From, and how many bytes; never empty.
    Bytes {
        from: u64,
        count: u64,
    },
    /// Nothing of the file lies in the range.
    OutOfRange,
}

/// Reads a `Range` header for a file of `size` bytes. What is not understood asks for the whole (RFC 9110,
/// 14.2), several ranges as well.
pub(super) fn part(header: Option<&str>, size: u64) -> Part {
    let Some((first, last)) = header.and_then(|text| text.strip_prefix("bytes=")?.trim().split_once('-'))
    else {
        return Part::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => bytes(from, to.saturating_add(1).min(size), size),
        (Ok(from), Err(_)) if last.is_empty() => bytes(from, size, size),
        (Err(_), Ok(count)) if first.is_empty() => bytes(size.saturating_sub(count), size, size),
        _ => Part::Whole,
    }
}

fn bytes(from: u64, end: u64, size: u64) -> Part {
    match end.checked_sub(from) {
        Some(count) if count > 0 && from < size => Part::Bytes { from, count },
        _ => Part::OutOfRange,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let bytes = |from, count| Part::Bytes { from, count };
        for (header, expected) in [
            ("bytes=0-", bytes(0, 100)),
            ("bytes=40-", bytes(40, 60)),
            ("bytes=40-49", bytes(40, 10)),
            ("bytes=40-4000", bytes(40, 60)),
            ("bytes=-10", bytes(90, 10)),
            ("bytes=-1000", bytes(0, 100)),
            ("bytes=100-", Part::OutOfRange),
            ("bytes=-0", Part::OutOfRange),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("items=0-1", Part::Whole),
            ("bytes=-", Part::Whole),
        ] {
            assert_eq!(part(Some(header), 100), expected, "{header}");
        }
        assert_eq!(part(None, 100), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::OutOfRange);
    }

    proptest! {
        #[test]
        fn no_part_leaves_the_file(header in "bytes=[0-9]{0,20}-[0-9]{0,20}", size in any::<u64>()) {
            if let Part::Bytes { from, count } = part(Some(&header), size) {
                prop_assert!(count > 0 && from.checked_add(count).is_some_and(|end| end <= size));
            }
        }
    }
}
