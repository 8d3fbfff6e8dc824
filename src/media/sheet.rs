//! Draws a contact sheet: rows of small pictures, each with lines of text beside it.

use unifont::{Glyph, get_glyph};

use super::error::MediaError;
use super::picture::{Picture, shrink};

/// The most pixels of a sheet.
pub const MAX_SHEET_PIXELS: u64 = 24_000_000;

/// The longer side of its small pictures, in pixels: as large as [`MAX_SHEET_PIXELS`] allows, between these.
const MAX_SIDE: u32 = 320;
const MIN_SIDE: u32 = 64;

/// Around everything, in pixels.
const GAP: u32 = 8;
/// The text beside the pictures, in pixels.
const CAPTION: u32 = 232;
/// The height of a line of text, and of its letters.
const LINE: u32 = 18;
const LETTER: u32 = 16;
const HALF_WIDTH: u32 = 8;

const BACK: [u8; 3] = [24, 24, 24];
const TEXT: [u8; 3] = [222, 222, 222];
const FAINT: [u8; 3] = [150, 150, 150];

/// A sheet that is being drawn, row by row, so that no more than one row of pictures is held beside it.
#[derive(Debug)]
pub struct Sheet {
    picture: Picture,
    /// Columns of pictures.
    columns: u32,
    /// The box of a small picture.
    tile: (u32, u32),
    /// Where the next row begins.
    top: u32,
}

impl Sheet {
    /// An empty sheet with this title for `rows` rows of at most `columns` pictures, in the shape of `width` to `height`.
    ///
    /// # Errors
    /// [`MediaError::Encode`] when it would have more than [`MAX_SHEET_PIXELS`].
    pub fn new(title: &str, rows: usize, columns: usize, shape: (u32, u32)) -> Result<Self, MediaError> {
        let count = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        let (rows, columns) = (count(rows), count(columns));
        let sides = (MIN_SIDE..=MAX_SIDE).rev();
        let fits = sides.map(|side| tile(shape, side)).find_map(|tile| {
            let (width, height) = size(rows, columns, tile)?;
            let is_within = u64::from(width) * u64::from(height) <= MAX_SHEET_PIXELS;
            is_within.then_some((tile, width, height))
        });
        let Some((tile, width, height)) = fits else {
            return Err(MediaError::encode(&format!(
                "a sheet of {rows} rows of {columns} pictures has more than {MAX_SHEET_PIXELS} pixels; choose fewer takes"
            )));
        };
        let pixels = width as usize * height as usize;
        let mut sheet = Self {
            picture: Picture {
                width,
                height,
                rgb: BACK.repeat(pixels),
            },
            columns,
            tile,
            top: GAP + LINE + GAP,
        };
        sheet.write((GAP, GAP), title, width - 2 * GAP, TEXT);
        Ok(sheet)
    }

    /// Draws the next row: lines of text, and the pictures or why there are none. What has no room is left out.
    pub fn row(&mut self, caption: &[String], pictures: Result<Vec<Picture>, String>) {
        let (top, height) = (self.top, row_height(self.tile));
        let lines = height / LINE;
        for (y, line) in (0..lines).zip(caption) {
            let color = if y == 0 { TEXT } else { FAINT };
            self.write((GAP, top + y * LINE), line, CAPTION - GAP, color);
        }
        let left = GAP + CAPTION;
        match pictures {
            Ok(pictures) => {
                for (at, picture) in (0..self.columns).zip(&pictures) {
                    self.place(picture, (left + at * (self.tile.0 + GAP), top));
                }
            }
            Err(why) => {
                let room = self.picture.width - left - GAP;
                for (y, line) in (0..lines).zip(wrapped(&why, room)) {
                    self.write((left, top + y * LINE), &line, room, FAINT);
                }
            }
        }
        self.top += height + GAP;
    }

    /// The sheet as it is drawn so far.
    #[must_use]
    pub fn finish(self) -> Picture {
        self.picture
    }

    /// Draws a picture in the middle of the box at `x`, `y`.
    fn place(&mut self, picture: &Picture, (x, y): (u32, u32)) {
        let small = shrink(picture, self.tile.0, self.tile.1);
        let left = x + (self.tile.0 - small.width.min(self.tile.0)) / 2;
        let top = y + (self.tile.1 - small.height.min(self.tile.1)) / 2;
        let row = small.width as usize * 3;
        for (at, pixels) in (top..).zip(small.rgb.chunks_exact(row.max(1))) {
            let start = (at as usize * self.picture.width as usize + left as usize) * 3;
            if let Some(target) = self.picture.rgb.get_mut(start..start + row) {
                target.copy_from_slice(pixels);
            }
        }
    }

