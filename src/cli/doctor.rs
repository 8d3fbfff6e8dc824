//! `rushes doctor`: what rushes finds on this machine, each with what to do where it is not in order.

mod own_files;

use std::io::IsTerminal;
use std::path::Path;

use serde_json::json;

use crate::config::{self, Settings};
use crate::engine::sidecars::orphans;
use crate::model::text::{counted, sentences};
use crate::model::{Backend, SystemClock, child};
use crate::service::home::environment;
use crate::service::{Home, Session};
use crate::store::{self, Store, StoreError, recovery};

use super::args::{Doctor, Global};
use super::exit::Exit;
use super::open::paths;
use super::{Failure, open, print};

/// How a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Ok,
    /// Works, but not as well as it could.
    Note,
    /// Takes cannot be made or kept.
    Fault,
}

struct Finding {
    name: &'static str,
    weight: Weight,
    what: String,
}

impl Finding {
    fn ok(name: &'static str, what: impl Into<String>) -> Self {
        Self {
            name,
            weight: Weight::Ok,
            what: what.into(),
        }
    }

    fn note(name: &'static str, what: impl Into<String>) -> Self {
        Self {
            name,
            weight: Weight::Note,
            what: what.into(),
        }
    }

    fn fault(name: &'static str, what: impl Into<String>) -> Self {
        Self {
            name,
            weight: Weight::Fault,
            what: what.into(),
        }
    }
}

pub(super) async fn run(global: &Global, args: &Doctor) -> Result<Exit, Failure> {
    let mut findings = terminal();
    let exit = house(global, &mut findings).await;
    for finding in &findings {
        print_finding(finding, args.json)?;
    }
    Ok(exit)
}

fn print_finding(finding: &Finding, json: bool) -> Result<(), Failure> {
    let word = match finding.weight {
        Weight::Ok => "ok",
        Weight::Note => "note",
        Weight::Fault => "fault",
    };
    if json {
        return print::json(&json!({"check": finding.name, "weight": word, "found": finding.what}));
    }
    print::line(&format!("{word:<5}  {:<10}  {}", finding.name, finding.what))
}

fn terminal() -> Vec<Finding> {
    let var = |name: &str| environment(name).filter(|v| !v.is_empty());
    let mut findings = vec![Finding::ok("rushes", env!("CARGO_PKG_VERSION"))];
    findings.push(
        if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
            let size = crossterm::terminal::size()
                .map_or_else(|_| "of unknown size".to_owned(), |(w, h)| format!("{w}×{h}"));
            Finding::ok("terminal", format!("{} {size}", var("TERM").unwrap_or_default()))
        } else {
            Finding::note(
                "terminal",
                "standard input or output is no terminal; the workbench needs one, commands do not",
            )
        },
    );
    let multiplexer = if var("TMUX").is_some() {
        "tmux"
    } else if var("STY").is_some() {
        "screen"
    } else {
        "none"
    };
    findings.push(Finding::ok("multiplexer", multiplexer));
    let ssh = var("SSH_CONNECTION").or_else(|| var("SSH_TTY"));
    findings.push(Finding::ok("ssh", if ssh.is_some() { "yes" } else { "no" }));
    let locale = var("LC_ALL")
        .or_else(|| var("LC_CTYPE"))
        .or_else(|| var("LANG"))
        .unwrap_or_default();
    let utf8 = locale.to_lowercase().replace('-', "").contains("utf8");
    findings.push(if utf8 {
        Finding::ok("locale", locale)
    } else {
        Finding::note(
            "locale",
            format!("{locale:?} is not UTF-8: the ASCII signs are used; LANG=C.UTF-8 gives the others"),
        )
    });
    findings.push(colours(
        var("NO_COLOR").is_some(),
        &var("COLORTERM").unwrap_or_default(),
    ));
    findings.push(clipboard(multiplexer, ssh.is_some()));
    findings
}

fn colours(no_color: bool, colorterm: &str) -> Finding {
    if no_color {
        return Finding::ok("colours", "off (NO_COLOR): state is shown by signs and weight");
    }
    match colorterm {
        "truecolor" | "24bit" => Finding::ok("colours", "truecolor"),
        _ => Finding::ok(
            "colours",
            "16 or 256; ssh does not pass COLORTERM on: set color = \"truecolor\" to force it",
        ),
    }
}

fn clipboard(multiplexer: &str, ssh: bool) -> Finding {
    match (multiplexer, ssh) {
        ("tmux", _) => Finding::ok("clipboard", "tmux load-buffer -w"),
        (_, true) => Finding::ok("clipboard", "OSC 52 over the terminal"),
        _ => Finding::ok("clipboard", "the desktop's tool where there is one, else OSC 52"),
    }
}

