//! The connection to the terminal is lost: takes in flight are finished by a process that no terminal can end.

use std::fs::Permissions;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use rusqlite::{Connection, OpenFlags};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::commands::rushes;
use crate::observed_run::until;
use crate::terminal::Terminal;

/// A video takes three seconds: long enough to be left in flight.
const CONFIG: &str = "sandbox_speed = 2\nin_flight = 1\n";

pub fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/config.toml"), CONFIG).unwrap();
    home
}

/// What `sql` finds first.
pub fn first<T: rusqlite::types::FromSql>(home: &Path, sql: &str) -> Option<T> {
    let path = home.join("data/rushes.db");
    let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    store.query_row(sql, [], |row| row.get(0)).ok()
}

/// The process that is named by an owner.
fn number(owner: &str) -> u32 {
    owner.split_once('-').unwrap().0.parse().unwrap()
}

/// The detached process that works on a take.
pub fn detached(home: &Path) -> u32 {
    until("somebody takes over", || {
        let owner: String = first(home, "SELECT owner FROM takes WHERE owner IS NOT NULL")?;
        let line = std::fs::read_to_string(format!("/proc/{}/cmdline", number(&owner))).ok()?;
        line.contains("--detached").then(|| number(&owner))
    })
}

pub fn has_no_terminal(number: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap();
    // After the name: state, parent, group, session, terminal.
    let after: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    after[3] == number.to_string() && after[4] == "0"
}

pub fn in_flight(home: &Path) {
    until("a take is in flight", || {
        first::<String>(home, "SELECT request_id FROM takes WHERE request_id IS NOT NULL")
    });
}

pub fn saved(home: &Path, takes: u32) {
    until("the videos are saved", || {
        let saved: u32 = first(home, "SELECT count(*) FROM takes WHERE state = 'saved'")?;
        (saved == takes).then_some(())
    });
    let sent: u32 = first(home, "SELECT count(*) FROM events WHERE to_state = 'submitting'").unwrap();
    assert_eq!(sent, takes, "each was sent once");
}

pub fn who_saved(home: &Path) -> u32 {
    number(
        &first::<String>(
            home,
            "SELECT owner FROM events WHERE to_state = 'saved' ORDER BY id DESC",
        )
        .unwrap(),
    )
}

#[test]
fn a_workbench_that_loses_its_terminal_hands_over_and_the_next_one_shows_the_takes() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), 120, 40, &[]);
    terminal.see("g generate");
    terminal.press("g");
    in_flight(home.path());
    // Its whole foreground group and more than once, as shells and kernels do, in the moment of the hand-over too.
    let group = Pid::from_raw(i32::try_from(terminal.number()).unwrap()).unwrap();
    let hang_ups = std::thread::spawn(move || {
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(100) && kill_process_group(group, Signal::HUP).is_ok() {
            std::thread::yield_now();
        }
    });
    terminal.end();
    hang_ups.join().unwrap();
    let worker = detached(home.path());
    assert!(has_no_terminal(worker));
    let mut next = Terminal::start(home.path(), 120, 40, &[]);
    next.see_that("tells of the take that another process works on", |screen| {
        ["queued", "processing", "rendered", "saved"]
            .iter()
            .any(|state| screen.contains(state))
    });
    saved(home.path(), 1);
    next.see("saved");
    assert_eq!(who_saved(home.path()), worker);
    next.press("q");
    next.end();
}

