//! Measures how long a sound lasts.

use std::io::{BufReader, Read, Seek};
use std::path::Path;

use lofty::config::ParseOptions;
use lofty::file::AudioFile;
use lofty::probe::Probe;

use super::edits;
use super::error::MediaError;
use super::frame_count::counted_ms;
use super::inspect::{header, track_of};

/// How long the sound, which is of the type `mime`, lasts in milliseconds; `None` if unknown. To be called under
/// [`super::guard::guarded`].
pub(super) fn sound_ms(
    path: &Path,
    mime: &str,
    mut source: impl Read + Seek,
) -> Result<Option<u64>, MediaError> {
    match mime {
        "audio/mpeg" | "audio/aac" => {
            let mut bytes = Vec::new();
            let read = source.rewind().and_then(|()| source.read_to_end(&mut bytes));
            read.map_err(|source| MediaError::io(path, source))?;
            Ok(counted_ms(&bytes))
        }
        "audio/m4a" => {
            let (mp4, _) = header(path, &mut source)?;
            let sound = track_of(&mp4, *b"soun");
            Ok(sound.map(|(trak, track)| edits::shown_ms(&mp4, trak, track)))
        }
        _ => Ok(told_ms(source)),
    }
}

/// The length that the header states.
fn told_ms(mut source: impl Read + Seek) -> Option<u64> {
    source.rewind().ok()?;
    let sound = Probe::new(BufReader::new(source))
        .options(ParseOptions::new().read_tags(false))
        .guess_file_type()
        .ok()?
        .read()
        .ok()?;
    let told = sound.properties().duration().as_millis();
    u64::try_from(told).ok().filter(|ms| *ms > 0)
}
