//! References: files looked at before any price is paid, numbers that the text follows, paths completed.

use rushes::model::Draft;

use crate::bench::{Desk, Options, workbench};

/// The smallest PNG there is.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

fn draft(desk: &Desk) -> Draft {
    let reel = desk.store.reel("night-drive").unwrap();
    desk.store.draft(&reel.id).unwrap().unwrap_or_default()
}

/// Types `text` as the next reference image.
async fn attach(desk: &Desk, text: &str) {
    let before = draft(desk).images.len();
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
    desk.until("it is attached", move |desk| draft(desk).images.len() > before)
        .await;
}

#[test]
fn a_file_is_looked_at_when_it_is_named_and_a_missing_one_is_an_error() {
    workbench(Options::default(), |desk| async move {
        let folder = tempfile::tempdir().unwrap();
        let still = folder.path().join("her look.png");
        std::fs::write(&still, PNG).unwrap();
        attach(&desk, &format!("'{}'", still.display())).await;
        assert_eq!(draft(&desk).images, [still.display().to_string()]);
        desk.sees("33 B").await;
        desk.sees("is attached, never cited").await;
        attach(&desk, "/nowhere/at/all.png").await;
        desk.sees("unusable").await;
        desk.press("esc f");
        desk.sees("[unreadable-reference]").await;
        desk.sees("cannot read /nowhere/at/all.png").await;
    });
}

#[test]
fn citations_follow_their_references_and_come_back_with_one_key() {
    workbench(Options::default(), |desk| async move {
        attach(&desk, "https://example.com/a.png").await;
        attach(&desk, "https://example.com/b.png").await;
        desk.press("1 ctrl-end");
        desk.write(" She as in image 1, he as in @image2.").await;
        desk.press("esc 2 end");
        desk.settle().await;
        // The last place of Parameters is a list's name; the references stand above it.
        for _ in 0..6 {
            desk.press("K");
            desk.settle().await;
            if draft(&desk).images[0].ends_with("b.png") {
                break;
            }
            desk.press("k");
            desk.settle().await;
        }
        assert!(draft(&desk).images[0].ends_with("b.png"), "{}", desk.glass.text());
        assert!(
            draft(&desk)
                .prompt
                .ends_with("She as in image 2, he as in @image1."),
            "{}",
            draft(&desk).prompt
        );
        // It stays selected: taken out, its citation is a slot to fill.
        desk.press("D");
        desk.until("one is left", |desk| draft(desk).images.len() == 1)
            .await;
        assert!(
            draft(&desk)
                .prompt
                .ends_with("She as in image 1, he as in @image__.")
        );
        desk.press("U U");
        desk.until("all is as it was", |desk| {
            draft(desk).images.len() == 2
                && draft(desk)
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
            draft(desk)
                .images
                .iter()
                .any(|image| image.ends_with("still-one.png"))
        })
        .await;
    });
}
