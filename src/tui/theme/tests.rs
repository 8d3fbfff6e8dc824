//! Every shipped theme, and the ways a user's may be wrong.

use std::fs;

use ratatui::style::Color;

use super::*;
use crate::media::cells::Ink;
use crate::tui::theme::{contrast, ink, names};

const DEPTHS: [ColorDepth; 4] = [
    ColorDepth::Never,
    ColorDepth::Ansi16,
    ColorDepth::Ansi256,
    ColorDepth::Truecolor,
];

fn shipped() -> Vec<String> {
    names(None)
}

#[test]
fn every_shipped_theme_names_every_role() {
    for name in shipped() {
        let file = builtin::merged(&name, None).unwrap();
        for role in Role::ALL {
            assert!(file.roles.contains_key(role), "{name} lacks {}", role.name());
        }
    }
}

#[test]
fn the_folder_of_themes_is_what_is_built_in() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes");
    let mut on_disk: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    on_disk.sort();
    assert_eq!(on_disk, shipped());
}

#[test]
fn colours_of_ones_own_can_be_read_on_their_ground() {
    for name in shipped() {
        let file = builtin::merged(&name, None).unwrap();
        let (ink, ground, _) = resolve(&file, Role::Text).unwrap();
        for role in Role::ALL {
            let (fg, bg, _) = resolve(&file, *role).unwrap();
            let (Some(Paint::Rgb(fg)), Some(Paint::Rgb(bg))) = (fg.or(ink), bg.or(ground)) else {
                continue;
            };
            // Lines and rests of bars are shapes, not text (WCAG 2: 3 for those, 4.5 for text).
            let least = if matches!(role, Role::Border | Role::GaugeRest) {
                3.0
            } else {
                4.5
            };
            let found = contrast(fg, bg);
            assert!(
                found >= least,
                "{name}: {} has a contrast of {found:.2}",
                role.name()
            );
        }
    }
}

#[test]
fn at_sixteen_colours_nothing_can_vanish_on_an_unknown_ground() {
    let unsafe_alone = [Color::White, Color::Black, Color::DarkGray, Color::Gray];
    for name in shipped() {
        let theme = Theme::load(&name, None, ColorDepth::Ansi16).unwrap();
        for role in Role::ALL {
            let style = theme.style(*role);
            let fg = style.fg.unwrap_or(Color::Reset);
            assert!(!unsafe_alone.contains(&fg), "{name}: {} is {fg:?}", role.name());
            assert!(
                matches!(style.bg, None | Some(Color::Reset)),
                "{name}: {} sets a ground",
                role.name()
            );
        }
    }
}

#[test]
fn what_must_be_told_apart_differs_at_every_depth() {
    let pairs = [
        (Role::Text, Role::Selection),
        (Role::Text, Role::SelectionIdle),
        (Role::Selection, Role::SelectionIdle),
        (Role::Live, Role::Sandbox),
        (Role::Value, Role::ValueOn),
        (Role::Border, Role::BorderFocus),
        (Role::Saved, Role::Failed),
    ];
    for name in shipped() {
        for depth in DEPTHS {
            let theme = Theme::load(&name, None, depth).unwrap();
            for (a, b) in pairs {
                assert_ne!(
                    theme.style(a),
                    theme.style(b),
                    "{name} {depth:?}: {} {}",
                    a.name(),
                    b.name()
                );
            }
        }
    }
}

#[test]
fn without_colours_there_are_modifiers_only() {
    for name in shipped() {
        let theme = Theme::load(&name, None, ColorDepth::Never).unwrap();
        assert_eq!(theme, Theme::fallback(ColorDepth::Never));
        for role in Role::ALL {
            let style = theme.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{}", role.name());
        }
    }
}

#[test]
fn truecolor_stays_out_of_lesser_terminals() {
    for name in shipped() {
        for depth in [ColorDepth::Ansi16, ColorDepth::Ansi256] {
            let theme = Theme::load(&name, None, depth).unwrap();
            for style in &theme.styles {
                for color in [style.fg, style.bg].into_iter().flatten() {
                    assert!(!matches!(color, Color::Rgb(..)), "{name} {depth:?}");
                    assert!(depth != ColorDepth::Ansi16 || !matches!(color, Color::Indexed(_)));
                }
            }
        }
    }
}

#[test]
fn a_users_file_wins_and_may_inherit_its_own_name() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("night.toml"),
        "inherits = \"night\"\n[palette]\nsky = \"#ffffff\"\n",
    )
    .unwrap();
    let own = Theme::load("night", Some(dir.path()), ColorDepth::Truecolor).unwrap();
    assert_eq!(own.style(Role::Accent).fg, Some(ink(Ink::Rgb([255; 3]))));
    let built_in = Theme::load("night", None, ColorDepth::Truecolor).unwrap();
    assert_eq!(own.style(Role::Saved), built_in.style(Role::Saved));
}

