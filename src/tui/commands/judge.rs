//! Commands that judge takes and say something about them: verdicts, notes, tags, marks, and the next take to judge.

use crate::model::text::counted;
use crate::model::{TakeId, Verdict};
use crate::service::{Change, Problem};
use crate::store::Member;
use crate::tui::component::{Command, Cx, Declare, Possible};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, PaneId};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::entry::Entry;
use crate::tui::overlays::page::show_problem;
use crate::tui::state::{ActedOn, Chosen, ListRow, STILL_READ, State, Tone, ids};

pub struct Judge;

impl Declare for Judge {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Circle, Action::Reject], |_, action, cx| {
            judge(action, cx);
        })
        .when(|_, action, state| {
            let acted = state.acted_on()?;
            if let (Chosen::Take(id), Some(shown)) = (acted.chosen, state.shown_instead()) {
                let how = state.key_of(Action::FocusLog);
                return Err(format!(
                    "the Monitor shows take {shown}, but take {id} is selected{how}"
                ));
            }
            judgement(&acted, action).map(drop)
        }),
        Command::on(&[Action::Note, Action::Tags], |_, action, cx| remark(action, cx)).when(something),
        Command::on(&[Action::NextUnjudged], |_, _, cx| find_unjudged(cx)).when(|_, _, state| {
            match state.takes.log.count {
                0 => Err(state.no_take_in_log()),
                _ if state.takes.log.is_behind() => Err(STILL_READ.to_owned()),
                _ => Ok(()),
            }
        }),
        Command::on(&[Action::Mark], |_, _, cx| drop(cx.mark())).when(|_, _, state| {
            match state.selected_sweep() {
                Some(_) => Ok(()),
                None => state.the_take().map(drop),
            }
        }),
        Command::on(&[Action::ClearMarks], |_, _, cx| cx.takes.marks.clear()).when(|_, _, state| {
            if state.takes.marks.is_empty() {
                return Err("no take is marked".to_owned());
            }
            Ok(())
        }),
    ];
}

fn something(_: &Judge, _: Action, state: &State) -> Possible {
    state.acted_on().map(drop)
}

/// Changes the takes that a command acts on. Marks have done their work then, and are cleared.
pub fn change(cx: &mut Cx, chosen: Chosen, takes: &[TakeId], change: Change, what: &str) {
    match (chosen, takes) {
        (Chosen::Take(_), [only]) => cx.run(Effect::Change(*only, change)),
        _ => cx.run(Effect::ChangeSeveral(
            takes.to_vec(),
            change,
            named(what, chosen, takes),
        )),
    }
    if chosen == Chosen::Marks {
        cx.takes.marks.clear();
    }
}

/// Names of takes in a message.
const NAMED: usize = 6;

/// `circled: 3, 5`: marked takes may be far from the selection.
fn named(what: &str, chosen: Chosen, takes: &[TakeId]) -> String {
    if chosen != Chosen::Marks || takes.len() > NAMED {
        return what.to_owned();
    }
    let numbers: Vec<String> = takes.iter().map(ToString::to_string).collect();
    format!("{what}: {}", numbers.join(", "))
}

/// The takes that get a verdict, and which. The same key again removes it. Of a sweep only saved takes without the other
/// verdict are judged.
fn judgement(acted: &ActedOn, action: Action) -> Result<(Vec<Member>, Verdict), String> {
    let verdict = if action == Action::Circle {
        Verdict::Circled
    } else {
        Verdict::Rejected
    };
    let candidates = match acted.chosen {
        Chosen::Sweep(_) => acted.saved(),
        Chosen::Marks | Chosen::Take(_) => acted.takes.clone(),
    };
    let are = |verdict: Verdict| -> Vec<Member> {
        let those = candidates.iter().filter(|member| member.verdict == verdict);
        those.copied().collect()
    };
    let spares = matches!(acted.chosen, Chosen::Sweep(_));
    let mut judged = are(Verdict::None);
    if !spares {
        let others = [Verdict::Circled, Verdict::Rejected]
            .map(|other| if other == verdict { Vec::new() } else { are(other) });
        judged.extend(others.into_iter().flatten());
    }
    if !judged.is_empty() {
        return Ok((judged, verdict));
    }
    let already = are(verdict);
    if !already.is_empty() {
        return Ok((already, Verdict::None));
    }
    let name = acted.name();
    Err(if candidates.is_empty() {
        format!("{name} has no saved take yet")
    } else {
        let other = if verdict == Verdict::Circled {
            "rejected"
        } else {
            "circled"
        };
        format!("every saved take of {name} is {other}")
    })
}

