//! The editor by its keys.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::tui::theme::{ColorDepth, Role, Theme};

fn press(editor: &mut Editor, code: KeyCode) -> KeyOutcome {
    editor.handle(KeyEvent::new(code, KeyModifiers::NONE))
}

fn ctrl(editor: &mut Editor, c: char) -> KeyOutcome {
    editor.handle(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL))
}

fn type_in(editor: &mut Editor, text: &str) {
    for c in text.chars() {
        press(editor, KeyCode::Char(c));
    }
}

fn drawn(editor: &Editor, width: u16, height: u16) -> (Vec<String>, Option<Position>) {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    let theme = Theme::fallback(ColorDepth::Never);
    let caret = editor.draw(&mut buffer, area, &theme, true, &[]);
    let row = |y| {
        (0..width)
            .map(|x| buffer[(x, y)].symbol())
            .collect::<String>()
            .trim_end()
            .to_owned()
    };
    ((0..height).map(row).collect(), caret)
}

#[test]
fn undo_goes_by_words() {
    let mut editor = Editor::new("");
    type_in(&mut editor, "a red car ");
    let mut seen = Vec::new();
    while editor.undo() == KeyOutcome::Changed {
        seen.push(editor.text());
    }
    assert_eq!(seen, ["a red ", "a ", ""]);
    ctrl(&mut editor, 'y');
    ctrl(&mut editor, 'r');
    assert_eq!(editor.text(), "a red ");
    assert_eq!(editor.caret(), (0, 6));
}

#[test]
fn a_run_of_backspaces_is_one_step_and_a_move_ends_it() {
    let mut editor = Editor::new("abcdef");
    press(&mut editor, KeyCode::End);
    press(&mut editor, KeyCode::Backspace);
    press(&mut editor, KeyCode::Backspace);
    press(&mut editor, KeyCode::Left);
    press(&mut editor, KeyCode::Backspace);
    assert_eq!(editor.text(), "abd");
    ctrl(&mut editor, 'z');
    assert_eq!(editor.text(), "abcd");
    ctrl(&mut editor, 'z');
    assert_eq!((editor.text().as_str(), editor.caret()), ("abcdef", (0, 6)));
}

#[test]
fn a_paste_is_one_step_and_never_acts() {
    let mut editor = Editor::new("x");
    assert_eq!(editor.paste("Shot 1\r\nq\rg\x1b[A\x03"), KeyOutcome::Changed);
    assert_eq!(editor.text(), "Shot 1\nq\ng[Ax");
    editor.undo();
    assert_eq!(editor.text(), "x");
    assert_eq!(editor.paste("\x07"), KeyOutcome::Moved);
}

#[test]
fn a_new_text_is_one_step_too() {
    let mut editor = Editor::new("one\ntwo");
    let version = editor.version();
    assert_eq!(editor.set_text("one\ntwo"), KeyOutcome::Moved);
    assert_eq!(editor.version(), version);
    assert_eq!(editor.set_text(""), KeyOutcome::Changed);
    assert_eq!(editor.set_text("three\nlines\nmore"), KeyOutcome::Changed);
    editor.undo();
    editor.undo();
    assert_eq!(editor.text(), "one\ntwo");
    assert!(editor.version() > version);
}

#[test]
fn clusters_are_deleted_and_passed_as_one() {
    let mut editor = Editor::new("e\u{301}👩\u{200d}🚀镜");
    press(&mut editor, KeyCode::End);
    press(&mut editor, KeyCode::Left);
    press(&mut editor, KeyCode::Backspace);
    assert_eq!(editor.text(), "e\u{301}镜");
    press(&mut editor, KeyCode::Home);
    press(&mut editor, KeyCode::Delete);
    assert_eq!(editor.text(), "镜");
}

#[test]
fn lines_are_joined_and_cut_at_the_caret() {
    let mut editor = Editor::new("one two\nthree");
    ctrl(&mut editor, 'e');
    ctrl(&mut editor, 'k');
    assert_eq!(editor.text(), "one twothree");
    ctrl(&mut editor, 'w');
    assert_eq!(editor.text(), "one three");
    ctrl(&mut editor, 'u');
    assert_eq!(editor.text(), "three");
    ctrl(&mut editor, 'j');
    press(&mut editor, KeyCode::Enter);
    assert_eq!(editor.text(), "\n\nthree");
    ctrl(&mut editor, 'h');
    assert_eq!(editor.text(), "\nthree");
}

#[test]
fn rows_wrap_and_the_caret_goes_by_them() {
    let mut editor = Editor::new("one two three four\nfive");
    let (rows, caret) = drawn(&editor, 9, 4);
    assert_eq!(rows, ["one two", "three", "four", "five"]);
    assert_eq!(caret, Some(Position::new(0, 0)));
    press(&mut editor, KeyCode::End);
    press(&mut editor, KeyCode::Down);
    assert_eq!(drawn(&editor, 9, 4).1, Some(Position::new(5, 1)));
    press(&mut editor, KeyCode::Down);
    press(&mut editor, KeyCode::Down);
    // The column is kept over shorter rows.
    assert_eq!(drawn(&editor, 9, 4).1, Some(Position::new(4, 3)));
    press(&mut editor, KeyCode::Home);
    assert_eq!(editor.caret(), (1, 0));
}

