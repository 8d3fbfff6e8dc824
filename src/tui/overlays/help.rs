//! The help page, made from the keymap: the keys that can be used here; in a pane, those of the other panes after them.

use crate::tui::keymap::{Action, Context, Group, Keymap};
use crate::tui::theme::Role;

use super::page::Page;

/// The panes whose own keys are listed on the pages of the others. Overlays say their keys on their last line.
const ELSEWHERE: [(Context, &str); 6] = [
    (Context::Prompt, "In the Prompt pane"),
    (Context::Editing, "While you write the prompt"),
    (Context::Parameters, "In the Parameters pane"),
    (Context::Queue, "In the Queue pane"),
    (Context::Log, "In the Log pane"),
    (Context::Monitor, "In the Monitor pane"),
];

pub fn page(keymap: &Keymap, context: Context) -> Page {
    let mut page = Page::new(format!("Help: {}", context.name()));
    let own: Vec<Action> = keymap.actions(context);
    for group in Group::ALL {
        let rows: Vec<&Action> = own.iter().filter(|action| action.group() == group).collect();
        if rows.is_empty() {
            continue;
        }
        page.heading(group.title());
        for action in rows {
            page.push(&chords(keymap, context, *action), action.about(), Role::Text);
        }
    }
    // The keys of a pane do nothing while an overlay is open.
    let elsewhere = ELSEWHERE.iter().filter(|_| context.is_at_rest());
    for (other, title) in elsewhere.copied().filter(|(other, _)| *other != context) {
        let keys = |action| {
            let here = keymap.chords(context, action);
            let there = keymap.chords(other, action).into_iter();
            let only_there = there.filter(|chord| !here.contains(chord));
            only_there.map(ToString::to_string).collect::<Vec<_>>().join("  ")
        };
        let rows = keymap
            .actions(other)
            .into_iter()
            .filter(|action| *action != Action::Leave);
        let rows: Vec<(String, Action)> = rows
            .map(|action| (keys(action), action))
            .filter(|(keys, _)| !keys.is_empty())
            .collect();
        if rows.is_empty() {
            continue;
        }
        page.heading(title);
        for (keys, action) in rows {
            page.push(&keys, action.about(), Role::Dim);
        }
    }
    page.heading("Everywhere");
    page.push(
        "Ctrl-C",
        "Close what is open; if nothing is, quit. It never loses text",
        Role::Text,
    );
    page.push("Ctrl-Z", Action::Suspend.about(), Role::Text);
    page
}

fn chords(keymap: &Keymap, context: Context, action: Action) -> String {
    let chords = keymap.chords(context, action).into_iter();
    chords.map(ToString::to_string).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlay_tells_its_own_keys_and_no_others() {
        let keymap = Keymap::default();
        let is_overlay = |context: &Context| !context.is_at_rest() && *context != Context::Global;
        for context in Context::ALL.into_iter().filter(is_overlay) {
            let page = page(&keymap, context);
            let own = keymap.actions(context);
            let told = Action::ALL.iter().filter(|action| {
                let is_told = page.rows.iter().any(|row| row.text == action.about());
                is_told && **action != Action::Suspend
            });
            let told: Vec<Action> = told.copied().collect();
            assert!(
                told.iter().all(|action| own.contains(action)),
                "{context:?}: {told:?}"
            );
            assert!(page.rows.len() < 60, "{context:?}: {}", page.rows.len());
        }
    }

    #[test]
    fn every_key_of_the_place_is_told_with_its_live_label() {
        let (keymap, _) = Keymap::patched("k", "[global]\ngenerate = [\"Q\"]");
        let page = page(&keymap, Context::Queue);
        let row = |about: &str| {
            page.rows
                .iter()
                .find(|row| row.text == about)
                .map(|row| row.lead.as_str())
        };
        assert_eq!(row(Action::Generate.about()), Some("Q"));
        assert_eq!(row(Action::Pause.about()), Some("P"));
        for action in keymap.actions(Context::Queue) {
            assert!(row(action.about()).is_some(), "{action} is not in help");
        }
    }
}