/// Folders, settings, store, key, API; returns the exit code of the first fault.
async fn house(global: &Global, findings: &mut Vec<Finding>) -> Exit {
    let paths = match paths(global) {
        Ok(paths) => paths,
        Err(failure) => {
            findings.push(Finding::fault("folders", failure.message));
            return Exit::Other;
        }
    };
    if let Err(error) = paths.ensure() {
        findings.push(Finding::fault("folders", error.to_string()));
        return Exit::Other;
    }
    findings.push(Finding::ok("data", paths.data.display().to_string()));
    let (settings, warnings) = Settings::load(&paths);
    let file = paths.settings_file();
    findings.push(match (file.exists(), warnings.is_empty()) {
        (false, _) => Finding::ok("settings", format!("defaults ({} is not there)", file.display())),
        (true, true) => Finding::ok("settings", file.display().to_string()),
        (true, false) => {
            let all: Vec<String> = warnings.iter().map(ToString::to_string).collect();
            Finding::note("settings", all.join("; "))
        }
    });
    findings.extend(own_files::own_files(&paths, &settings.theme));
    let found = database(&paths.database(), &paths.reels());
    let is_fault = found.iter().any(|finding| finding.weight == Weight::Fault);
    findings.extend(found);
    if is_fault {
        return Exit::Other;
    }
    let key = match config::find_key(&environment, &settings, &paths) {
        Ok(Some(key)) => Finding::ok("key", format!("configured ({})", key.hint())),
        Ok(None) => Finding::ok(
            "key",
            "none: the sandbox is used; set SEGMIND_API_KEY for live takes",
        ),
        Err(error) => Finding::fault("key", error.to_string()),
    };
    let key_is_bad = key.weight == Weight::Fault;
    findings.push(key);
    findings.push(ffmpeg());
    if key_is_bad {
        return Exit::Key;
    }
    api(global, findings).await
}

/// The store as it lies there, every row of it. A fault says that nothing else can be looked at.
fn database(path: &Path, reels: &Path) -> Vec<Finding> {
    let shown = path.display();
    // Opening makes it, and a lost one is made anew by the next start of the program.
    if recovery::is_missing(path) {
        return vec![Finding::ok("store", format!("{shown} is not there yet"))];
    }
    look_at_store(path, reels).unwrap_or_else(|error| vec![Finding::fault("store", error.to_string())])
}

fn look_at_store(path: &Path, reels: &Path) -> Result<Vec<Finding>, StoreError> {
    let shown = path.display();
    let store = Store::open(path, std::sync::Arc::new(SystemClock))?;
    let damage = recovery::damage(path, store::Options::default())?;
    if let Some(damage) = damage.filter(|damage| !damage.is_in_rows) {
        let what = format!(
            "{shown} is damaged ({}); the next start keeps it aside and rebuilds it",
            damage.what
        );
        return Ok(vec![Finding::fault("store", what)]);
    }
    let unreadable = store.recovery().unreadable_rows()?;
    if let Some(first) = unreadable.first() {
        recovery::suspect(path);
        let rows = counted(unreadable.len() as u64, "row");
        let what = format!(
            "{rows} of {shown} cannot be read ({}{}); the next start keeps what is damaged aside and puts back what \
             the files beside the films tell of it",
            first
                .take
                .map(|take| format!("take {take}: "))
                .unwrap_or_default(),
            first.why
        );
        return Ok(vec![Finding::fault("store", what)]);
    }
    let takes = store.count(&store::Filter::default())?;
    let mut findings = vec![Finding::ok(
        "store",
        format!("{shown} with {}", counted(takes, "take")),
    )];
    let lost: Vec<String> = store
        .recovery()
        .rows_set_aside()?
        .iter()
        .filter(|row| !row.restored)
        .map(|row| {
            row.take.map_or_else(
                || row.source.clone(),
                |take| format!("{} of take {take}", row.source),
            )
        })
        .collect();
    if !lost.is_empty() {
        let what = format!(
            "{} could not be read and are lost ({}): what is left of them is in the table \"damaged\" of {shown}",
            counted(lost.len() as u64, "row"),
            lost.join(", ")
        );
        findings.push(Finding::note("store", what));
    }
    match orphans::count(&store, reels)? {
        0 => {}
        takes => findings.push(Finding::note("store", orphans::offer(takes))),
    }
    Ok(findings)
}

fn ffmpeg() -> Finding {
    let found = child::command("ffmpeg").arg("-version").output().is_ok();
    Finding::ok(
        "ffmpeg",
        if found {
            "found: pictures of films that rushes cannot decode itself"
        } else {
            "not found; not needed for H.264"
        },
    )
}

async fn api(global: &Global, findings: &mut Vec<Finding>) -> Exit {
    let session = async {
        let home = Home::open(&global.place(), |said| print::complain(&said))?;
        let rebuilt = home.rebuilt.iter();
        findings.extend(rebuilt.map(|done| Finding::note("store", done.to_string())));
        open::session(global, &home).await
    };
    let session: Session = match session.await {
        Ok(session) => session,
        Err(failure) => {
            findings.push(Finding::fault("api", failure.message));
            return failure.exit;
        }
    };
    let who = match session.backend() {
        Backend::Sandbox => "sandbox",
        Backend::Live => "live",
    };
    let gateway = &session.client().endpoints().gateway;
    let exit = match session.client().credits().await {
        Ok(response) => {
            let credits = response.value;
            findings.push(Finding::ok(
                "api",
                format!("{who} at {gateway} answers; balance {credits}"),
            ));
            Exit::Ok
        }
        Err(error) => {
            findings.push(Finding::fault(
                "api",
                sentences(&[&format!("{who} at {gateway}: {error}"), error.kind.advice()]),
            ));
            if error.kind == crate::model::FailureKind::KeyRejected {
                Exit::Key
            } else {
                Exit::Unreachable
            }
        }
    };
    session.end().await;
    exit
}
