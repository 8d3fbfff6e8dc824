//! Lays out the panes: all five on a wide terminal, else the focused one with the others as lines.

use ratatui::layout::Rect;

use super::{COLUMNS, PaneId};

/// Below this size, no panes are drawn.
const MIN: (u16, u16) = (40, 10);
/// From this size on, all panes are shown.
const WIDE: (u16, u16) = (120, 32);
/// From this width on, the Monitor stands beside a focused log or queue.
const MIN_BESIDE: u16 = 72;
const MIN_BESIDE_HEIGHT: u16 = 14;
/// From this height on, it stands below on a narrow terminal.
const MIN_ABOVE: u16 = 30;
/// The rows that the queue shows beside the focused pane.
const MAX_QUEUE_ROWS: u16 = 4;
/// The fewest rows of the focused pane for the queue to have more than a line.
const MIN_FOCUSED: u16 = 8;

/// The place of a pane, which is drawn on a line when it has one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub id: PaneId,
    pub area: Rect,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub status: Rect,
    pub keys: Rect,
    /// From top to bottom.
    pub slots: Vec<Slot>,
    /// The terminal is too small for panes.
    pub too_small: bool,
}

/// Lays out the panes in `area`. The queue gets rows when it has `queued` takes.
pub fn layout(area: Rect, focus: PaneId, zoom: bool, queued: usize) -> Layout {
    let line = |y: u16| Rect { y, height: 1, ..area };
    if area.width < MIN.0 || area.height < MIN.1 {
        return Layout {
            status: Rect { height: 0, ..area },
            keys: Rect { height: 0, ..area },
            slots: Vec::new(),
            too_small: true,
        };
    }
    let body = Rect {
        y: area.y + 1,
        height: area.height - 2,
        ..area
    };
    let slots = if zoom {
        vec![Slot {
            id: focus,
            area: body,
        }]
    } else if area.width >= WIDE.0 && area.height >= WIDE.1 {
        wide(body)
    } else {
        stacked(body, focus, queued)
    };
    Layout {
        status: line(area.y),
        keys: line(area.bottom() - 1),
        slots,
        too_small: false,
    }
}

/// The columns of [`COLUMNS`] side by side.
fn wide(body: Rect) -> Vec<Slot> {
    let left = body.width * 27 / 50;
    let sides = [(body.x, left), (body.x + left, body.width - left)];
    let mut slots = Vec::new();
    for (column, (x, width)) in COLUMNS.into_iter().zip(sides) {
        let mut y = body.y;
        for (id, rows) in column {
            let rest = body.bottom() - y;
            let height = rows.map_or(rest, |(min, max)| (rest * 2 / 5).clamp(min, max));
            let area = Rect { x, y, width, height };
            slots.push(Slot { id: *id, area });
            y += height;
        }
    }
    slots.sort_by_key(|slot| slot.id);
    slots
}

/// The focused pane, and the others as lines; the queue keeps a few rows while it has takes. Beside a focused log or queue
/// stands the Monitor, below it where the terminal is narrow and high.
fn stacked(body: Rect, focus: PaneId, queued: usize) -> Vec<Slot> {
    let monitor = match focus {
        PaneId::Log | PaneId::Queue if body.width >= MIN_BESIDE && body.height >= MIN_BESIDE_HEIGHT => {
            Monitor::Beside((body.width * 2 / 5).clamp(32, 56))
        }
        PaneId::Log | PaneId::Queue if body.height >= MIN_ABOVE => Monitor::Below(body.height / 3),
        _ if focus == PaneId::Monitor => Monitor::Focused,
        _ => Monitor::Line,
    };
    let lines: u16 = match monitor {
        Monitor::Beside(_) | Monitor::Below(_) => 3,
        Monitor::Line | Monitor::Focused => 4,
    };
    let below = match monitor {
        Monitor::Below(rows) => rows,
        _ => 0,
    };
    let queue_rows = u16::try_from(queued).unwrap_or(u16::MAX).min(MAX_QUEUE_ROWS);
    let spare = body.height.saturating_sub(lines + below + MIN_FOCUSED);
    // A box takes two rows more than it shows.
    let queue = if queued > 0 && focus != PaneId::Queue && spare > queue_rows {
        queue_rows + 2
    } else {
        1
    };
    let others = if focus == PaneId::Queue {
        lines
    } else {
        lines - 1 + queue
    };
    let height = |id: PaneId| match (id, monitor) {
        _ if id == focus => body.height - others - below,
        (PaneId::Queue, _) => queue,
        (PaneId::Monitor, Monitor::Below(rows)) => rows,
        (PaneId::Monitor, Monitor::Beside(_)) => 0,
        _ => 1,
    };
    let mut y = body.y;
    let slot = |id| {
        let (top, height) = (y, height(id));
        y += height;
        let area = Rect {
            y: top,
            height,
            ..body
        };
        Slot { id, area }
    };
    let mut slots: Vec<Slot> = PaneId::ALL.into_iter().map(slot).collect();
    if let Monitor::Beside(columns) = monitor {
        give_room(&mut slots, columns);
    }
    slots
}

