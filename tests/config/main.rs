//! Settings, folders and the key, against real files.

// The helpers outside of test functions may fail loudly too.
#![allow(clippy::unwrap_used)]

mod broken_settings;
mod key;
mod paths;
mod settings;

use std::path::Path;

use rushes::config::Paths;

/// All four folders in `home`, made.
fn paths_in(home: &Path) -> Paths {
    let paths = Paths::resolve(Some(home), &|_| None).unwrap();
    paths.ensure().unwrap();
    paths
}
