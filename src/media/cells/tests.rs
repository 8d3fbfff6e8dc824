//! Cells of every size, shape and depth: what they show, and that their bytes say the same.

use proptest::prelude::*;
use vt100::Color as Painted;

use super::*;
use crate::media::cells::glyphs::covered;
use crate::media::cells::{Cell, Ink, changes, rgb};

const SHAPES: [Shape; 4] = [Shape::Half, Shape::Quadrant, Shape::Sextant, Shape::Ascii];
const DEPTHS: [Depth; 4] = [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::Truecolor];

fn look(shape: Shape, depth: Depth) -> Look {
    Look {
        shape,
        depth,
        thrift: Look::THRIFT,
        ..Look::default()
    }
}

/// A picture of soft waves with hard squares in it.
fn busy(width: u32, height: u32, seed: u32) -> Picture {
    let pixel = |x: u32, y: u32| {
        let square = (x / 7 + y / 5 + seed).is_multiple_of(5);
        let wave = |by: u32| u8::try_from((x * by + y * (seed % 7 + 1)) % 256).unwrap();
        if square {
            [wave(1), 20, 220]
        } else {
            [wave(3), wave(5), wave(2)]
        }
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    Picture {
        width,
        height,
        rgb: places.flat_map(|(x, y)| pixel(x, y)).collect(),
    }
}

/// What a terminal of this size shows after these bytes.
fn shown(bytes: &[u8], columns: u16, rows: u16) -> Vec<Cell> {
    let side = |side: u16| std::num::NonZero::new(side + 1).unwrap();
    let mut terminal = vt100::Parser::new(side(rows), side(columns), 0);
    let text = String::from_utf8(bytes.to_vec()).unwrap().replace('\n', "\r\n");
    terminal.process(text.as_bytes());
    let ink = |color: Painted| match color {
        Painted::Default => None,
        Painted::Idx(index) => Some(Ink::Index(index)),
        Painted::Rgb(r, g, b) => Some(Ink::Rgb([r, g, b])),
    };
    let screen = terminal.screen();
    let cell = |(y, x): (u16, u16)| {
        let cell = screen.cell(y, x).unwrap();
        Cell {
            glyph: cell.contents().chars().next().unwrap_or(' '),
            fg: ink(cell.fgcolor()),
            bg: ink(cell.bgcolor()),
        }
    };
    let after = screen.cell(rows, 0).unwrap();
    assert_eq!((after.fgcolor(), after.bgcolor()), Default::default());
    for y in 0..rows {
        let beside = screen.cell(y, columns).unwrap();
        assert_eq!(
            beside.bgcolor(),
            Painted::Default,
            "row {y} is coloured to its end"
        );
    }
    let places = (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x)));
    places.map(cell).collect()
}

/// Whether what is shown is what the cell says, where its glyph shows it.
fn is_same(cell: &Cell, shown: &Cell) -> bool {
    let says = |own: Option<Ink>, shown: Option<Ink>| own.is_none() || own == shown;
    cell.glyph == shown.glyph && says(cell.fg, shown.fg) && says(cell.bg, shown.bg)
}

fn check(picture: &Picture, columns: u16, rows: u16, look: Look) -> Result<(), TestCaseError> {
    let grid = draw(picture, columns, rows, look);
    let (wide, high) = fit((picture.width, picture.height), columns, rows);
    prop_assert_eq!((grid.columns(), grid.rows()), (wide, high));
    prop_assert!(wide <= columns && high <= rows);
    let bytes = encode(&grid);
    let seen = shown(&bytes, wide, high);
    let cells: Vec<Cell> = grid.lines().flatten().copied().collect();
    prop_assert_eq!(cells.len(), seen.len());
    for (cell, seen) in cells.iter().zip(&seen) {
        prop_assert!(is_same(cell, seen), "{:?} is shown as {:?}", cell, seen);
        prop_assert!(cell.glyph != ' ' || cell.fg.is_none());
        prop_assert!(cell.glyph != '█' || cell.bg.is_none());
        for ink in [cell.fg, cell.bg].into_iter().flatten() {
            let is_allowed = match (look.depth, ink) {
                (Depth::None, _) => false,
                (Depth::Ansi16, Ink::Index(index)) => index < 16,
                (Depth::Ansi256, Ink::Index(index)) => index >= 16,
                (Depth::Truecolor, Ink::Rgb(_)) => true,
                _ => false,
            };
            prop_assert!(is_allowed, "{ink:?} in {look:?}");
        }
        let is_ascii = look.shape == Shape::Ascii || look.depth == Depth::None;
        prop_assert!(!is_ascii || cell.glyph.is_ascii());
    }
    Ok(())
}

