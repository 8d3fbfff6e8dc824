//! Encodes and decodes H.264: nothing else knows the codec, which is young and pinned, and may be replaced.

use h264_reader::nal::sps::SeqParameterSet;
use h264_reader::nal::{Nal, RefNal};
use rusty_h264::{EncoderConfig, YuvFrame, YuvPlanes};

use super::color::{Coding, Matrix};
use super::error::MediaError;
use super::yuv::Yuv;

/// The most frames from one key frame to the next: two seconds, so that a seek is quick.
const KEY_EVERY: u32 = 48;
/// Fine enough for small white letters to stay sharp.
const QUANTIZER: u8 = 24;

/// Turns pictures into access units, in the order in which they are shown.
pub(super) struct Encoder(rusty_h264::Encoder);

/// Turns access units into pictures, in the order in which they are stored.
pub(super) struct Decoder(rusty_h264::Decoder);

impl Encoder {
    /// An encoder for pictures of this size.
    pub(super) fn new(width: u32, height: u32, fps: u32) -> Result<Self, MediaError> {
        let mut config = EncoderConfig::baseline(width as usize, height as usize);
        config.level_idc = level(width, height);
        config.qp = QUANTIZER;
        config.gop_size = KEY_EVERY;
        config.min_keyint = 1;
        config.framerate = f32::from(u16::try_from(fps).unwrap_or(u16::MAX));
        // Adaptive quantisation uses floating point, and flat drawings gain nothing from it.
        config.aq_strength = 0.0;
        rusty_h264::Encoder::new(config)
            .map(Self)
            .map_err(|error| MediaError::encode(&error))
    }

    /// One picture as an Annex B access unit; `key` makes it decodable without those before.
    pub(super) fn encode(&mut self, picture: &Yuv, key: bool) -> Result<Vec<u8>, MediaError> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let planes = YuvPlanes::new(
            width,
            height,
            &picture.y,
            &picture.u,
            &picture.v,
            width,
            width / 2,
        )
        .ok_or_else(|| MediaError::encode(&"the picture's planes do not match its size"))?;
        if key {
            self.0.request_keyframe();
        }
        self.0
            .encode_planes(&planes)
            .map_err(|error| MediaError::encode(&error))
    }
}

/// How the colours of a video of this size are coded, by its sequence parameter set; where that does not say, as players
/// guess. (H.264, tables E-3 to E-5.)
pub(super) fn coding(parameter_set: &[u8], width: u32, height: u32) -> Coding {
    let bits = RefNal::new(parameter_set, &[], true);
    let set = SeqParameterSet::from_bits(bits.rbsp_bits()).ok();
    let told = set.and_then(|set| set.vui_parameters?.video_signal_type);
    let guess = Coding::guess(width, height);
    let Some(told) = told else { return guess };
    let matrix = match told.colour_description.map(|told| told.matrix_coefficients) {
        Some(1) => Matrix::Bt709,
        Some(5 | 6) => Matrix::Bt601,
        _ => guess.matrix,
    };
    Coding {
        matrix,
        is_full: told.video_full_range_flag,
    }
}

/// The lowest level that admits the picture at up to 30 frames a second (H.264, table A-1).
fn level(width: u32, height: u32) -> u8 {
    match width.div_ceil(16) * height.div_ceil(16) {
        0..=1620 => 30,
        1621..=3600 => 31,
        3601..=5120 => 32,
        5121..=8192 => 40,
        _ => 51,
    }
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self(rusty_h264::Decoder::new())
    }

    /// The picture of one Annex B access unit, or what the decoder cannot do with it.
    pub(super) fn decode(&mut self, access_unit: &[u8]) -> Result<Option<Yuv>, String> {
        let frame = self.0.decode(access_unit).map_err(|error| error.to_string())?;
        frame.map(own).transpose()
    }
}

fn own(frame: YuvFrame) -> Result<Yuv, String> {
    let luma = frame.width * frame.height;
    let is_whole = frame.y.len() == luma && frame.u.len() == luma / 4 && frame.v.len() == luma / 4;
    if !is_whole || !frame.width.is_multiple_of(2) || !frame.height.is_multiple_of(2) {
        return Err("a picture with missing samples".to_owned());
    }
    let side = |pixels: usize| u32::try_from(pixels).map_err(|_| "a picture without bounds".to_owned());
    Ok(Yuv {
        width: side(frame.width)?,
        height: side(frame.height)?,
        y: frame.y,
        u: frame.u,
        v: frame.v,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_of_the_provider_has_a_level_that_admits_it() {
        for (width, height, expected) in [(864, 496, 31), (640, 640, 30), (1280, 720, 31), (1112, 834, 32)] {
            assert_eq!(level(width, height), expected, "{width}x{height}");
        }
    }

    #[test]
    fn pictures_come_back_nearly_as_they_were() {
        let mut encoder = Encoder::new(64, 48, 24).unwrap();
        let mut decoder = Decoder::new();
        for grey in [40_u8, 90, 200] {
            let mut picture = Yuv::black(64, 48);
            picture.y.fill(grey);
            let unit = encoder.encode(&picture, grey == 40).unwrap();
            let back = decoder.decode(&unit).unwrap().unwrap();
            assert_eq!((back.width, back.height), (64, 48));
            assert!(back.y.iter().all(|sample| sample.abs_diff(grey) < 4), "{grey}");
        }
    }

    #[test]
    fn a_picture_of_another_size_is_refused() {
        let mut encoder = Encoder::new(64, 48, 24).unwrap();
        assert!(encoder.encode(&Yuv::black(32, 48), true).is_err());
        let mut torn = Yuv::black(64, 48);
        torn.u.truncate(3);
        assert!(encoder.encode(&torn, true).is_err());
    }
}
