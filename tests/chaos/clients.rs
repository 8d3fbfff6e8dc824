//! The processes that work on one store at a time, and how they are killed.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::folders::Folders;
use crate::waiting::until;

use rushes::model::Backend;
use rushes::sandbox::KEY;
use rustix::process::{Pid, Signal, kill_process};

/// The program on the storm's folders, with nothing of the machine's own settings about it.
pub fn command(folders: &Folders) -> Command {
    let mut command = Command::new(folders.program());
    prepare(&mut command, folders);
    command
}

/// Gives a process the storm's folders and clock, and nothing of the machine's own settings. Where money is live there
/// is a key.
pub fn prepare(command: &mut Command, folders: &Folders) {
    command.env_clear();
    if folders.backend == Backend::Live {
        command.env("SEGMIND_API_KEY", KEY);
    }
    command
        .env("HOME", &folders.home)
        .env("RUSHES_HOME", &folders.home)
        .env("PATH", "/usr/bin:/bin")
        // The audit cuts days where the clients do.
        .env("TZ", "UTC")
        .env("RUSHES_CLOCK_SHIFT", folders.outer.join("our-shift"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log(folders));
}

fn log(folders: &Folders) -> File {
    File::options()
        .create(true)
        .append(true)
        .open(folders.said())
        .unwrap()
}

enum Process {
    Ours(Child),
    /// A workbench in a terminal. The child is the terminal; it ends with the workbench.
    InTerminal(Child),
    /// Started by a `resume --background` of ours, which is gone.
    Orphan,
    /// Started by another client, or a workbench without a terminal.
    Stray,
}

pub struct Client {
    pub pid: u32,
    process: Process,
}

/// The living clients.
pub struct Clients {
    folders: Folders,
    origin: String,
    all: Vec<Client>,
    pub started: u64,
}

impl Clients {
    pub fn new(folders: &Folders, origin: String) -> Self {
        Self {
            folders: folders.clone(),
            origin,
            all: Vec::new(),
            started: 0,
        }
    }

    /// What each of them is started with.
    pub fn options(&self) -> Vec<&str> {
        let live = (self.folders.backend == Backend::Live).then_some("--live");
        live.into_iter().chain(["--api", &self.origin]).collect()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(&self.folders);
        command.args(self.options()).args(arguments);
        command
    }

    /// Starts a process whose end nobody waits for.
    pub fn start(&mut self, arguments: &[&str]) {
        let child = self.command(arguments).spawn().unwrap();
        self.take_in(child.id(), Process::Ours(child));
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
            .and_then(|(_, rest)| rest.split_once(')')?.0.parse::<u32>().ok());
        let pid = number.unwrap_or_else(|| panic!("no process is named: {said:?}"));
        self.take_in(pid, Process::Orphan);
    }

    /// A workbench and the terminal that it runs in.
    pub fn take_in_workbench(&mut self, pid: u32, terminal: Child) {
        self.take_in(pid, Process::InTerminal(terminal));
    }

    fn take_in(&mut self, pid: u32, process: Process) {
        self.started += 1;
        self.all.push(Client { pid, process });
    }

    /// Whether the process runs and is a client of this storm: no other one names this origin.
    pub fn runs(&self, pid: u32) -> bool {
        // A zombie has no command line any more.
        arguments(pid).is_some_and(|line| line.contains(&self.origin))
    }

    /// Whether the process continues in the background with takes in flight.
    pub fn is_detached(&self, pid: u32) -> bool {
        self.runs(pid) && arguments(pid).is_some_and(|line| line.contains("--detached"))
    }

    /// How many workers of ours run, workbenches not among them; those that ended are forgotten.
    pub fn living(&mut self) -> usize {
        let origin = &self.origin;
        self.all.retain_mut(|client| match &mut client.process {
            Process::Ours(child) | Process::InTerminal(child) => child.try_wait().unwrap().is_none(),
            Process::Orphan | Process::Stray => {
                arguments(client.pid).is_some_and(|line| line.contains(origin))
            }
        });
        let is_ours = |client: &&Client| matches!(client.process, Process::Ours(_) | Process::Orphan);
        self.all.iter().filter(is_ours).count()
    }

    /// Takes a workbench's terminal away, as when a link is lost; the workbench gets no signal.
    pub fn lose_terminal(&mut self, pid: u32) {
        if let Some(client) = self.all.iter_mut().find(|client| client.pid == pid)
            && let Process::InTerminal(mut terminal) = std::mem::replace(&mut client.process, Process::Stray)
        {
            let _ = terminal.kill();
            let _ = terminal.wait();
        }
    }

    /// Asks a process to end.
    pub fn terminate(&self, pid: u32) {
        if self.runs(pid) {
            let _ = kill_process(number(pid), Signal::TERM);
        }
    }

    /// `kill -9` of the client with this number; returns whether there was one.
    pub fn kill(&mut self, pid: u32) -> bool {
        self.living();
        let Some(at) = self.all.iter().position(|client| client.pid == pid) else {
            return false;
        };
        let client = self.all.swap_remove(at);
        self.end(client);
        true
    }

    /// `kill -9` of any client; returns whether there was one.
    pub fn kill_any(&mut self, random: &mut fastrand::Rng) -> bool {
        self.living();
        if self.all.is_empty() {
            return false;
        }
        let client = self.all.swap_remove(random.usize(..self.all.len()));
        self.end(client);
        true
    }

    /// `kill -9` of all, including processes that took takes over without our knowing; returns how many there were.
    pub fn kill_all(&mut self) -> u64 {
        self.living();
        let mut killed = 0;
        for client in std::mem::take(&mut self.all) {
            self.end(client);
            killed += 1;
        }
        // A process that was just killed may have started another a moment before.
        let mut quiet = 0;
        while quiet < 2 {
            let strays = self.strays();
            quiet = if strays.is_empty() { quiet + 1 } else { 0 };
            for pid in strays {
                self.end(Client {
                    pid,
                    process: Process::Stray,
                });
                killed += 1;
            }
        }
        killed
    }

    /// From now on, processes that other clients started to take over their takes are killed like the others.
    pub fn take_in_strays(&mut self) {
        for pid in self.strays() {
            self.take_in(pid, Process::Stray);
        }
    }

    /// How many of them run.
    pub fn living_strays(&self) -> usize {
        let is_stray = |client: &&Client| matches!(client.process, Process::Stray);
        self.all.iter().filter(is_stray).count()
    }

    /// Processes on this storm's store that were started by other clients.
    fn strays(&self) -> Vec<u32> {
        let known = |pid: u32| self.all.iter().any(|client| client.pid == pid);
        let folders = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = folders.filter_map(|folder| folder.file_name().to_str()?.parse().ok());
        pids.filter(|pid| !known(*pid) && self.runs(*pid)).collect()
    }

    fn end(&self, client: Client) {
        match client.process {
            Process::Ours(mut child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            Process::InTerminal(mut terminal) => {
                self.kill_and_wait(client.pid);
                // It ends by itself when the workbench does.
                let ended = until(Duration::from_secs(20), || match terminal.try_wait() {
                    Ok(Some(_)) => Ok(()),
                    still => Err(format!("{still:?}")),
                });
                if ended.is_err() {
                    let _ = terminal.kill();
                    let _ = terminal.wait();
                }
            }
            Process::Orphan | Process::Stray => self.kill_and_wait(client.pid),
        }
    }

    fn kill_and_wait(&self, pid: u32) {
        if self.runs(pid) {
            let _ = kill_process(number(pid), Signal::KILL);
        }
        let gone = until(Duration::from_secs(20), || {
            let is_gone = !self.runs(pid);
            is_gone.then_some(()).ok_or("it was killed and still runs")
        });
        gone.unwrap();
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        self.kill_all();
    }
}

fn number(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
}

/// The command line of a process, its parts after each other.
fn arguments(pid: u32) -> Option<String> {
    std::fs::read_to_string(PathBuf::from(format!("/proc/{pid}/cmdline"))).ok()
}
