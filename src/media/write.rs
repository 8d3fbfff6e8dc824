//! Makes an MP4 of a video that is drawn frame by frame.

use std::io::Write;

use muxide::api::{AacProfile, AudioCodec, Metadata, Muxer, MuxerBuilder, MuxerError, VideoCodec};

use super::error::MediaError;
use super::h264::Encoder;
use super::sound::{FRAME, Sound, aac};
use super::yuv::Yuv;

/// A video that is drawn when it is asked for, one frame at a time, first to last.
pub trait VideoSource {
    /// Width and height in pixels, both even.
    fn size(&self) -> (u32, u32);
    /// Frames a second.
    fn fps(&self) -> u32;
    /// How many frames there are.
    fn frames(&self) -> u32;
    /// What the file's title says.
    fn title(&self) -> &str;
    /// Whether a new shot starts with this frame.
    fn is_cut(&self, frame: u32) -> bool;
    /// Draws the frame over whatever `picture` holds; `picture` has the video's size.
    fn draw(&mut self, frame: u32, picture: &mut Yuv);
    /// The sound, if there is any.
    fn sound(&self) -> Option<Sound>;
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoded {
    pub bytes: u64,
    pub frames: u32,
}

/// Writes `video` as MP4 (H.264, AAC, movie header first). One uncompressed picture is held at a time; the
/// compressed video is held until the end, since its header comes first.
pub fn encode(video: &mut dyn VideoSource, out: &mut dyn Write) -> Result<Encoded, MediaError> {
    let (width, height) = video.size();
    let fps = video.fps().max(1);
    let sound = video.sound();
    let mut muxer = muxer(video, sound.as_ref(), out)?;
    let mut encoder = Encoder::new(width, height, fps)?;
    let mut picture = Yuv::black(width, height);
    for frame in 0..video.frames() {
        video.draw(frame, &mut picture);
        let cut = frame == 0 || video.is_cut(frame);
        let unit = encoder.encode(&picture, cut)?;
        let is_key = muxide::codec::is_h264_keyframe(&unit);
        muxer
            .write_video(f64::from(frame) / f64::from(fps), &unit, is_key)
            .map_err(muxing)?;
    }
    if let Some(sound) = &sound {
        for (sample, frame) in (0_u32..).step_by(FRAME).zip(aac(sound)?) {
            let at = f64::from(sample) / f64::from(sound.rate);
            muxer.write_audio(at, &frame).map_err(muxing)?;
        }
    }
    let stats = muxer.finish_with_stats().map_err(muxing)?;
    Ok(Encoded {
        bytes: stats.bytes_written,
        frames: video.frames(),
    })
}

fn muxer<'out>(
    video: &dyn VideoSource,
    sound: Option<&Sound>,
    out: &'out mut dyn Write,
) -> Result<Muxer<&'out mut dyn Write>, MediaError> {
    let (width, height) = video.size();
    let mut builder = MuxerBuilder::new(out)
        .video(VideoCodec::H264, width, height, f64::from(video.fps()))
        .with_metadata(Metadata::new().with_title(video.title()))
        .with_fast_start(true);
    if let Some(sound) = sound {
        builder = builder.audio(AudioCodec::Aac(AacProfile::Lc), sound.rate, 1);
    }
    builder.build().map_err(muxing)
}

fn muxing(error: MuxerError) -> MediaError {
    match error {
        MuxerError::Io(source) => MediaError::Write(source),
        other => MediaError::encode(&other),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::Bars;
    use super::*;
    use std::io;

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::StorageFull, "no room left"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_same_video_is_the_same_bytes() {
        let write = || {
            let mut bytes = Vec::new();
            let written = encode(&mut Bars::new(64, 48, 12), &mut bytes).unwrap();
            assert_eq!(
                written,
                Encoded {
                    bytes: bytes.len() as u64,
                    frames: 12
                }
            );
            bytes
        };
        assert_eq!(write(), write());
    }

    #[test]
    fn the_header_comes_before_the_pictures() {
        let mut bytes = Vec::new();
        encode(&mut Bars::new(64, 48, 3), &mut bytes).unwrap();
        let at = |name: &[u8]| bytes.windows(4).position(|four| four == name);
        assert!(at(b"ftyp") < at(b"moov") && at(b"moov") < at(b"mdat"));
    }

    #[test]
    fn a_full_disk_and_an_odd_size_are_errors() {
        let full = encode(&mut Bars::new(64, 48, 2), &mut Full);
        assert!(matches!(full, Err(MediaError::Write(_))), "{full:?}");
        let odd = encode(&mut Bars::new(63, 48, 2), &mut Vec::new());
        assert!(matches!(odd, Err(MediaError::Encode(_))), "{odd:?}");
    }
}
