//! A run of the program that is looked at while it goes on, and what it leaves behind.

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
            let pid = Pid::from_raw(i32::try_from(number).unwrap()).unwrap();
            let _ = kill_process(pid, Signal::TERM);
        }
    }
}
