//! The program on a disk without room, in a namespace of its own where one can be mounted.

use std::io::Write;
use std::process::{Command, Output};

/// A small disk at `$HOME_DIR`, a take on it, and then no room.
const FILLED: &str = r#"
mount -t tmpfs -o size=16m,mode=700 none "$HOME_DIR" || { echo "NO MOUNT"; exit 0; }
export RUSHES_HOME="$HOME_DIR"
mkdir "$HOME_DIR/config"
echo 'sandbox_speed = 20' > "$HOME_DIR/config/config.toml"
"$RUSHES" --sandbox gen --prompt 'a kite' --seeds 7 --duration 4 --no-audio --yes > "$HOME_DIR/out" 2>&1 || cat "$HOME_DIR/out"
dd if=/dev/zero of="$HOME_DIR/ballast" bs=4096 2> /dev/null
"#;

/// Runs more of the script on the full disk; `None` where none can be mounted.
fn on_a_full_disk(more: &str) -> Option<Output> {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", &format!("{FILLED}\n{more}")])
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .env("LANG", "C.UTF-8")
        .env("RUSHES", env!("CARGO_BIN_EXE_rushes"))
        .env("HOME_DIR", home.path())
        .output();
    let why = match output {
        Ok(output) if output.status.success() && !output.stdout.starts_with(b"NO MOUNT") => {
            return Some(output);
        }
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("unshare") => {
            String::from_utf8_lossy(&output.stderr).into_owned()
        }
        Ok(output) if output.stdout.starts_with(b"NO MOUNT") => "no disk can be mounted here".to_owned(),
        Ok(output) => panic!("{output:?}"),
        Err(error) => error.to_string(),
    };
    // Not by the macro: the harness keeps what that prints of tests that pass.
    writeln!(std::io::stderr().lock(), "NOT RUN: {}", why.trim()).unwrap();
    None
}

#[test]
fn a_start_on_a_full_disk_shows_the_takes_and_names_the_disk() {
    let script = r#""$RUSHES" --sandbox ls; echo "ls $?"
        "$RUSHES" --sandbox gen --prompt 'a kite' --seeds 8 --duration 4 --no-audio --yes; echo "gen $?"
        "$RUSHES" --sandbox resume --detached; echo "resume $?"
        "$RUSHES" --sandbox doctor | grep store
        rm "$HOME_DIR/ballast"
        "$RUSHES" --sandbox ls --json"#;
    let Some(output) = on_a_full_disk(script) else {
        return;
    };
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(out.contains("saved") && out.contains("ls 0"), "{out}\n{err}");
    assert!(out.contains("gen 1") && out.contains("resume 1"), "{out}\n{err}");
    for part in ["rushes.db is full", "takes are shown", "make room"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    // Each of the three commands says it once.
    assert_eq!(err.matches("rushes.db is full").count(), 3, "{err}");
    assert!(
        !err.contains("disk I/O error") && !out.contains("disk I/O error"),
        "{out}\n{err}"
    );
    assert!(out.contains("fault  store") && out.contains("is full"), "{out}");
    // Nothing was lost by it.
    let last = out.lines().last().unwrap();
    assert!(last.starts_with('{') && last.contains("\"seed\":7"), "{out}");
}

/// The screen belongs to the workbench: a warning that does not fit into the log is dropped. The same warning is in the
/// log when there is room for it.
#[test]
fn a_log_that_cannot_be_written_prints_nothing() {
    let script = r#"damage() {
            database=$(find "$HOME_DIR" -name rushes.db)
            rm -f "$database.suspect"
            echo 'This is no database any more.' | dd of="$database" conv=notrunc 2> /dev/null
            "$RUSHES" --sandbox ls > /dev/null
            warnings=$(find "$HOME_DIR" -name 'rushes.*.log' -exec cat {} + | grep -c 'WARN.*not a database')
            echo "logged $warnings"
        }
        damage
        rm "$HOME_DIR/ballast"
        damage"#;
    let Some(output) = on_a_full_disk(script) else {
        return;
    };
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(out.lines().collect::<Vec<_>>(), ["logged 0", "logged 1"], "{err}");
    for word in ["tracing", "WARN", "No space"] {
        assert!(!err.contains(word), "{word}: {err}");
    }
}