/// What a terminal shows that shows `before` and is sent the changes to `after`.
fn changed(before: &Grid, after: &Grid) -> Vec<Cell> {
    let bytes = [encode(before), goes_back(before), changes(before, after)].concat();
    shown(&bytes, after.columns(), after.rows())
}

/// To the upper left corner of a picture that was just written.
fn goes_back(grid: &Grid) -> Vec<u8> {
    format!("\x1b[{}A", grid.rows()).into_bytes()
}

#[test]
fn changes_show_the_newer_picture_and_what_changes_little_takes_no_bytes() {
    for shape in SHAPES {
        for depth in DEPTHS {
            let look = look(shape, depth);
            let canvas = |seed| Canvas::of(&busy(96, 54, seed), 24, 7);
            let before = canvas(1).draw(look).filled();
            let same = canvas(1).draw_over(look, &before);
            assert_eq!(changes(&before, &same), b"", "{shape:?} {depth:?}");
            let after = canvas(2).draw_over(look, &before);
            let seen = changed(&before, &after);
            let cells = after.lines().flatten();
            let visible = |cell: &Cell| Cell {
                fg: cell.fg.filter(|_| cell.glyph != ' '),
                bg: cell.bg.filter(|_| cell.glyph != '█'),
                ..*cell
            };
            for (cell, seen) in cells.zip(&seen) {
                assert!(
                    is_same(&visible(cell), seen),
                    "{shape:?} {depth:?}: {cell:?} is {seen:?}"
                );
            }
            let thrifty = Look { thrift: 20.0, ..look };
            let coarse = canvas(2).draw_over(thrifty, &before);
            let bytes = [&after, &coarse].map(|grid| changes(&before, grid).len());
            assert!(
                bytes[1] < bytes[0] || depth == Depth::None,
                "{shape:?} {depth:?}: {bytes:?}"
            );
        }
    }
}

