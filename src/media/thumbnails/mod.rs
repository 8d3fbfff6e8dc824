//! Small pictures of videos, made once and kept in the cache: one file for each video.

mod folder;
mod maker;
mod strip;

pub use maker::{MAX_MOMENTS, THUMBNAIL_SIDE, Thumbnails};