/// How the Monitor is drawn while not all panes are.
#[derive(Debug, Clone, Copy)]
enum Monitor {
    Line,
    Focused,
    /// At the right of the boxes of the queue and the log, in this many columns.
    Beside(u16),
    /// Below the log, in this many rows.
    Below(u16),
}

/// Puts the Monitor, which has no rows of its own, at the right of the boxes of the queue and the log.
fn give_room(slots: &mut [Slot], columns: u16) {
    let [.., queue, log, monitor] = slots else {
        return;
    };
    let mut area: Option<Rect> = None;
    for slot in [queue, log].into_iter().filter(|slot| slot.area.height > 1) {
        slot.area.width -= columns;
        let right = Rect {
            x: slot.area.right(),
            width: columns,
            ..slot.area
        };
        area = Some(area.map_or(right, |area| area.union(right)));
    }
    monitor.area = area.unwrap_or(monitor.area);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_never_overlap_nor_leave_the_screen() {
        for width in 0..200 {
            for height in 0..60 {
                let area = Rect::new(0, 0, width, height);
                for focus in PaneId::ALL {
                    for (zoom, queued) in [(false, 0), (false, 3), (false, 99), (true, 3)] {
                        let layout = layout(area, focus, zoom, queued);
                        let mut cells = layout.status.area() + layout.keys.area();
                        for slot in &layout.slots {
                            assert_eq!(
                                slot.area.intersection(area),
                                slot.area,
                                "{width}x{height} {slot:?}"
                            );
                            cells += slot.area.area();
                        }
                        for (n, a) in layout.slots.iter().enumerate() {
                            assert!(layout.slots[n + 1..].iter().all(|b| !a.area.intersects(b.area)));
                        }
                        assert!(layout.too_small || cells == area.area(), "{width}x{height}");
                    }
                }
            }
        }
    }

    #[test]
    fn wide_shows_all_and_narrow_the_focused() {
        let full = |layout: &Layout| {
            let slots = layout.slots.iter().filter(|slot| slot.area.height > 1);
            slots.map(|slot| slot.id).collect::<Vec<_>>()
        };
        let wide = layout(Rect::new(0, 0, 140, 45), PaneId::Log, false, 0);
        assert_eq!(full(&wide), PaneId::ALL);
        let narrow = |queued| layout(Rect::new(0, 0, 80, 24), PaneId::Log, false, queued);
        assert_eq!(full(&narrow(0)), [PaneId::Log, PaneId::Monitor]);
        assert_eq!(full(&narrow(4)), [PaneId::Queue, PaneId::Log, PaneId::Monitor]);
        assert_eq!(narrow(4).slots[2].area, Rect::new(0, 3, 48, 6));
        assert_eq!(narrow(4).slots[4].area, Rect::new(48, 3, 32, 20), "beside both");
        assert_eq!(narrow(0).slots[4].area, Rect::new(48, 4, 32, 19));
        let of = |focus| layout(Rect::new(0, 0, 80, 24), focus, false, 4);
        assert_eq!(full(&of(PaneId::Queue)), [PaneId::Queue, PaneId::Monitor]);
        assert_eq!(full(&of(PaneId::Prompt)), [PaneId::Prompt, PaneId::Queue]);
        let high = layout(Rect::new(0, 0, 60, 40), PaneId::Log, false, 0);
        assert_eq!(high.slots[4].area, Rect::new(0, 27, 60, 12), "below");
        assert_eq!(
            full(&layout(Rect::new(0, 0, 60, 24), PaneId::Log, false, 0)),
            [PaneId::Log]
        );
        assert!(layout(Rect::new(0, 0, 39, 24), PaneId::Log, false, 0).too_small);
    }
}
