//! `rushes lint`: checks scripts against the requests they are for, and fixes what it can.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::config::Settings;
use crate::model::Form;
use crate::model::rule::Rule;
use crate::model::template::{Node, nodes};
use crate::script::expand::Snippets;
use crate::script::lint::Fix;

use super::args::{Global, Lint};
use super::checks::CheckedForm;
use super::exit::Exit;
use super::form::{self, Length};
use super::{Failure, files, open, print};

mod fixes;
mod report;
mod split;

use fixes::Wanted;

pub(super) fn run(global: &Global, args: &Lint) -> Result<Exit, Failure> {
    if args.rules {
        return rules();
    }
    let wanted = args.fix.as_deref().map(Wanted::of_words).transpose()?;
    let (settings, warnings) = Settings::load(&open::paths(global)?);
    for warning in &warnings {
        print::complain(&warning.to_string());
    }
    let scripts = scripts(args, wanted.is_some())?;
    if args.split {
        let [file] = &scripts[..] else {
            return Err(Failure::usage("--split takes one FILE"));
        };
        return split::split(file, &request(file, args)?.0, args.force);
    }
    let mut worst = Exit::Ok;
    for file in &scripts {
        let checked = lint(global, args, &settings, file, wanted.as_ref(), scripts.len() > 1);
        match checked {
            Ok(0) => {}
            Ok(_) => worst = worse(worst, Exit::Usage),
            // The others are checked all the same.
            Err(failure) if scripts.len() > 1 => {
                print::complain(&failure.message);
                worst = worse(worst, failure.exit);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(worst)
}

/// The exit code that says more: a mistake in a script is less than a file that cannot be read or written.
const fn worse(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::Ok, _) | (Exit::Usage, Exit::Other) => other,
        _ => one,
    }
}

/// The files to check; `-` stands for standard input, which is also read when no file is named and it is not a terminal.
fn scripts(args: &Lint, fixes: bool) -> Result<Vec<PathBuf>, Failure> {
    let stdin = Path::new("-");
    let files = match &args.files[..] {
        [] if std::io::stdin().is_terminal() => {
            let message = "no script to check: give a FILE, or pipe one into standard input";
            return Err(Failure::usage(message));
        }
        [] => vec![stdin.to_owned()],
        files => files.to_vec(),
    };
    let is_stdin = files.iter().any(|file| file == stdin);
    if is_stdin && files.len() > 1 {
        return Err(Failure::usage(
            "standard input cannot be checked together with files",
        ));
    }
    let is_fix =
        |file: &&PathBuf| Fix::WORDS.into_iter().any(|word| file.as_os_str() == word) && !file.exists();
    if let Some(word) = files.iter().find(is_fix) {
        let word = word.display();
        return Err(Failure::usage(format!(
            "there is no file {word}: did you mean --fix={word}?"
        )));
    }
    if args.json && fixes && is_stdin {
        let message = "--json and --fix of standard input would share the output: give a file's name";
        return Err(Failure::usage(message));
    }
    Ok(files)
}

/// The request that a script is checked against, and why at this length.
fn request(file: &Path, args: &Lint) -> Result<(Form, Length), Failure> {
    let text = files::read_script(file)?;
    if text.is_empty() && args.files.is_empty() {
        return Err(Failure::usage(
            "standard input is empty: give a FILE, or pipe a script",
        ));
    }
    form::fitted(text, &args.parameters)
}

/// Checks one script, and returns how many errors it has.
fn lint(
    global: &Global,
    args: &Lint,
    settings: &Settings,
    file: &Path,
    wanted: Option<&Wanted>,
    is_one_of_many: bool,
) -> Result<usize, Failure> {
    let (form, length) = request(file, args)?;
    let everything_certain = Wanted::certain();
    let shows_only = args.diff && wanted.is_none();
    let asked = wanted.or(Some(&everything_certain).filter(|_| args.diff));
    let mended = asked.map(|wanted| fixes::mend(&form, wanted, settings.lint_off));
    let is_stdin = file == Path::new("-");
    // The fixed text of standard input goes to standard output.
    if let Some(mended) = mended.as_ref().filter(|_| !is_stdin && !shows_only)
        && mended.form.prompt != form.prompt
    {
        files::write_in_place(file, mended.form.prompt.as_bytes())?;
    }
    let (now, mended) = match mended {
        Some(mended) if !shows_only => (mended.form.clone(), Some(mended)),
        other => (form.clone(), other),
    };
    let snippets = snippets(global, &now.prompt)?;
    let checked = CheckedForm::of_template(&now, &snippets, settings.lint_off);
    let errors = checked.errors();
    let name = if is_stdin {
        "<stdin>".to_owned()
    } else {
        file.display().to_string()
    };
    if args.json {
        print::json(&report::as_json(&now, &checked, is_one_of_many.then_some(&name)))?;
        return Ok(errors);
    }
    let mut said = Vec::new();
    if let Some(mended) = &mended {
        if args.diff {
            said.push(fixes::diff(&name, &form.prompt, &mended.form.prompt));
        }
        said.extend(mended.told(&name, shows_only));
    }
    said.extend(report::said(&name, &now, &checked, length, is_one_of_many));
    let prints_text = is_stdin && wanted.is_some();
    if prints_text {
        print::raw(&now.prompt)?;
    }
    for paragraph in said.iter().filter(|paragraph| !paragraph.is_empty()) {
        if prints_text {
            print::note(paragraph);
        } else {
            print::line(paragraph)?;
        }
    }
    Ok(errors)
}

/// The snippets of the reel when the text calls one and there is a database; nothing is created for a check.
fn snippets(global: &Global, prompt: &str) -> Result<Snippets, Failure> {
    let calls_one = nodes(prompt).iter().any(|node| matches!(node, Node::Call { .. }));
    if !calls_one || !open::paths(global)?.database().exists() {
        return Ok(Snippets::new());
    }
    let home = open::to_read(global)?;
    Ok(home.store.snippets(&home.reel.id)?)
}

fn rules() -> Result<Exit, Failure> {
    for rule in Rule::ALL {
        let (name, severity) = (rule.word(), rule.severity().word());
        print::line(&format!("{name:<21} {severity:<8} {}", rule.about()))?;
    }
    Ok(Exit::Ok)
}
