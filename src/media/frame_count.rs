//! Measures an MP3 or a bare AAC sound by counting its frames.
//!
//! Neither format states its length: a header that does (Xing, VBRI) may be missing, or may speak of a file that was
//! cut since, and a guess from the first frame's rate is wrong by any factor where the rate varies.
//! (ISO/IEC 11172-3 and 13818-3, audio frame header; ISO/IEC 14496-3, ADTS.)

/// One frame, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Frame {
    /// Bytes, header included.
    length: usize,
    /// Of each channel.
    samples: u64,
    /// Samples a second.
    rate: u64,
    /// The bits of the header that are the same in every frame of a sound.
    sort: u32,
}

const NANOS: u64 = 1_000_000_000;

/// Milliseconds that the frames in `bytes` last; `None` where they do not read as frames.
pub(super) fn counted_ms(bytes: &[u8]) -> Option<u64> {
    let mut at = past_tags(bytes, 0);
    let (mut nanos, mut framed) = (0_u64, 0_usize);
    let mut last: Option<Frame> = None;
    while at < bytes.len() {
        let here = frame(&bytes[at..]).filter(|frame| match last {
            Some(last) => last.sort == frame.sort,
            None => is_followed(bytes, at, *frame),
        });
        let Some(frame) = here else {
            let tagged = past_tags(bytes, at);
            at = match tagged {
                same if same == at => next_frame(bytes, at + 1),
                past => past,
            };
            last = None;
            continue;
        };
        let whole = bytes.len().min(at + frame.length);
        if framed > 0 || !tells_length(&bytes[at..whole]) {
            nanos = nanos.saturating_add(frame.samples * NANOS / frame.rate);
        }
        framed += whole - at;
        at += frame.length;
        last = Some(frame);
    }
    // A file that is mostly something else only happens to contain the marks of frames.
    (nanos > 0 && framed * 2 > bytes.len() - past_tags(bytes, 0).min(bytes.len()))
        .then_some(nanos / 1_000_000)
}

/// The next place from `at` on where a frame is followed by one of its sort.
fn next_frame(bytes: &[u8], at: usize) -> usize {
    (at..bytes.len())
        .find(|at| frame(&bytes[*at..]).is_some_and(|frame| is_followed(bytes, *at, frame)))
        .unwrap_or(bytes.len())
}

/// Whether another frame of its sort follows, or the end.
fn is_followed(bytes: &[u8], at: usize, first: Frame) -> bool {
    let end = at + first.length;
    match bytes.get(end..) {
        None | Some([]) => true,
        Some(rest) => frame(rest).is_some_and(|next| next.sort == first.sort) || past_tags(bytes, end) > end,
    }
}

/// Past the tags at `at`: `ID3` before or within the sound, `TAG` and `APETAGEX` after it.
fn past_tags(bytes: &[u8], mut at: usize) -> usize {
    const FOOTER: u8 = 0x10;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at += match rest {
            [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] => {
                let size = [a, b, c, d]
                    .iter()
                    .fold(0, |sum, byte| sum << 7 | usize::from(**byte & 0x7f));
                10 + size + if flags & FOOTER == 0 { 0 } else { 10 }
            }
            [b'T', b'A', b'G', ..] if rest.len() <= 128 => rest.len(),
            _ => match rest.strip_prefix(b"APETAGEX") {
                Some([_, _, _, _, a, b, c, d, ..]) => {
                    let size = u32::from_le_bytes([*a, *b, *c, *d]);
                    32 + usize::try_from(size).unwrap_or(rest.len())
                }
                _ => return at,
            },
        };
    }
}

/// Whether the frame holds no sound but the length of the whole.
fn tells_length(frame: &[u8]) -> bool {
    const MAX_OFFSET: usize = 64;
    let head = &frame[..frame.len().min(MAX_OFFSET)];
    [b"Xing", b"Info", b"VBRI"]
        .iter()
        .any(|mark| head.windows(4).any(|four| four == *mark))
}

/// The frame that begins at the first of `bytes`.
fn frame(bytes: &[u8]) -> Option<Frame> {
    let head: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
    match head {
        [0xff, second, ..] if second & 0xf6 == 0xf0 => adts(bytes),
        [0xff, second, ..] if second & 0xe0 == 0xe0 => mpeg(head),
        _ => None,
    }
}

