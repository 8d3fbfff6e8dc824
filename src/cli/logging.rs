//! The log file: rotated daily in the state folder, never the terminal.

use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};

/// Days of logs that are kept.
const KEPT: usize = 7;

/// Starts logging into `folder`. Without a writable folder there is no log, and that is all: nothing is
/// lost that a take needs.
pub(super) fn start(folder: &Path) {
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .max_log_files(KEPT)
        .filename_prefix("rushes")
        .filename_suffix("log")
        .build(folder);
    let Ok(appender) = appender else { return };
    let subscriber = tracing_subscriber::fmt()
        .with_writer(std::sync::Mutex::new(appender))
        .with_ansi(false)
        .with_target(false)
        .with_max_level(tracing::Level::INFO)
        .finish();
    // A second start in one process keeps the first log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