#[test]
fn a_role_that_is_not_named_falls_back() {
    let file = ThemeFile::read("t.toml", "[roles]\nfailed = \"red\"\ntext = { bg = \"reset\" }\n").unwrap();
    let theme = Theme::of(&file, ColorDepth::Ansi16).unwrap();
    assert_eq!(theme.style(Role::Expired), Style::new().fg(Color::Red));
    assert_eq!(theme.style(Role::Border), theme.style(Role::Text));
}

/// A wrong file and the whole message it must give.
const WRONG: [(&str, &str); 11] = [
    (
        "[roles]\nacent = \"red\"",
        "t.toml:2:1: \"acent\" is not a role: use …(did you mean \"accent\"?)",
    ),
    (
        "[roles]\ntext = \"rde\"",
        "t.toml:2:8: \"rde\" is not a colour: use …(did you mean \"red\"?)",
    ),
    (
        "[roles]\ntext = { fg = \"#12345\" }",
        "t.toml:2:15: \"#12345\" is not a colour: use …palette",
    ),
    (
        "[roles]\ntext = 7",
        "t.toml:2:8: text must be a colour or a table, not integer",
    ),
    (
        "[roles]\ntext = { weight = 1 }",
        "t.toml:2:10: \"weight\" is not a part of a role: use fg, bg, like, modifiers",
    ),
    (
        "[roles]\ntext = { modifiers = [\"blod\"] }",
        "t.toml:2:23: \"blod\" is not a modifier: use …(did you mean \"bold\"?)",
    ),
    (
        "[roles]\ntext = { modifiers = \"bold\" }",
        "t.toml:2:22: modifiers must be an array of strings, not string",
    ),
    (
        "[role]\n",
        "t.toml:1:2: \"role\" is not a part of a theme: use inherits, palette, roles (did you mean \"roles\"?)",
    ),
    (
        "[palette]\na = \"b\"\nb = \"a\"\n[roles]\ntext = \"a\"",
        "t.toml:5:8: the palette runs in a circle: a → b → a; break it at one of them",
    ),
    (
        "[roles]\nok = { like = \"warn\" }\nwarn = { like = \"ok\" }",
        "t.toml:3:8: like runs in a circle: warn → ok → warn; break it at one of them",
    ),
    ("[roles\n", "t.toml:1:7: …"),
];

#[test]
fn wrong_files_say_where_and_what_is_accepted() {
    for (text, expected) in WRONG {
        let error = ThemeFile::read("t.toml", text)
            .and_then(|file| Theme::of(&file, ColorDepth::Truecolor))
            .unwrap_err()
            .to_string();
        let (head, tail) = expected.split_once('…').unwrap_or((expected, ""));
        let fits = error.starts_with(head) && error.ends_with(tail);
        assert!(fits, "{text}\n found    {error}\n expected {expected}");
    }
}

#[test]
fn themes_that_inherit_in_a_circle_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.toml"), "inherits = \"b\"\n").unwrap();
    fs::write(dir.path().join("b.toml"), "\ninherits = \"a\"\n").unwrap();
    let error = Theme::load("a", Some(dir.path()), ColorDepth::Ansi16).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("b.toml:2:12: inherits runs in a circle: a → b → a"),
        "{text}"
    );
}

#[test]
fn a_missing_theme_and_a_missing_parent_name_what_there_is() {
    let error = Theme::load("nigth", None, ColorDepth::Ansi16).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no theme \"nigth\": use one of ansi, mono, night, paper (did you mean \"night\"?)"
    );
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mine.toml"), "inherits = \"nigth\"").unwrap();
    let text = Theme::load("mine", Some(dir.path()), ColorDepth::Ansi16)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("mine.toml:1:12") && text.ends_with("(did you mean \"night\"?)"),
        "{text}"
    );
}

#[test]
fn a_name_is_not_a_path() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("x.toml"), "").unwrap();
    let inner = dir.path().join("themes");
    fs::create_dir(&inner).unwrap();
    assert!(matches!(
        Theme::load("../x", Some(&inner), ColorDepth::Ansi16),
        Err(ThemeError::NotFound { .. })
    ));
}

#[test]
fn a_theme_may_name_roles_of_earlier_releases() {
    let file = ThemeFile::read("mine.toml", "[roles]\nadded = \"green\"\nok = \"green\"").unwrap();
    assert_eq!(file.roles.keys().collect::<Vec<_>>(), [&Role::Ok]);
}