    /// Writes a line in at most `room` pixels.
    fn write(&mut self, (x, y): (u32, u32), text: &str, room: u32, color: [u8; 3]) {
        let mut left = 0;
        for c in text.chars() {
            let Some(glyph) = get_glyph(c).or_else(|| get_glyph('□')) else {
                continue;
            };
            let advance = advance(c);
            if left + advance > room {
                break;
            }
            for row in 0..LETTER {
                let bits = match glyph {
                    Glyph::Halfwidth(rows) => rows.get(row as usize).map_or(0, |bits| u16::from(*bits) << 8),
                    Glyph::Fullwidth(rows) => rows.get(row as usize).copied().unwrap_or(0),
                };
                for column in (0..advance).filter(|column| bits & (0x8000 >> column) != 0) {
                    self.set((x + left + column, y + row), color);
                }
            }
            left += advance;
        }
    }

    fn set(&mut self, (x, y): (u32, u32), color: [u8; 3]) {
        let at = (y as usize * self.picture.width as usize + x as usize) * 3;
        if let Some(pixel) = self.picture.rgb.get_mut(at..at + 3) {
            pixel.copy_from_slice(&color);
        }
    }
}

fn advance(c: char) -> u32 {
    match get_glyph(c) {
        Some(Glyph::Fullwidth(_)) => 2 * HALF_WIDTH,
        _ => HALF_WIDTH,
    }
}

/// The box of a small picture whose longer side is `side`.
fn tile((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let longer = width.max(height);
    let scaled = |part: u64| u32::try_from((part * u64::from(side) / longer).max(1)).unwrap_or(side);
    (scaled(width), scaled(height))
}

/// A row is as high as a picture, and has room for two lines at least.
fn row_height(tile: (u32, u32)) -> u32 {
    tile.1.max(2 * LINE)
}

fn size(rows: u32, columns: u32, tile: (u32, u32)) -> Option<(u32, u32)> {
    let width = columns
        .checked_mul(tile.0 + GAP)?
        .checked_add(2 * GAP + CAPTION)?;
    let height = rows
        .checked_mul(row_height(tile) + GAP)?
        .checked_add(2 * GAP + LINE)?;
    Some((width, height))
}

/// `text` in lines of at most `room` pixels, broken between words.
fn wrapped(text: &str, room: u32) -> Vec<String> {
    let width = |text: &str| text.chars().map(advance).sum::<u32>();
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && width(&lines[last]) + HALF_WIDTH + width(word) > room {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn red(width: u32, height: u32) -> Picture {
        Picture {
            width,
            height,
            rgb: [200, 0, 0].repeat((width * height) as usize),
        }
    }

    fn count(picture: &Picture, is: impl Fn([u8; 3]) -> bool) -> usize {
        picture
            .rgb
            .chunks_exact(3)
            .filter(|pixel| is([pixel[0], pixel[1], pixel[2]]))
            .count()
    }

    #[test]
    fn a_row_has_its_words_and_its_pictures() {
        let mut sheet = Sheet::new("sweep 9", 2, 3, (864, 496)).unwrap();
        sheet.row(
            &["take 1".to_owned(), "风筝".to_owned()],
            Ok(vec![red(320, 183), red(160, 92)]),
        );
        sheet.row(
            &["take 2".to_owned()],
            Err("take 2 has no video: it is failed".to_owned()),
        );
        let drawn = sheet.finish();
        assert_eq!((drawn.width, drawn.height), (3 * 328 + 248, 2 * (183 + 8) + 34));
        assert_eq!(count(&drawn, |pixel| pixel == [200, 0, 0]), 320 * 183 + 160 * 92);
        assert!(count(&drawn, |pixel| pixel == TEXT) > 100);
        assert!(count(&drawn, |pixel| pixel == FAINT) > 200);
    }

    #[test]
    fn many_takes_get_smaller_pictures_and_too_many_are_refused() {
        let sheet = Sheet::new("", 200, 5, (9, 16)).unwrap().finish();
        assert!(u64::from(sheet.width) * u64::from(sheet.height) <= MAX_SHEET_PIXELS);
        let refused = Sheet::new("", 100_000, 60, (16, 9)).unwrap_err().to_string();
        assert!(refused.contains("fewer takes"), "{refused}");
        assert!(Sheet::new("", usize::MAX, usize::MAX, (0, 0)).is_err());
    }

    #[test]
    fn nothing_is_drawn_beyond_the_sheet() {
        let mut sheet = Sheet::new(&"a long title ".repeat(90), 1, 1, (16, 9)).unwrap();
        for _ in 0..3 {
            sheet.row(&vec!["x".repeat(500); 50], Ok(vec![red(2000, 10); 9]));
            sheet.row(&[], Err("y ".repeat(5000)));
        }
        let drawn = sheet.finish();
        assert_eq!(drawn.rgb.len(), (drawn.width * drawn.height * 3) as usize);
    }
}
