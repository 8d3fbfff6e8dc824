//! The help page, made from the keymap: first the keys that can be used here, then all others.

use crate::tui::keymap::{Action, Context, Group, Keymap};
use crate::tui::theme::Role;

use super::page::Page;

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
    page.heading("In other places");
    for other in Context::ALL {
        let layers = other.layers();
        if layers.contains(&context) || other == Context::Global {
            continue;
        }
        for action in keymap.actions(other) {
            let here = chords(keymap, context, action);
            let there = chords(keymap, other, action);
            if here != there {
                let about = format!("{} ({})", action.about(), other.name());
                page.push(&there, &about, Role::Dim);
            }
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
        assert_eq!(row(Action::Pause.about()), Some("Space  P"));
        for action in keymap.actions(Context::Queue) {
            assert!(row(action.about()).is_some(), "{action} is not in help");
        }
    }
}
