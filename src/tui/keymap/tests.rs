//! The keymap: its defaults, lookup, and that no file can break it.

use std::collections::BTreeMap;

use super::*;
use proptest::prelude::*;

fn keys(text: &str) -> Vec<Key> {
    text.parse::<Chord>().unwrap().keys().to_vec()
}

/// The default keys as a keymap file.
fn default_file() -> String {
    let line = |(action, keys): &(Action, &[&str])| format!("{action} = {keys:?}\n");
    let table = |context: Context| {
        let lines: String = context.default_keys().iter().map(line).collect();
        format!("[{}]\n{lines}", context.name())
    };
    Context::ALL.map(table).concat()
}

#[test]
fn the_default_has_no_errors() {
    let mut keymap = Keymap {
        bound: BTreeMap::new(),
    };
    assert_eq!(load::apply(&mut keymap, "default", &default_file()), []);
    assert_eq!(keymap, Keymap::default());
    assert_eq!(Keymap::patched("again", &default_file()), (keymap, Vec::new()));
}

#[test]
fn every_action_has_a_key_or_stands_in_the_palette() {
    // What belongs to one overlay has its key there; all else can be found in the palette.
    for action in Action::ALL {
        let somewhere = Context::ALL
            .iter()
            .any(|context| !Keymap::default().chords(*context, *action).is_empty());
        let in_palette = [Action::Suspend, Action::EmptyBin];
        assert!(somewhere || in_palette.contains(action), "{action} has no key");
    }
}

#[test]
fn everything_works_without_ctrl_alt_and_function_keys() {
    let keymap = Keymap::default();
    for ((context, action), chords) in &keymap.bound {
        let plain = |chord: &Chord| {
            !["Ctrl-", "Alt-", "F1"]
                .iter()
                .any(|held| chord.to_string().contains(held))
        };
        let by_palette = *action == Action::Redraw;
        assert!(
            chords.iter().any(plain) || by_palette,
            "{action} in {}",
            context.name()
        );
    }
}

#[test]
fn every_context_can_be_left_by_escape() {
    for context in Context::ALL {
        assert_eq!(
            Keymap::default().find(context, &keys("esc")),
            Found::Action(Action::Leave)
        );
    }
}

#[test]
fn a_pane_goes_before_the_global_table() {
    let keymap = Keymap::default();
    assert_eq!(
        keymap.find(Context::Queue, &keys("K")),
        Found::Action(Action::MoveUp)
    );
    assert_eq!(keymap.find(Context::Log, &keys("K")), Found::Nothing);
    assert_eq!(
        keymap.find(Context::Queue, &keys("g")),
        Found::Action(Action::Generate)
    );
    assert_eq!(keymap.find(Context::Editing, &keys("g")), Found::Nothing);
}

#[test]
fn a_begun_chord_shows_how_it_goes_on() {
    let keymap = Keymap::default();
    assert_eq!(keymap.find(Context::Log, &keys("y")), Found::Begun);
    let rest = keymap.continuations(Context::Log, &keys("y"));
    assert_eq!(rest.len(), 5);
    assert!(rest.contains(&("p".to_owned(), Action::CopyPath)));
    assert_eq!(
        keymap.find(Context::Log, &keys("y p")),
        Found::Action(Action::CopyPath)
    );
}

#[test]
fn labels_follow_the_users_file() {
    let (keymap, errors) = Keymap::patched("k", "[global]\ngenerate = [\"Q\"]\nsweep = []\nnote = [\"g\"]");
    assert_eq!(errors, []);
    assert_eq!(
        keymap.label(Context::Queue, Action::Generate).as_deref(),
        Some("Q")
    );
    assert_eq!(keymap.label(Context::Queue, Action::Sweep), None);
    assert_eq!(
        keymap.find(Context::Prompt, &keys("g")),
        Found::Action(Action::Note)
    );
}

#[test]
fn two_keys_can_be_exchanged() {
    let (keymap, errors) = Keymap::patched("k", "[global]\ngenerate = [\"s\"]\nsweep = [\"g\"]");
    assert_eq!(errors, []);
    assert_eq!(
        keymap.find(Context::Log, &keys("g")),
        Found::Action(Action::Sweep)
    );
}

#[test]
fn a_default_gives_way_to_the_users_line() {
    let (keymap, errors) = Keymap::patched("k", "[global]\ngenerate = [\"s\"]\nzoom = [\"y\"]");
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "k:2:1: generate takes the only key of sweep (`s`)",
            "k:3:1: zoom takes the only key of copy_path (`y p`), copy_url (`y u`), copy_curl (`y c`), \
             copy_python (`y y`), copy_json (`y j`)"
        ]
    );
    assert_eq!(keymap.label(Context::Log, Action::Generate).as_deref(), Some("s"));
    assert_eq!(keymap.label(Context::Log, Action::Sweep), None);
    assert_eq!(keymap.label(Context::Log, Action::Zoom).as_deref(), Some("y"));
}

#[test]
fn of_two_lines_with_one_key_one_has_no_effect() {
    let (keymap, errors) = Keymap::patched("k", "[log]\nopen = [\"O\"]\nnote = [\"O\"]");
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].message.ends_with("; this line has no effect"),
        "{errors:?}"
    );
    assert_ne!(keymap.find(Context::Log, &keys("O")), Found::Nothing);
}

proptest! {
    #[test]
    fn no_text_breaks_it(text in "\\PC{0,80}") {
        let (keymap, errors) = Keymap::patched("k", &text);
        prop_assert!(!errors.is_empty() || keymap == Keymap::default() || text.contains('['));
    }

    /// Whatever lines a file holds, no chord in force is ambiguous in any place.
    #[test]
    fn no_patch_makes_a_key_ambiguous(
        lines in prop::collection::btree_map((0..Context::ALL.len(), 0..Action::ALL.len()), "[a-dgsyK*/]( [a-dpu])?", 0..8),
    ) {
        let mut tables: BTreeMap<usize, String> = BTreeMap::new();
        for ((context, action), keys) in &lines {
            *tables.entry(*context).or_default() += &format!("{} = [{keys:?}]\n", Action::ALL[*action].name());
        }
        let table = |(context, lines): (&usize, &String)| format!("[{}]\n{lines}", Context::ALL[*context].name());
        let (keymap, _) = Keymap::patched("k", &tables.iter().map(table).collect::<String>());
        for context in Context::ALL {
            for action in keymap.actions(context) {
                for chord in keymap.chords(context, action) {
                    prop_assert_eq!(keymap.find(context, chord.keys()), Found::Action(action));
                    prop_assert!(keymap.continuations(context, chord.keys()).is_empty());
                    for shorter in 1..chord.keys().len() {
                        prop_assert_eq!(keymap.find(context, &chord.keys()[..shorter]), Found::Begun);
                    }
                }
            }
        }
    }
}