fn judge(action: Action, cx: &mut Cx) {
    let Ok(acted) = cx.acted_on() else { return };
    let Ok((takes, verdict)) = judgement(&acted, action) else {
        return;
    };
    let (chosen, takes_ids) = (acted.chosen, ids(&takes));
    let what = match verdict {
        Verdict::Circled => "circled",
        Verdict::Rejected => "rejected",
        Verdict::None => "without a verdict now",
    };
    if !must_ask(&takes, verdict) {
        change(cx, chosen, &takes_ids, Change::Verdict(verdict), what);
        let is_one = matches!(chosen, Chosen::Take(_));
        if is_one && verdict != Verdict::None && cx.facts.advance {
            find_unjudged(cx);
        }
        return;
    }
    ask(cx, action, (&acted, &takes), (verdict, what));
}

/// Whether a question comes first: several takes are rejected, or lose a verdict, only when the user confirms it.
fn must_ask(takes: &[Member], verdict: Verdict) -> bool {
    let is_judged = |take: &Member| take.verdict != Verdict::None;
    takes.len() > 1 && (verdict == Verdict::Rejected || takes.iter().any(is_judged))
}

/// Asks before several takes are judged, and again when they have changed meanwhile.
fn ask(
    cx: &mut Cx,
    action: Action,
    (acted, takes): (&ActedOn, &[Member]),
    (verdict, what): (Verdict, &'static str),
) {
    let (question, details) = match verdict {
        Verdict::Rejected => rejection(acted, takes),
        Verdict::Circled => (format!("Circle {}?", acted.name()), overwritten(takes, verdict)),
        Verdict::None => (
            format!("Remove the verdicts of {}?", of_those(acted, takes)),
            overwritten(takes, verdict),
        ),
    };
    let yes = match verdict {
        Verdict::Rejected => "reject them",
        Verdict::Circled => "circle them",
        Verdict::None => "remove them",
    };
    let (chosen, judged) = (acted.chosen, ids(takes));
    let asked = acted.clone();
    let confirm = Confirm::new(question, details, yes, move |cx| {
        change(cx, chosen, &judged, Change::Verdict(verdict), what);
    });
    cx.open(confirm.or_again(move |_, cx| {
        let now = cx
            .acted_on()
            .ok()
            .filter(|now| now.chosen == asked.chosen && *now != asked);
        if now.is_some() {
            cx.close();
            judge(action, cx);
        }
    }));
}

/// `3 takes of sweep 9`, `2 marked takes`.
fn of_those(acted: &ActedOn, takes: &[Member]) -> String {
    match acted.chosen {
        Chosen::Sweep(_) => format!("{} of {}", counted(takes.len() as u64, "take"), acted.name()),
        Chosen::Marks | Chosen::Take(_) => acted.name(),
    }
}

/// How many of the members have this verdict.
fn with(members: &[Member], verdict: Verdict) -> u64 {
    members.iter().filter(|member| member.verdict == verdict).count() as u64
}

/// Which verdicts the takes lose when they get this one.
fn overwritten(takes: &[Member], verdict: Verdict) -> Vec<String> {
    let verdicts = [(Verdict::Circled, "circled"), (Verdict::Rejected, "rejected")];
    let others = verdicts.into_iter().filter(|(other, _)| *other != verdict);
    let counts = others.map(|(other, word)| (with(takes, other), word));
    let some = counts.filter(|(count, _)| *count > 0);
    some.map(|(count, word)| format!("{} {word} now.", are(count)))
        .collect()
}

/// The question before several takes are rejected.
fn rejection(acted: &ActedOn, takes: &[Member]) -> (String, Vec<String>) {
    let number = counted(takes.len() as u64, "take");
    match (acted.chosen, with(&acted.takes, Verdict::Circled)) {
        (Chosen::Sweep(sweep), 0) => (format!("Reject all {number} of sweep {sweep}?"), Vec::new()),
        (Chosen::Sweep(sweep), kept) => (
            format!("Reject the {number} of sweep {sweep} that are not circled?"),
            vec![format!("{} circled, and not rejected.", are(kept))],
        ),
        _ => (
            format!("Reject {}?", acted.name()),
            overwritten(takes, Verdict::Rejected),
        ),
    }
}

/// `1 take is`, `3 takes are`.
fn are(number: u64) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(number, "take"))
}

