//! The selection and the typed fields by what they do to a form.

use super::*;
use crossterm::event::{KeyCode, KeyModifiers};

fn type_in(state: &mut ParamsState, form: &mut Form, text: &str) {
    for c in text.chars() {
        assert!(state.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
    }
    state.commit(form);
}

#[test]
fn references_are_added_moved_changed_and_removed() {
    let mut form = Form::default();
    let mut state = ParamsState::default();
    for name in ["/a.png", "/b.png"] {
        state.select(Spot::Parameter(Parameter::Images));
        assert!(state.begin_edit(&form));
        type_in(&mut state, &mut form, name);
    }
    assert_eq!(form.images, ["/a.png", "/b.png"]);
    state.step(&form, 1);
    assert_eq!(state.selected(&form), Spot::Item(Parameter::Images, 0));
    state.move_item(&mut form, 1);
    assert_eq!(form.images, ["/b.png", "/a.png"]);
    assert_eq!(state.selected(&form), Spot::Item(Parameter::Images, 1));
    let change = state.remove(&mut form).unwrap();
    assert_eq!(
        (change.from.as_str(), change.to.as_str()),
        ("/b.png\n/a.png", "/b.png")
    );
    // The place is gone: its list is selected.
    assert_eq!(state.selected(&form), Spot::Parameter(Parameter::Images));
}

#[test]
fn a_choice_turns_and_is_not_typed() {
    let mut form = Form::default();
    let mut state = ParamsState::default();
    assert!(!state.begin_edit(&form));
    let change = state.turn(&mut form, 1).unwrap();
    assert_eq!((change.from.as_str(), change.to.as_str()), ("480p", "720p"));
    state.select(Spot::Parameter(Parameter::Seeds));
    assert_eq!(state.turn(&mut form, -1), None);
}

#[test]
fn a_value_is_chosen_by_its_place() {
    let mut form = Form::default();
    let choose =
        |form: &mut Form, param: Parameter, place| changing(param, form, |form| param.choose(form, place));
    assert_eq!(choose(&mut form, Parameter::Audio, 0), None);
    assert!(form.generate_audio);
    assert!(choose(&mut form, Parameter::Audio, 1).is_some());
    assert!(!form.generate_audio);
    choose(&mut form, Parameter::Duration, 0);
    assert_eq!(form.duration.get(), 4);
    choose(&mut form, Parameter::Duration, 99);
    assert_eq!(form.duration.get(), 4);
}

#[test]
fn a_typed_value_is_previewed_and_leaving_it_leaves_the_draft_as_it_was() {
    let form = Form::default();
    let before = form.clone();
    let mut state = ParamsState::default();
    state.select(Spot::Parameter(Parameter::Seeds));
    state.begin_edit(&form);
    state.paste("9\n");
    assert_eq!(state.preview(&form).unwrap().seeds, "9");
    state.cancel();
    assert_eq!(state.preview(&form), None);
    assert_eq!((form, state.edit.is_some()), (before, false));
}

#[test]
fn the_selection_stops_at_the_ends() {
    let form = Form::default();
    let mut state = ParamsState::default();
    state.step(&form, -1);
    assert_eq!(state.selected(&form), Spot::Parameter(Parameter::Resolution));
    state.step(&form, 99);
    assert_eq!(state.selected(&form), Spot::Parameter(Parameter::BitrateMode));
}
