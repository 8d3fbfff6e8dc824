//! Checks the user's own keymap and themes, and names every mistake with its place.

use std::io::ErrorKind;
use std::path::Path;

use crate::config::Paths;
use crate::tui::Keymap;
use crate::tui::theme::{self, ColorDepth, Theme};

use super::{Finding, Weight};

/// Checks the keymap file and every theme, of which `used` is the one in use.
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
            return vec![Weight::Ok.of("keymap", format!("defaults ({shown} does not exist)"))];
        }
        Err(error) => {
            let what = "the defaults are used: make it a readable text file";
            return vec![Weight::Note.of("keymap", format!("{shown} cannot be read ({error}), {what}"))];
        }
    };
    let (_, errors) = Keymap::patched(&shown, &text);
    if errors.is_empty() {
        return vec![Weight::Ok.of("keymap", shown)];
    }
    errors
        .iter()
        .map(|error| Weight::Note.of("keymap", error.to_string()))
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
        .map(|error| Weight::Note.of("themes", error.to_string()))
        .collect();
    if errors.is_empty() {
        let what = format!("{used} is used, all {} are valid", names.len());
        return vec![Weight::Ok.of("themes", what)];
    }
    errors
}
