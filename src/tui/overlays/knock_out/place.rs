//! Where the takes that are compared stand: beside each other, or one above the other.

use ratatui::layout::Rect;

use crate::media::cells;
use crate::tui::state::State;

/// The room of the overlay in the frame that was drawn last.
pub fn seen_area(state: &State) -> Rect {
    let panes = state.seen.panes.iter().map(|(_, area)| area.right());
    Rect::new(0, 0, panes.max().unwrap_or(0), state.seen.floor)
}

/// The box in the overlay's room; the status line stays.
pub fn popup(area: Rect) -> Rect {
    Rect {
        y: area.y + 1.min(area.height),
        height: area.height.saturating_sub(1),
        ..area
    }
}

/// Whether two takes stand one above the other in the overlay's room, because their pictures are larger then.
pub fn is_stacked(area: Rect, shape: (u32, u32)) -> bool {
    let popup = popup(area);
    stack(
        (popup.width.saturating_sub(4), popup.height.saturating_sub(2)),
        shape,
    )
}

fn stack((width, height): (u16, u16), shape: (u32, u32)) -> bool {
    let cells = |columns: u16, rows: u16| {
        let (columns, rows) = cells::fit(shape, columns, rows.saturating_sub(1));
        u32::from(columns) * u32::from(rows)
    };
    cells(width, height / 2) > cells(width.saturating_sub(2) / 2, height)
}

/// Divides the box among `count` takes, each with a row for its caption.
pub fn rooms(inner: Rect, shape: (u32, u32), count: usize) -> Vec<Rect> {
    if count < 2 {
        return vec![inner];
    }
    if stack((inner.width, inner.height), shape) {
        let half = Rect {
            height: inner.height / 2,
            ..inner
        };
        let other = Rect {
            y: inner.bottom() - half.height,
            ..half
        };
        return vec![half, other];
    }
    let half = Rect {
        width: inner.width.saturating_sub(2) / 2,
        ..inner
    };
    let other = Rect {
        x: inner.right() - half.width,
        ..half
    };
    vec![half, other]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_stand_as_their_pictures_are_larger() {
        let at = |width, height, shape| is_stacked(Rect::new(0, 0, width, height), shape);
        assert!(!at(80, 23, (16, 9)) && !at(80, 23, (9, 16)));
        assert!(at(80, 23, (21, 9)), "a wide picture");
        assert!(at(80, 60, (16, 9)), "a high terminal");
        for (width, height) in [(80, 23), (80, 60), (0, 0), (3, 3)] {
            let inner = Rect::new(2, 2, width, height);
            for shape in [(16, 9), (9, 16)] {
                let [one, two] = rooms(inner, shape, 2)[..] else {
                    panic!("two rooms")
                };
                assert!(!one.intersects(two) && inner.union(two) == inner);
            }
            assert_eq!(rooms(inner, (16, 9), 1), [inner]);
        }
    }
}