fn mpeg([_, second, third, _]: [u8; 4]) -> Option<Frame> {
    // In thousands of bits a second, by the index from 1 on.
    #[rustfmt::skip]
    const RATES: [[u16; 14]; 5] = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let slower = match second >> 3 & 3 {
        3 => 1,
        2 => 2,
        0 => 4,
        _ => return None,
    };
    let layer = 4 - (second >> 1 & 3);
    let (table, samples) = match (layer, slower) {
        (1, 1) => (0, 384),
        (2, 1) => (1, 1152),
        (3, 1) => (2, 1152),
        (1, _) => (3, 384),
        (2, _) => (4, 1152),
        (3, _) => (4, 576),
        _ => return None,
    };
    let index = usize::from(third >> 4).checked_sub(1)?;
    let bits = u64::from(*RATES[table].get(index)?) * 1000;
    let rate = [44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))? / slower;
    let padding = u64::from(third >> 1 & 1);
    let length = match layer {
        1 => (12 * bits / rate + padding) * 4,
        _ => samples / 8 * bits / rate + padding,
    };
    Some(Frame {
        length: usize::try_from(length).ok()?,
        samples,
        rate,
        sort: u32::from(second & 0xfe) << 8 | u32::from(third & 0x0c),
    })
}

fn adts(bytes: &[u8]) -> Option<Frame> {
    #[rustfmt::skip]
    const RATES: [u64; 13] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
    ];
    const MIN_LENGTH: usize = 7;
    let [_, second, third, fourth, fifth, sixth, seventh] = *bytes.first_chunk()?;
    let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
    (length >= MIN_LENGTH).then_some(Frame {
        length,
        samples: 1024 * (u64::from(seventh & 3) + 1),
        rate: *RATES.get(usize::from(third >> 2 & 15))?,
        sort: u32::from(second & 0xfe) << 8 | u32::from(third & 0xfc),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An MP3 frame at 44.1 kHz, 1,152 samples, with this index of the bit rate (9: 128, 1: 32, 14: 320).
    fn mp3(index: u8) -> Vec<u8> {
        let head = [0xff, 0xfb, index << 4, 0x00];
        let mut frame = head.to_vec();
        frame.resize(mpeg(head).unwrap().length, 0);
        frame
    }

    /// An ADTS frame at 48 kHz of the given length in bytes.
    fn aac(length: u8) -> Vec<u8> {
        let mut frame = vec![0xff, 0xf1, 0x4c, 0x80, length >> 3, length << 5, 0xfc];
        frame.resize(usize::from(length), 0);
        frame
    }

    #[test]
    fn lengths_of_frames_are_those_of_the_standard() {
        assert_eq!(mp3(9).len(), 417);
        assert_eq!(mp3(1).len(), 104);
        assert_eq!(
            mpeg([0xff, 0xf3, 0x80, 0]).map(|frame| (frame.length, frame.rate)),
            Some((208, 22_050))
        );
        assert_eq!(
            adts(&aac(40)).map(|frame| (frame.length, frame.rate)),
            Some((40, 48_000))
        );
        assert_eq!(
            (
                frame(b"\xff\xfb\xf0\0"),
                frame(b"\xff\xff\xff\xff"),
                frame(b"ID3\x04")
            ),
            (None, None, None)
        );
    }

    /// Quiet at first and then loud: the first frame's rate says nothing about the whole.
    #[test]
    fn a_varying_rate_is_counted() {
        let sound = [mp3(1).repeat(77), mp3(14).repeat(345)].concat();
        assert_eq!(counted_ms(&sound), Some(422 * 1152 * 1000 / 44_100));
    }

    #[test]
    fn tags_and_the_frame_that_tells_the_length_are_no_sound() {
        let mut told = mp3(9);
        told[36..40].copy_from_slice(b"Xing");
        let id3 = [b"ID3\x04\0\0\0\0\x01\x00".as_slice(), &[0xff; 128]].concat();
        let id3v1 = [b"TAG".as_slice(), &[b' '; 125]].concat();
        let sound = [id3.clone(), told, mp3(9).repeat(100), id3v1].concat();
        assert_eq!(counted_ms(&sound), Some(100 * 1152 * 1000 / 44_100));
        assert_eq!(counted_ms(&id3), None);
    }

    #[test]
    fn a_cut_file_and_a_hole_in_it_are_counted_as_far_as_they_go() {
        let whole = mp3(9).repeat(100);
        let near = |bytes: &[u8], frames: u64| {
            let counted = counted_ms(bytes).unwrap();
            assert!(
                counted.abs_diff(frames * 1152 * 1000 / 44_100) < 60,
                "{counted} for {frames}"
            );
        };
        near(&whole[..whole.len() / 2], 50);
        let mut holed = whole;
        holed[4000..5000].fill(0);
        near(&holed, 97);
    }

    #[test]
    fn bare_aac_is_counted() {
        let sound = [aac(40).repeat(300), aac(200).repeat(169)].concat();
        assert_eq!(counted_ms(&sound), Some(469 * 1024 * 1000 / 48_000));
    }

    #[test]
    fn other_bytes_are_no_sound() {
        let seed = fastrand::u64(..);
        println!("seed {seed}");
        let mut random = fastrand::Rng::with_seed(seed);
        for _ in 0..20 {
            let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(50_000).collect();
            assert_eq!(counted_ms(&noise), None);
        }
        for bytes in [&b""[..], b"\xff", b"\xff\xfb", b"ID3", &[0xff; 5000]] {
            assert_eq!(counted_ms(bytes), None);
        }
    }
}
