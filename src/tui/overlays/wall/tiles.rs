//! Divides the wall into rows and columns of small pictures.

use ratatui::layout::Rect;

use crate::media::cells;
use crate::tui::canvas::Tiles;

/// The fewest and the most columns of a small picture.
const MIN_COLUMNS: u16 = 10;
const MAX_COLUMNS: u16 = 48;
/// The fewest rows of a small picture that may be fewer.
const MIN_ROWS: u16 = 4;
/// Rows of takes that are to be visible, where there are as many and there is room.
const WANTED_DOWN: u16 = 5;
/// The fewest and the most columns of a caption.
const MIN_CAPTION: u16 = 18;
const MAX_CAPTION: u16 = 40;

/// How `room` is divided for `takes` rows of `shots` pictures each; `shape` is the width and height of a video.
pub fn tiles(room: Rect, shape: (u32, u32), (takes, shots): (u64, u16)) -> Tiles {
    let takes = u16::try_from(takes).unwrap_or(u16::MAX).max(1);
    let shots = shots.max(1);
    let beside = room.width.saturating_sub(MIN_CAPTION);
    let most = (beside / (MIN_COLUMNS + 1)).max(1);
    let across = shots.min(most);
    let columns = (beside / across).saturating_sub(1).clamp(1, MAX_COLUMNS);
    let rows = ((room.height + 1) / WANTED_DOWN.min(takes))
        .saturating_sub(1)
        .max(MIN_ROWS)
        .min(room.height);
    let (columns, rows) = cells::fit(shape, columns, rows);
    let (columns, rows) = (columns.max(1), rows.max(1));
    // Where the rows have made the pictures narrower, there may be room for more of them.
    let across = shots.min((beside / (columns + 1)).max(1));
    Tiles {
        columns,
        rows,
        across,
        down: ((room.height + 1) / (rows + 1)).max(1),
    }
}

/// The columns of the captions beside the tiles.
pub fn caption(room: Rect, tiles: Tiles) -> u16 {
    let rest = room.width.saturating_sub(tiles.across * (tiles.columns + 1));
    rest.saturating_sub(1).min(MAX_CAPTION)
}

/// The first of `count` items of the page that shows item `at`: whole pages, so that nothing is painted again within one; the
/// last one is full too, if there are enough rows.
pub fn first_of_page(at: u64, page: u16, count: u64) -> u64 {
    let page = u64::from(page.max(1));
    (at / page * page).min(count.saturating_sub(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: u16, height: u16, shots: u16) -> (u16, u16, u16, u16) {
        let room = Rect::new(0, 0, width, height);
        let tiles = tiles(room, (16, 9), (9, shots));
        assert!(caption(room, tiles) + tiles.across * (tiles.columns + 1) <= width.max(12));
        (tiles.columns, tiles.rows, tiles.across, tiles.down)
    }

    #[test]
    fn several_takes_and_as_many_shots_as_fit_are_visible() {
        // Inside the borders of 80×24, 120×40 and 200×60.
        assert_eq!(of(76, 19, 5), (10, 3, 5, 5));
        assert_eq!(of(76, 19, 4), (13, 4, 4, 4));
        assert_eq!(of(116, 35, 5), (18, 5, 5, 6));
        assert_eq!(of(196, 55, 5), (34, 10, 5, 5));
        // Two takes have more room.
        let two = tiles(Rect::new(0, 0, 116, 35), (16, 9), (2, 2));
        assert_eq!((two.columns, two.rows, two.across, two.down), (48, 14, 2, 2));
        assert_eq!(of(116, 35, 12), (11, 3, 8, 9));
        assert_eq!(of(36, 4, 5), (14, 4, 1, 1));
    }

    #[test]
    fn the_last_page_is_full() {
        let first = |at| first_of_page(at, 4, 10);
        assert_eq!([0, 3, 4, 7, 8, 9].map(first), [0, 0, 4, 4, 6, 6]);
        assert_eq!(first_of_page(2, 4, 3), 0);
    }

    #[test]
    fn no_room_is_too_small() {
        for width in 0..60 {
            for height in 0..12 {
                for shots in [0, 1, 7, 60] {
                    for shape in [(16, 9), (9, 16), (1, 1)] {
                        let tiles = tiles(Rect::new(0, 0, width, height), shape, (5, shots));
                        assert!(tiles.columns > 0 && tiles.rows > 0 && tiles.across > 0 && tiles.down > 0);
                    }
                }
            }
        }
    }
}
