//! Files and folders that may not be written to. Root may write everywhere, so the work is done by a child
//! process, as nobody when the tests run as root.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rushes::model::SystemClock;
use rushes::store::{Store, StoreError};

/// Set for the other process, which runs the same test.
const OTHER: &str = "RUSHES_TEST_MODES";
const NOBODY: u32 = 65_534;

#[test]
fn a_read_only_path_is_named_with_what_to_do() {
    if std::env::var_os(OTHER).is_some() {
        return as_one_who_may_not_write();
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    // A copy, since nobody may not be allowed into the folder of the build.
    let copy = folder.path().join("child");
    fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    let mut child = Command::new(copy);
    child
        .args([
            "--exact",
            "permissions::a_read_only_path_is_named_with_what_to_do",
        ])
        .env(OTHER, "nobody")
        .current_dir("/");
    if rustix::process::geteuid().is_root() {
        child.uid(NOBODY).gid(NOBODY);
    }
    let output = child.output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}

fn as_one_who_may_not_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rushes.db");
    let open = || Store::open(&path, Arc::new(SystemClock));
    let allow = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();

    allow(folder.path(), 0o500);
    let error = open().unwrap_err();
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error:?}");
    assert!(error.to_string().contains("make its folder writable"), "{error}");
    allow(folder.path(), 0o700);
    drop(open().unwrap());

    allow(&path, 0o400);
    let error = open().unwrap_err();
    assert_eq!(error, StoreError::ReadOnly(path.clone()));
    assert!(error.to_string().contains("chmod u+w"), "{error}");
    allow(&path, 0o600);

    allow(folder.path(), 0o500);
    assert_eq!(open().unwrap_err(), error);
    allow(folder.path(), 0o700);
    open().unwrap();
}
