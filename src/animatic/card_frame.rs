//! Draws what surrounds the picture of a card: corners, plate, top bar, timeline and mark.

use crate::model::Request;
use crate::model::price::FPS;
use crate::model::text::exact_seconds;

use super::MARK;
use super::canvas::Canvas;
use super::layout::Layout;
use super::lettering;
use super::palette::Palette;
use super::pixels::{even, signed, unsigned};
use super::shot_cards::Card;

/// What surrounds the pictures of a video.
pub(super) struct CardFrame {
    layout: Layout,
    frames: u32,
    footer: String,
}

impl CardFrame {
    pub(super) fn new(request: &Request, layout: Layout, frames: u32) -> Self {
        Self {
            layout,
            frames,
            footer: footer(request),
        }
    }

    /// Draws a viewfinder's corners around the safe area.
    pub(super) fn corners(&self, canvas: &mut Canvas, palette: &Palette) {
        let layout = &self.layout;
        let (long, thick, inset) = (layout.scale * 10, even(layout.scale), layout.margin / 2);
        let (left, right) = (inset, layout.width - inset);
        let (top, bottom) = (layout.picture_top + inset, layout.picture_bottom - inset);
        for y in [top, bottom - thick] {
            canvas.shade((left, y), (long, thick), palette.ink, 8);
            canvas.shade((right - long, y), (long, thick), palette.ink, 8);
        }
        for y in [top + thick, bottom - long] {
            canvas.shade((left, y), (thick, long - thick), palette.ink, 8);
            canvas.shade((right - thick, y), (thick, long - thick), palette.ink, 8);
        }
    }

    /// Draws a plate with `label` in the picture's corner.
    pub(super) fn plate(&self, canvas: &mut Canvas, label: &str, palette: &Palette) {
        if label.is_empty() {
            return;
        }
        let (layout, scale) = (&self.layout, self.layout.mark_scale);
        let (pad, inset) = (scale * 4, layout.margin / 2 + layout.scale * 6);
        let label = lettering::fit(label, (layout.width - 2 * inset - 2 * pad) / scale);
        let (x, y) = (inset, layout.picture_top + inset);
        let size = (
            lettering::width(&label) * scale + 2 * pad,
            lettering::HEIGHT * scale + pad,
        );
        canvas.shade((x, y), size, palette.bar, 11);
        lettering::write(canvas, (x + pad, y + pad / 2), scale, &label, palette.ink);
    }

    /// Draws the bar on top: the shot, its times, the video's time code.
    pub(super) fn top_bar(&self, canvas: &mut Canvas, card: &Card, palette: &Palette, frame: u32) {
        let layout = &self.layout;
        let (scale, margin) = (layout.scale, layout.margin);
        let pad = 4 * scale;
        canvas.fill((0, 0), (layout.width, layout.picture_top), palette.bar);
        let plate = format!("SHOT {}", card.number);
        let plate_width = lettering::width(&plate) * scale + 2 * pad;
        canvas.fill(
            (margin, even(pad) - scale),
            (plate_width, (lettering::HEIGHT + 2) * scale),
            palette.accent,
        );
        lettering::write(canvas, (margin + pad, pad), scale, &plate, palette.bar);
        let code = timecode(frame);
        let code_left = layout.width - margin - lettering::width(&code) * scale;
        lettering::write(canvas, (code_left, pad), scale, &code, palette.ink);
        let left = margin + plate_width + pad * 2;
        let times = format!(
            "{}–{} s",
            exact_seconds(card.start_ms),
            exact_seconds(card.end_ms)
        );
        let room = (code_left - left - pad) / scale;
        if lettering::width(&times) <= room {
            lettering::write(canvas, (left, pad), scale, &times, palette.ink);
        }
    }

    /// Draws the whole video as a strip with a part for each card in its colour, filled up to the present frame.
    pub(super) fn timeline(
        &self,
        canvas: &mut Canvas,
        (cards, palettes): (&[Card], &[Palette]),
        (shown, frame): (usize, u32),
    ) {
        let layout = &self.layout;
        let at = |frame: u32| {
            let exact = u64::from(frame) * u64::from(unsigned(layout.width)) / u64::from(self.frames.max(1));
            even(signed(exact))
        };
        let top = layout.picture_bottom;
        let now = at(frame + 1);
        for (number, (card, palette)) in cards.iter().zip(palettes).enumerate() {
            let (from, to) = (
                at(card.from),
                at(card.to) - if card.to < self.frames { 2 } else { 0 },
            );
            let rest = palette
                .bar
                .towards(palette.accent, if number == shown { 6 } else { 3 }, 12);
            let reached = now.clamp(from, to.max(from));
            canvas.fill((from, top), (reached - from, layout.timeline), palette.accent);
            canvas.fill((reached, top), (to - reached, layout.timeline), rest);
            canvas.fill((to, top), (at(card.to) - to, layout.timeline), palette.bar);
        }
        if let Some(palette) = palettes.get(shown) {
            canvas.fill(
                (now - layout.scale, top),
                (layout.scale, layout.timeline),
                palette.ink,
            );
        }
    }

    /// Draws what this is and the seed it was made with.
    pub(super) fn mark(&self, canvas: &mut Canvas, palette: &Palette) {
        let layout = &self.layout;
        let both = lettering::width(MARK) + lettering::width(&self.footer) + 24;
        let scale = if both * layout.mark_scale <= layout.room() {
            layout.mark_scale
        } else {
            1
        };
        let y = layout.mark + (layout.mark_scale - scale) * lettering::HEIGHT / 2;
        lettering::write(canvas, (layout.margin, y), scale, MARK, palette.accent);
        let left = layout.width - layout.margin - lettering::width(&self.footer) * scale;
        lettering::write(canvas, (left, y), scale, &self.footer, palette.dim);
    }
}

/// The seed and how many references the request has.
fn footer(request: &Request) -> String {
    let frames = [&request.form.first_frame, &request.form.last_frame];
    let given = [
        (frames.iter().filter(|url| !url.is_empty()).count(), "frame"),
        (request.form.images.len(), "image"),
        (request.form.videos.len(), "video"),
        (request.form.audios.len(), "audio"),
    ];
    let all: usize = given.iter().map(|(count, _)| count).sum();
    let seed = format!("seed {}", request.seed.number());
    if all == 0 {
        seed
    } else {
        format!("{all} refs · {seed}")
    }
}

/// A frame as minutes, seconds and frames.
fn timecode(frame: u32) -> String {
    let seconds = frame / FPS;
    format!("{:02}:{:02}:{:02}", seconds / 60, seconds % 60, frame % FPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_code_counts_frames() {
        assert_eq!(timecode(24 * 61 + 5), "01:01:05");
    }
}
