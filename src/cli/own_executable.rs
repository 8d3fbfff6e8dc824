//! The program's own executable, held open from the start, because an upgrade may replace the file at its path.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

struct Own {
    /// `None` where the system shows no such file.
    file: Option<File>,
    /// Its path at the start.
    path: io::Result<PathBuf>,
}

static OWN: OnceLock<Own> = OnceLock::new();

fn own() -> &'static Own {
    OWN.get_or_init(|| Own {
        file: File::open("/proc/self/exe").ok(),
        path: std::env::current_exe(),
    })
}

/// Opens the file. Call this first: later another program may be at its path.
pub(super) fn hold() {
    own();
}

/// A command that runs this program again; the `nth` try alternates between the open file and its path, because a
/// system may allow only one of them.
pub(super) fn program(nth: u32) -> io::Result<Command> {
    let Own { file, path } = own();
    let path = path
        .as_ref()
        .map_err(|error| io::Error::new(error.kind(), error.to_string()));
    match file {
        // The child finds the file under the same number in its own table.
        Some(file) if nth.is_multiple_of(2) => {
            let mut command = Command::new(format!("/proc/self/fd/{}", file.as_raw_fd()));
            if let Ok(path) = path {
                command.arg0(path);
            }
            Ok(command)
        }
        _ => path.map(Command::new),
    }
}
