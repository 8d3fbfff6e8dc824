//! Stores of every version are brought up to date, or left alone.

use std::fs;

use super::*;

const NEXT: &str = "ALTER TABLE settings ADD COLUMN noted_at INTEGER";

fn fresh() -> (tempfile::TempDir, PathBuf, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    let mut connection = Connection::open(&path).unwrap();
    apply(&mut connection, &path, MIGRATIONS).unwrap();
    connection
        .execute("INSERT INTO settings VALUES ('theme', 'night')", [])
        .unwrap();
    (folder, path, connection)
}

fn upgrade() -> Vec<&'static str> {
    [MIGRATIONS, &[NEXT]].concat()
}

fn version(path: &Path) -> u32 {
    let connection = Connection::open(path).unwrap();
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

#[test]
fn the_list_is_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts: Vec<_> = files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    assert_eq!(texts, MIGRATIONS);
    for (number, file) in (1..).zip(files) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.starts_with(&format!("{number:03}_")), "{name}");
    }
}

/// `RUSHES_WRITE_SCHEMA=1 cargo test --lib schema_file` writes the file anew after a migration was added.
#[test]
fn the_schema_file_is_what_the_migrations_make() {
    let (_folder, path, connection) = fresh();
    let made: String = statements(&connection).unwrap().into_iter().collect();
    if std::env::var_os("RUSHES_WRITE_SCHEMA").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema.sql");
        let head = "-- The whole schema. `schema_tests.rs` writes it from the migrations, and each start compares the database with it.";
        fs::write(file, format!("{head}\n\n{made}")).unwrap();
    }
    assert!(made == whole(), "src/store/schema.sql is out of date");
    assert_eq!(verify(&connection, &path), Ok(()));
}

/// Damage that can be parsed changes what the database does, so it counts as damage of the file.
#[test]
fn a_changed_definition_is_damage_and_an_added_one_is_not() {
    for (from, to, is_damage) in [
        ("new.", "old.", true),
        ("'waiting'", "'waitinG'", true),
        ("DEFAULT 0", "DEFAULT 1", true),
        ("nowhere", "somewhere", false),
    ] {
        let (_folder, path, connection) = fresh();
        let added = "CREATE TABLE own (x); CREATE INDEX of_my_own ON takes (seed)";
        connection.execute_batch(added).unwrap();
        connection.pragma_update(None, "writable_schema", true).unwrap();
        let sql = "UPDATE sqlite_schema SET sql = replace(sql, ?1, ?2) WHERE instr(sql, ?1)";
        assert_eq!(
            connection.execute(sql, [from, to]).unwrap() > 0,
            is_damage,
            "{from}"
        );
        drop(connection);
        let clock = std::sync::Arc::new(crate::model::SystemClock);
        let outcome = crate::store::Store::open(&path, clock).map(drop);
        assert_eq!(
            matches!(outcome, Err(StoreError::Corrupt(..))),
            is_damage,
            "{from}: {outcome:?}"
        );
        assert_eq!(outcome.is_err(), is_damage, "{from}: {outcome:?}");
    }
}

#[test]
fn an_upgrade_keeps_what_is_there_and_a_copy_of_it() {
    let (_folder, path, mut connection) = fresh();
    let first = u32::try_from(MIGRATIONS.len()).unwrap();
    apply(&mut connection, &path, &upgrade()).unwrap();
    assert_eq!(version(&path), first + 1);
    let copy = beside(&path, ".bak");
    assert_eq!(version(&copy), first);
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    for file in [&path, &copy] {
        let theme: String = Connection::open(file)
            .unwrap()
            .query_row("SELECT value FROM settings", [], |row| row.get(0))
            .unwrap();
        assert_eq!(theme, "night");
    }
}

#[test]
fn an_upgrade_that_fails_leaves_the_store_as_it_was() {
    let (_folder, path, mut connection) = fresh();
    let broken = [
        MIGRATIONS,
        &["CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)"],
    ]
    .concat();
    apply(&mut connection, &path, &broken).unwrap_err();
    assert_eq!(version(&path), u32::try_from(MIGRATIONS.len()).unwrap());
    assert!(!connection.table_exists(None, "half").unwrap());
}

#[test]
fn nothing_to_do_writes_nothing() {
    let (_folder, path, mut connection) = fresh();
    apply(&mut connection, &path, MIGRATIONS).unwrap();
    assert!(!beside(&path, ".bak").exists());
}