#[test]
fn the_view_follows_the_caret_and_stays_put_otherwise() {
    let text: Vec<String> = (0..20).map(|n| format!("line {n}")).collect();
    let mut editor = Editor::new(&text.join("\n"));
    assert_eq!(drawn(&editor, 20, 3).0[0], "line 0");
    press(&mut editor, KeyCode::PageDown);
    press(&mut editor, KeyCode::PageDown);
    assert_eq!(drawn(&editor, 20, 3).0, ["line 2", "line 3", "line 4"]);
    press(&mut editor, KeyCode::Up);
    assert_eq!(drawn(&editor, 20, 3).0[0], "line 2");
    assert_eq!(editor.hidden(20, 3), (2, 15));
    editor.go_to_byte(0);
    assert_eq!(drawn(&editor, 20, 3).0[0], "line 0");
}

#[test]
fn a_full_row_leaves_a_column_for_the_caret() {
    let mut editor = Editor::new("abcdefgh");
    press(&mut editor, KeyCode::End);
    let (rows, caret) = drawn(&editor, 9, 1);
    assert_eq!((rows[0].as_str(), caret), ("abcdefgh", Some(Position::new(8, 0))));
}

#[test]
fn wide_characters_put_the_caret_two_columns_on() {
    let mut editor = Editor::new("镜头");
    press(&mut editor, KeyCode::Right);
    assert_eq!(drawn(&editor, 9, 1).1, Some(Position::new(2, 0)));
}

#[test]
fn marks_show_in_their_role() {
    let editor = Editor::new("Shot 1\nShot 2 wide");
    let area = Rect::new(0, 0, 12, 2);
    let mut buffer = Buffer::empty(area);
    let theme = Theme::fallback(ColorDepth::Never);
    let mark = Mark {
        range: 7..13,
        role: Role::Heading,
    };
    editor.draw(&mut buffer, area, &theme, false, &[mark]);
    let heading = theme.style(Role::Heading).add_modifier;
    assert_eq!(buffer[(0, 0)].modifier, ratatui::style::Modifier::empty());
    assert_eq!(
        (buffer[(0, 1)].modifier, buffer[(5, 1)].modifier),
        (heading, heading)
    );
    assert_eq!(buffer[(6, 1)].modifier, ratatui::style::Modifier::empty());
}

#[test]
fn no_more_than_the_most_is_held() {
    let mut editor = Editor::new(&"a".repeat(MAX_CHARACTERS - 1));
    editor.paste("bcd");
    assert!(editor.is_full());
    assert_eq!(press(&mut editor, KeyCode::Char('x')), KeyOutcome::Moved);
    press(&mut editor, KeyCode::End);
    assert_eq!(editor.text().chars().count(), MAX_CHARACTERS);
    press(&mut editor, KeyCode::Backspace);
    assert!(!editor.is_full());
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let code = prop_oneof![
        8 => prop::char::any().prop_map(KeyCode::Char),
        8 => prop::sample::select(vec!['a', ' ', 'é', '镜', '\u{301}', '\u{200d}', '👩', '🇦', '\n', '\u{1b}'])
            .prop_map(KeyCode::Char),
        12 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Backspace, KeyCode::Delete, KeyCode::Left, KeyCode::Right, KeyCode::Up,
            KeyCode::Down, KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown, KeyCode::Tab,
        ]),
        8 => prop::sample::select("abdefhjknpuwyzr".chars().collect::<Vec<_>>()).prop_map(KeyCode::Char),
    ];
    let modifiers = prop::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
        KeyModifiers::SHIFT,
    ]);
    (code, modifiers).prop_map(|(code, modifiers)| KeyEvent::new(code, modifiers))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn keys_never_panic_and_undo_leads_back(
        start in "[a-c é镜\u{301}\n]{0,30}",
        keys in prop::collection::vec(any_key(), 0..120),
        width in 1..20_u16,
        height in 0..6_u16,
    ) {
        let mut editor = Editor::new(&start);
        for key in keys {
            let before = (editor.text(), editor.version());
            let outcome = editor.handle(key);
            let text = editor.text();
            prop_assert!(!text.chars().any(|c| c != '\n' && c.is_control()));
            if outcome != KeyOutcome::Changed {
                prop_assert_eq!((&text, editor.version()), (&before.0, before.1));
            }
            let (line, byte) = editor.caret();
            let line = text.split('\n').nth(line).unwrap();
            prop_assert!(byte == line.len() || line.grapheme_indices(true).any(|(at, _)| at == byte));
            let (_, caret) = drawn(&editor, width, height);
            prop_assert!(caret.is_none_or(|at| at.x < width && at.y < height));
        }
        let end = editor.text();
        let mut steps = 0;
        while editor.undo() == KeyOutcome::Changed {
            steps += 1;
        }
        prop_assert_eq!(editor.text(), start);
        for _ in 0..steps {
            editor.redo();
        }
        prop_assert_eq!(editor.text(), end);
    }
}
