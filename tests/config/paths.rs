//! The four folders.

use std::fs;
use std::path::{Path, PathBuf};

use rushes::config::{ConfigError, Paths};

fn env<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    move |name| {
        pairs
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    }
}

#[test]
fn one_folder_for_everything_by_argument_or_variable() {
    let by_variable = Paths::resolve(None, &env(&[("RUSHES_HOME", "/a"), ("XDG_DATA_HOME", "/x")])).unwrap();
    assert_eq!(by_variable.data, Path::new("/a/data"));
    let paths = Paths::resolve(Some(Path::new("/b")), &env(&[("RUSHES_HOME", "/a")])).unwrap();
    assert_eq!(paths.settings_file(), Path::new("/b/config/config.toml"));
    assert_eq!(paths.keymap_file(), Path::new("/b/config/keymap.toml"));
    assert_eq!(paths.themes(), Path::new("/b/config/themes"));
    assert_eq!(paths.key_file(), Path::new("/b/config/key"));
    assert_eq!(paths.database(), Path::new("/b/data/rushes.db"));
    assert_eq!(paths.reels(), Path::new("/b/data/reels"));
    assert_eq!(paths.sandbox(), Path::new("/b/data/sandbox"));
    assert_eq!(paths.cache, Path::new("/b/cache"));
    let relative = Paths::resolve(Some(Path::new("here")), &env(&[])).unwrap();
    assert_eq!(relative.data, std::env::current_dir().unwrap().join("here/data"));
}

#[test]
fn otherwise_the_xdg_rules() {
    let usual = Paths::resolve(None, &env(&[("HOME", "/home/kim"), ("RUSHES_HOME", "")])).unwrap();
    let expected = [".config", ".local/share", ".local/state", ".cache"];
    let expected = expected.map(|folder| PathBuf::from(format!("/home/kim/{folder}/rushes")));
    assert_eq!([usual.config, usual.data, usual.state, usual.cache], expected);

    let set = [
        ("HOME", "/home/kim"),
        ("XDG_CONFIG_HOME", "/c"),
        ("XDG_DATA_HOME", "/d"),
        ("XDG_STATE_HOME", "/s"),
        ("XDG_CACHE_HOME", "relative/is/ignored"),
    ];
    let paths = Paths::resolve(None, &env(&set)).unwrap();
    let expected = ["/c/rushes", "/d/rushes", "/s/rushes", "/home/kim/.cache/rushes"].map(PathBuf::from);
    assert_eq!([paths.config, paths.data, paths.state, paths.cache], expected);
}

#[test]
fn folders_are_made_for_their_owner_only() {
    let home = tempfile::tempdir().unwrap();
    let paths = crate::paths_in(&home.path().join("deep/er"));
    paths.ensure().unwrap();
    for path in [&paths.config, &paths.data, &paths.state, &paths.cache] {
        assert_eq!(
            fs::read_dir(path).unwrap().count(),
            0,
            "nothing is left behind in {}",
            path.display()
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_named_with_the_way_out() {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths::resolve(Some(home.path()), &env(&[])).unwrap();
    // A file in the folder's place stops even the superuser, unlike a mode.
    fs::write(&paths.state, "in the way").unwrap();
    let error = paths.ensure().unwrap_err();
    assert!(matches!(&error, ConfigError::Folder { path, .. } if *path == paths.state));
    let message = error.to_string();
    assert!(
        message.starts_with(&paths.state.display().to_string()) && message.contains("--home DIR"),
        "{message}"
    );
}

#[test]
fn the_folders_of_settings_and_cache_need_not_be_writable() {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths::resolve(Some(home.path()), &env(&[])).unwrap();
    fs::write(&paths.config, "in the way").unwrap();
    fs::write(&paths.cache, "in the way").unwrap();
    paths.ensure().unwrap();
}
