//! Small videos for the tests of this module.

use std::path::{Path, PathBuf};

use crate::model::child;

use super::sound::Sound;
use super::write::{VideoSource, encode};
use super::yuv::Yuv;

/// A video whose frame `n` is grey of luma `16 + 8 n`, with a white bar moving right by two pixels a frame.
pub(super) struct Bars {
    size: (u32, u32),
    frames: u32,
    pub(super) sound: bool,
    /// Its sound, 48,000 samples a second; silence where there is none.
    pub(super) samples: Option<Vec<i16>>,
    /// Added to the luma of the ground.
    pub(super) lighter: u8,
}

impl Bars {
    pub(super) fn new(width: u32, height: u32, frames: u32) -> Self {
        Self {
            size: (width, height),
            frames,
            sound: false,
            samples: None,
            lighter: 0,
        }
    }

    /// Luma of the ground of frame `n`.
    pub(super) fn luma(frame: u32) -> u8 {
        u8::try_from(16 + frame * 8 % 200).unwrap()
    }

    pub(super) fn save(&mut self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        let mut bytes = Vec::new();
        encode(self, &mut bytes).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// The video at `path` in another format, made by a real ffmpeg; `None` where there is none or it lacks the codec.
pub(super) fn converted(path: &Path, options: &[&str]) -> Option<PathBuf> {
    let out = path.with_file_name(format!("{}.mp4", options.concat().replace(['/', ':'], "")));
    let mut command = child::command("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-i"]).arg(path);
    let status = command.args(options).arg(&out).status();
    let made = status.is_ok_and(|status| status.success());
    if !made {
        println!("skipped: no ffmpeg that can encode with {options:?}");
    }
    made.then_some(out)
}

impl VideoSource for Bars {
    fn size(&self) -> (u32, u32) {
        self.size
    }
    fn fps(&self) -> u32 {
        24
    }
    fn frames(&self) -> u32 {
        self.frames
    }
    fn title(&self) -> &'static str {
        "bars"
    }
    fn is_cut(&self, frame: u32) -> bool {
        frame.is_multiple_of(10)
    }
    fn draw(&mut self, frame: u32, picture: &mut Yuv) {
        picture.y.fill(Self::luma(frame).saturating_add(self.lighter));
        let width = picture.width as usize;
        let bar = frame as usize * 2 % (width - 4);
        for row in picture.y.chunks_exact_mut(width) {
            row[bar..bar + 4].fill(235);
        }
    }
    fn sound(&self) -> Option<Sound> {
        (self.sound || self.samples.is_some()).then(|| Sound {
            rate: 48_000,
            samples: self
                .samples
                .clone()
                .unwrap_or_else(|| vec![0; self.frames as usize * 2000]),
        })
    }
}
