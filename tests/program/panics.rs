//! A panic gives the terminal back, is reported, and never reveals the key, whatever it prints.

use portable_pty::CommandBuilder;
use rushes::model::ApiKey;
use rushes::segmind::{Client, Endpoints, Timeouts};
use rushes::tui::terminal::modes::TerminalGuard;

use crate::terminal::Terminal;

const KEY: &str = "SG_c0ffee11deadbe5a";
/// Whose panic it is. Not written where it happens: a report shows the source around.
const WORKERS: &str = "the worker's panic";
const WORKBENCHS: &str = "the workbench's panic";

/// Set for the process in the terminal, which runs the same test.
const OTHER: &str = "RUSHES_TEST_PANICS";

fn place(bytes: &[u8], text: &str) -> Option<usize> {
    bytes
        .windows(text.len())
        .position(|window| window == text.as_bytes())
}

#[test]
fn a_panic_gives_the_terminal_back_and_tells_nothing_of_the_key() {
    if std::env::var_os(OTHER).is_some() {
        panics();
    }
    let home = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    let this = "panics::a_panic_gives_the_terminal_back_and_tells_nothing_of_the_key";
    command.args(["--exact", this, "--nocapture"]);
    command.env_clear();
    command.env(OTHER, "1");
    command.env("SEGMIND_API_KEY", KEY);
    command.env("RUST_BACKTRACE", "full");
    let terminal = Terminal::run(command, home.path(), 200, 60);
    let (_, bytes) = terminal.end();
    let shown = String::from_utf8_lossy(&bytes);
    assert!(place(&bytes, &KEY[3..]).is_none(), "{shown}");
    // A worker's panic does not draw over the workbench.
    assert!(place(&bytes, WORKERS).is_none(), "{shown}");
    let entered = place(&bytes, "\x1b[?1049h").expect("the workbench's screen");
    let left = place(&bytes, "\x1b[?1049l").expect("the terminal is given back");
    let reported = place(&bytes, WORKBENCHS).expect("the panic is reported");
    assert!(entered < left && left < reported, "{shown}");
    assert!(place(&bytes, "ApiKey(redacted)").is_some(), "{shown}");
}

fn panics() -> ! {
    let key = ApiKey::new(&std::env::var("SEGMIND_API_KEY").unwrap()).unwrap();
    rushes::segmind::tls::install();
    rushes::cli::report_panics();
    let client = Client::new(Endpoints::live(), key.clone(), Timeouts::default()).unwrap();
    let _session = TerminalGuard::enter(false).unwrap();
    let (kept, of_it) = (client.clone(), key.clone());
    let worker = std::thread::spawn(move || panic!("{WORKERS}, with {kept:?} and {of_it:?}"));
    worker.join().unwrap_err();
    panic!("{WORKBENCHS}, with {client:#?}, {client:?}, {key:?} and {key:#?}");
}
