//! Where things stand on a card: bars, picture, caption.

use super::text;

/// The card's rows from top to bottom; all in pixels, all boundaries even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    /// How much letters are enlarged.
    pub(super) scale: i32,
    /// Kept free left and right.
    pub(super) margin: i32,
    /// The picture's first row; above it is the top bar.
    pub(super) picture_top: i32,
    /// Behind the picture's last row; there the timeline starts.
    pub(super) picture_bottom: i32,
    pub(super) timeline: i32,
    /// The first caption line's top.
    pub(super) caption: i32,
    pub(super) caption_lines: i32,
    /// The mark's top.
    pub(super) mark: i32,
    pub(super) mark_scale: i32,
}

impl Layout {
    pub(super) fn new((width, height): (u32, u32)) -> Self {
        let (width, height) = (pixels(width), pixels(height));
        // 480p films have some 420,000 pixels, 720p films some 920,000.
        let scale = if width * height < 600_000 { 2 } else { 3 };
        let mark_scale = scale - 1;
        let pad = 4 * scale;
        let caption_lines = (height * 22 / 100 / line_height(scale)).clamp(3, 6);
        let mark = even(height - pad - text::HEIGHT * mark_scale);
        let caption = even(mark - pad / 2 - caption_lines * line_height(scale));
        let timeline = 3 * scale / 2 * 2;
        Self {
            width,
            height,
            scale,
            margin: even((width * 4 / 100).max(16)),
            picture_top: text::HEIGHT * scale + 2 * pad,
            picture_bottom: even(caption - pad - timeline),
            timeline,
            caption,
            caption_lines,
            mark,
            mark_scale,
        }
    }

    /// Width between the margins.
    pub(super) const fn room(&self) -> i32 {
        self.width - 2 * self.margin
    }

    pub(super) const fn picture_height(&self) -> i32 {
        self.picture_bottom - self.picture_top
    }
}

/// From one caption line to the next.
pub(super) const fn line_height(scale: i32) -> i32 {
    (text::HEIGHT + 2) * scale
}

const fn even(at: i32) -> i32 {
    at / 2 * 2
}

fn pixels(side: u32) -> i32 {
    i32::try_from(side).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn every_shape_has_room_for_picture_and_words() {
        let model = Model::default();
        for (_, size) in model.resolutions.iter().flat_map(|(_, sizes)| sizes) {
            let layout = Layout::new(*size);
            let share = layout.picture_height() * 100 / layout.height;
            assert!((50..80).contains(&share), "{size:?}: picture {share} %");
            assert!(layout.room() >= 24 * 8 * layout.scale, "{size:?}: {layout:?}");
            assert!(layout.mark + text::HEIGHT * layout.mark_scale < layout.height);
            let mark = text::width(super::super::MARK);
            assert!(mark <= layout.room(), "{size:?}: the mark must fit");
        }
    }
}
