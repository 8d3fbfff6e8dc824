//! Where the camera is at each frame of a card.

use crate::script::camera_vocabulary::Movement;

use super::layout::Layout;

/// How the camera moves during a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Camera {
    pub(super) movement: Movement,
    /// Its speed: 2 when the words name the movement, 1 when it is only there so that something moves.
    pub(super) pace: i32,
    /// How long the card lasts.
    pub(super) frames: i32,
}

/// Where the camera is and how it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    /// How far the foreground has moved to the left.
    pub(super) x: i32,
    /// How far the foreground has moved down.
    pub(super) y: i32,
    /// How near the camera is, in 1/256.
    pub(super) zoom: i32,
    /// How high the camera has risen: near things sink by this much, far ones by less.
    pub(super) rise: i32,
    /// How much the finished picture is enlarged, in 1/256: the lens changes, not the place.
    pub(super) lens: i32,
    /// How the finished picture is turned, in 1/65536 of a radian.
    pub(super) turn: i32,
    /// How many pixels the picture is blurred sideways.
    pub(super) blur: i32,
}

/// How many frames a whip pan or a crash zoom takes.
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
            Movement::Static | Movement::Other => {}
            Movement::PanLeft => x = -slide,
            Movement::PanRight => x = slide,
            Movement::TrackRight => x = slide * 2,
            Movement::TrackLeft => x = -slide * 2,
            Movement::CraneUp => rise = tall * 2 * t / frames,
            Movement::CraneDown => rise = tall * 2 * (frames - t) / frames,
            Movement::WhipPan => {
                let whole = whip(layout);
                x = whole * eased(self.sudden(t)) / 256;
                let next = whole * eased(self.sudden(t + 1)) / 256;
                blur = (next - x) / 3;
            }
            Movement::CrashZoom => lens += 190 * eased(self.sudden(t)) / 256,
            Movement::DollyZoom => lens += 128 * t / frames,
            Movement::Roll => {
                lens += 40;
                turn = ROLL * (2 * t - frames) / frames;
            }
            Movement::TiltUp => y = tall * t / frames,
            Movement::TiltDown => y = tall - tall * t / frames,
            Movement::PushIn | Movement::ZoomIn => zoom += 56 * self.pace * t / frames,
            Movement::PullOut | Movement::ZoomOut => zoom += 56 * self.pace * (frames - t) / frames,
            Movement::Orbit => {
                x = slide;
                zoom += wave(t, frames.max(2)) * 40 / 256;
            }
            Movement::Handheld => {
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

    /// How much of a sudden movement has happened by frame `t`, in 1/256; it starts in the card's first third.
    fn sudden(self, t: i32) -> i32 {
        let takes = SUDDEN.min(self.frames / 3).max(1);
        ((t - (self.frames / 3).min(20)) * 256 / takes).clamp(0, 256)
    }
}

/// How far a roll goes to either side: about 14 degrees, in 1/65536 of a radian.
const ROLL: i32 = 16_000;

/// How far a whip pan goes.
pub(super) const fn whip(layout: &Layout) -> i32 {
    layout.width * 5 / 4
}

/// From 0 to 256 as `part` does, but slow at both ends.
const fn eased(part: i32) -> i32 {
    part * part * (768 - 2 * part) / 65_536
}

impl View {
    /// How far a layer moves; `part` is 1 for the foreground and larger for what is farther away.
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
    // Parabolas replace the sine.
    let arch = half * (512 - half) / 256;
    if along < 512 { arch } else { -arch }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_movement_differs() {
        let layout = Layout::new((864, 496));
        let moves = [
            Movement::Static,
            Movement::PanLeft,
            Movement::PanRight,
            Movement::TiltUp,
            Movement::TiltDown,
            Movement::PushIn,
            Movement::PullOut,
            Movement::TrackRight,
            Movement::TrackLeft,
            Movement::Orbit,
            Movement::Handheld,
            Movement::CraneUp,
            Movement::CraneDown,
            Movement::WhipPan,
            Movement::CrashZoom,
            Movement::DollyZoom,
            Movement::Roll,
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
            assert_eq!(still, moves[n] == Movement::Static, "{:?}", moves[n]);
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
