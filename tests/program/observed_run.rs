//! A run of the program that is observed while it lasts, and the files and processes that it leaves behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Every file and folder below.
pub fn all_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_below(&path));
        }
        found.push(path);
    }
    found
}

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// No condition is waited for longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `look` finds it.
#[allow(
    clippy::disallowed_methods,
    reason = "the pause between two looks at a condition"
)]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "in vain waited until {what}");
        std::thread::sleep(LOOK);
    }
}

/// Asks a process to end, as a user would.
pub fn ask_to_end(number: u32) {
    let pid = Pid::from_raw(i32::try_from(number).unwrap()).unwrap();
    let _ = kill_process(pid, Signal::TERM);
}

/// The command line of a process; empty when it has ended.
pub fn command_line(number: u32) -> Vec<u8> {
    std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default()
}

/// The process that `resume --background` says it has left behind.
pub fn left_behind(said: &[u8]) -> u32 {
    let said = String::from_utf8_lossy(said);
    let number = said
        .split_once("(process ")
        .and_then(|(_, rest)| rest.split_once(')'));
    number
        .and_then(|(number, _)| number.parse().ok())
        .unwrap_or_else(|| panic!("no process is named: {said:?}"))
}

/// Runs to the end, or is asked to end after so long, as a user would; `look` is given its number on the way.
pub fn run(mut command: Command, most: Duration, mut look: impl FnMut(u32)) -> Output {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let number = child.id();
    let (sender, end) = channel();
    std::thread::spawn(move || sender.send(child.wait_with_output().unwrap()));
    let mut until = Some(Instant::now() + most);
    loop {
        look(number);
        match end.recv_timeout(LOOK) {
            Ok(output) => return output,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => panic!("its output could not be read"),
        }
        if until.take_if(|until| Instant::now() > *until).is_some() {
            ask_to_end(number);
        }
    }
}
