//! The processes that work on one store at a time, and how they are killed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::patience::until;

use rustix::process::{Pid, Signal, kill_process};

/// The program on the storm's folders, with nothing of the machine's own settings about it.
pub fn command(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rushes"));
    command
        .env_clear()
        .env("HOME", home)
        .env("RUSHES_HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("RUSHES_CLOCK_SHIFT", home.join("our-shift"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log(home));
    command
}

/// Everything that processes say, for whoever looks into a failed run.
fn log(home: &Path) -> File {
    File::options()
        .create(true)
        .append(true)
        .open(home.join("said.log"))
        .unwrap()
}

enum Process {
    Ours(Child),
    /// Started by `resume --background`: its parent is gone.
    Detached(Pid),
}

pub struct Client {
    pub pid: u32,
    process: Process,
}

impl Client {
    /// Whether it still runs.
    fn lives(&mut self) -> bool {
        match &mut self.process {
            Process::Ours(child) => child.try_wait().unwrap().is_none(),
            Process::Detached(pid) => is_detached(*pid),
        }
    }

    fn kill(&mut self) {
        match &mut self.process {
            Process::Ours(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            Process::Detached(pid) => {
                if is_detached(*pid) {
                    let _ = kill_process(*pid, Signal::KILL);
                }
                let gone = until(Duration::from_secs(20), || {
                    let is_gone = !is_detached(*pid);
                    is_gone.then_some(()).ok_or("it was killed and still runs")
                });
                gone.unwrap();
            }
        }
    }
}

/// Whether the process is one of those that `resume --background` leaves, and no zombie.
fn is_detached(pid: Pid) -> bool {
    let folder = PathBuf::from(format!("/proc/{}", pid.as_raw_nonzero()));
    std::fs::read_to_string(folder.join("cmdline")).is_ok_and(|line| line.contains("--detached"))
}

/// The living clients.
pub struct Clients {
    home: PathBuf,
    origin: String,
    all: Vec<Client>,
    pub started: u64,
}

impl Clients {
    pub fn new(home: &Path, origin: String) -> Self {
        Self {
            home: home.to_owned(),
            origin,
            all: Vec::new(),
            started: 0,
        }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(&self.home);
        command.args(["--api", &self.origin]).args(arguments);
        command
    }

    /// Starts one whose end nobody waits for.
    pub fn start(&mut self, arguments: &[&str]) {
        let child = self.command(arguments).spawn().unwrap();
        self.started += 1;
        self.all.push(Client {
            pid: child.id(),
            process: Process::Ours(child),
        });
    }

    /// `resume --background`, and the process that it leaves behind.
    pub fn start_detached(&mut self) {
        let output = self
            .command(&["resume", "--background"])
            .stdout(Stdio::piped())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = said
            .split_once("(process ")
            .and_then(|(_, rest)| rest.split_once(')')?.0.parse::<i32>().ok());
        let pid = number
            .and_then(Pid::from_raw)
            .unwrap_or_else(|| panic!("no process is named: {said:?}"));
        self.started += 1;
        self.all.push(Client {
            pid: pid.as_raw_nonzero().get().unsigned_abs(),
            process: Process::Detached(pid),
        });
    }

    /// How many run; those that ended are forgotten.
    pub fn living(&mut self) -> usize {
        self.all.retain_mut(Client::lives);
        self.all.len()
    }

    /// `kill -9` of the client of this number; whether there was one.
    pub fn kill(&mut self, pid: u32) -> bool {
        self.living();
        let Some(at) = self.all.iter().position(|client| client.pid == pid) else {
            return false;
        };
        self.all.swap_remove(at).kill();
        true
    }

    /// `kill -9` of any client; whether there was one.
    pub fn kill_any(&mut self, random: &mut fastrand::Rng) -> bool {
        self.living();
        if self.all.is_empty() {
            return false;
        }
        let at = random.usize(..self.all.len());
        self.all.swap_remove(at).kill();
        true
    }

    /// `kill -9` of all; how many there were.
    pub fn kill_all(&mut self) -> u64 {
        self.living();
        let mut killed = 0;
        for mut client in self.all.drain(..) {
            client.kill();
            killed += 1;
        }
        killed
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        self.kill_all();
    }
}
