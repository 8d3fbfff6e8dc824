//! Where the media data of the parts comes to lie in the joined video.

use super::tables::Row;

/// A stretch of a part's file that is copied as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) part: usize,
    /// Where it begins and ends in its own file.
    pub(super) start: u64,
    pub(super) end: u64,
    /// Where it begins in the joined media data.
    at: u64,
}

/// All stretches that are copied, in their order. None is copied twice, and no two of a part touch.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) spans: Vec<Span>,
    /// Bytes of all of them.
    pub(super) bytes: u64,
}

impl Layout {
    /// The stretches that hold these samples, part by part, each in the order of its own file.
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut wanted: Vec<(usize, u64, u64)> = rows
            .map(|row| {
                (
                    row.part,
                    row.sample.offset,
                    row.sample.offset + u64::from(row.sample.size),
                )
            })
            .collect();
        wanted.sort_unstable();
        let mut layout = Self::default();
        for (part, start, end) in wanted {
            match layout.spans.last_mut() {
                Some(last) if last.part == part && start <= last.end => {
                    let longer = end.saturating_sub(last.end);
                    last.end += longer;
                    layout.bytes += longer;
                }
                _ => {
                    layout.spans.push(Span {
                        part,
                        start,
                        end,
                        at: layout.bytes,
                    });
                    layout.bytes += end - start;
                }
            }
        }
        layout
    }

    /// Where in the joined media data the byte at `offset` of the part's file lies.
    pub(super) fn place(&self, part: usize, offset: u64) -> u64 {
        let after = self
            .spans
            .partition_point(|span| (span.part, span.start) <= (part, offset));
        let span = after.checked_sub(1).and_then(|at| self.spans.get(at));
        span.map_or(0, |span| span.at + offset.saturating_sub(span.start))
    }
}

#[cfg(test)]
mod tests {
    use super::super::track::Sample;
    use super::*;

    fn row(part: usize, offset: u64, size: u32) -> Row {
        let sample = Sample {
            offset,
            size,
            chunk: 1,
            duration: 1,
            shift: 0,
            is_sync: true,
        };
        Row {
            part,
            sample,
            duration: 1,
            shift: 0,
        }
    }

    #[test]
    fn what_touches_or_overlaps_is_copied_once() {
        let rows = [
            row(1, 50, 10),
            row(0, 120, 10),
            row(0, 100, 20),
            row(0, 110, 5),
            row(0, 200, 7),
        ];
        let layout = Layout::of(rows.iter());
        let spans: Vec<_> = layout
            .spans
            .iter()
            .map(|span| (span.part, span.start, span.end))
            .collect();
        assert_eq!(spans, [(0, 100, 130), (0, 200, 207), (1, 50, 60)]);
        assert_eq!(layout.bytes, 47);
        for (part, offset, place) in [(0, 100, 0), (0, 129, 29), (0, 200, 30), (1, 50, 37), (1, 59, 46)] {
            assert_eq!(layout.place(part, offset), place);
        }
    }
}
