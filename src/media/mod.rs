//! Films in and out: MP4, H.264, sound, frames.