/// Every word that the model knows is one that the schema takes, and no other is.
#[test]
fn the_schema_knows_the_models_words() {
    use crate::model::{Backend, TakeState, Verdict};
    let schema = MIGRATIONS.concat();
    let listed = |column: &str, words: &[&str]| {
        let check = format!("{column} IN ('{}')", words.join("', '"));
        let flat = schema
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace("( ", "(");
        assert!(flat.contains(&check), "{check}");
    };
    listed("state", &TakeState::ALL.map(TakeState::word));
    listed("backend", &[Backend::Sandbox, Backend::Live].map(Backend::word));
    listed(
        "verdict",
        &[Verdict::None, Verdict::Circled, Verdict::Rejected].map(Verdict::word),
    );
}

/// A store of the first schema with a take in it: nothing is lost, and no account is made up.
#[test]
fn a_store_of_before_accounts_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    let mut old = Connection::open(&path).unwrap();
    apply(&mut old, &path, &MIGRATIONS[..1]).unwrap();
    old.execute_batch(
        r#"INSERT INTO reels (id, name, folder, created_at) VALUES ('r', 'neon', 'neon-1', 0);
           INSERT INTO takes (reel_id, backend, api_version, model, state, position, request_id, estimate, body)
           VALUES ('r', 'live', 'v2', 'seedance-2.0', 'accepted', 1, 'abc', 703080,
                   '{"resolution":"480p","aspect_ratio":"16:9","duration":10,"seed":7,"prompt":"A kite."}');
           INSERT INTO events (take_id, at, to_state, detail) VALUES (1, 5, 'waiting', '');
           INSERT INTO uploads VALUES ('aa', 'https://images.segmind.com/a.png', 9, 1);
           INSERT INTO uploads VALUES ('bb', 'http://127.0.0.1:41234/assets/b.png', 9, 1);"#,
    )
    .unwrap();
    drop(old);
    let clock = std::sync::Arc::new(crate::model::SystemClock);
    let store = crate::store::Store::open(&path, clock).unwrap();
    let take = store.take(crate::model::TakeId(1)).unwrap();
    assert_eq!((take.request_id.as_deref(), take.account), (Some("abc"), None));
    // One frame of 240 more than the estimate, rounded up: what real bills count.
    assert_eq!(take.reserve.map(crate::model::Usd::micros), Some(706_010));
    let upload = |origin: &str, sha256: &str| store.upload(origin, sha256).unwrap();
    let uploads = crate::model::origin::UPLOADS;
    assert!(upload(uploads, "aa").is_some());
    assert_eq!(upload(uploads, "bb"), None, "a sandbox's address is dead");
    assert_eq!(version(&beside(&path, ".bak")), 1);
}

/// Amounts that an older rushes stored and that no sum could hold: they do not stop sending any more. A reserve that is
/// reckoned from the estimate counts in their place.
#[test]
fn absurd_amounts_of_an_older_store_give_way_to_the_reserve() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    let mut old = Connection::open(&path).unwrap();
    apply(&mut old, &path, &MIGRATIONS[..3]).unwrap();
    old.execute_batch("INSERT INTO reels (id, name, folder, created_at) VALUES ('r', 'neon', 'neon-1', 0);")
        .unwrap();
    for (cost, estimate) in [
        (i64::MAX, 100_000),
        (i64::MAX, 100_000),
        (-1, 100_000),
        (250_000, i64::MAX),
    ] {
        old.execute(
            r#"INSERT INTO takes (reel_id, backend, api_version, model, state, position, cost, estimate, body)
               VALUES ('r', 'live', 'v2', 'seedance-2.0', 'saved', 1, ?1, ?2,
                       '{"resolution":"480p","aspect_ratio":"16:9","duration":10,"seed":7,"prompt":"A kite."}')"#,
            (cost, estimate),
        )
        .unwrap();
        old.execute_batch(
            "INSERT INTO events (take_id, at, to_state, detail) VALUES (last_insert_rowid(), 5, 'waiting', '');
             INSERT INTO events (take_id, at, to_state, detail)
             SELECT max(id), 6, 'submitting', '' FROM takes;",
        )
        .unwrap();
    }
    drop(old);
    let clock = std::sync::Arc::new(crate::model::SystemClock);
    let store = crate::store::Store::open(&path, clock).unwrap();
    let committed = store
        .queue(crate::model::Backend::Live)
        .committed_since(jiff::Timestamp::UNIX_EPOCH);
    let reserve = (100_000 * 241_i64 + 239) / 240;
    assert_eq!(
        committed,
        Ok(crate::model::Usd::from_micros(3 * reserve + 250_000))
    );
    // What is read after the upgrade is nothing that counts as damage.
    assert_eq!(store.recovery().unreadable_rows(), Ok(Vec::new()));
}

/// A database as schema 7 kept it, without what only later schemas have.
fn released() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/fixtures/schema-7.db");
    fs::copy(fixture, &path).unwrap();
    (folder, path)
}

fn opened(path: &Path) -> crate::store::Store {
    crate::store::Store::open(path, std::sync::Arc::new(crate::model::SystemClock)).unwrap()
}

