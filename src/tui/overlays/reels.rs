//! Lists the reels with what is in them and what was paid for it, to open, create, rename or archive one.

use super::entry::Entry;
use super::menu::{Choice, Menu};
use super::page::show_problem;
use crate::model::text::counted;
use crate::service::Problem;
use crate::store::ReelRow;
use crate::tui::component::Cx;
use crate::tui::effect::{Effect, ReelChange};
use crate::tui::state::{Leaving, Tone};

/// The reels were read, after a change of one of them if `told` says what was done.
pub fn list(cx: &mut Cx, result: Result<(Vec<ReelRow>, Option<String>), Problem>) {
    let (rows, told) = match result {
        Ok(read) => read,
        Err(error) => return show_problem(cx, "The reels stay as they are", &error),
    };
    if let Some(told) = told {
        // The name may be that of the reel that is open.
        cx.tell(Tone::Good, told);
        cx.run(Effect::RenewSidecars);
        return cx.refresh();
    }
    let lead = rows.iter().map(|row| row.reel.name.chars().count()).max();
    let (lead, here) = (lead.unwrap_or(0).clamp(8, 32), cx.facts.reel.id.clone());
    let at = rows.iter().position(|row| row.reel.id == here);
    let choice = |row: &ReelRow| {
        let name = format!("{:<lead$}", cut(&row.reel.name));
        let is_here = row.reel.id == here;
        let row = row.clone();
        Choice::new(facts(&row, is_here), move |cx| about(cx, &row, is_here)).lead(name)
    };
    let mut choices: Vec<Choice> = rows.iter().map(choice).collect();
    choices.push(Choice::new("New reel", create));
    cx.show(
        Menu::new("Reels", choices).at(at.unwrap_or(0)),
        Tone::Plain,
        "The reels are listed: stop typing to see them",
    );
}

fn cut(name: &str) -> String {
    crate::model::text::one_line(name, 32)
}

/// `12 takes   $4.20   2 circled   1 not finished   open here`.
fn facts(row: &ReelRow, is_here: bool) -> String {
    let mut facts = format!("{:>10}  {:>9}", counted(row.takes, "take"), row.cost.to_string());
    let more = [
        (row.circled > 0).then(|| format!("{} circled", row.circled)),
        (row.unsettled > 0).then(|| format!("{} not finished", row.unsettled)),
        row.reel.archived_at.map(|_| "archived".to_owned()),
        is_here.then(|| "open here".to_owned()),
    ];
    for one in more.into_iter().flatten() {
        facts += &format!("  {one}");
    }
    facts
}

/// What can be done with one reel.
fn about(cx: &mut Cx, row: &ReelRow, is_here: bool) {
    let name = row.reel.name.clone();
    let mut choices = Vec::new();
    let is_archived = row.reel.archived_at.is_some();
    if !is_here && !is_archived {
        let name = name.clone();
        choices.push(Choice::new(
            "open it; what is typed here is saved first",
            move |cx| {
                open(cx, name);
            },
        ));
    }
    let renamed = name.clone();
    choices.push(Choice::new(
        "rename it; its files stay where they are",
        move |cx| {
            rename(cx, renamed);
        },
    ));
    if is_archived {
        let name = name.clone();
        choices.push(Choice::new("open it for new takes again", move |cx| {
            cx.run(Effect::Reels(ReelChange::Restore(name)));
        }));
    } else if !is_here {
        let name = name.clone();
        choices.push(Choice::new("archive it; nothing is deleted", move |cx| {
            cx.run(Effect::Reels(ReelChange::Archive(name)));
        }));
    }
    cx.open(Menu::new(format!("Reel {name}"), choices));
}

/// Leaves this reel for another one, in the same program.
fn open(cx: &mut Cx, name: String) {
    cx.next_reel = Some(name);
    cx.leaving = Some(Leaving::Reel);
}

fn create(cx: &mut Cx) {
    cx.open(Entry::new(
        "Name of the new reel",
        "night drive",
        "",
        |name, cx| {
            if !name.trim().is_empty() {
                cx.run(Effect::Reels(ReelChange::New(name.to_owned())));
            }
        },
    ));
}

fn rename(cx: &mut Cx, old: String) {
    let title = format!("Another name for reel {old}");
    cx.open(Entry::new(title, "night drive", &old.clone(), move |new, cx| {
        if !new.trim().is_empty() && new.trim() != old {
            let new = new.to_owned();
            cx.run(Effect::Reels(ReelChange::Rename { old, new }));
        }
    }));
}
