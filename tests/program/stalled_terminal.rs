//! A terminal that no longer reads, as over a stalled connection: the user can still quit the program.

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};

use crate::hangup::{detached, home, in_flight, saved, who_saved};
use crate::lazy_terminal::Unread;
use crate::observed_run::until;

/// Has the workbench draw until the terminal has room for nothing more.
fn stall(terminal: &mut Unread) {
    let mut wide = false;
    until("the terminal is full", || {
        wide = !wide;
        terminal.resize(if wide { 139 } else { 140 }, 45);
        terminal.is_full().then_some(())
    });
}

fn has(bytes: &[u8], sequence: &str) -> bool {
    bytes
        .windows(sequence.len())
        .any(|window| window == sequence.as_bytes())
}

#[test]
fn a_terminal_that_reads_again_is_sent_the_newest_state_and_little_else() {
    let home = home();
    let command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    let mut terminal = Unread::start(command, home.path());
    terminal.see("g generate");
    stall(&mut terminal);
    terminal.press("?");
    let read = terminal.read;
    terminal.resize(140, 45);
    terminal.see("Write and generate");
    // What the terminal had not read, and two frames of at most about 10 kB.
    assert!(terminal.read - read < 64 * 1024, "{} bytes", terminal.read - read);
    terminal.press("q");
    terminal.press("q");
    assert_eq!(terminal.ends().exit_code(), 0);
    terminal.rest();
}

#[test]
fn signals_end_a_workbench_whose_terminal_does_not_read() {
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT] {
        let home = home();
        let command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
        let mut terminal = Unread::start(command, home.path());
        terminal.see("g generate");
        terminal.press("g");
        in_flight(home.path());
        stall(&mut terminal);
        let pid = Pid::from_raw(i32::try_from(terminal.number()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        assert_eq!(terminal.ends().exit_code(), 130, "{signal:?}");
        let worker = detached(home.path());
        let rest = terminal.rest();
        for restored in ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?25h"] {
            assert!(has(&rest, restored), "{signal:?}: {restored:?} does not arrive");
        }
        saved(home.path(), 1);
        assert_eq!(who_saved(home.path()), worker);
    }
}
