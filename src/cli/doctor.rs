//! `rushes doctor`: checks what rushes needs on this machine, and says what to do where something is wrong.

mod own_files;
mod prices;
mod videos;

use std::io::IsTerminal;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::json;

use crate::config::{self, ConfigError, Settings};
use crate::engine::sidecars::orphans;
use crate::model::text::{counted, sentences};
use crate::model::{FailureKind, SystemClock, child};
use crate::service::home::{WhichReel, environment};
use crate::service::{Home, Session, clock};
use crate::store::{self, Damaged, Store, StoreError, recovery};
use crate::tui::theme::ColorDepth;

use self::prices::Prices;
use super::args::{Doctor, Global};
use super::exit::Exit;
use super::open::paths;
use super::{Failure, open, print, still, workbench};

/// How much a finding matters.
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

impl Weight {
    fn of(self, name: &'static str, what: impl Into<String>) -> Finding {
        Finding {
            name,
            weight: self,
            what: what.into(),
        }
    }
}

pub(super) async fn run(global: &Global, args: &Doctor) -> Result<Exit, Failure> {
    let mut findings = terminal();
    let exit = installation(global, &mut findings).await;
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
    let mut findings = vec![Weight::Ok.of("rushes", env!("CARGO_PKG_VERSION"))];
    findings.push(
        if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
            let size = crossterm::terminal::size()
                .map_or_else(|_| "of unknown size".to_owned(), |(w, h)| format!("{w}×{h}"));
            Weight::Ok.of("terminal", format!("{} {size}", var("TERM").unwrap_or_default()))
        } else {
            Weight::Note.of(
                "terminal",
                "standard input or output is not a terminal; the workbench needs one, commands do not",
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
    findings.push(Weight::Ok.of("multiplexer", multiplexer));
    let ssh = var("SSH_CONNECTION").or_else(|| var("SSH_TTY"));
    findings.push(Weight::Ok.of("ssh", if ssh.is_some() { "yes" } else { "no" }));
    let locale = var("LC_ALL")
        .or_else(|| var("LC_CTYPE"))
        .or_else(|| var("LANG"))
        .unwrap_or_default();
    let utf8 = locale.to_lowercase().replace('-', "").contains("utf8");
    findings.push(if utf8 {
        Weight::Ok.of("locale", locale)
    } else {
        Weight::Note.of(
            "locale",
            format!("{locale:?} is not UTF-8: ASCII characters are used; set LANG=C.UTF-8 for Unicode"),
        )
    });
    findings.push(colours(ColorDepth::detect(&environment)));
    findings.push(clipboard(multiplexer, ssh.is_some()));
    findings
}

/// What the environment says; the setting `color` overrides it.
fn colours(depth: ColorDepth) -> Finding {
    let what = match depth {
        ColorDepth::Never => {
            "off (NO_COLOR, or a terminal without any): state is shown by symbols and bold text"
        }
        ColorDepth::Ansi16 => {
            "16; ssh does not forward COLORTERM: set color = \"256\" or \"truecolor\" if the terminal has them"
        }
        ColorDepth::Ansi256 => {
            "256; ssh does not forward COLORTERM: set color = \"truecolor\" if the terminal has it"
        }
        ColorDepth::Truecolor => "truecolor",
    };
    Weight::Ok.of("colours", what)
}

fn clipboard(multiplexer: &str, ssh: bool) -> Finding {
    match (multiplexer, ssh) {
        ("tmux", _) => Weight::Ok.of("clipboard", "tmux load-buffer -w"),
        (_, true) => Weight::Ok.of("clipboard", "OSC 52 over the terminal"),
        _ => Weight::Ok.of("clipboard", "the desktop's tool where there is one, else OSC 52"),
    }
}

/// Folders, settings, store, key, API; returns the exit code of the first fault.
async fn installation(global: &Global, findings: &mut Vec<Finding>) -> Exit {
    let paths = match paths(global) {
        Ok(paths) => paths,
        Err(failure) => {
            findings.push(Weight::Fault.of("folders", failure.message));
            return Exit::Other;
        }
    };
    if let Err(error) = paths.ensure() {
        findings.push(Weight::Fault.of("folders", error.to_string()));
        return Exit::Other;
    }
    findings.push(Weight::Ok.of("data", paths.data.display().to_string()));
    let mistakes = config::models(&paths, None).errors;
    let (settings, mut warnings) = Settings::load(&paths);
    warnings.retain(|warning| !mistakes.contains(warning));
    findings.push(own_file("settings", &paths.settings_file(), &warnings));
    let mut pictures = workbench::pictures(&settings);
    pictures.set_cell(still::cell_pixels());
    findings.push(Weight::Ok.of("pictures", pictures.reason()));
    findings.push(own_file("models", &paths.models_file(), &mistakes));
    findings.extend(own_files::own_files(&paths, &settings.theme));
    let prices = Prices {
        table: &settings.prices,
        today: clock().now().to_zoned(TimeZone::system()).date(),
        file: paths.models_file().display().to_string(),
    };
    let found = database(&paths.database(), &paths.reels(), &prices);
    let is_fault = found.iter().any(|finding| finding.weight == Weight::Fault);
    findings.extend(found);
    findings.extend(prices.findings());
    if is_fault {
        return Exit::Other;
    }
    let key = match config::find_key(&environment, &settings, &paths) {
        Ok(Some(key)) => Weight::Ok.of("key", format!("configured ({})", key.hint())),
        Ok(None) => Weight::Ok.of(
            "key",
            "none: the sandbox is used; set SEGMIND_API_KEY for live takes",
        ),
        Err(error) => Weight::Fault.of("key", error.to_string()),
    };
    let key_is_bad = key.weight == Weight::Fault;
    findings.push(key);
    findings.push(ffmpeg());
    if key_is_bad {
        return Exit::Key;
    }
    api(global, findings).await
}

/// A file of the user's own, and every mistake in it.
fn own_file(name: &'static str, file: &Path, mistakes: &[ConfigError]) -> Finding {
    let shown = file.display();
    if !file.exists() {
        return Weight::Ok.of(name, format!("defaults ({shown} does not exist)"));
    }
    if mistakes.is_empty() {
        return Weight::Ok.of(name, shown.to_string());
    }
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    Weight::Note.of(name, all.join("; "))
}

/// Every row of the store. After a fault nothing else can be checked.
fn database(path: &Path, reels: &Path, prices: &Prices<'_>) -> Vec<Finding> {
    let shown = path.display();
    // Opening would create it, and the next start rebuilds a lost one.
    if recovery::is_missing(path) {
        return vec![Weight::Ok.of("store", format!("{shown} does not exist yet"))];
    }
    look_at_store(path, reels, prices)
        .unwrap_or_else(|error| vec![Weight::Fault.of("store", error.to_string())])
}

fn look_at_store(path: &Path, reels: &Path, prices: &Prices<'_>) -> Result<Vec<Finding>, StoreError> {
    let shown = path.display();
    let store = Store::open(path, std::sync::Arc::new(SystemClock))?;
    let damage = recovery::damage(path, store::StoreOptions::default())?;
    if let Some(damage) = damage.filter(|damage| !damage.is_in_rows) {
        let what = format!(
            "{shown} is damaged ({}); the next start sets it aside and rebuilds it",
            damage.what
        );
        return Ok(vec![Weight::Fault.of("store", what)]);
    }
    let unreadable = store.recovery().unreadable_rows()?;
    if let Some(first) = unreadable.first() {
        recovery::suspect(path);
        let rows = counted(unreadable.len() as u64, "row");
        let what = format!(
            "{rows} of {shown} cannot be read ({}{}); the next start keeps what is damaged aside and restores what the \
             files beside the videos record of it",
            first.take.map_or(String::new(), |take| format!("take {take}: ")),
            first.why
        );
        return Ok(vec![Weight::Fault.of("store", what)]);
    }
    let takes = store.count(&store::Filter::default())?;
    let mut findings = vec![Weight::Ok.of("store", format!("{shown} with {}", counted(takes, "take")))];
    let set_aside = store.recovery().rows_set_aside()?;
    let lost = lost(&set_aside, &shown.to_string());
    findings.extend(lost.map(|what| Weight::Note.of("store", what)));
    findings.extend(videos::videos(&store)?);
    findings.extend(prices.drifts(&store)?);
    match orphans::count(&store, reels)? {
        0 => {}
        takes => findings.push(Weight::Note.of("store", orphans::offer(takes))),
    }
    Ok(findings)
}

/// The rows that were set aside and not restored, in words; nothing when there is none.
fn lost(set_aside: &[Damaged], shown: &str) -> Option<String> {
    let lost = set_aside.iter().filter(|row| !row.restored);
    let lost: Vec<String> = lost
        .map(|row| match row.take {
            Some(take) => format!("take {take}, table {}", row.source),
            None => format!("table {}", row.source),
        })
        .collect();
    let (is, them) = match lost.len() {
        0 => return None,
        1 => ("is", "it"),
        _ => ("are", "them"),
    };
    Some(format!(
        "{} could not be read and {is} lost ({}): what is left of {them} is in the table \"damaged\" of {shown}",
        counted(lost.len() as u64, "row"),
        lost.join("; ")
    ))
}

fn ffmpeg() -> Finding {
    let found = child::command("ffmpeg").arg("-version").output().is_ok();
    Weight::Ok.of(
        "ffmpeg",
        if found {
            "found: pictures of videos that rushes cannot decode itself"
        } else {
            "not found; not needed for H.264"
        },
    )
}

async fn api(global: &Global, findings: &mut Vec<Finding>) -> Exit {
    let session = async {
        let home = Home::open(global.home.as_deref(), WhichReel::Default, |said| {
            print::complain(&said);
        })?;
        let rebuilt = home.rebuilt.iter();
        findings.extend(rebuilt.map(|done| Weight::Note.of("store", done.to_string())));
        open::session(global, &home).await
    };
    let session: Session = match session.await {
        Ok(session) => session,
        Err(failure) => {
            findings.push(Weight::Fault.of("api", failure.message));
            return failure.exit;
        }
    };
    let who = session.backend().word();
    let gateway = &session.client().endpoints().gateway;
    let exit = match session.client().credits().await {
        Ok(response) => {
            let balance = response.value;
            let what = format!("{who} at {gateway} answers; balance {balance}");
            findings.push(Weight::Ok.of("api", what));
            Exit::Ok
        }
        Err(error) => {
            let what = sentences(&[&format!("{who} at {gateway}: {error}"), error.kind.advice()]);
            findings.push(Weight::Fault.of("api", what));
            match error.kind {
                FailureKind::KeyRejected => Exit::Key,
                _ => Exit::Unreachable,
            }
        }
    };
    session.end().await;
    exit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TakeId;

    #[test]
    fn lost_rows_are_counted_in_plain_english() {
        let row = |source: &str, take: Option<i64>, restored| Damaged {
            source: source.to_owned(),
            take: take.map(TakeId),
            why: String::new(),
            restored,
            counted: None,
        };
        let told = |rows: &[Damaged]| lost(rows, "rushes.db");
        assert_eq!(told(&[row("takes", Some(1), true)]), None);
        assert_eq!(
            told(&[row("takes", Some(1), true), row("takes", Some(2), false)]).unwrap(),
            "1 row could not be read and is lost (take 2, table takes): what is left of it is in the table \"damaged\" of \
             rushes.db"
        );
        let two = [row("events", Some(2), false), row("queue", None, false)];
        assert_eq!(
            told(&two).unwrap(),
            "2 rows could not be read and are lost (take 2, table events; table queue): what is left of them is in the table \
             \"damaged\" of rushes.db"
        );
    }
}
