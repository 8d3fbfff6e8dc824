//! Attached pictures on a card: small and framed with their name, or in place of the drawn picture.

use crate::media::{Color, Picture, Yuv, crop, resize, shrink};

use super::attached_pictures::Given;
use super::canvas::Canvas;
use super::layout::Layout;
use super::lettering;
use super::palette::Palette;
use super::pixels::{even, signed, unsigned};

/// A small framed picture on a card, or only its name when it cannot be read.
pub(super) struct Inset {
    left: i32,
    top: i32,
    size: (i32, i32),
    picture: Option<Yuv>,
    name: String,
}

/// The most insets on one card; more would be too small to see.
const MAX_INSETS: usize = 9;

/// Lays insets out in a row at the top of the picture, on its right side, or on its left side below the plate.
pub(super) fn insets(layout: &Layout, is_left: bool, given: &[(String, &Given)]) -> Vec<Inset> {
    let given = given.get(..MAX_INSETS).unwrap_or(given);
    let gap = layout.scale * 6;
    let border = 2 * layout.scale;
    let count = signed(given.len());
    let room = layout.width * 52 / 100 - (gap + 2 * border) * count;
    let tall = layout.picture_height() * 38 / 100;
    let names = given
        .iter()
        .map(|(name, _)| lettering::width(name) * layout.mark_scale + gap);
    let shapes: Vec<(i32, i32)> = given.iter().map(|(_, given)| shape(given)).collect();
    let wide = |tall: i32| shapes.iter().map(move |(x, y)| tall * x / y);
    let all: i32 = wide(tall).sum();
    let tall = if all > room {
        tall * room.max(1) / all
    } else {
        tall
    };
    // Pictures side by side are told apart by their names, which have to fit.
    let widths: Vec<i32> = wide(tall)
        .zip(names)
        .map(|(wide, name)| even(wide.max(name.min(room / count.max(1)))).max(8))
        .collect();
    let tall = even(tall).max(8);
    let whole = widths.iter().sum::<i32>() + (gap + 2 * border) * count - gap;
    let edge = layout.margin / 2 + layout.scale * 6;
    let mut left = if is_left {
        edge
    } else {
        layout.width - edge - whole
    } + border;
    let tag = lettering::HEIGHT * layout.mark_scale + 4 * layout.mark_scale;
    let top = layout.picture_top + edge + if is_left { tag + gap } else { 0 } + border;
    let mut laid = Vec::with_capacity(given.len());
    for ((name, given), wide) in given.iter().zip(widths) {
        laid.push(Inset {
            left: even(left),
            top: even(top),
            size: (wide, tall),
            picture: given.as_ref().map(|picture| {
                let size = (unsigned(wide), unsigned(tall));
                yuv(&resize(&crop(picture, size), size.0, size.1), layout)
            }),
            name: lettering::fit(name, wide / layout.mark_scale),
        });
        left += wide + gap + 2 * border;
    }
    laid
}

/// The picture's shape as width and height, between that of a telephone and that of a television.
fn shape(given: &Given) -> (i32, i32) {
    let Some(picture) = given else { return (4, 3) };
    let (width, height) = (u64::from(picture.width), u64::from(picture.height.max(1)));
    let percent = i32::try_from(width * 100 / height).unwrap_or(i32::MAX);
    (percent.clamp(56, 178), 100)
}

impl Inset {
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: &Layout, palette: &Palette) {
        let (scale, border) = (layout.mark_scale, 2 * layout.scale);
        let (wide, tall) = self.size;
        let strip = lettering::HEIGHT * scale + scale;
        let (left, top) = (self.left - border, self.top - border);
        let outer = (wide + 2 * border, tall + strip + 2 * border);
        let shadow = layout.scale * 3;
        canvas.shade((left + shadow, top + shadow), outer, palette.bar, 7);
        canvas.fill((left, top), outer, palette.ink);
        match &self.picture {
            Some(picture) => canvas.lay((self.left, self.top), picture, 256),
            None => self.empty(canvas, palette),
        }
        let label = (wide - lettering::width(&self.name) * scale) / 2;
        let at = (self.left + label.max(0), self.top + tall + border / 2);
        lettering::write(canvas, at, scale, &self.name, palette.bar);
    }

    /// Draws a crossed-out field in place of a picture that cannot be read.
    fn empty(&self, canvas: &mut Canvas, palette: &Palette) {
        let (wide, tall) = self.size;
        canvas.fill((self.left, self.top), self.size, palette.mid);
        let line = palette.mid.towards(palette.ink, 1, 3);
        for row in 0..tall {
            let across = row * (wide - 4) / tall.max(1);
            for x in [across, wide - 4 - across] {
                canvas.span(self.top + row, self.left + x, self.left + x + 4, line);
            }
        }
    }
}

