//! References: files are inspected before any price is shown, the text follows their numbers, paths are completed.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use rushes::engine::references::Local;
use rushes::model::{Backend, Complaint, Form, Parameter, Usd};
use rushes::store::Admission;
use rushes::tui::effect::{Effect, Message};

use crate::test_workbench::{Desk, Options, app_alone, workbench};

/// A whole PNG of one grey pixel.
const PNG: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\x9cch\x00\x00\x00\x82\x00\x81w\xcdr\xb6\x00\x00\x00\x00IEND\xaeB`\x82";

/// Types `text` as the next reference image.
async fn attach(desk: &Desk, text: &str) {
    let before = desk.form().images.len();
    desk.press("2 home");
    desk.settle().await;
    for _ in 0..40 {
        if desk.glass.text().contains("›images") {
            break;
        }
        desk.press("j");
        desk.settle().await;
    }
    desk.press("enter");
    desk.settle().await;
    desk.send(crossterm::event::Event::Paste(text.to_owned()));
    desk.settle().await;
    desk.press("enter");
    desk.until("it is attached", move |desk| desk.form().images.len() > before)
        .await;
}

#[test]
fn a_file_is_inspected_when_it_is_named_and_a_missing_one_is_an_error() {
    workbench(Options::default(), |desk| async move {
        let folder = tempfile::tempdir().unwrap();
        let still = folder.path().join("her look.png");
        std::fs::write(&still, PNG).unwrap();
        attach(&desk, &format!("'{}'", still.display())).await;
        assert_eq!(desk.form().images, [still.display().to_string()]);
        desk.sees("67 B").await;
        desk.sees("is attached but never cited").await;
        attach(&desk, "/nowhere/at/all.png").await;
        desk.sees("unusable").await;
        desk.press("esc f");
        desk.sees("[unreadable-reference]").await;
        desk.sees("cannot read /nowhere/at/all.png").await;
    });
}

/// The figures of what others report are among the findings, and stop nothing.
#[test]
fn a_picture_beyond_what_others_report_is_a_warning_with_its_figures() {
    workbench(Options::default(), |desk| async move {
        let folder = tempfile::tempdir().unwrap();
        let still = folder.path().join("her.png");
        std::fs::write(&still, PNG).unwrap();
        attach(&desk, still.to_str().unwrap()).await;
        desk.sees("67 B").await;
        desk.press("esc f");
        desk.sees("[reported-limit]").await;
        desk.sees("1×1 pixels").await;
        desk.press("esc g");
        desk.queued(1).await;
    });
}

const RELATIVE: &str = "tests/pictures/halves.jpg";

fn whole() -> String {
    let whole = std::path::absolute(RELATIVE).unwrap();
    whole.to_str().unwrap().to_owned()
}

#[test]
fn a_reference_that_is_typed_as_a_relative_path_is_kept_by_its_whole_path() {
    workbench(Options::default(), |desk| async move {
        attach(&desk, RELATIVE).await;
        assert_eq!(desk.form().images, [whole()]);
        desk.sees("halves.jpg").await;
        desk.sees_no("unusable").await;
    });
}

/// A form that an earlier release saved, with the revision that its take was made from.
fn of_an_earlier_release(desk: &Desk) {
    let form = Form {
        prompt: "A kite, as in image 1.".to_owned(),
        images: vec![whole()],
        ..Form::default()
    };
    let seed = rushes::model::Seed::new(7).unwrap();
    let (reel, free) = (&desk.reel_id, Usd::ZERO);
    let made = Admission::of(reel, Backend::Sandbox, form.clone(), [seed], free, free);
    desk.store.admit(&made).unwrap();
    let edited = Form {
        images: vec![RELATIVE.to_owned()],
        ..form
    };
    desk.store.forms(reel).save(&edited).unwrap();
}

#[test]
fn a_form_with_a_relative_path_is_like_its_revision_and_is_not_set_aside_as_another_one() {
    let options = Options {
        prepare: Some(of_an_earlier_release),
        ..Options::default()
    };
    workbench(options, |desk| async move {
        desk.sees("v1").await;
        desk.sees("A kite, as in image 1.").await;
        desk.settle().await;
        desk.sees_no("differs from").await;
        desk.press("E");
        desk.sees("The form is empty").await;
        desk.until("it is saved", |desk| desk.form() == Form::default())
            .await;
        desk.settle().await;
        let revisions = desk.store.forms(&desk.reel_id).revisions(9).unwrap();
        assert_eq!(revisions.len(), 1, "{revisions:?}");
    });
}

/// What is wrong with a file is said of the field that names it now.
#[test]
fn a_fix_that_moves_a_file_to_another_field_brings_a_finding_about_that_field() {
    workbench(Options::default(), |desk| async move {
        desk.press("2 home");
        desk.settle().await;
        for _ in 0..40 {
            if desk.glass.text().contains("›Last frame") {
                break;
            }
            desk.press("j");
            desk.settle().await;
        }
        desk.press("enter");
        desk.settle().await;
        desk.write("/nowhere.png").await;
        desk.press("enter");
        desk.until("it is the last frame", |desk| {
            desk.form().last_frame == "/nowhere.png"
        })
        .await;
        desk.press("1 f");
        desk.sees("cannot read /nowhere.png for the last frame").await;
        desk.press("esc");
        desk.settle().await;
        desk.press("F");
        desk.until("it is the first frame", |desk| {
            desk.form().first_frame == "/nowhere.png"
        })
        .await;
        desk.settle().await;
        desk.press("f");
        desk.sees("cannot read /nowhere.png for the first frame").await;
        desk.sees_no("for the last frame").await;
    });
}

/// A file that the API would bill but could not use is an error before any price.
#[test]
fn a_broken_file_is_an_error() {
    workbench(Options::default(), |desk| async move {
        let folder = tempfile::tempdir().unwrap();
        let jpeg = include_bytes!("../pictures/halves.jpg");
        let cut = folder.path().join("cut.jpg");
        std::fs::write(&cut, &jpeg[..jpeg.len() / 2]).unwrap();
        attach(&desk, &cut.display().to_string()).await;
        desk.sees("unusable").await;
        desk.press("esc f");
        desk.sees("[unreadable-reference]").await;
        desk.sees("is damaged (it ends in the middle of the picture)")
            .await;
    });
}

#[test]
fn citations_follow_their_references_and_come_back_with_one_key() {
    workbench(Options::default(), |desk| async move {
        attach(&desk, "https://example.com/a.png").await;
        attach(&desk, "https://example.com/b.png").await;
        desk.press("1 i ctrl-end");
        desk.write(" She as in image 1, he as in @image2.").await;
        desk.press("esc 2 end");
        desk.settle().await;
        // The last place of Parameters is the name of a list, below the references.
        for _ in 0..6 {
            desk.press("K");
            desk.settle().await;
            if desk.form().images[0].ends_with("b.png") {
                break;
            }
            desk.press("k");
            desk.settle().await;
        }
        assert!(desk.form().images[0].ends_with("b.png"), "{}", desk.glass.text());
        assert!(
            desk.form()
                .prompt
                .ends_with("She as in image 2, he as in @image1."),
            "{}",
            desk.form().prompt
        );
        // It stays selected; when it is removed, its citation becomes a slot to fill.
        desk.press("D");
        desk.until("one is left", |desk| desk.form().images.len() == 1)
            .await;
        assert!(
            desk.form()
                .prompt
                .ends_with("She as in image 1, he as in @image__.")
        );
        desk.press("U U");
        desk.until("all is as it was", |desk| {
            desk.form().images.len() == 2
                && desk
                    .form()
                    .prompt
                    .ends_with("She as in image 1, he as in @image2.")
        })
        .await;
    });
}

#[test]
fn a_path_is_completed_as_a_shell_does() {
    workbench(Options::default(), |desk| async move {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("still-one.png"), PNG).unwrap();
        std::fs::write(folder.path().join("still-two.png"), PNG).unwrap();
        attach(&desk, "https://example.com/a.png").await;
        desk.press("enter ctrl-u");
        desk.settle().await;
        desk.send(crossterm::event::Event::Paste(format!(
            "{}/st",
            folder.path().display()
        )));
        desk.settle().await;
        desk.press("tab");
        desk.until("what is common is filled in", |desk| {
            desk.glass.text().contains("still-")
        })
        .await;
        desk.press("tab");
        desk.sees("still-one.png, still-two.png").await;
        desk.write("o").await;
        desk.press("tab");
        desk.until("the rest is filled in", |desk| {
            desk.glass.text().contains("still-one.png")
        })
        .await;
        desk.press("enter");
        desk.until("it is the reference", |desk| {
            desk.form()
                .images
                .iter()
                .any(|image| image.ends_with("still-one.png"))
        })
        .await;
    });
}

#[test]
fn completion_fills_in_what_all_matches_have_in_common() {
    workbench(Options::default(), |desk| async move {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..600 {
            std::fs::write(folder.path().join(format!("still-{n:03}.png")), PNG).unwrap();
        }
        std::fs::write(folder.path().join("story.png"), PNG).unwrap();
        let typed = format!("{}/s", folder.path().display());
        attach(&desk, "https://example.com/a.png").await;
        desk.press("enter");
        desk.settle().await;
        desk.send(Event::Paste(typed.clone()));
        desk.settle().await;
        desk.press("tab");
        desk.settle().await;
        desk.press("tab");
        desk.sees("still-000.png, still-001.png").await;
        desk.press("enter");
        desk.until("it is a reference", |desk| desk.form().images.len() == 2)
            .await;
        assert_eq!(desk.form().images[1], format!("{typed}t"));
    });
}

/// A disk that does not respond must not cost a thread for each key.
#[test]
fn a_file_that_is_being_inspected_is_not_asked_for_again() {
    let images = vec!["/far/away/a.png".to_owned()];
    let mut app = app_alone(Form {
        images: images.clone(),
        ..Form::default()
    });
    let asked = |effects: &[Effect]| {
        let looks = |effect: &&Effect| matches!(effect, Effect::LookAtFiles(_));
        effects.iter().filter(looks).count()
    };
    let key = |c| Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    assert_eq!(asked(&app.begin()), 1);
    app.feed(&[key('i')]);
    for c in "pan left".chars() {
        assert!(app.feed(&[key(c)]).is_empty(), "the frame comes first");
        let effects = app.catch_up();
        assert!(matches!(effects[..], [Effect::SaveForm(..), ..]), "{effects:?}");
        assert_eq!(asked(&effects), 0, "{c:?}");
    }
    assert_eq!(asked(&app.feed(&[Event::FocusGained])), 0);
    let gone = Err(Complaint::new("gone", "give another"));
    let seen = Local::of(&app.state().form.current, Parameter::Images, &images[0]);
    app.receive(Message::FilesSeen([(seen, gone)].into()));
    assert_eq!(asked(&app.feed(&[key('z')])), 0, "it is known now");
    assert_eq!(
        asked(&app.feed(&[Event::FocusGained])),
        1,
        "it may be another file now"
    );
}
