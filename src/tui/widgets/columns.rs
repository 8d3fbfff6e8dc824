//! Rows of columns, which are shortened and dropped where there is too little room.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::narrow::narrow;
use super::text::{cut, pad, width};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub width: usize,
    /// A column with 0 is never dropped; of the others, the greatest is dropped first.
    drops: u8,
    is_right_aligned: bool,
    /// Takes the room that is left over.
    grows: bool,
    /// Spaces before the column, unless it is the first that is shown.
    pub gap: usize,
    /// What is left of the column before it is dropped: in three steps at most.
    shorts: [Option<Short>; 3],
    /// A shortened column is cut, and so takes any room that is left over.
    is_cut: bool,
    /// It is left out when it is empty.
    hides: bool,
}

/// A column without its less important part, such as differences in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Short {
    width: usize,
    /// When the column is shortened, in the order of [`Column::drops`].
    order: u8,
}

impl Column {
    /// A column of text that is always shown.
    pub const fn text(width: usize) -> Self {
        Self {
            width,
            drops: 0,
            is_right_aligned: false,
            grows: false,
            gap: 2,
            shorts: [None; 3],
            is_cut: false,
            hides: false,
        }
    }

    /// A column of numbers that is always shown.
    pub const fn number(width: usize) -> Self {
        Self {
            is_right_aligned: true,
            ..Self::text(width)
        }
    }

    /// Dropped when there is too little room; the greatest `order` first.
    pub const fn drops(mut self, order: u8) -> Self {
        self.drops = order;
        self
    }

    /// Shortened to `width` when there is too little room, in the same order in which columns are dropped. A further step,
    /// to a smaller width, has a smaller `order`.
    pub const fn shortens(mut self, width: usize, order: u8) -> Self {
        if width < self.width {
            let step = Some(Short { width, order });
            match self.shorts {
                [None, ..] => self.shorts[0] = step,
                [_, None, _] => self.shorts[1] = step,
                _ => self.shorts[2] = step,
            }
        }
        self
    }

    /// The same for text that is cut, so that more of it is shown where there is room.
    pub const fn cuts(mut self, width: usize, order: u8) -> Self {
        self.is_cut = true;
        self.shortens(width, order)
    }

    /// Never dropped after all.
    pub const fn stays(mut self) -> Self {
        self.drops = 0;
        self
    }

    /// Takes the room that is left over.
    pub const fn grows(mut self) -> Self {
        self.grows = true;
        self
    }

    /// Left out when its width is 0, so that no gap is left either.
    pub const fn hides(mut self) -> Self {
        self.hides = true;
        self
    }

    pub const fn gap(mut self, gap: usize) -> Self {
        self.gap = gap;
        self
    }
}

/// Columns, with the widths that they have in the room there is.
pub struct Table {
    pub columns: Vec<Column>,
    /// `None` for a column that is dropped.
    pub widths: Vec<Option<usize>>,
    /// The room that is left at the end.
    spare: usize,
}

/// A gap where there is little room.
const TIGHT: usize = 1;

impl Table {
    pub fn of(columns: impl Into<Vec<Column>>, room: usize) -> Self {
        Self::tightened(columns, room, 0)
    }

    /// The same, where gaps of two spaces become one in their turn, as if the gaps were a column of this `order`.
    pub fn tightened(columns: impl Into<Vec<Column>>, room: usize, order: u8) -> Self {
        let mut columns: Vec<Column> = columns.into();
        let (widths, is_tight, spare) = widths(&columns, room, order);
        if is_tight {
            for column in &mut columns {
                column.gap = column.gap.min(TIGHT);
            }
        }
        Self {
            columns,
            widths,
            spare,
        }
    }

    /// Whether a column is neither shortened nor dropped.
    pub fn is_whole(&self, at: usize) -> bool {
        self.widths[at].is_some_and(|width| width >= self.columns[at].width)
    }

