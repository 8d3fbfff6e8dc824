//! The user's own keymap and themes: every error in them, with its place.

use std::io::ErrorKind;
use std::path::Path;

use crate::config::Paths;
use crate::tui::Keymap;
use crate::tui::theme::{self, ColorDepth, Theme};

use super::Finding;

/// What is found in the keymap file and in every theme, of which `used` is the one in use.
pub(super) fn own_files(paths: &Paths, used: &str) -> Vec<Finding> {
    let mut findings = keymap(&paths.keymap_file());
    findings.extend(themes(&paths.themes(), used));
    findings
}

fn keymap(file: &Path) -> Vec<Finding> {
    let shown = file.display().to_string();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return vec![Finding::ok("keymap", format!("defaults ({shown} is not there)"))];
        }
        Err(error) => {
            let what = format!(
                "{shown} cannot be read ({error}), the defaults are used: make it a readable text file"
            );
            return vec![Finding::note("keymap", what)];
        }
    };
    let (_, errors) = Keymap::patched(&shown, &text);
    if errors.is_empty() {
        return vec![Finding::ok("keymap", shown)];
    }
    errors
        .iter()
        .map(|error| Finding::note("keymap", error.to_string()))
        .collect()
}

fn themes(folder: &Path, used: &str) -> Vec<Finding> {
    let mut names = theme::names(Some(folder));
    if !names.iter().any(|name| name == used) {
        names.push(used.to_owned());
    }
    let load = |name: &String| Theme::load(name, Some(folder), ColorDepth::Truecolor).err();
    let errors: Vec<Finding> = names
        .iter()
        .filter_map(load)
        .map(|error| Finding::note("themes", error.to_string()))
        .collect();
    if errors.is_empty() {
        return vec![Finding::ok(
            "themes",
            format!("{used} is used, all {} can be", names.len()),
        )];
    }
    errors
}
