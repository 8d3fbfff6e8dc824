//! `rushes lint --split`: writes a script that is too long for one take, or has several clips, as several files.

use std::path::{Path, PathBuf};

use crate::cli::checks::CheckedForm;
use crate::cli::exit::Exit;
use crate::cli::{Failure, files, print};
use crate::model::Form;
use crate::model::rule::RuleSet;
use crate::script::lint::{Fix, Fixed};

use super::report;

/// Writes the clips as `FILE-1.txt`, `FILE-2.txt` and so on beside the file.
pub(super) fn split(file: &Path, form: &Form, force: bool) -> Result<Exit, Failure> {
    if file == Path::new("-") {
        return Err(Failure::usage(
            "--split writes files beside FILE: give a file's name",
        ));
    }
    let Fixed::Clips(clips) = Fix::Split(0).apply(form) else {
        return Ok(Exit::Ok);
    };
    if clips.len() < 2 {
        print::line("nothing to split: the script fits one take")?;
        return Ok(Exit::Ok);
    }
    let names: Vec<PathBuf> = (1..=clips.len()).map(|n| numbered(file, n)).collect();
    for name in &names {
        files::refuse_if_there(name, force)?;
    }
    for (name, clip) in names.iter().zip(&clips) {
        files::write_new(name, clip.prompt.as_bytes(), force)?;
        let checked = CheckedForm::of(clip, RuleSet::NONE);
        let (shots, length) = (report::shots(&checked.script), clip.duration);
        print::line(&format!("{}: {shots}, --duration {length}", name.display()))?;
    }
    Ok(Exit::Ok)
}

/// `shots.txt` as `shots-2.txt`.
fn numbered(file: &Path, n: usize) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let end = file.extension().unwrap_or("txt".as_ref()).to_string_lossy();
    file.with_file_name(format!("{stem}-{n}.{end}"))
}
