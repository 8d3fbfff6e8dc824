//! `rushes show`: one take with its whole exchange.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::media::{Cancel, MediaError};
use crate::model::family::{draft_in_words, family};
use crate::model::text::{lines, one_line, tame_json};
use crate::model::{Backend, FailureKind, Take, TakeId, Usd, Verdict, Wait};
use crate::service::{probe, ranking, sound};
use crate::store::{Exchange, Link, Probe, TakeEvent};

use super::args::{Global, Show};
use super::exit::Exit;
use super::{Failure, open, print};

pub(super) fn run(global: &Global, args: &Show) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let id = TakeId(args.take);
    let take = home.store.take(id)?;
    if args.json {
        let dossier = home.store.dossier(id)?;
        let mut value = serde_json::to_value(&dossier).map_err(Failure::other)?;
        value["video_kept_until"] = json!(take.video_kept_until());
        value["on_hold"] = json!(take.on_hold);
        value["emptied_at"] = json!(take.emptied_at);
        print::json(&value)?;
    } else {
        let decisions = home.store.decisions_about(id)?;
        let events = home.store.events(id)?;
        let exchanges = home.store.exchanges(id)?;
        let chain = home.store.chains(&[id])?.remove(&id);
        let chain = chain.map(|links| chain_in_words(id, &links));
        let children = home.store.children(&[id])?.remove(&id).unwrap_or_default();
        let about = About {
            family: family(&take, &children),
            draft: draft_in_words(&take, &children, home.clock.now(), &TimeZone::system()),
            probes: home.store.probes()?,
            file: take.file.as_deref().map(file_in_words),
            sound: sound_of(&take),
            chain,
            compared: ranking::in_words(id, &decisions),
        };
        print::line(&as_text(&take, &about, &events, &exchanges, home.clock.now()))?;
    }
    Ok(Exit::Ok)
}

/// Whether there is no such file. One that cannot be looked at may be there.
fn is_gone(file: &Path) -> bool {
    matches!(file.try_exists(), Ok(false))
}

/// The path of a video, and that it is not there.
fn file_in_words(file: &Path) -> String {
    if is_gone(file) {
        return MediaError::gone(file).to_string();
    }
    file.display().to_string()
}

/// The sound of a saved take, or why it cannot be read; nothing where there is none, or no video.
fn sound_of(take: &Take) -> Option<String> {
    take.file.as_ref().filter(|file| !is_gone(file))?;
    match sound::of_take(take, &Cancel::new()) {
        Ok(heard) => heard.map(|heard| heard.in_words()),
        Err(problem) => Some(problem.to_string()),
    }
}

/// `in queue 0.0 s, rendering 41.6 s, delivery 2.1 s, 44.9 s in all`, as far as it is known.
fn stages(take: &Take) -> Option<String> {
    let seconds = take.stages();
    let parts = [
        ("in queue ", seconds.queue, ""),
        ("rendering ", seconds.render, ""),
        ("delivery ", seconds.deliver, ""),
        ("", seconds.total, " in all"),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(before, seconds, after)| Some(format!("{before}{:.1} s{after}", seconds?)));
    let words = parts.collect::<Vec<_>>().join(", ");
    (!words.is_empty()).then_some(words)
}

/// How long the provider still keeps a video.
fn kept(until: Timestamp, now: Timestamp) -> String {
    let left = until.duration_since(now).as_secs().max(0);
    format!(
        "at the provider for another {} d {} h, until {until:.0}",
        left / 86_400,
        left % 86_400 / 3600
    )
}

/// `12 5 s, 15 10 s (this take), 18 5 s: 20 s in all`.
fn chain_in_words(id: TakeId, links: &[Link]) -> String {
    let one = |link: &Link| {
        let this = if link.id == id { " (this take)" } else { "" };
        format!("{} {} s{this}", link.id, link.duration)
    };
    let takes: Vec<String> = links.iter().map(one).collect();
    let seconds: u32 = links.iter().map(|link| u32::from(link.duration.get())).sum();
    format!("{}: {seconds} s in all", takes.join(", "))
}

/// What is found about a take besides itself, each in words.
struct About {
    family: Option<String>,
    file: Option<String>,
    probes: Vec<Probe>,
    sound: Option<String>,
    chain: Option<String>,
    compared: Vec<String>,
    draft: Option<String>,
}

