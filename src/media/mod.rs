//! Reads and writes videos: MP4, H.264, AAC, frames and thumbnails; reads still pictures.
//!
//! It knows nothing about takes, scripts or the API. Bytes from outside are read on a worker thread, so that a fault
//! in a parser is an error and never the end of the program: see [`is_worker_thread`].

mod boxes;
mod cancel;
pub mod cells;
mod color;
mod compare;
mod copying;
mod edits;
mod embed;
mod error;
mod ffmpeg;
mod ffmpeg_frames;
mod frame_count;
mod frames;
mod guard;
mod h264;
mod inspect;
mod join;
mod kind;
mod last_frame;
mod length;
mod light;
mod open;
mod orientation;
mod picture;
mod playback;
mod probe;
mod scale;
mod sheet;
mod sound;
mod sound_track;
mod still;
mod thumbnails;
mod video;
mod wave;
mod wave_meter;
mod write;
mod xmp;
mod yuv;

pub use cancel::Cancel;
pub use compare::{Noted, compare};
pub use embed::{EmbedError, embed, extract};
pub use error::{MAX_PIXELS, MediaError, VideoProblem};
pub use guard::is_worker_thread;
pub use inspect::{MovieInfo, inspect};
pub use join::{Difference, JoinError, Joined, join};
pub use kind::{looks_like_picture, looks_like_video, mime_of};
pub use last_frame::{last_frame, last_frame_png};
pub use open::{OpenError, open_file};
pub use picture::{Picture, crop, resize, shrink};
pub use playback::{Cells, Pace, Part, Playback, Quality, Span, Speed, Step};
pub use probe::{Flaw, Probed, Source, probe_picture, probe_sound, probe_video};
pub use sheet::{MAX_SHEET_PIXELS, Sheet};
pub use sound::Sound;
pub use still::{StillError, StillProblem, read_still};
pub use thumbnails::{MAX_MOMENTS, THUMBNAIL_SIDE, Thumbnails};
pub use video::{Fit, Shown, Video, Wanted, first_frame, first_frame_png, frame_at};
pub use wave::{Column, FLOOR_DBFS, MAX_COLUMNS, MIN_SILENCE_MS, SILENT_BELOW_DBFS, Stretch, Wave, wave};
pub use write::{Encoded, VideoSource, encode};
pub use yuv::{Color, Yuv};

#[cfg(test)]
mod samples;
