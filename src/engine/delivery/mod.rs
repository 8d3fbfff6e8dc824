//! Downloads and checks the video of a take, and gives it its name.

pub mod error;
pub mod expected;
pub mod fetch;
pub mod folder;
pub mod last_frame;
pub mod partial;
pub mod url;
pub mod video;