fn as_text(
    take: &Take,
    about: &About,
    events: &[TakeEvent],
    exchanges: &[Exchange],
    now: Timestamp,
) -> String {
    let mut out = vec![format!(
        "take {}  reel {}  {}  {}",
        take.id,
        take.reel,
        take.backend.word(),
        take.state
    )];
    let mut fact = |name: &str, value: Option<String>| {
        out.extend(value.map(|v| format!("  {name:<12} {v}")));
    };
    let model = format!("{} ({})", take.model, take.api_version.word());
    fact("model", Some(model));
    fact("seed", Some(take.seed.to_string()));
    let size = format!("{} {} {} s", take.resolution, take.aspect_ratio, take.duration);
    fact("size", Some(size));
    fact(
        "moderation",
        take.skips_moderation().then(|| "skipped".to_owned()),
    );
    fact("estimate", Some(take.estimate_in_words()));
    let is_open = take.cost.is_none() && take.backend == Backend::Live;
    let reserve = take.reserve.filter(|_| is_open);
    fact("at most", reserve.map(Usd::precise));
    fact("cost", take.bill_in_words());
    fact("expected", take.wait.as_ref().map(Wait::in_words));
    fact("took", stages(take));
    fact("request id", take.request_id.clone());
    fact("kept", take.video_kept_until().map(|until| kept(until, now)));
    let why = |kind: FailureKind| format!("its prompt was refused twice ({})", kind.title());
    fact("on hold", take.on_hold.map(why));
    fact("sweep", take.sweep.map(|sweep| sweep.to_string()));
    fact("value", take.variant.as_deref().map(|value| one_line(value, 200)));
    fact("revision", take.revision.map(|revision| format!("v{revision}")));
    fact("family", about.family.clone());
    fact("draft", about.draft.clone());
    fact("chain", about.chain.clone());
    for result in probe::of_take(&about.probes, take.id) {
        let day = probe::day(result.made_at, &TimeZone::system());
        let told = format!("{}, {day}; {}", probe::in_short(result, take.id), result.likeness);
        fact("probe", Some(told));
    }
    let verdict = Some(take.verdict).filter(|verdict| *verdict != Verdict::None);
    fact("verdict", verdict.map(|verdict| verdict.word().to_owned()));
    let compared = Some(about.compared.join("; ")).filter(|words| !words.is_empty());
    fact("compared", compared);
    let tags: Vec<String> = take.tags.iter().map(|tag| one_line(tag, 100)).collect();
    fact("tags", Some(tags.join(", ")).filter(|tags| !tags.is_empty()));
    let note = take.note.as_deref().map(|note| one_line(note, 2000));
    fact("note", note.filter(|note| !note.is_empty()));
    fact("file", about.file.clone());
    let deleted = take.emptied_at.map(|at| {
        format!(
            "{at:.0}, from the bin; in the workbench `R` runs the take again with the same seed{}, and `u` loads its \
             request",
            take.at_its_price()
        )
    });
    fact("deleted", deleted);
    fact("sound", about.sound.clone());
    fact("sha256", take.sha256.clone());
    fact("error", take.error.as_deref().map(|e| lines(e, 2000)));
    fact("advice", take.error_kind.map(|k| k.advice().to_owned()));
    out.push("\nrequest".to_owned());
    let body = serde_json::to_string_pretty(&take.body).unwrap_or_default();
    out.push(tame_json(body));
    out.push("\nevents".to_owned());
    for e in events {
        let detail = lines(&e.detail, 500);
        out.push(format!("  {}  {:<10}  {detail}", time(e.at), e.to.word()));
    }
    out.push("\nexchange".to_owned());
    for e in exchanges {
        let status = e
            .status
            .map_or_else(|| "no response".to_owned(), |s| s.to_string());
        out.push(format!(
            "  {}  {:<8} {} {}  {status}  {} ms",
            time(e.at),
            e.stage,
            e.method,
            e.path,
            e.millis
        ));
        out.extend(e.response.as_deref().map(|a| format!("    {}", lines(a, 4000))));
    }
    out.join("\n")
}

fn time(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system())
        .strftime("%H:%M:%S%.3f")
        .to_string()
}