/// An installer puts another program in the place of the one that runs.
#[test]
fn a_workbench_whose_program_was_replaced_still_hands_over() {
    let home = home();
    let installed = home.path().join("rushes");
    std::fs::copy(env!("CARGO_BIN_EXE_rushes"), &installed).unwrap();
    let mut command = CommandBuilder::new(&installed);
    command.env_clear();
    let mut terminal = Terminal::run(command, home.path(), 120, 40);
    terminal.see("g generate");
    terminal.press("g");
    in_flight(home.path());
    let new = home.path().join("rushes.new");
    std::fs::write(&new, "#!/bin/sh\nexit 1\n").unwrap();
    std::fs::set_permissions(&new, Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(&new, &installed).unwrap();
    terminal.signal(Signal::HUP);
    terminal.end();
    let worker = detached(home.path());
    assert!(has_no_terminal(worker));
    saved(home.path(), 1);
    assert_eq!(who_saved(home.path()), worker);
}

/// A process that does not outlive its test.
struct Running(Child);

impl Running {
    fn start(home: &Path, arguments: &[&str]) -> Self {
        Self(
            rushes(home, arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    /// Waits until it has a take at the provider in its hands.
    fn works(&self, home: &Path) {
        until("it works on a take", || {
            let sql = "SELECT owner FROM takes WHERE request_id IS NOT NULL AND owner IS NOT NULL";
            (number(&first::<String>(home, sql)?) == self.0.id()).then_some(())
        });
    }

    fn ends_on(&mut self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
        assert_eq!(self.0.wait().unwrap().code(), Some(130));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = (self.0.kill(), self.0.wait());
    }
}

const GENERATE: [&str; 9] = [
    "gen",
    "--prompt",
    "a kite",
    "--seeds",
    "1, 2",
    "--duration",
    "4",
    "--no-audio",
    "--yes",
];

/// A terminal in a process of its own: when that is killed, nothing of the terminal is left.
struct Host(Child);

impl Host {
    fn start(home: &Path, arguments: &[&str]) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "hangup::losing_the_terminal_costs_no_take"])
            .env("RUSHES_TEST_HOME", home)
            .env("RUSHES_TEST_RUNS", arguments.join("\n"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }

    fn tear_down(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = (self.0.kill(), self.0.wait());
    }
}

fn be_a_terminal(home: &Path) {
    let arguments = std::env::var("RUSHES_TEST_RUNS").unwrap();
    let arguments: Vec<&str> = arguments.split_terminator('\n').collect();
    let mut terminal = Terminal::start(home, 120, 40, &arguments);
    if arguments.is_empty() {
        terminal.see("g generate");
        terminal.press("g");
    }
    // Until it is killed.
    let _ = std::io::stdin().read(&mut [0]);
}

/// Not a signal alone: every write to the terminal fails from then on.
#[test]
fn losing_the_terminal_costs_no_take() {
    if let Some(home) = std::env::var_os("RUSHES_TEST_HOME") {
        return be_a_terminal(Path::new(&home));
    }
    for (arguments, takes) in [(&[][..], 1), (&GENERATE[..], 2)] {
        let home = home();
        let mut host = Host::start(home.path(), arguments);
        in_flight(home.path());
        host.tear_down();
        let worker = detached(home.path());
        assert!(has_no_terminal(worker));
        saved(home.path(), takes);
        assert_eq!(who_saved(home.path()), worker, "{arguments:?}");
    }
}

#[test]
fn takes_of_the_command_line_continue_after_a_hang_up() {
    let home = home();
    let mut generating = Running::start(home.path(), &GENERATE);
    generating.works(home.path());
    generating.ends_on(Signal::HUP);
    let worker = detached(home.path());
    assert!(has_no_terminal(worker));
    // The second one waited: its order stands.
    saved(home.path(), 2);
    assert_eq!(who_saved(home.path()), worker);
}

#[test]
fn takes_of_resume_are_saved_after_a_hang_up() {
    let home = home();
    let mut left = Running::start(home.path(), &GENERATE);
    left.works(home.path());
    left.ends_on(Signal::TERM);
    let mut resuming = Running::start(home.path(), &["resume"]);
    resuming.works(home.path());
    resuming.ends_on(Signal::HUP);
    let worker = detached(home.path());
    assert!(has_no_terminal(worker));
    // The second one was taken out of the queue when the user ended its order.
    saved(home.path(), 1);
    assert_eq!(who_saved(home.path()), worker);
}