    /// A row of cells, cut and padded to the widths. Text that is too wide goes on over the empty cells behind it, and to the
    /// end of the row behind the last one.
    pub fn row(&self, cells: &[(String, Style)], ellipsis: &str) -> Line<'static> {
        let all = self.columns.iter().zip(&self.widths).zip(cells);
        let mut shown = all
            .filter_map(|((column, wide), (text, style))| Some((column, (*wide)?, text, *style)))
            .peekable();
        let mut spans: Vec<Span<'static>> = Vec::new();
        while let Some((column, mut wide, text, style)) = shown.next() {
            if !spans.is_empty() {
                spans.push(Span::raw(" ".repeat(column.gap)));
            }
            while !column.is_right_aligned && width(text) > wide {
                let Some((next, more, ..)) = shown.next_if(|(.., text, _)| text.is_empty()) else {
                    break;
                };
                wide += next.gap + more;
            }
            if !column.is_right_aligned && shown.peek().is_none() {
                wide += self.spare.min(width(text).saturating_sub(wide));
            }
            let text = cut(text, wide, ellipsis);
            spans.push(Span::styled(pad(&text, wide, column.is_right_aligned), style));
        }
        Line::from(spans)
    }
}

/// The widths of the columns in `room`, where the gaps narrow in the place of a column of `gaps_order`; whether they have
/// narrowed; and the room that is left.
fn widths(columns: &[Column], room: usize, gaps_order: u8) -> (Vec<Option<usize>>, bool, usize) {
    let gaps = Part::Gaps {
        order: gaps_order,
        is_tight: false,
    };
    let shown = columns.iter().map(|column| {
        Part::Column(Shown {
            column,
            width: Some(column.width).filter(|width| *width > 0 || !column.hides),
        })
    });
    let mut parts: Vec<Part<'_>> = shown.chain([gaps]).collect();
    narrow(&mut parts, Part::order, Part::give, |parts| total(parts) <= room);
    let mut left = room.saturating_sub(total(&parts));
    let is_tight = parts.iter().any(Part::is_tight);
    let mut shown: Vec<Shown<'_>> = parts.into_iter().filter_map(Part::column).collect();
    for Shown { column, width } in &mut shown {
        if let Some(width) = width
            .as_mut()
            .filter(|width| column.is_cut && **width < column.width)
        {
            let more = left.min(column.width - *width);
            *width += more;
            left -= more;
        }
    }
    let growing = shown
        .iter_mut()
        .find(|shown| shown.column.grows && shown.width.is_some());
    if let Some(shown) = growing {
        shown.width = shown.width.map(|width| width + left);
        left = 0;
    }
    let widths = shown.into_iter().map(|shown| shown.width).collect();
    (widths, is_tight, left)
}

/// What gives up room.
enum Part<'a> {
    /// The gaps between columns.
    Gaps {
        order: u8,
        is_tight: bool,
    },
    Column(Shown<'a>),
}

impl<'a> Part<'a> {
    fn order(&self) -> u8 {
        match self {
            Self::Gaps { is_tight: true, .. } => 0,
            Self::Gaps { order, .. } => *order,
            Self::Column(shown) => shown.order(),
        }
    }

    const fn is_tight(&self) -> bool {
        matches!(self, Self::Gaps { is_tight: true, .. })
    }

    fn give(&mut self) {
        match self {
            Self::Gaps { is_tight, .. } => *is_tight = true,
            Self::Column(shown) => shown.give(),
        }
    }

    fn column(self) -> Option<Shown<'a>> {
        match self {
            Self::Gaps { .. } => None,
            Self::Column(shown) => Some(shown),
        }
    }
}

/// A column and its remaining width.
struct Shown<'a> {
    column: &'a Column,
    width: Option<usize>,
}

impl Shown<'_> {
    fn shorter(&self) -> Option<Short> {
        let steps = self.column.shorts.into_iter().flatten();
        let mut narrower = steps.filter(|step| self.width.is_some_and(|width| width > step.width));
        narrower.next()
    }

    fn order(&self) -> u8 {
        match (self.width, self.shorter()) {
            (None, _) => 0,
            (_, Some(short)) => short.order,
            (_, None) => self.column.drops,
        }
    }

    fn give(&mut self) {
        self.width = self.shorter().map(|short| short.width);
    }
}