/// A frame with an attached picture in place of the drawn one, as large as fits; where it leaves room, a blurred copy
/// shows behind it. The bars stay black.
pub(super) fn plate(picture: &Picture, layout: &Layout, palette: &Palette) -> Yuv {
    let (width, height) = (unsigned(layout.width), unsigned(layout.picture_height()));
    let mut plate = Yuv::black(unsigned(layout.width), unsigned(layout.height));
    let mut canvas = Canvas::new(&mut plate);
    canvas.clip(layout.picture_top, layout.picture_bottom);
    let filled = crop(picture, (width, height));
    // If little is lost, the picture is cropped to fill the whole place.
    let kept = u64::from(filled.width) * u64::from(filled.height) * 100;
    if kept >= u64::from(picture.width) * u64::from(picture.height) * 85 {
        canvas.lay(
            (0, layout.picture_top),
            &yuv(&resize(&filled, width, height), layout),
            256,
        );
        return plate;
    }
    let soft = resize(&shrink(&filled, 24, 24), width, height);
    canvas.lay((0, layout.picture_top), &yuv(&soft, layout), 256);
    let whole = (layout.width, layout.picture_height());
    canvas.shade((0, layout.picture_top), whole, palette.bar, 8);
    let (wide, tall) = inside((picture.width, picture.height), (width, height));
    let fitted = yuv(&resize(picture, wide, tall), layout);
    let (wide, tall) = (signed(fitted.width), signed(fitted.height));
    let corner = (
        (layout.width - wide) / 2,
        layout.picture_top + (layout.picture_height() - tall) / 2,
    );
    let shadow = layout.scale * 4;
    canvas.shade(
        (corner.0 - shadow, corner.1),
        (wide + 2 * shadow, tall),
        palette.bar,
        8,
    );
    canvas.lay(corner, &fitted, 256);
    plate
}

/// The largest even size of this shape in a room.
fn inside((width, height): (u32, u32), (room_width, room_height): (u32, u32)) -> (u32, u32) {
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let scaled = |by: u64, of: u64, most: u32| {
        let exact = u32::try_from(by / of).unwrap_or(most);
        (exact / 2 * 2).clamp(2, most)
    };
    if width * u64::from(room_height) > height * u64::from(room_width) {
        (
            room_width,
            scaled(height * u64::from(room_width), width, room_height),
        )
    } else {
        (
            scaled(width * u64::from(room_height), height, room_width),
            room_height,
        )
    }
}

fn yuv(picture: &Picture, layout: &Layout) -> Yuv {
    Yuv::of(picture, (unsigned(layout.width), unsigned(layout.height)))
}

/// Black, as video stores it.
pub(super) const BLACK: Color = Color {
    y: 16,
    u: 128,
    v: 128,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    fn plain(width: u32, height: u32) -> Picture {
        Picture {
            width,
            height,
            rgb: [90, 120, 200].repeat(width as usize * height as usize),
        }
    }

    #[test]
    fn insets_stay_in_the_picture_and_apart() {
        let shapes = [(300, 200), (0, 0), (20, 900), (900, 2), (1, 1)]
            .map(|(width, height)| (width > 0).then(|| plain(width, height)));
        let model = Model::default();
        for (ratio, size) in model.resolutions.iter().flat_map(|(_, sizes)| sizes) {
            let layout = Layout::new(*size);
            for count in 1..=9 {
                let given: Vec<(String, &Given)> = (0..count)
                    .map(|n| (format!("image {n}"), &shapes[n % shapes.len()]))
                    .collect();
                for is_left in [true, false] {
                    let laid = insets(&layout, is_left, &given);
                    assert_eq!(laid.len(), count);
                    for inset in &laid {
                        assert!(inset.left > 0 && inset.left + inset.size.0 < layout.width);
                        assert!(inset.top > layout.picture_top);
                        assert!(inset.top + inset.size.1 + 40 < layout.picture_bottom);
                    }
                    let apart = laid
                        .windows(2)
                        .all(|two| two[0].left + two[0].size.0 < two[1].left);
                    assert!(apart, "{size:?} {ratio} {count}");
                }
            }
        }
    }

    #[test]
    fn a_plate_shows_the_whole_picture() {
        let layout = Layout::new((864, 496));
        let palette = crate::animatic::palette::palettes(
            &mut crate::animatic::random::Random::new("k", 1),
            1,
            (864, 496),
        )[0];
        for (width, height) in [(1, 1), (1600, 3), (3, 1600), (16, 9), (64, 25)] {
            let shown = plate(&plain(width, height), &layout, &palette).picture();
            assert_eq!(shown.pixel(400, 10), [0; 3], "the bars stay");
            let middle = u32::try_from(layout.picture_top + layout.picture_height() / 2).unwrap();
            let near = shown
                .pixel(431, middle)
                .iter()
                .zip([90, 120, 200])
                .all(|(a, b)| a.abs_diff(b) < 5);
            assert!(near, "{width}×{height}");
        }
    }
}
