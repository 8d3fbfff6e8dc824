//! Conversions between coordinates, which are signed, and sizes and indices, which are not.

/// A coordinate as an index; 0 when it is negative.
pub(super) fn index(at: i32) -> usize {
    usize::try_from(at).unwrap_or(0)
}

/// A coordinate as a size; 0 when it is negative.
pub(super) fn unsigned(at: i32) -> u32 {
    u32::try_from(at).unwrap_or(0)
}

/// A size as a coordinate, which no picture is too large for.
pub(super) fn signed(size: impl TryInto<i32>) -> i32 {
    size.try_into().unwrap_or(i32::MAX)
}

/// The even number at or next to `at` towards 0: there is one chroma sample for every two pixels.
pub(super) const fn even(at: i32) -> i32 {
    at / 2 * 2
}
