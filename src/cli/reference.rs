//! `rushes config`, `themes` and `keys`: references made from what the program reads.

use crate::config;
use crate::model::text::{counted, file_stem};
use crate::tui::Keymap;
use crate::tui::keymap::Context;
use crate::tui::theme;

use super::args::Global;
use super::exit::Exit;
use super::open::paths;
use super::{Failure, print};

pub(super) fn config(global: &Global) -> Result<Exit, Failure> {
    let paths = paths(global)?;
    let (file, mistakes) = (paths.models_file(), config::models(&paths, None).errors);
    let state = match (file.exists(), mistakes.len() as u64) {
        (false, _) => "does not exist".to_owned(),
        (true, 0) => "has no mistakes".to_owned(),
        (true, n) => format!("has {}", counted(n, "mistake")),
    };
    print::line(config::DOCUMENTED_DEFAULT.trim_end())?;
    print::note(&format!("models of your own: {} ({state})", file.display()));
    for mistake in mistakes {
        print::complain(&mistake.to_string());
    }
    Ok(Exit::Ok)
}

pub(super) fn themes(global: &Global, name: Option<&str>) -> Result<Exit, Failure> {
    let folder = paths(global)?.themes();
    let Some(name) = name else {
        for theme in theme::names(Some(&folder)) {
            print::line(&theme)?;
        }
        return Ok(Exit::Ok);
    };
    let own = std::fs::read_to_string(folder.join(format!("{}.toml", file_stem(name)))).ok();
    let Some(text) = own.as_deref().or_else(|| theme::source(name)) else {
        let known = theme::names(Some(&folder)).join(", ");
        let message = format!("there is no theme {name:?}: there are {known}");
        return Err(Failure::usage(message));
    };
    print::line(text.trim_end()).map(|()| Exit::Ok)
}

pub(super) fn keys(global: &Global) -> Result<Exit, Failure> {
    let file = paths(global)?.keymap_file();
    let own = std::fs::read_to_string(&file).unwrap_or_default();
    let (keymap, errors) = Keymap::patched(&file.display().to_string(), &own);
    for error in errors {
        print::complain(&error.to_string());
    }
    print::line(reference(&keymap).trim_end()).map(|()| Exit::Ok)
}

/// Every key of every context, as a table for people and for `docs/keys.md`.
pub fn reference(keymap: &Keymap) -> String {
    let mut text = String::new();
    for context in Context::ALL {
        text += &format!("[{}]\n", context.name());
        for (action, chords) in keymap.own(context) {
            let chords: Vec<String> = chords.iter().map(ToString::to_string).collect();
            text += &format!(
                "  {:<17} {:<18} {}\n",
                chords.join("  "),
                action.name(),
                action.about()
            );
        }
        text.push('\n');
    }
    text
}
