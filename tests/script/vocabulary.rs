//! The camera's vocabulary: completion, the rules and the animatic agree about every phrase.

use rushes::animatic::framing;
use rushes::model::{Form, Rule, RuleSet};
use rushes::script::camera_vocabulary::{
    Angle, Meaning, Movement, PhraseEntry, Size, VOCABULARY, camera_phrases, offered,
};
use rushes::script::lint::check;
use rushes::script::read;

fn all() -> impl Iterator<Item = (&'static PhraseEntry, &'static str)> {
    VOCABULARY
        .iter()
        .flat_map(|entry| entry.phrases().map(move |phrase| (entry, phrase)))
}

fn finds(rule: Rule, prompt: String) -> bool {
    let form = Form {
        prompt,
        ..Form::default()
    };
    check(&form, &read(&form.prompt), &RuleSet::NONE)
        .iter()
        .any(|finding| finding.rule == rule)
}

/// The one movement that an entry asks for, if it names one.
fn movement(entry: &PhraseEntry) -> Option<Movement> {
    let named = |meaning: &Meaning| match meaning {
        Meaning::Move(movement) if *movement != Movement::Other => Some(*movement),
        _ => None,
    };
    entry.meanings.iter().find_map(named)
}

#[test]
fn completion_offers_only_what_is_understood() {
    let known: Vec<&str> = all().map(|(_, phrase)| phrase).collect();
    assert!(offered().count() > 90);
    for phrase in offered() {
        assert!(
            known.contains(&phrase) && !camera_phrases(phrase).is_empty(),
            "{phrase}"
        );
    }
}

#[test]
fn the_animatic_draws_what_the_vocabulary_says() {
    for (entry, phrase) in all() {
        let drawn = framing(&format!("A kite, {phrase}. It dives."));
        let has = |meaning: Meaning| entry.meanings.contains(&meaning);
        assert_eq!(drawn.movement, movement(entry), "{phrase}");
        assert_eq!(
            drawn.size.is_some(),
            entry.meanings.iter().any(|m| matches!(m, Meaning::Size(_)))
        );
        assert!(
            drawn.size.is_none_or(|size: Size| has(Meaning::Size(size))),
            "{phrase}"
        );
        assert_eq!(
            drawn.angle.is_some(),
            entry.meanings.iter().any(|m| matches!(m, Meaning::Angle(_)))
        );
        assert!(
            drawn.angle.is_none_or(|angle: Angle| has(Meaning::Angle(angle))),
            "{phrase}"
        );
    }
}

#[test]
fn the_rules_follow_the_vocabulary() {
    for (entry, phrase) in all() {
        let still = finds(
            Rule::StaticStretch,
            format!("0-6s: a kite, {phrase}\n6-10s: it dives"),
        );
        let is_silent = |meaning: &Meaning| matches!(meaning, Meaning::Size(_) | Meaning::Angle(_));
        assert_eq!(still, entry.meanings.iter().all(is_silent), "{phrase}");

        // A certain movement beside another one, and not a whip pan, which counts as a cut.
        let certain = movement(entry).filter(|_| entry.is_certain);
        let other = if certain == Some(Movement::Roll) {
            "tilt up"
        } else {
            "camera roll"
        };
        let two = finds(Rule::TwoMoves, format!("0-4s: a kite, {phrase}. Later, {other}."));
        let moves =
            certain.is_some_and(|movement| !matches!(movement, Movement::WhipPan | Movement::Handheld));
        assert_eq!(two, moves, "{phrase}");
    }
}
