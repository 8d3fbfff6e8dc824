//! Where the key is found, and the errors when it cannot be used.

use std::fs;
use std::path::Path;

use rushes::config::{ConfigError, Paths, Settings, find_key};

const KEY: &str = "SG_00112233445566aa";

fn find(home: &Path, variable: Option<&str>, command: Option<&str>) -> Result<Option<String>, ConfigError> {
    let settings = Settings {
        key_command: command.map(str::to_owned),
        ..Settings::default()
    };
    let env = |name: &str| variable.filter(|_| name == "SEGMIND_API_KEY").map(str::to_owned);
    let found = find_key(&env, &settings, &crate::paths_in(home));
    found.map(|key| key.map(|key| key.expose().to_owned()))
}

fn write_key(paths: &Paths, text: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(paths.key_file(), text).unwrap();
    fs::set_permissions(paths.key_file(), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn environment_then_command_then_file() {
    let home = tempfile::tempdir().unwrap();
    let paths = crate::paths_in(home.path());
    assert_eq!(find(home.path(), None, None).unwrap(), None);
    write_key(&paths, "SG_file\n", 0o600);
    assert_eq!(find(home.path(), None, None).unwrap().as_deref(), Some("SG_file"));
    assert_eq!(
        find(home.path(), None, Some("echo SG_command"))
            .unwrap()
            .as_deref(),
        Some("SG_command")
    );
    assert_eq!(
        find(home.path(), Some(KEY), Some("echo SG_command"))
            .unwrap()
            .as_deref(),
        Some(KEY)
    );
    assert_eq!(
        find(home.path(), Some(" \n"), None).unwrap().as_deref(),
        Some("SG_file")
    );
}

#[test]
fn a_file_that_others_can_read_is_not_used() {
    let home = tempfile::tempdir().unwrap();
    let paths = crate::paths_in(home.path());
    for mode in [0o644, 0o640, 0o604, 0o660, 0o777] {
        write_key(&paths, KEY, mode);
        let message = find(home.path(), None, None).unwrap_err().to_string();
        assert!(
            message.contains("chmod 600") && message.contains(&format!("{mode:03o}")),
            "{message}"
        );
        assert!(message.contains(&paths.key_file().display().to_string()));
    }
    for mode in [0o600, 0o400] {
        write_key(&paths, KEY, mode);
        assert_eq!(find(home.path(), None, None).unwrap().as_deref(), Some(KEY));
    }
}

#[test]
fn a_wrong_source_is_reported_and_the_next_is_not_tried() {
    let home = tempfile::tempdir().unwrap();
    let paths = crate::paths_in(home.path());
    write_key(&paths, KEY, 0o600);
    for (variable, command, words) in [
        (Some("SG_a b"), None, "SEGMIND_API_KEY: the key has a space"),
        (None, Some("no-such-program-of-rushes"), "cannot be started"),
        (None, Some("false"), "failed (exit status: 1)"),
        (
            None,
            Some("sh -c 'echo locked >&2; exit 3'"),
            "failed (exit status: 3): locked",
        ),
        (None, Some("true"), "printed no key (the key is empty"),
        (
            None,
            Some("echo two words"),
            "printed no key (the key has a space",
        ),
        (None, Some("echo 'open"), "unclosed quotation mark"),
    ] {
        let message = find(home.path(), variable, command).unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    }
    for text in ["", "SG_a b", "a\nb"] {
        write_key(&paths, text, 0o600);
        let message = find(home.path(), None, None).unwrap_err().to_string();
        assert!(message.contains("config/key: the key"), "{message}");
    }
}

#[test]
fn a_command_may_say_more_than_the_key() {
    let home = tempfile::tempdir().unwrap();
    let line =
        format!("sh -c 'echo {KEY}; echo login: kim; yes | head -c 1000000; yes >&2 | head -c 100000'");
    let line = line.replace("yes >&2 | head -c 100000", "yes | head -c 100000 >&2");
    assert_eq!(
        find(home.path(), None, Some(&line)).unwrap().as_deref(),
        Some(KEY)
    );
}

#[test]
fn no_error_repeats_what_may_be_a_key() {
    let home = tempfile::tempdir().unwrap();
    let paths = crate::paths_in(home.path());
    let twice = format!("{KEY} {KEY}");
    write_key(&paths, &twice, 0o600);
    let print = format!(
        "sh -c 'printf \"%s \" {}; printf \"%s\" {}'",
        &KEY[..9],
        &KEY[9..]
    );
    let results = [
        find(home.path(), Some(&twice), None),
        find(home.path(), None, None),
        find(home.path(), None, Some(&print)),
    ];
    for result in results {
        let error = result.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY), "{shown}");
    }
}
