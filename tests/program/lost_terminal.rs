//! A terminal that is lost without a signal to any process of the program's group.

use std::path::Path;

use portable_pty::CommandBuilder;

use crate::hangup::{detached, has_no_terminal, home, in_flight, saved, who_saved};
use crate::lazy_terminal::Unread;

/// Not the leader of a session, so that no hang-up is sent to it.
fn without_a_controlling_terminal() -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    command.set_controlling_tty(false);
    command
}

/// The hang-up is sent to the script alone, which does not pass it on.
fn by_a_script_that_traps_the_hang_up() -> CommandBuilder {
    let mut command = CommandBuilder::new("sh");
    command.args([
        "-c",
        "trap 'true' HUP; \"$0\"; true",
        env!("CARGO_BIN_EXE_rushes"),
    ]);
    command
}

fn hands_over(home: &Path, mut terminal: Unread) {
    terminal.see("g generate");
    terminal.press("g");
    in_flight(home);
    let mut child = terminal.tear_down();
    child.ends();
    let worker = detached(home);
    assert!(has_no_terminal(worker));
    saved(home, 1);
    assert_eq!(who_saved(home), worker);
}

#[test]
fn a_workbench_that_loses_its_terminal_without_a_signal_hands_over_and_ends() {
    for command in [
        without_a_controlling_terminal(),
        by_a_script_that_traps_the_hang_up(),
    ] {
        let home = home();
        hands_over(home.path(), Unread::start(command, home.path()));
    }
}