#[test]
fn a_picture_of_another_size_is_written_whole() {
    let look = look(Shape::Half, Depth::Truecolor);
    let small = draw(&busy(20, 20, 1), 8, 4, look);
    let canvas = Canvas::of(&busy(96, 54, 2), 24, 7);
    assert_eq!(canvas.draw_over(look, &small), canvas.draw(look).filled());
    let after = canvas.draw(look).filled();
    assert!(changes(&small, &after).len() >= changes(&Grid::default(), &after).len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_bytes_say_what_the_cells_are(
        size in (0..90_u32, 0..90_u32), room in (0..40_u16, 0..40_u16), seed in 0..1000_u32,
        shape in 0..4_usize, depth in 0..4_usize, is_fast in any::<bool>(), thrift in 0.0..5.0_f32,
    ) {
        let picture = busy(size.0, size.1, seed);
        let look = Look { shape: SHAPES[shape], depth: DEPTHS[depth], is_fast, thrift };
        check(&picture, room.0, room.1, look)?;
    }
}

#[test]
fn every_size_can_be_drawn() {
    let picture = busy(64, 36, 3);
    for columns in 0..=40 {
        for rows in [0, 1, 2, 5, 40] {
            for depth in DEPTHS {
                let grid = draw(
                    &picture,
                    columns,
                    rows,
                    look(SHAPES[usize::from(columns) % 4], depth),
                );
                let is_empty = columns == 0 || rows == 0;
                assert_eq!((grid.is_empty(), encode(&grid).is_empty()), (is_empty, is_empty));
            }
        }
    }
}

/// How far the cells are from the picture: the mean square over samples of one sixth of a cell.
fn error(picture: &Picture, grid: &Grid) -> f64 {
    let canvas = Samples::of(picture, grid.columns(), grid.rows());
    let (mut sum, mut samples) = (0.0, 0.0);
    for (y, line) in grid.lines().enumerate() {
        for (x, cell) in line.iter().enumerate() {
            let [fg, bg] = [cell.fg, cell.bg].map(|ink| ink.map_or([0; 3], rgb));
            for (row, line) in canvas.cell(x, y).enumerate() {
                for (column, own) in line.iter().enumerate() {
                    let front = covered(cell.glyph, column, row);
                    for c in 0..3 {
                        let painted = front * f64::from(fg[c]) + (1.0 - front) * f64::from(bg[c]);
                        sum += (painted - f64::from(own[c])).powi(2);
                        samples += 1.0;
                    }
                }
            }
        }
    }
    sum / samples
}

#[test]
fn finer_shapes_and_more_colours_come_nearer_to_the_picture() {
    let picture = busy(320, 180, 11);
    let of = |shape, depth| error(&picture, &draw(&picture, 60, 20, look(shape, depth)));
    let errors = SHAPES[..3]
        .iter()
        .map(|shape| of(*shape, Depth::Truecolor))
        .collect::<Vec<_>>();
    assert!(errors.is_sorted_by(|a, b| a > b), "{errors:?}");
    let errors = DEPTHS[1..]
        .iter()
        .map(|depth| of(Shape::Quadrant, *depth))
        .collect::<Vec<_>>();
    assert!(errors.is_sorted_by(|a, b| a > b), "{errors:?}");
}

#[test]
fn what_two_colours_can_show_is_shown_exactly() {
    // The upper two thirds of the left half are red, the rest is blue.
    let red = |x: u32, y: u32| x % 8 < 4 && y % 16 < 11;
    let places = (0..64_u32).flat_map(|y| (0..64_u32).map(move |x| (x, y)));
    let picture = Picture {
        width: 64,
        height: 64,
        rgb: places
            .flat_map(|(x, y)| if red(x, y) { [200, 0, 0] } else { [0, 0, 150] })
            .collect(),
    };
    let grid = draw(&picture, 8, 4, look(Shape::Sextant, Depth::Truecolor));
    assert!(error(&picture, &grid) < 0.01);
    assert_eq!((grid.columns(), grid.rows()), (8, 4));
    // Sextants 1 and 3, or all the others with the colours exchanged.
    assert!(grid.lines().flatten().all(|cell| matches!(cell.glyph, '🬄' | '🬷')));
    // Both colours are named once in a line at most.
    let named = encode(&grid).windows(2).filter(|two| two == b"8;").count();
    assert!(named <= 8, "{named} colours are named");
}

#[test]
fn a_budget_is_kept_and_costs_likeness() {
    let canvas = Canvas::of(&busy(320, 180, 5), 60, 20);
    for depth in [Depth::Truecolor, Depth::Ansi256] {
        let look = look(Shape::Sextant, depth);
        let whole = encode(&canvas.draw(look)).len();
        let mut last = whole;
        for share in [9, 7, 5, 3] {
            let budget = whole * share / 10;
            let bytes = encode(&canvas.draw_within(look, budget)).len();
            assert!(bytes <= budget && bytes < last, "{bytes} of {budget}");
            last = bytes;
        }
        assert_eq!(canvas.draw_within(look, whole), canvas.draw(look));
        let least = encode(&canvas.draw_within(look, 0)).len();
        assert!(least < whole / 10, "{least} of {whole}");
    }
}

#[test]
fn the_same_picture_gives_the_same_cells_and_a_small_change_stays_where_it_is() {
    let picture = busy(160, 90, 2);
    let look = look(Shape::Sextant, Depth::Truecolor);
    let first = draw(&picture, 40, 12, look);
    assert_eq!(first, draw(&picture, 40, 12, look));
    let mut other = picture;
    let end = other.rgb.len();
    other.rgb[end - 60..].fill(255);
    let second = draw(&other, 40, 12, look);
    let same = |y: usize| first.lines().nth(y) == second.lines().nth(y);
    assert!((0..10).all(same) && !same(usize::from(second.rows()) - 1));
}

#[test]
fn letters_are_denser_where_it_is_brighter() {
    let grey = |grey: u8| Picture {
        width: 8,
        height: 16,
        rgb: vec![grey; 8 * 16 * 3],
    };
    let letter = |grey_value| {
        draw(
            &grey(grey_value),
            1,
            1,
            Look {
                depth: Depth::None,
                ..Look::default()
            },
        )
    };
    let text = |value| String::from_utf8(encode(&letter(value))).unwrap();
    assert_eq!((text(0), text(255)), ("\n".to_owned(), "@\n".to_owned()));
    let mut upper = grey(0);
    upper.rgb[..8 * 8 * 3].fill(255);
    let drawn = draw(
        &upper,
        1,
        1,
        Look {
            depth: Depth::None,
            ..Look::default()
        },
    );
    assert_eq!(encode(&drawn), b"P\n");
}