/// Asks for a note or for tags. Those of one take are there to be changed; several takes get what is typed.
fn remark(action: Action, cx: &mut Cx) {
    let Ok(acted) = cx.acted_on() else { return };
    let (chosen, takes, is_several) = (acted.chosen, ids(&acted.takes), acted.is_several());
    let take = cx.the_take().ok().filter(|_| !is_several);
    let (title, hint, now) = match action {
        Action::Note if is_several => (
            format!("Note to add to {}", acted.name()),
            "what is good or bad about them",
            String::new(),
        ),
        Action::Note => (
            format!("Note on {}", acted.name()),
            "what is good or bad about it",
            take.and_then(|take| take.note.clone()).unwrap_or_default(),
        ),
        _ if is_several => (format!("Tags to add to {}", acted.name()), TAGS, String::new()),
        _ => (
            format!("Tags of {}", acted.name()),
            TAGS,
            take.map(|take| take.tags.join(", ")).unwrap_or_default(),
        ),
    };
    cx.open(Entry::new(title, hint, &now, move |text, cx| {
        let text = text.trim();
        if is_several && text.is_empty() {
            return cx.tell(Tone::Plain, "Nothing was changed: no text was typed");
        }
        let done = match action {
            Action::Note if is_several => Change::AddNote(text.to_owned()),
            Action::Note => Change::Note(text.to_owned()),
            _ if is_several => Change::AddTags(tags(text)),
            _ => Change::Tags(tags(text)),
        };
        let what = if action == Action::Note { "noted" } else { "tagged" };
        change(cx, chosen, &takes, done, what);
    }));
}

const TAGS: &str = "words separated by commas: hero, b roll";

/// The tags of a line, without the `#` and the quotes that some people write around each.
fn tags(line: &str) -> Vec<String> {
    let tags = line
        .split(',')
        .map(|tag| tag.trim().trim_start_matches('#').trim_matches([' ', '"']));
    tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Looks for the next saved take without a verdict, from the selected row on.
fn find_unjudged(cx: &mut Cx) {
    // In front of the first take of a sweep is the one with the next number.
    let after = match cx.takes.log.selection() {
        Some(ListRow::Take { take, .. }) => Some(take.id),
        Some(ListRow::Sweep { row, .. }) => row.members.last().map(|member| TakeId(member.id.0 + 1)),
        None => None,
    };
    if !matches!(cx.focus, PaneId::Log | PaneId::Monitor) {
        cx.focus(PaneId::Log);
    }
    cx.takes.seeks = true;
    let listing = cx.takes.log.listing.clone();
    cx.run(Effect::FindUnjudged { listing, after });
}

/// Selects the take that was found.
pub fn found(cx: &mut Cx, result: Result<Option<(TakeId, Option<i64>)>, Problem>) {
    cx.takes.seeks = false;
    match result {
        Ok(Some((take, sweep))) => cx.show_in_log(take, sweep),
        Ok(None) if cx.takes.log.listing.is_whole() => {
            cx.tell(Tone::Good, "Every saved take in the log has a verdict");
        }
        Ok(None) => cx.tell(Tone::Good, "Every saved take that the filter shows has a verdict"),
        Err(error) => show_problem(cx, "The store could not be read", &error),
    }
}
