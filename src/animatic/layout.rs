//! The layout of a card: bars, picture, caption.

use super::lettering;
use super::pixels::{even, signed};

/// The card's rows from top to bottom; all in pixels, all boundaries even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    /// By how much letters are enlarged.
    pub(super) scale: i32,
    /// Free space on the left and on the right.
    pub(super) margin: i32,
    /// The picture's first row, below the top bar.
    pub(super) picture_top: i32,
    /// The row after the picture's last one, where the timeline starts.
    pub(super) picture_bottom: i32,
    /// The timeline's height.
    pub(super) timeline: i32,
    /// The top of the first caption line.
    pub(super) caption: i32,
    pub(super) caption_lines: i32,
    /// The top of the mark.
    pub(super) mark: i32,
    pub(super) mark_scale: i32,
}

impl Layout {
    pub(super) fn new((width, height): (u32, u32)) -> Self {
        let (width, height) = (signed(width), signed(height));
        // A 480p video has about 420,000 pixels, a 720p video about 920,000, a 1080p video two million, a 4k video eight.
        let scale = match width * height {
            ..600_000 => 2,
            600_000..1_400_000 => 3,
            1_400_000..4_000_000 => 4,
            _ => 8,
        };
        let mark_scale = scale - 1;
        let pad = 4 * scale;
        let caption_lines = (height * 22 / 100 / line_height(scale)).clamp(3, 6);
        let mark = even(height - pad - lettering::HEIGHT * mark_scale);
        let caption = even(mark - pad / 2 - caption_lines * line_height(scale));
        let timeline = even(3 * scale);
        Self {
            width,
            height,
            scale,
            margin: even((width * 4 / 100).max(16)),
            picture_top: lettering::HEIGHT * scale + 2 * pad,
            picture_bottom: even(caption - pad - timeline),
            timeline,
            caption,
            caption_lines,
            mark,
            mark_scale,
        }
    }

    /// The width between the margins.
    pub(super) const fn room(&self) -> i32 {
        self.width - 2 * self.margin
    }

    pub(super) const fn picture_height(&self) -> i32 {
        self.picture_bottom - self.picture_top
    }
}

/// The distance from one caption line to the next.
pub(super) const fn line_height(scale: i32) -> i32 {
    (lettering::HEIGHT + 2) * scale
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
            assert!(layout.mark + lettering::HEIGHT * layout.mark_scale < layout.height);
            let mark = lettering::width(super::super::MARK);
            assert!(mark <= layout.room(), "{size:?}: the mark must fit");
        }
    }
}
