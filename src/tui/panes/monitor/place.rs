//! Divides the pane: the picture, a still of each shot, the facts.

use ratatui::layout::Rect;

/// A picture is drawn only where it has this many rows.
const MIN_PICTURE_ROWS: u16 = 4;
/// Facts stand beside the picture only where both have this many columns.
const MIN_BESIDE: u16 = 30;
/// From this height on, stills have rows of their own.
const MIN_HEIGHT_FOR_STILLS: u16 = 18;
/// Rows that are kept for stills there.
const STILL_ROWS: u16 = 3;
/// The smallest still that shows anything.
const MIN_STILL: (u16, u16) = (8, 2);
/// Larger stills would take the place of facts.
const MAX_STILL_ROWS: u16 = 6;

/// What the pane has to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needs {
    /// Width and height of the picture, as far as they matter: 16 by 9.
    pub(super) aspect: (u32, u32),
    /// The rows that the picture that is there has, if there is one.
    pub(super) rows: Option<u16>,
    /// Rows directly below the picture, as wide as the pane.
    pub(super) below: u16,
    pub(super) shots: u16,
    /// Lines of facts.
    pub(super) lines: u16,
}

/// Where everything is drawn. What has no room is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Places {
    /// The room that a picture is requested for.
    pub(super) wanted: (u16, u16),
    pub(super) picture: Rect,
    pub(super) below: Rect,
    pub(super) stills: Rect,
    /// Columns and rows of one still, and how many there are beside each other and in all.
    pub(super) still: (u16, u16),
    pub(super) across: u16,
    pub(super) visible: u16,
    pub(super) facts: Rect,
}

/// Divides `inner`.
pub(super) fn places(inner: Rect, needs: &Needs) -> Places {
    beside(inner, needs).unwrap_or_else(|| stacked(inner, needs))
}

/// The picture in all rows, with the facts at its right, when it is larger than above them.
fn beside(inner: Rect, needs: &Needs) -> Option<Places> {
    let columns = columns_of(needs.aspect, inner.height);
    let above = inner.height.saturating_sub(needs.lines);
    let right = inner.width.checked_sub(columns + 2)?;
    let is_better = columns_of(needs.aspect, above) < columns && inner.height < MIN_HEIGHT_FOR_STILLS;
    if !is_better || right < MIN_BESIDE || inner.height < MIN_PICTURE_ROWS + needs.below {
        return None;
    }
    let mut places = rest_of(
        Rect {
            x: inner.x + columns + 2,
            width: right,
            ..inner
        },
        0,
        needs,
    );
    let rows = inner.height - needs.below;
    places.wanted = (columns, rows);
    places.picture = Rect {
        width: columns,
        height: rows,
        ..inner
    };
    places.below = Rect {
        y: inner.y + rows,
        height: needs.below,
        ..places.picture
    };
    Some(places)
}

/// The picture above everything else.
fn stacked(inner: Rect, needs: &Needs) -> Places {
    let has_stills = needs.shots > 1 && inner.height >= MIN_HEIGHT_FOR_STILLS;
    let kept = if has_stills { STILL_ROWS } else { 0 };
    let most = inner.height.saturating_sub(needs.lines + needs.below + kept);
    if most < MIN_PICTURE_ROWS {
        return Places {
            facts: inner,
            ..Places::default()
        };
    }
    let expected = || rows_of(needs.aspect, inner.width).clamp(1, most);
    let rows = needs.rows.map_or_else(expected, |rows| rows.min(most));
    let mut places = rest_of(inner, rows + needs.below, needs);
    places.wanted = (inner.width, most);
    places.picture = Rect {
        height: rows,
        ..inner
    };
    places.below = Rect {
        y: inner.y + rows,
        height: needs.below,
        ..inner
    };
    places
}

/// Stills and facts in what `taken` rows leave of `area`. Without room for stills, the facts have all of it.
fn rest_of(area: Rect, taken: u16, needs: &Needs) -> Places {
    let spare = area.height.saturating_sub(taken + needs.lines);
    let across = needs.shots.min((area.width + 1) / (MIN_STILL.0 + 1));
    let still = (area.width + 1).checked_div(across).map_or(0, |each| each - 1);
    let rows = rows_of(needs.aspect, still).clamp(1, MAX_STILL_ROWS).min(spare);
    let has_room = needs.shots > 1 && rows >= MIN_STILL.1 && across > 0;
    let down = if has_room {
        needs.shots.div_ceil(across).min(spare / rows)
    } else {
        0
    };
    let (still, rows) = ((still, rows), rows * down);
    let y = area.y + taken.min(area.height);
    Places {
        stills: Rect {
            y,
            height: rows,
            ..area
        },
        still,
        across,
        visible: across * down,
        facts: Rect {
            y: y + rows,
            height: (area.bottom() - y).saturating_sub(rows),
            ..area
        },
        ..Places::default()
    }
}

