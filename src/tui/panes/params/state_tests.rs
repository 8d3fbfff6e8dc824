//! The selection and the typed fields by what they do to a draft.

use super::*;
use crossterm::event::{KeyCode, KeyModifiers};

fn type_in(state: &mut ParamsState, draft: &mut Draft, text: &str) {
    for c in text.chars() {
        assert!(state.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
    }
    state.commit(draft);
}

#[test]
fn references_are_added_moved_changed_and_removed() {
    let mut draft = Draft::default();
    let mut state = ParamsState::default();
    for name in ["a.png", "b.png"] {
        state.select(Spot::Param(Param::Images));
        assert!(state.begin_edit(&draft));
        type_in(&mut state, &mut draft, name);
    }
    assert_eq!(draft.images, ["a.png", "b.png"]);
    state.step(&draft, 1);
    assert_eq!(state.selected(&draft), Spot::Item(Param::Images, 0));
    state.move_item(&mut draft, 1);
    assert_eq!(draft.images, ["b.png", "a.png"]);
    assert_eq!(state.selected(&draft), Spot::Item(Param::Images, 1));
    let change = state.remove(&mut draft).unwrap();
    assert_eq!(
        (change.from.as_str(), change.to.as_str()),
        ("b.png\na.png", "b.png")
    );
    // The place is gone: its list is selected.
    assert_eq!(state.selected(&draft), Spot::Param(Param::Images));
}

#[test]
fn a_choice_turns_and_is_not_typed() {
    let mut draft = Draft::default();
    let mut state = ParamsState::default();
    assert!(!state.begin_edit(&draft));
    let change = state.next(&mut draft).unwrap();
    assert_eq!((change.from.as_str(), change.to.as_str()), ("480p", "720p"));
    state.select(Spot::Param(Param::Seeds));
    assert_eq!(state.previous(&mut draft), None);
}

#[test]
fn a_value_is_chosen_by_its_place() {
    let mut draft = Draft::default();
    let state = ParamsState::default();
    assert_eq!(state.choose(&mut draft, Param::Audio, 0), None);
    assert!(draft.generate_audio);
    assert!(state.choose(&mut draft, Param::Audio, 1).is_some());
    assert!(!draft.generate_audio);
    state.choose(&mut draft, Param::Duration, 0);
    assert_eq!(draft.duration.get(), 4);
    state.choose(&mut draft, Param::Duration, 99);
    assert_eq!(draft.duration.get(), 4);
}

#[test]
fn a_typed_value_is_previewed_and_leaving_it_leaves_the_draft_as_it_was() {
    let draft = Draft::default();
    let before = draft.clone();
    let mut state = ParamsState::default();
    state.select(Spot::Param(Param::Seeds));
    state.begin_edit(&draft);
    state.paste("9\n");
    assert_eq!(state.preview(&draft).unwrap().seeds, "9");
    state.cancel();
    assert_eq!(state.preview(&draft), None);
    assert_eq!((draft, state.is_editing()), (before, false));
}

#[test]
fn the_selection_stops_at_the_ends() {
    let draft = Draft::default();
    let mut state = ParamsState::default();
    state.step(&draft, -1);
    assert_eq!(state.selected(&draft), Spot::Param(Param::Resolution));
    state.step(&draft, 99);
    assert_eq!(state.selected(&draft), Spot::Param(Param::Audios));
}
