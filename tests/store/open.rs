//! Opening a store: what can be at its path, and the messages about it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use rushes::model::clock::ManualClock;
use rushes::store::{Store, StoreError};

use crate::test_store::*;

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open_with(path, Arc::new(ManualClock::at(start())), impatient())
}

/// The error of opening the file at `path`, which must stay unchanged.
fn refused(path: &Path) -> StoreError {
    let before = fs::read(path).ok();
    let error = open(path).expect_err("it must not open");
    assert_eq!(fs::read(path).ok(), before, "the file was changed");
    assert!(
        error.to_string().contains(path.to_str().unwrap()),
        "{error} does not name the file"
    );
    error
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn raw(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}

#[test]
fn a_new_store_is_readable_only_by_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/deep/rushes.db");
    let store = open(&path).unwrap();
    store.reel("neon").unwrap();
    for file in ["rushes.db", "rushes.db-wal", "rushes.db-shm"] {
        assert_eq!(mode(&path.with_file_name(file)), 0o600, "{file}");
    }
    assert_eq!(mode(path.parent().unwrap()), 0o700);
}

#[test]
fn a_store_that_others_could_read_is_made_private() {
    let kit = kit();
    fs::set_permissions(kit.path(), fs::Permissions::from_mode(0o644)).unwrap();
    open(&kit.path()).unwrap();
    assert_eq!(mode(&kit.path()), 0o600);
}

#[test]
fn garbage_is_not_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    fs::write(&path, "this is a letter, not a database\n".repeat(500)).unwrap();
    let error = refused(&path);
    assert_eq!(error, StoreError::NotADatabase(path.clone()));
    assert!(error.to_string().contains("move it away"), "{error}");
}

/// Cut anywhere: said at once, and nothing written over what is left.
#[test]
fn a_truncated_store_is_damaged() {
    let kit = kit();
    kit.admit(&(0..100).collect::<Vec<_>>());
    let path = kit.folder.path().join("cut.db");
    drop(raw(&kit.path()).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    let whole = fs::read(kit.path()).unwrap();
    for keep in [
        1,
        99,
        100,
        101,
        1000,
        4095,
        4096,
        4097,
        8192,
        whole.len() / 2,
        whole.len() - 1,
    ] {
        fs::write(&path, &whole[..keep]).unwrap();
        let error = refused(&path);
        assert!(
            matches!(
                error,
                StoreError::Corrupt { .. } | StoreError::NotADatabase { .. }
            ),
            "{keep} bytes: {error:?}"
        );
        assert!(error.to_string().contains("move it away"), "{error}");
    }
}

/// Pages overwritten in the middle: reading them says so, and never panics.
#[test]
fn a_damaged_page_is_found_when_it_is_read() {
    let kit = kit();
    let ids = kit.admit(&(0..1000).collect::<Vec<_>>());
    drop(raw(&kit.path()).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    let path = kit.folder.path().join("damaged.db");
    let mut bytes = fs::read(kit.path()).unwrap();
    let body = bytes.len() / 2;
    bytes[body..].fill(0xA5);
    fs::write(&path, &bytes).unwrap();
    let store = open(&path).unwrap();
    let errors: Vec<_> = ids.iter().filter_map(|id| store.take(*id).err()).collect();
    assert!(!errors.is_empty());
    for error in errors {
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    }
}

#[test]
fn a_newer_schema_is_left_alone_and_both_versions_are_named() {
    let kit = kit();
    let path = kit.folder.path().join("newer.db");
    raw(&kit.path())
        .execute("VACUUM INTO ?1", [path.to_str().unwrap()])
        .unwrap();
    raw(&path).pragma_update(None, "user_version", 999).unwrap();
    let error = refused(&path);
    let known: i64 = raw(&kit.path())
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let (found, known) = (999, known.try_into().unwrap());
    assert_eq!(error, StoreError::Newer { path, found, known });
    assert!(
        error
            .to_string()
            .contains(&format!("schema 999, this one knows up to {known}")),
        "{error}"
    );
}

#[test]
fn another_programs_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    raw(&path)
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .unwrap();
    assert_eq!(refused(&path), StoreError::OtherProgram(path));
}

#[test]
fn a_folder_at_the_stores_path_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    fs::create_dir(&path).unwrap();
    let error = refused(&path);
    assert!(
        matches!(&error, StoreError::CannotOpen(_, detail) if detail == "it is not a file"),
        "{error:?}"
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = refused(&file.join("data/rushes.db"));
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error:?}");
    assert!(error.to_string().contains("--home"), "{error}");
}

#[test]
fn a_store_in_use_by_another_program_is_locked() {
    let kit = kit();
    let store = open(&kit.path()).unwrap();
    let other = raw(&kit.path());
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let path = kit.path();
    assert_eq!(store.reel("new"), Err(StoreError::Locked(path)));
    assert_eq!(
        store.reel("neon drive").as_ref(),
        Ok(&kit.reel),
        "reading goes on"
    );
    open(&kit.path()).expect("opening needs no lock");
    other.execute_batch("COMMIT").unwrap();
    store.reel("new").unwrap();
}

#[test]
fn a_store_with_an_exclusive_lock_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    drop(open(&path).unwrap());
    let other = raw(&path);
    other.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = open(&path).unwrap_err();
    assert_eq!(error, StoreError::Locked(path));
    assert!(error.to_string().contains("try again"), "{error}");
}
