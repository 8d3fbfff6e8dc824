//! Draws a person as a silhouette with a rim of light, and a thing for inserts.

use crate::media::Color;

use super::canvas::Canvas;

/// Half the width of a standing person at a height, both in thousandths of the person's height, from the neck
/// down.
const OUTLINE: [(i32, i32); 15] = [
    (110, 27),
    (148, 27),
    (160, 44),
    (172, 82),
    (184, 106),
    (202, 123),
    (235, 133),
    (330, 130),
    (430, 113),
    (500, 106),
    (560, 113),
    (640, 110),
    (760, 97),
    (880, 85),
    (1000, 78),
];
/// Half the height and half the width of the head.
const HEAD: (i32, i32) = (66, 52);
/// From here down the legs are apart.
const LEGS: i32 = 610;

/// A person to draw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    /// The middle of the feet.
    pub(super) x: i32,
    pub(super) foot: i32,
    pub(super) height: i32,
    pub(super) color: Color,
    pub(super) rim: Color,
    /// How wide the rim of light is; negative when it is on the left.
    pub(super) rim_width: i32,
}

impl Person {
    /// Draws the person between rows `top` and `bottom`.
    pub(super) fn draw(&self, canvas: &mut Canvas, top: i32, bottom: i32) {
        let head = self.foot - self.height;
        for y in head.max(top)..self.foot.min(bottom) {
            let half = half_width(y - head, self.height);
            let below_hip = (y - head - LEGS * self.height / 1000).max(0);
            let apart = below_hip * 22 / (1000 - LEGS);
            let (left, right) = (self.x - half, self.x + half);
            if apart > 0 {
                self.row(canvas, y, left, self.x - apart);
                self.row(canvas, y, self.x + apart, right);
            } else {
                self.row(canvas, y, left, right);
            }
        }
    }

    fn row(&self, canvas: &mut Canvas, y: i32, left: i32, right: i32) {
        canvas.span(y, left, right, self.color);
        let rim = self.rim_width.abs().min((right - left) / 3);
        if self.rim_width < 0 {
            canvas.span(y, left, left + rim, self.rim);
        } else {
            canvas.span(y, right - rim, right, self.rim);
        }
    }
}

/// Half the width of a person of `height` pixels, `down` pixels below the top of the head.
fn half_width(down: i32, height: i32) -> i32 {
    let (tall, wide) = ((HEAD.0 * height / 1000).max(1), HEAD.1 * height / 1000);
    let off = down - tall;
    let head = (tall * tall - off * off).max(0).isqrt() * wide / tall;
    let at = down * 1000;
    let below = OUTLINE.iter().position(|(level, _)| level * height > at);
    let body = match below {
        Some(0) => 0,
        Some(n) => between(OUTLINE[n - 1], OUTLINE[n], at, height),
        None => OUTLINE[OUTLINE.len() - 1].1 * height / 1000,
    };
    head.max(body)
}

/// Interpolates between two points of the outline in thousandths of a pixel, so that large shoulders are smooth.
fn between(high: (i32, i32), low: (i32, i32), at: i32, height: i32) -> i32 {
    (high.1 * height + (low.1 - high.1) * (at - high.0 * height) / (low.0 - high.0)) / 1000
}

/// Draws a round thing in close view, lit from one side.
pub(super) fn thing(
    canvas: &mut Canvas,
    middle: (i32, i32),
    radius: i32,
    colors: (Color, Color),
    lit_left: bool,
) {
    let (body, light) = colors;
    let side = if lit_left { -1 } else { 1 };
    canvas.glow(middle, radius * 5 / 4, light, 2);
    canvas.disc(middle, radius, light);
    canvas.disc(
        (middle.0 - side * radius / 16, middle.1 + radius / 24),
        radius * 15 / 16,
        body,
    );
    canvas.glow(
        (middle.0 + side * radius * 2 / 5, middle.1 - radius * 2 / 5),
        radius / 3,
        light,
        5,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_a_head_a_neck_and_shoulders() {
        let at = |thousandths: i32| half_width(thousandths * 2, 2000);
        let (head, neck, shoulders) = (at(70), at(142), at(230));
        assert!(neck < head && head < shoulders, "{head} {neck} {shoulders}");
        assert_eq!((at(0), at(1000)), (0, 156));
    }
}
