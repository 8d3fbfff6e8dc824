//! `rushes bin`: the files of rejected takes are listed, and deleted only on request.

use std::path::{Path, PathBuf};

use rushes::model::{Backend, TakeId, Verdict};
use rushes::service::home::WhichReel;
use rushes::service::{Change, Home};
use serde_json::Value;

use crate::commands::{errors, of_lines, output, records};
use crate::reels::{faster, file, take};

/// As `-` in the workbench.
fn reject(home: &Path, take: &Value) -> PathBuf {
    let home = Home::open(Some(home), WhichReel::Default, |_| {}).unwrap();
    let id = TakeId(take["id"].as_i64().unwrap());
    let queue = home.queue(Backend::Sandbox);
    let changed = queue.change(id, Change::Verdict(Verdict::Rejected)).unwrap();
    assert_eq!(changed.remark, None);
    changed.take.file.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_owned()).unwrap()
}

#[test]
fn the_bin_is_listed_and_emptied_on_request_only() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let nothing = output(home, &["bin"]);
    assert_eq!(text(&nothing.stdout), "The bin of reel main is empty.\n");
    let first = take(home, "main", "7", &["--return-last-frame"]);
    let kept = take(home, "main", "8", &[]);
    let other = take(home, "other", "9", &[]);
    let binned = reject(home, &first);
    reject(home, &other);
    let picture = binned.with_file_name("main-00001-s7-480p-4s-last.png");
    let bytes = binned.metadata().unwrap().len() + picture.metadata().unwrap().len();

    let listed = records(home, &["bin", "list", "--json"]);
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (
            &listed[0]["take"],
            &listed[0]["name"],
            &listed[0]["bytes"],
            &listed[0]["missing"]
        ),
        (
            &1.into(),
            &"main-00001-s7-480p-4s.mp4".into(),
            &bytes.into(),
            &false.into()
        )
    );
    assert_eq!(records(home, &["bin", "--all-reels", "--json"]).len(), 2);
    let shown = text(&output(home, &["bin", "list"]).stdout);
    assert!(
        shown.contains("main-00001-s7-480p-4s.mp4") && shown.contains("`rushes bin empty` deletes"),
        "{shown}"
    );

    // What is in the bin can still be opened and copied.
    let opened = output(home, &["open", binned.to_str().unwrap(), "--json"]);
    assert!(
        of_lines(&opened)[0]["found"]
            .as_str()
            .unwrap()
            .contains("sidecar")
    );
    for command in ["bundle", "embed"] {
        let out = home.join(command);
        let done = output(home, &[command, "1", "-o", out.to_str().unwrap()]);
        assert_eq!(done.status.code(), Some(0), "{}", errors(&done));
    }
    let joined = home.join("joined.mp4");
    let done = output(home, &["concat", "1", "2", "-o", joined.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{}", errors(&done));

    // Without a terminal and without --yes nothing is deleted.
    let refused = output(home, &["bin", "empty"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = errors(&refused);
    assert!(
        said.contains("nothing was deleted: 1 video of a rejected take, ") && said.contains("add --yes"),
        "{said}"
    );
    assert!(binned.is_file() && picture.is_file());

    let emptied = output(home, &["bin", "empty", "-y", "--json"]);
    assert_eq!(emptied.status.code(), Some(0), "{}", errors(&emptied));
    let emptied = of_lines(&emptied).remove(0);
    assert_eq!((&emptied["takes"], &emptied["bytes"]), (&1.into(), &bytes.into()));
    assert!(!binned.exists() && !picture.exists() && file(&kept).is_file());
    assert_eq!(records(home, &["bin", "list", "--json", "--all-reels"]).len(), 1);
    let nothing = text(&output(home, &["bin", "empty"]).stdout);
    assert!(
        nothing.contains("The bin of reel main is empty. Other bins hold"),
        "{nothing}"
    );
    says_what_was_deleted(home, &binned);
}

/// Take 1 was emptied, and take 3 is in another reel's bin.
fn says_what_was_deleted(home: &Path, binned: &Path) {
    let shown = records(home, &["show", "1", "--json"]).remove(0);
    assert_eq!((&shown["file"], &shown["state"]), (&Value::Null, &"saved".into()));
    assert!(shown["emptied_at"].is_string());
    let shown = text(&output(home, &["show", "1"]).stdout);
    assert!(
        shown.contains("deleted ") && shown.contains("from the bin; in the workbench `R`"),
        "{shown}"
    );
    assert!(text(&output(home, &["ls"]).stdout).contains("deleted from the bin 20"));
    let gone = output(home, &["open", binned.to_str().unwrap()]);
    assert!(
        errors(&gone).contains("the bin may have been emptied"),
        "{}",
        errors(&gone)
    );
    for arguments in [
        &["bundle", "1", "-o", "gone.tar"][..],
        &["embed", "1", "-o", "gone.mp4"],
        &["concat", "1", "2", "-o", "gone.mp4"],
        &["chain", "1"],
    ] {
        let refused = output(home, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        let said = errors(&refused);
        assert!(
            said.contains("the video of take 1 was deleted from the bin at 20") && said.contains("same seed"),
            "{said}"
        );
    }
    // A lost database still knows both.
    for ending in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(home.join("data/rushes").with_extension(ending));
    }
    let back = records(home, &["ls", "--all-reels", "--json"]);
    let of = |id: i64| back.iter().find(|take| take["id"] == id).unwrap();
    assert_eq!(
        (&of(1)["file"], &of(1)["verdict"]),
        (&Value::Null, &"rejected".into())
    );
    assert!(file(of(3)).is_file() && of(3)["verdict"] == "rejected");
    assert!(records(home, &["show", "1", "--json"])[0]["emptied_at"].is_string());
}

#[test]
fn the_last_frame_that_a_chain_saves_is_in_the_sidecar() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    faster(home, "");
    let made = take(home, "main", "7", &[]);
    assert!(made["last_frame_file"].is_null());
    let chained = output(home, &["chain", "1"]);
    assert_eq!(chained.status.code(), Some(0), "{}", errors(&chained));
    let sidecar = std::fs::read(file(&made).with_extension("json")).unwrap();
    let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
    let picture = sidecar["last_frame_file"].as_str().unwrap();
    assert!(
        Path::new(picture).is_file() && picture.ends_with("-last.png"),
        "{picture}"
    );
}