/// Every older version leads to the same schema, with one take and one form in it that are read as they were written.
#[test]
fn every_older_version_is_brought_up_to_date() {
    let mut schemas = Vec::new();
    for version in 1..=MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rushes.db");
        let mut old = Connection::open(&path).unwrap();
        apply(&mut old, &path, &MIGRATIONS[..version]).unwrap();
        old.execute_batch(
            "INSERT INTO reels (id, name, folder, created_at) VALUES ('r', 'neon', 'neon-1', 0)",
        )
        .unwrap();
        if version < 8 {
            old.execute_batch(
                r#"INSERT INTO drafts (reel_id, version, saved_at, prompt, model, api_version, resolution, duration,
                       aspect_ratio, generate_audio, return_last_frame, seeds, first_frame, last_frame, images, videos,
                       audios, skip_moderation, bitrate_mode)
                   VALUES ('r', 1, 5, 'A "kite".', 'seedance-2.0-mini', 'v2', '720p', 4, '9:16', 0, 1, '7', 'a', 'b',
                           '["c"]', '[]', '["d", "e"]', 1, 'high');
                   INSERT INTO takes (reel_id, backend, api_version, model, draft_version, state, position, estimate, body)
                   VALUES ('r', 'live', 'v2', 'seedance-2.0-mini', 1, 'waiting', 1, 703080,
                       '{"resolution":"720p","aspect_ratio":"9:16","duration":4,"seed":7,"prompt":"A \"kite\"."}');
                   INSERT INTO events (take_id, at, to_state, detail) VALUES (1, 5, 'waiting', '');"#,
            )
            .unwrap();
        }
        drop(old);
        let store = opened(&path);
        if version < 8 {
            let form = store.forms("r").revision(1).unwrap().unwrap();
            assert_eq!((form.prompt.as_str(), form.seeds.as_str()), ("A \"kite\".", "7"));
            assert_eq!(
                (form.images, form.audios),
                (vec!["c".to_owned()], vec!["d".to_owned(), "e".to_owned()])
            );
            assert!(!form.generate_audio && form.return_last_frame && form.skip_moderation);
            assert_eq!(form.bitrate_mode, Some("high".parse().unwrap()));
            let kite = crate::store::Filter::parse("kite seed:7 720p").unwrap();
            assert_eq!(store.takes(&kite, 0, 9).unwrap()[0].revision, Some(1));
        }
        assert_eq!(store.recovery().unreadable_rows(), Ok(Vec::new()), "{version}");
        let schema: Vec<String> = Connection::open(&path)
            .unwrap()
            .prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        schemas.push(schema);
    }
    assert!(schemas.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn an_upgrade_leaves_nothing_that_refers_to_what_is_gone() {
    let (_folder, path) = released();
    drop(opened(&path));
    let connection = Connection::open(&path).unwrap();
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(
        count("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
        0
    );
}

/// A damaged row is found after the upgrade as it would have been before.
#[test]
fn a_damaged_row_does_not_stop_an_upgrade() {
    for damage in [
        "UPDATE takes SET state = 'saveD' WHERE id = 3",
        "UPDATE takes SET verdict = CAST(X'ff' AS TEXT) WHERE id = 3",
        "UPDATE takes SET reserve = -5 WHERE id = 3",
        "UPDATE drafts SET images = '[' WHERE version = 1",
        "UPDATE drafts SET prompt = CAST(X'ff' AS TEXT) WHERE version = 1",
        "UPDATE drafts SET duration = 7777 WHERE version = 1",
        "UPDATE drafts SET set_aside = 7 WHERE version = 1",
        "UPDATE events SET to_state = 'waitinG' WHERE id = 1",
    ] {
        let (_folder, path) = released();
        let raw = Connection::open(&path).unwrap();
        raw.pragma_update(None, "ignore_check_constraints", true).unwrap();
        assert!(raw.execute(damage, []).unwrap() > 0, "{damage}");
        drop(raw);
        let unreadable = opened(&path).recovery().unreadable_rows().unwrap();
        assert!(!unreadable.is_empty(), "{damage}");
    }
}

/// A row that no upgrade can carry over is damage, which the next start looks for, and nothing has changed.
#[test]
fn an_upgrade_that_a_row_stops_is_damage() {
    let (_folder, path) = released();
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'backend        TEXT NOT NULL', 'backend        TEXT')
         WHERE name = 'takes';",
    )
    .unwrap();
    drop(raw);
    let raw = Connection::open(&path).unwrap();
    raw.execute("UPDATE takes SET backend = NULL WHERE id = 3", [])
        .unwrap();
    drop(raw);
    let clock = std::sync::Arc::new(crate::model::SystemClock);
    let error = crate::store::Store::open(&path, clock).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert_eq!(version(&path), 7);
}
