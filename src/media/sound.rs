//! Encodes sound as AAC with one channel.

use rusty_aac::{AacEncoder, AacEncoderConfig, AdtsHeader, write_adts_header};

use super::error::MediaError;

/// Samples in one AAC frame.
pub(super) const FRAME: usize = 1024;
const BITS_A_SECOND: u32 = 64_000;
const ADTS_HEADER: usize = 7;
const OBJECT_LC: u8 = 2;

/// A video's sound: one channel, 16 bits a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Samples a second; a rate that AAC knows, such as 48000.
    pub rate: u32,
    pub samples: Vec<i16>,
}

/// AAC frames with ADTS headers, each of [`FRAME`] samples, in total not longer than the sound.
///
/// The encoder delays the sound by one frame, so the sound starts one frame later to stay in sync with the picture.
pub(super) fn aac(sound: &Sound) -> Result<Vec<Vec<u8>>, MediaError> {
    let whole = sound.samples.len() / FRAME;
    let ahead = sound.samples.get(FRAME..).unwrap_or_default();
    let floats: Vec<f32> = ahead.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    let mut encoder = AacEncoder::new(AacEncoderConfig {
        bitrate_bps: BITS_A_SECOND,
        ..AacEncoderConfig::default()
    });
    encoder
        .push_pcm(&floats, 1, sound.rate)
        .map_err(|error| MediaError::encode(&error))?;
    encoder.finish();
    let packets = std::iter::from_fn(|| encoder.next_packet().ok());
    Ok(packets
        .take(whole)
        .map(|packet| with_header(&packet.data, sound.rate))
        .collect())
}

fn with_header(data: &[u8], sample_rate: u32) -> Vec<u8> {
    let mut framed = write_adts_header(&AdtsHeader {
        object_type: OBJECT_LC,
        sample_rate,
        channels: 1,
        frame_length: ADTS_HEADER + data.len(),
        header_len: ADTS_HEADER,
    });
    framed.extend_from_slice(data);
    framed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A click in silence must be heard when it was written, not a frame later.
    #[test]
    fn sound_meets_its_picture() {
        let mut samples = vec![0_i16; 48_000];
        let click = 20_000;
        for (at, sample) in samples[click..click + 200].iter_mut().enumerate() {
            *sample = if at % 2 == 0 { 20_000 } else { -20_000 };
        }
        let frames = aac(&Sound {
            rate: 48_000,
            samples,
        })
        .unwrap();
        assert_eq!(frames.len(), 48_000 / FRAME);
        let mut decoder = rusty_aac::AacDecoder::new();
        let mut heard = Vec::new();
        for frame in &frames {
            heard.extend(decoder.decode(frame, None).unwrap().samples);
        }
        let loudest = heard
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
            .map_or(0, |(at, _)| at);
        assert!(loudest.abs_diff(click + 100) < 400, "heard at sample {loudest}");
    }

    #[test]
    fn an_unknown_rate_is_an_error() {
        let sound = Sound {
            rate: 1234,
            samples: vec![0; 4096],
        };
        assert!(aac(&sound).is_err());
    }
}
