//! The table of parameters against itself, the form and the models.

use std::collections::BTreeSet;

use super::*;
use crate::model::catalogue;

#[test]
fn each_parameter_has_its_own_entry() {
    for (n, entry) in TABLE.iter().enumerate() {
        assert_eq!(entry.id as usize, n, "{:?}", entry.id);
    }
    let own = |names: Vec<&'static str>| {
        let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
        assert_eq!(
            names.iter().collect::<BTreeSet<_>>().len(),
            names.len(),
            "{names:?}"
        );
    };
    own(TABLE.iter().map(|entry| entry.wire).collect());
    own(TABLE.iter().map(|entry| entry.label).collect());
}

#[test]
fn every_field_of_the_body_is_some_models() {
    for entry in TABLE.iter().filter(|entry| !entry.wire.is_empty()) {
        assert!(
            Model::all().iter().any(|model| model.has(entry.wire)),
            "{}",
            entry.wire
        );
    }
}

#[test]
fn every_choice_turns_through_all_its_values_and_back() {
    for parameter in Parameter::all() {
        let start = Form {
            prompt: "k".into(),
            model: "seedance-2.5".parse().unwrap(),
            videos: vec!["https://example.com/a.mp4".into()],
            ..Form::default()
        };
        let Some((words, _)) = parameter.choices(&start) else {
            continue;
        };
        let mut form = start.clone();
        let mut seen: Vec<String> = Vec::new();
        for _ in &words {
            seen.push(parameter.shown(&form));
            if parameter != Parameter::Model {
                assert_eq!(form.broken_rules(), [], "{parameter:?}");
            }
            parameter.turn(&mut form, 1);
        }
        assert_eq!(form, start, "{parameter:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), words.len(), "{parameter:?}");
        parameter.turn(&mut form, -1);
        parameter.turn(&mut form, 1);
        assert_eq!(form, start, "{parameter:?}");
    }
}

#[test]
fn a_models_own_parameters_are_shown_for_it_and_when_they_break_a_rule() {
    let shown = |form: &Form| Parameter::rows(form).concat();
    let mut form = Form::default();
    assert!(!shown(&form).contains(&Parameter::Task));
    form.task = "editing".parse().ok();
    assert!(shown(&form).contains(&Parameter::Task));
    form = Form {
        model: "seedance-2.5".parse().unwrap(),
        ..Form::default()
    };
    assert_eq!(shown(&form).len(), TABLE.len() - 1, "all but the prompt");
}

#[test]
fn the_values_are_those_of_the_model() {
    let long = "[long]\nlike = \"seedance-2.0\"\ndurations = { min = 4, max = 30 }";
    let (specs, errors) = catalogue::with(long);
    assert_eq!(errors, []);
    let mut form = Form {
        prompt: "k".into(),
        model: Model::of(specs.last().unwrap().clone()),
        duration: "24".parse().unwrap(),
        ..Form::default()
    };
    let chosen = |form: &Form| {
        let (words, at) = Parameter::Duration.choices(form).unwrap();
        (words[at].clone(), words.len())
    };
    assert_eq!(
        (form.broken_rules(), chosen(&form)),
        (Vec::new(), ("24".to_owned(), 27))
    );
    // Another model does not make it: it stays in sight and says so.
    form.model = Model::default();
    assert_eq!(chosen(&form), ("24".to_owned(), 8));
    let broken = form.broken_rules();
    assert_eq!(
        broken[0].to_string(),
        "duration 24 is not offered: use 4, 5, 6, 8, 10, 12 or 15 seconds"
    );
}

/// On the command line a model may be named as the workbench shows it.
#[test]
fn a_model_is_known_by_its_slug_and_by_its_label() {
    for (name, slug) in [
        ("seedance-2.5", "seedance-2.5"),
        ("2.5", "seedance-2.5"),
        ("2.5-draft", "seedance-2.5-draft-final"),
        ("fast", "seedance-2.0-fast"),
    ] {
        let mut form = Form::default();
        Parameter::Model.write(&mut form, name).unwrap();
        assert_eq!(form.model.slug(), slug, "{name}");
    }
    assert!(Parameter::Model.write(&mut Form::default(), "draft").is_err());
}
