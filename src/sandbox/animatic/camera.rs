//! Where the camera is at each frame.

use super::framing::Move;
use super::layout::Layout;

/// How the camera goes through a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Camera {
    pub(super) movement: Move,
    /// How fast it goes: 2 when the words name the move, 1 when it is only there so that something moves.
    pub(super) pace: i32,
    /// How long it has.
    pub(super) frames: i32,
}

/// Where the camera is: how far the foreground has moved left and down, and how near it is in 1/256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) zoom: i32,
}

impl Camera {
    /// The view at frame `t` of the card.
    pub(super) fn view(self, layout: &Layout, t: i32) -> View {
        let (scale, frames) = (layout.scale, self.frames);
        let slide = t * scale * self.pace / 2;
        let tall = layout.picture_height() / 10 * self.pace;
        let (mut x, mut y, mut zoom) = (0, 0, 256);
        match self.movement {
            Move::Static => {}
            Move::PanLeft => x = -slide,
            Move::PanRight => x = slide,
            Move::Track => x = slide * 2,
            Move::TiltUp => y = tall * t / frames,
            Move::TiltDown => y = tall - tall * t / frames,
            Move::PushIn => zoom += 56 * self.pace * t / frames,
            Move::PullOut => zoom += 56 * self.pace * (frames - t) / frames,
            Move::Orbit => {
                x = slide;
                zoom += wave(t, frames.max(2)) * 40 / 256;
            }
            Move::Handheld => {
                x = wave(t, 31) * scale * 3 / 256 + wave(t, 13) * scale / 256;
                y = wave(t, 23) * scale * 2 / 256 + wave(t, 11) * scale / 256;
            }
        }
        View { x, y, zoom }
    }
}

impl View {
    /// How far a layer moves; `part` is 1 for the foreground and more for what is farther away.
    pub(super) fn shift(self, layout: &Layout, part: i32) -> (i32, i32) {
        let near = (self.zoom - 256) * layout.picture_height() / 1400;
        (self.x / part, self.y / part.min(2) + near / part)
    }
}

/// A smooth swing from -256 to 256 and back in `period` frames.
pub(super) fn wave(t: i32, period: i32) -> i32 {
    let along = t.rem_euclid(period.max(1)) * 1024 / period.max(1);
    let half = along % 512;
    // A parabola stands in for the sine.
    let arch = half * (512 - half) / 256;
    if along < 512 { arch } else { -arch }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swing_is_smooth_and_returns() {
        let swing: Vec<i32> = (0..=48).map(|t| wave(t, 48)).collect();
        assert_eq!(
            (swing[0], swing[12], swing[24], swing[36], swing[48]),
            (0, 256, 0, -256, 0)
        );
        assert!(swing.windows(2).all(|two| two[0].abs_diff(two[1]) < 48));
    }
}
