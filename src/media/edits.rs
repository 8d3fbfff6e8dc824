//! Computes how long a track of an MP4 file is shown, by its edit list.
//!
//! A clip cut without decoding keeps pictures from before the cut, since decoding has to begin at a key picture, and
//! an edit list that says what to show. (ISO/IEC 14496-12, edit list box.)

use std::ops::Range;

use re_mp4::{Mp4, Track, TrakBox};

/// How long the track is shown, in milliseconds. Pauses before it (empty edits) do not count.
pub(super) fn shown_ms(mp4: &Mp4, trak: &TrakBox, track: &Track) -> u64 {
    let own = stored_ms(track);
    let scale = u64::from(mp4.moov.mvhd.timescale);
    let edits = trak.edts.as_ref().and_then(|edits| edits.elst.as_ref());
    let Some(edits) = edits.filter(|edits| !edits.entries.is_empty() && scale > 0) else {
        return own;
    };
    // Pictures that wait for others begin and end later than the track's clock does. The parser moves all times so
    // that the first picture is shown at 0.
    let first = track.samples.first().map_or(0, |sample| sample.decode_timestamp);
    let wait = u64::try_from(first.saturating_neg()).unwrap_or(0);
    let end = own.saturating_add(millis(wait, track.timescale));
    let shown = edits.entries.iter().filter(|edit| !is_pause(edit.media_time));
    shown.fold(0_u64, |sum, edit| {
        let rest = end
            .saturating_sub(millis(edit.media_time, track.timescale))
            .min(own);
        let length = match edit.segment_duration {
            // To the end, as in a fragmented video.
            0 => rest,
            length => millis(length, scale).min(rest),
        };
        sum.saturating_add(length)
    })
}

/// The times of the first and behind the last picture that are shown, in ticks of the track as the parser counts them: the
/// first picture that is stored is at 0. Where the edit list shows several pieces, all that is between them counts.
pub(super) fn shown_ticks(mp4: &Mp4, trak: &TrakBox, track: &Track) -> Range<i64> {
    let scale = u128::from(mp4.moov.mvhd.timescale.max(1));
    let edits = trak.edts.as_ref().and_then(|edits| edits.elst.as_ref());
    let wait = track
        .samples
        .first()
        .map_or(0, |first| first.decode_timestamp.saturating_neg());
    let pieces = edits.iter().flat_map(|edits| &edits.entries);
    let pieces = pieces.filter(|edit| !is_pause(edit.media_time)).map(|edit| {
        let start = i64::try_from(edit.media_time)
            .unwrap_or(i64::MAX)
            .saturating_sub(wait);
        let length = u128::from(edit.segment_duration) * u128::from(track.timescale) / scale;
        match edit.segment_duration {
            // To the end, as in a fragmented video.
            0 => start..i64::MAX,
            _ => start..start.saturating_add(i64::try_from(length).unwrap_or(i64::MAX)),
        }
    });
    let whole = pieces.reduce(|whole, piece| whole.start.min(piece.start)..whole.end.max(piece.end));
    whole.unwrap_or(0..i64::MAX)
}

/// When the first sound that the track holds would be heard, in ticks of the track: after a pause at the beginning, or
/// before 0 where an edit list hides the beginning.
pub(super) fn start_ticks(mp4: &Mp4, trak: &TrakBox, track: &Track) -> i64 {
    let scale = u128::from(mp4.moov.mvhd.timescale.max(1));
    let edits = trak.edts.as_ref().and_then(|edits| edits.elst.as_ref());
    let mut pause = 0_u128;
    for edit in edits.iter().flat_map(|edits| &edits.entries) {
        if is_pause(edit.media_time) {
            pause += u128::from(edit.segment_duration) * u128::from(track.timescale) / scale;
        } else {
            let hidden = i64::try_from(edit.media_time).unwrap_or(i64::MAX);
            return i64::try_from(pause).unwrap_or(i64::MAX).saturating_sub(hidden);
        }
    }
    0
}

/// Whether an edit with this time shows nothing: it is an empty edit.
fn is_pause(media_time: u64) -> bool {
    media_time == u64::MAX || media_time == u64::from(u32::MAX)
}

/// How long all pictures or sounds that the track holds last, shown or not.
pub(super) fn stored_ms(track: &Track) -> u64 {
    millis(ticks(track), track.timescale)
}

/// How long the file says that it lasts with all its tracks, in milliseconds.
pub(super) fn whole_ms(mp4: &Mp4) -> Option<u64> {
    let header = &mp4.moov.mvhd;
    is_told(header.duration).then(|| millis(header.duration, u64::from(header.timescale)))
}

/// The track's own length in its own ticks; a fragmented video states none, so it is counted.
pub(super) fn ticks(track: &Track) -> u64 {
    if is_told(track.duration) {
        return track.duration;
    }
    let start = |sample: &re_mp4::Sample| sample.composition_timestamp;
    let end = |sample: &re_mp4::Sample| {
        start(sample).saturating_add(i64::try_from(sample.duration).unwrap_or(i64::MAX))
    };
    let first = track.samples.iter().map(start).min().unwrap_or(0);
    let last = track.samples.iter().map(end).max().unwrap_or(0);
    u64::try_from(last.saturating_sub(first)).unwrap_or(0)
}

/// Whether the duration is one, and not a mark for an unknown one.
fn is_told(duration: u64) -> bool {
    duration > 0 && duration != u64::from(u32::MAX) && duration != u64::MAX
}

pub(super) fn millis(ticks: u64, ticks_a_second: u64) -> u64 {
    let milliseconds = u128::from(ticks) * 1000 / u128::from(ticks_a_second.max(1));
    u64::try_from(milliseconds).unwrap_or(u64::MAX)
}
