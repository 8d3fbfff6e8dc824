//! Themes: the styles of roles, read from files and reduced to what the terminal can show. No other module knows colours.

mod builtin;
mod color;
mod error;
mod file;
mod lower;
mod role;
mod styles;

pub use builtin::{names, source};
pub use color::{ColorDepth, Rgb, contrast, ink};
pub use error::{Place, ThemeError};
pub use role::Role;
pub use styles::{DEFAULT, MONO, Theme};