/// How wide the parts are together.
fn total(parts: &[Part<'_>]) -> usize {
    let is_tight = parts.iter().any(Part::is_tight);
    let mut sum = 0;
    for part in parts {
        let Part::Column(Shown {
            column,
            width: Some(width),
        }) = part
        else {
            continue;
        };
        let gap = if is_tight {
            column.gap.min(TIGHT)
        } else {
            column.gap
        };
        sum += width + if sum == 0 { 0 } else { gap };
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column::number(3),
        Column::text(4).drops(2).grows(),
        Column::text(2).drops(1),
    ];

    fn widths(columns: &[Column], room: usize) -> Vec<Option<usize>> {
        Table::of(columns, room).widths
    }

    #[test]
    fn the_lightest_column_goes_first() {
        assert_eq!(widths(&COLUMNS, 20), [Some(3), Some(11), Some(2)]);
        assert_eq!(widths(&COLUMNS, 13), [Some(3), Some(4), Some(2)]);
        assert_eq!(widths(&COLUMNS, 12), [Some(3), None, Some(2)]);
        assert_eq!(widths(&COLUMNS, 6), [Some(3), None, None]);
        assert_eq!(widths(&COLUMNS, 0), [Some(3), None, None]);
    }

    #[test]
    fn a_column_becomes_short_before_one_that_matters_more_is_dropped() {
        let columns = [
            Column::number(3),
            Column::text(9).shortens(4, 8).drops(3),
            Column::text(5).drops(5),
        ];
        assert_eq!(widths(&columns, 21), [Some(3), Some(9), Some(5)]);
        assert_eq!(widths(&columns, 20), [Some(3), Some(4), Some(5)]);
        assert_eq!(widths(&columns, 15), [Some(3), Some(4), None]);
        assert_eq!(widths(&columns, 8), [Some(3), None, None]);
    }

    #[test]
    fn cells_are_cut_and_aligned() {
        let cells = [("7", Style::new()), ("abcdef", Style::new()), ("x", Style::new())]
            .map(|(text, style)| (text.to_owned(), style));
        let line = Table::of(COLUMNS, 13).row(&cells, "…");
        assert_eq!(line.to_string(), "  7  abc…  x ");
    }

    #[test]
    fn gaps_become_narrower_before_what_matters_is_given_up() {
        let columns = [
            Column::number(3),
            Column::text(9).shortens(6, 9).shortens(4, 3).drops(2),
            Column::text(5).drops(5),
        ];
        let widths = |room| Table::tightened(columns, room, 5).widths;
        assert_eq!(widths(21), [Some(3), Some(9), Some(5)]);
        assert_eq!(widths(20), [Some(3), Some(6), Some(5)]);
        assert_eq!(widths(18), [Some(3), Some(6), Some(5)]);
        assert_eq!(widths(16), [Some(3), Some(6), Some(5)], "with gaps of one space");
        assert_eq!(widths(15), [Some(3), Some(6), None]);
        assert_eq!(widths(9), [Some(3), Some(4), None]);
        assert_eq!(widths(7), [Some(3), None, None]);
    }

    #[test]
    fn text_that_is_cut_takes_the_room_that_is_left() {
        let columns = [
            Column::text(9).cuts(4, 3),
            Column::text(9).shortens(4, 4),
            Column::text(5).drops(5),
        ];
        assert_eq!(widths(&columns, 27), [Some(9), Some(9), Some(5)]);
        assert_eq!(widths(&columns, 18), [Some(9), Some(4), None]);
        assert_eq!(widths(&columns, 13), [Some(7), Some(4), None]);
        assert_eq!(widths(&columns, 10), [Some(4), Some(4), None]);
    }

    #[test]
    fn wide_text_goes_on_over_the_empty_cells_behind_it() {
        let table = Table::of([Column::text(3), Column::text(4), Column::text(2)], 13);
        let line = |cells: [&str; 3]| {
            let cells = cells.map(|text| (text.to_owned(), Style::new()));
            table.row(&cells, "…").to_string()
        };
        assert_eq!(line(["abcdefgh", "", "x"]), "abcdefgh   x ");
        assert_eq!(line(["abcdefghijklmno", "", ""]), "abcdefghijkl…");
        let roomy = Table::of([Column::text(3), Column::text(0)], 20);
        let cells = ["ab", "a reason"].map(|text| (text.to_owned(), Style::new()));
        assert_eq!(roomy.row(&cells, "…").to_string(), "ab   a reason");
        assert_eq!(line(["abcdef", "y", "x"]), "ab…  y     x ");
        assert_eq!(line(["abc", "", "x"]), "abc        x ");
    }
}
