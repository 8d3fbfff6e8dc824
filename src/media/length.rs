//! How long a sound lasts, by its header.

use std::fs::File;
use std::path::Path;

use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::error::MediaError;
use super::guard::guarded;

/// Milliseconds that the sound in `path` lasts; `None` where its header does not tell, or cannot be read.
#[must_use]
pub fn sound_ms(path: &Path) -> Option<u64> {
    let owned = path.to_owned();
    let told = guarded(path, move || Ok::<_, MediaError>(told(&owned)));
    told.ok().flatten()
}

fn told(path: &Path) -> Option<u64> {
    let file = File::open(path).ok()?;
    let stream = MediaSourceStream::new(Box::new(file), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    if let Some(ending) = path.extension().and_then(|ending| ending.to_str()) {
        hint.with_extension(ending);
    }
    let found = symphonia::default::get_probe()
        .probe(
            &hint,
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .ok()?;
    let track = found.default_track(TrackType::Audio)?;
    let time = track.time_base?.calc_duration(track.duration?)?;
    u64::try_from(time.as_millis()).ok().filter(|ms| *ms > 0)
}