/// The columns of a picture with the given rows; a cell is twice as high as wide.
fn columns_of((width, height): (u32, u32), rows: u16) -> u16 {
    scaled(u32::from(rows) * 2 * width, height)
}

/// The rows of a picture with the given columns.
fn rows_of((width, height): (u32, u32), columns: u16) -> u16 {
    scaled(u32::from(columns) * height, width * 2)
}

fn scaled(over: u32, under: u32) -> u16 {
    let under = under.max(1);
    u16::try_from((over + under / 2) / under).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Needs = Needs {
        aspect: (16, 9),
        rows: None,
        below: 0,
        shots: 5,
        lines: 4,
    };

    fn at(width: u16, height: u16, needs: Needs) -> Places {
        places(Rect::new(3, 5, width, height), &needs)
    }

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_pane() {
        for width in 0..100 {
            for height in 0..50 {
                for aspect in [(16, 9), (9, 16), (1, 1), (21, 9)] {
                    for (shots, lines, below, rows) in
                        [(1, 4, 0, None), (5, 9, 1, Some(3)), (64, 0, 0, Some(99))]
                    {
                        let needs = Needs {
                            aspect,
                            rows,
                            below,
                            shots,
                            lines,
                        };
                        let inner = Rect::new(3, 5, width, height);
                        let places = places(inner, &needs);
                        let all = [places.picture, places.below, places.stills, places.facts];
                        for (at, one) in all.iter().enumerate() {
                            assert!(
                                one.is_empty() || one.intersection(inner) == *one,
                                "{inner:?} {places:?}"
                            );
                            let others = all[at + 1..].iter().filter(|other| !other.is_empty());
                            for other in others {
                                assert!(!one.intersects(*other), "{inner:?} {needs:?} {places:?}");
                            }
                        }
                        let (columns, rows) = places.wanted;
                        assert!(columns <= width && rows <= height);
                        let strip = places.across * (places.still.0 + 1);
                        assert!(places.stills.is_empty() || strip <= places.stills.width + 1);
                    }
                }
            }
        }
    }

    #[test]
    fn facts_come_before_stills_and_a_flat_pane_has_them_beside_the_picture() {
        let flat = at(76, 11, WIDE);
        assert_eq!((flat.picture.width, flat.picture.height), (39, 11));
        assert_eq!((flat.facts.width, flat.facts.height), (35, 7));
        assert_eq!((flat.still, flat.stills.height), ((8, 2), 4), "above the facts");
        let narrow = at(28, 16, WIDE);
        assert_eq!((narrow.wanted, narrow.picture.height), ((28, 12), 8));
        assert_eq!(
            (narrow.still, narrow.across, narrow.visible),
            ((8, 2), 3, 6),
            "in two lines"
        );
        assert_eq!((narrow.stills.height, narrow.facts.height), (4, 4));
        let high = at(52, 22, WIDE);
        assert_eq!(
            (high.picture.height, high.stills.height, high.facts.height),
            (15, 3, 4)
        );
        assert_eq!((high.still, high.visible), ((9, 3), 5));
        let large = at(88, 42, WIDE);
        assert_eq!((large.picture.height, large.stills.height), (25, 5));
        let upright = at(
            52,
            22,
            Needs {
                aspect: (9, 16),
                ..WIDE
            },
        );
        assert_eq!((upright.wanted, upright.picture.height), ((52, 15), 15));
        assert!(
            at(28, 6, WIDE).picture.is_empty(),
            "facts are never left out for a picture"
        );
    }

    #[test]
    fn the_room_that_a_picture_is_requested_for_does_not_depend_on_the_one_that_is_there() {
        for rows in [None, Some(1), Some(8), Some(30)] {
            assert_eq!(at(28, 16, Needs { rows, ..WIDE }).wanted, (28, 12));
            assert_eq!(at(76, 11, Needs { rows, ..WIDE }).wanted, (39, 11));
        }
    }
}
