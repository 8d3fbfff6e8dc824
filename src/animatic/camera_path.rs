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
    /// How high the camera has risen: near things sink by all of it, far ones by less.
    pub(super) rise: i32,
    /// How much the finished picture is enlarged, in 1/256: a lens, not a way.
    pub(super) lens: i32,
    /// How the finished picture is turned, in 1/65536 of a radian.
    pub(super) turn: i32,
    /// How far the picture is blurred sideways.
    pub(super) blur: i32,
}

/// Frames that a whip or a crash takes.
const SUDDEN: i32 = 9;

impl Camera {
    /// The view at frame `t` of the card.
    pub(super) fn view(self, layout: &Layout, t: i32) -> View {
        let (scale, frames) = (layout.scale, self.frames);
        let slide = t * scale * self.pace / 2;
        let tall = layout.picture_height() / 10 * self.pace;
        let (mut x, mut y, mut zoom) = (0, 0, 256);
        let (mut rise, mut lens, mut turn, mut blur) = (0, 256, 0, 0);
        match self.movement {
            Move::Static => {}
            Move::PanLeft => x = -slide,
            Move::PanRight => x = slide,
            Move::Track => x = slide * 2,
            Move::TrackLeft => x = -slide * 2,
            Move::CraneUp => rise = tall * 2 * t / frames,
            Move::CraneDown => rise = tall * 2 * (frames - t) / frames,
            Move::Whip => {
                let whole = whip(layout);
                x = whole * eased(self.sudden(t)) / 256;
                let next = whole * eased(self.sudden(t + 1)) / 256;
                blur = (next - x) / 3;
            }
            Move::CrashZoom => lens += 190 * eased(self.sudden(t)) / 256,
            Move::DollyZoom => lens += 128 * t / frames,
            Move::Roll => {
                lens += 40;
                turn = ROLL * (2 * t - frames) / frames;
            }
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
        View {
            x,
            y,
            zoom,
            rise,
            lens,
            turn,
            blur,
        }
    }

    /// How much of what happens at once has happened by frame `t`, in 1/256; it starts in the card's first third.
    fn sudden(self, t: i32) -> i32 {
        let takes = SUDDEN.min(self.frames / 3).max(1);
        ((t - (self.frames / 3).min(20)) * 256 / takes).clamp(0, 256)
    }
}

/// A roll goes from this to the other side: some 14 degrees, in 1/65536 of a radian.
const ROLL: i32 = 16_000;

/// How far a whip goes.
pub(super) const fn whip(layout: &Layout) -> i32 {
    layout.width * 5 / 4
}

/// Slow at both ends; from 0 to 256.
const fn eased(part: i32) -> i32 {
    part * part * (768 - 2 * part) / 65_536
}

impl View {
    /// How far a layer moves; `part` is 1 for the foreground and more for what is farther away.
    pub(super) fn shift(self, layout: &Layout, part: i32) -> (i32, i32) {
        let near = (self.zoom - 256) * layout.picture_height() / 1400;
        (
            self.x / part,
            self.y / part.min(2) + near / part + self.rise / part,
        )
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
    fn every_named_move_is_another_way() {
        let layout = Layout::new((864, 496));
        let moves = [
            Move::Static,
            Move::PanLeft,
            Move::PanRight,
            Move::TiltUp,
            Move::TiltDown,
            Move::PushIn,
            Move::PullOut,
            Move::Track,
            Move::TrackLeft,
            Move::Orbit,
            Move::Handheld,
            Move::CraneUp,
            Move::CraneDown,
            Move::Whip,
            Move::CrashZoom,
            Move::DollyZoom,
            Move::Roll,
        ];
        let ways = moves.map(|movement| {
            let camera = Camera {
                movement,
                pace: 2,
                frames: 48,
            };
            (0..48).map(|t| camera.view(&layout, t)).collect::<Vec<View>>()
        });
        for (n, way) in ways.iter().enumerate() {
            let still = way.iter().all(|view| *view == way[0]);
            assert_eq!(still, moves[n] == Move::Static, "{:?}", moves[n]);
            for (other, different) in ways.iter().enumerate().skip(n + 1) {
                assert_ne!(way, different, "{:?} and {:?}", moves[n], moves[other]);
            }
        }
    }

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
