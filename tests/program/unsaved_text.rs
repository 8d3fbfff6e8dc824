//! A database that stays locked until the workbench has ended: the text is in a file, which the next start offers.

use rusqlite::Connection;
use rustix::process::Signal;

use crate::terminal::Terminal;

#[test]
fn unsaved_text_is_named_on_quitting_and_offered_at_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), 140, 45, &[]);
    terminal.see("g generate");
    let other = Connection::open(home.path().join("data/rushes.db")).unwrap();
    other.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    terminal.press("i");
    terminal.see("Esc back");
    terminal.press("Zebra ");
    terminal.see("Zebra");
    terminal.signal(Signal::TERM);
    let (status, bytes) = terminal.end();
    assert_eq!(status.exit_code(), 130);
    let told = String::from_utf8_lossy(&bytes).into_owned();
    assert!(
        told.contains("your text could not be saved in the database; it is in "),
        "{told}"
    );
    drop(other);
    let mut again = Terminal::start(home.path(), 140, 45, &[]);
    again.see("An earlier session could not save this text");
    again.press("\r");
    again.see("The form now holds the unsaved text");
    again.see("Zebra");
    again.press("q");
    assert_eq!(again.end().0.exit_code(), 0);
    let mut third = Terminal::start(home.path(), 140, 45, &[]);
    third.see("Zebra");
    third.press("q");
    assert_eq!(third.end().0.exit_code(), 0);
}
