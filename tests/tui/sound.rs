//! The sound of the selected take, below its picture where there is room.

use rushes::media::{Column, Stretch, Wave};
use rushes::service::shots;
use rushes::service::sound::Heard;
use rushes::tui::app::App;
use rushes::tui::effect::{Effect, Listening, Message};
use rushes::tui::glyphs::{ASCII, Glyphs, UNICODE};

use crate::drawing::{ansi, draw, press, screen_of, with_picture};
use crate::picture_modes::pictured;
use crate::styled_text::text;

fn shown(app: &App, glyphs: &'static Glyphs, size: (u16, u16)) -> String {
    text(&draw(app, &screen_of(ansi(), glyphs), size.0, size.1).0)
}

/// What a frame of this size asks to listen to, once its picture is decoded.
fn asked(app: &mut App, size: (u16, u16)) -> Option<Listening> {
    let mut listening = None;
    for _ in 0..3 {
        let (_, seen, _) = draw(app, &screen_of(ansi(), &UNICODE), size.0, size.1);
        for effect in app.drawn(seen) {
            match effect {
                Effect::Picture(frame) => {
                    app.receive(Message::Pictured(Box::new(pictured(frame))));
                }
                Effect::Listen(asked) => assert_eq!(listening.replace(asked), None),
                _ => {}
            }
        }
    }
    listening
}

fn heard() -> Heard {
    let script = "Shot 1 | 0s-5s\nA kite.\nShot 2 | 5s-10s\nHe says, \"We never left.\"";
    let column = |at: u32| Column {
        min: -0.5,
        max: 0.5,
        rms_dbfs: if at < 256 { -25.0 } else { -90.0 },
    };
    Heard {
        wave: Wave {
            duration_ms: 10_000,
            columns: (0..512).map(column).collect(),
            peak_dbfs: -1.2,
            loudness_lufs: Some(-18.3),
            silences: vec![Stretch {
                start_ms: 5000,
                end_ms: 10_000,
            }],
            clipping: Vec::new(),
        },
        shots: shots::of_prompt(script, 10_000),
    }
}

#[test]
fn the_sound_is_asked_for_once_and_only_where_there_is_room() {
    let mut app = with_picture();
    for size in [(80, 24), (120, 40)] {
        assert_eq!(asked(&mut app, size), None, "{size:?}");
        assert!(!shown(&app, &UNICODE, size).contains("the sound"), "{size:?}");
    }
    press(&mut app, "5 z");
    let size = (140, 45);
    assert!(shown(&app, &UNICODE, size).contains("reading the sound"));
    let listening = asked(&mut app, size).unwrap();
    assert_eq!(asked(&mut app, size), None, "it is being read");
    let other = {
        let mut take = listening.take.clone();
        take.id = rushes::model::TakeId(999);
        Listening { take }
    };
    app.receive(Message::Heard(Box::new((
        other,
        Err("of another take".to_owned()),
    ))));
    assert!(shown(&app, &UNICODE, size).contains("reading the sound"));
    app.receive(Message::Heard(Box::new((listening.clone(), Ok(Some(heard()))))));
    assert_eq!(asked(&mut app, size), None, "it is known");

    let screen = shown(&app, &UNICODE, size);
    let words = "shot 2 has dialogue and its sound is silent; loudness -18.3 LUFS, peak -1.2 dBFS, silent 0:05.0 to 0:10.0";
    assert!(screen.contains(words), "{screen}");
    let wave: Vec<&str> = screen.lines().filter(|line| line.contains("▁▁▁▁")).collect();
    assert!(
        wave.iter()
            .any(|line| line.contains("████") && line.contains("│▁▁")),
        "{screen}"
    );
    let plain = shown(&app, &ASCII, size);
    assert!(plain.contains("####") && plain.contains("|...."), "{plain}");
    // Too small again: nothing of it is left.
    assert!(!shown(&app, &UNICODE, (80, 24)).contains("LUFS"));
}

#[test]
fn a_sound_that_cannot_be_read_is_told_in_its_place() {
    for (result, words) in [
        (Ok(None), "no sound"),
        (
            Err("a.mp4 ends early: 5 of at least 9 bytes".to_owned()),
            "ends early",
        ),
    ] {
        let mut app = with_picture();
        let listening = asked(&mut app, (140, 45)).unwrap();
        app.receive(Message::Heard(Box::new((listening, result))));
        assert!(shown(&app, &UNICODE, (140, 45)).contains(words), "{words}");
        assert_eq!(asked(&mut app, (140, 45)), None);
    }
}
