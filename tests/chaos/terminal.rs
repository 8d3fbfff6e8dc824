//! A terminal in a process of its own, like a terminal window or an SSH server: when it is killed, nothing of the
//! terminal is left. The test starts itself again as that process and tells it on standard input, a line each,
//! what to do: `keys HEX`, `size COLUMNS ROWS`, `stop` reading, `go` on reading.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::clients::prepare;
use crate::folders::Folders;

const PROGRAM: &str = "RUSHES_CHAOS_TERMINAL";
const ARGUMENTS: &str = "RUSHES_CHAOS_RUNS";
/// With it, the workbench gets a signal when the terminal ends.
const CONTROLS: &str = "RUSHES_CHAOS_CONTROLS";
const STARTED: &str = "the workbench is process ";

/// Starts a workbench in a terminal; gives its process number, the terminal, and what tells the terminal what to
/// do. Without `controls` the workbench gets no signal when the terminal is gone.
pub fn start(
    test: &str,
    folders: &Folders,
    arguments: &[&str],
    controls: bool,
) -> Option<(u32, Child, ChildStdin)> {
    let mut terminal = Command::new(std::env::current_exe().unwrap());
    prepare(&mut terminal, folders);
    terminal
        .args(["--exact", test, "--nocapture"])
        .env(PROGRAM, folders.program())
        .env(ARGUMENTS, arguments.join("\n"))
        .env("TERM", "xterm-256color")
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        // An editor that changes nothing and returns at once.
        .env("EDITOR", "/bin/true")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if controls {
        terminal.env(CONTROLS, "1");
    }
    let mut terminal = terminal.spawn().unwrap();
    let mut lines = BufReader::new(terminal.stdout.take().unwrap()).lines();
    let pid = lines.find_map(|line| line.ok()?.split_once(STARTED)?.1.parse().ok());
    let orders = terminal.stdin.take().unwrap();
    let Some(pid) = pid else {
        let _ = (terminal.kill(), terminal.wait());
        return None;
    };
    Some((pid, terminal, orders))
}

/// Whether this process is to be a terminal; if so it is one until it ends.
pub fn is_one() -> bool {
    let Some(program) = std::env::var_os(PROGRAM) else {
        return false;
    };
    let pair = native_pty_system().openpty(size(120, 40)).unwrap();
    let mut command = CommandBuilder::new(program);
    command.args(std::env::var(ARGUMENTS).unwrap().split('\n'));
    command.set_controlling_tty(std::env::var_os(CONTROLS).is_some());
    for name in [PROGRAM, ARGUMENTS, CONTROLS] {
        command.env_remove(name);
    }
    let mut workbench = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    println!("{STARTED}{}", workbench.process_id().unwrap());
    let gate = Arc::new(Gate::default());
    let reads = Arc::clone(&gate);
    let mut reader = pair.master.try_clone_reader().unwrap();
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        loop {
            reads.pass();
            if !matches!(reader.read(&mut chunk), Ok(1..)) {
                return;
            }
        }
    });
    let mut keys = pair.master.take_writer().unwrap();
    let master = pair.master;
    std::thread::spawn(move || {
        for order in std::io::stdin().lines().map_while(Result::ok) {
            match order.split_whitespace().collect::<Vec<_>>()[..] {
                ["keys", hex] => {
                    let _ = keys.write_all(&from_hex(hex)).and_then(|()| keys.flush());
                }
                ["size", columns, rows] => {
                    let _ = master.resize(size(columns.parse().unwrap(), rows.parse().unwrap()));
                }
                ["stop"] => gate.set(true),
                ["go"] => gate.set(false),
                _ => {}
            }
        }
        // The test is gone.
        std::process::exit(0);
    });
    let _ = workbench.wait();
    std::process::exit(0);
}

/// Blocks the reader while it is closed.
#[derive(Default)]
struct Gate {
    is_closed: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    fn set(&self, closed: bool) {
        *self.is_closed.lock().unwrap() = closed;
        self.changed.notify_all();
    }

    fn pass(&self) {
        let closed = self.is_closed.lock().unwrap();
        drop(self.changed.wait_while(closed, |closed| *closed).unwrap());
    }
}

/// The order that types these keys.
pub fn keys(typed: &str) -> String {
    let hex: String = typed.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("keys {hex}")
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(byte).collect()
}

const fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}
