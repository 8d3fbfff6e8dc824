//! The program's own file, held open from the start: an upgrade takes the name away from it, but not the file.

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
    /// Where it lay at the start.
    path: io::Result<PathBuf>,
}

static OWN: OnceLock<Own> = OnceLock::new();

fn own() -> &'static Own {
    OWN.get_or_init(|| Own {
        file: File::open("/proc/self/exe").ok(),
        path: std::env::current_exe(),
    })
}

/// Takes hold of the file. To be called first of all: later another program may lie in its place.
pub(super) fn hold() {
    own();
}

/// This very program, to be run once more; the `nth` try takes turns between the file and the name that it had, for
/// a system may allow only one of them.
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
