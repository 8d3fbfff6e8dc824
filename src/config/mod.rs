//! Settings, folders, and where the key is found.
//!
//! A bad file never stops the program and is never ignored silently: reading returns both what could be read and every
//! error with its place.

mod choices;
mod default_file;
mod entry;
mod error;
mod kept_catalogue;
mod key;
pub mod located;
mod model_mistakes;
mod models;
mod money;
mod paths;
mod section;
mod settings;

pub use choices::{CatalogueReading, Depth, Glyphs, LogColumn, Motion, Notify, PictureMode};
pub use default_file::DOCUMENTED_DEFAULT;
pub use error::ConfigError;
pub use kept_catalogue::{KeptCatalogue, LastTry, Servers};
pub use key::find_key;
pub use located::nearest;
pub use models::{Models, kept, models};
pub use money::{MoneyFile, doubt};
pub use paths::Paths;
pub use settings::{ApiSettings, PictureSettings, Settings, TimeoutSettings};

/// Reads an environment variable; a function, so that tests need not change their own environment.
pub type Env<'a> = dyn Fn(&str) -> Option<String> + 'a;
