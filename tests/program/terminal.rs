//! A pseudo-terminal with the program in it and a screen that is read like a user reads it.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// No condition is waited for longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    pub all: Vec<u8>,
    modes_before: String,
}

impl Terminal {
    /// Starts the workbench in a terminal of that size, its folders in `home`.
    pub fn start(home: &Path, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
        command.args(arguments);
        command.env_clear();
        Self::run(command, home, columns, rows)
    }

    /// Starts the workbench in a terminal that sets these variables.
    pub fn start_in(home: &Path, (columns, rows): (u16, u16), environment: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
        command.env_clear();
        as_of_a_user(&mut command, home);
        for (name, value) in environment {
            command.env(name, value);
        }
        Self::spawn(command, columns, rows)
    }

    /// Starts any program in one, with a user's environment beside its own.
    pub fn run(mut command: CommandBuilder, home: &Path, columns: u16, rows: u16) -> Self {
        as_of_a_user(&mut command, home);
        Self::spawn(command, columns, rows)
    }

    fn spawn(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let modes_before = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self {
            master: pair.master,
            child,
            keys,
            output,
            screen: vt100::Parser::new(whole(rows), whole(columns), 0),
            all: Vec::new(),
            modes_before,
        }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.screen.screen_mut().set_size(whole(rows), whole(columns));
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Waits until the screen shows `text`, and returns the screen.
    pub fn see(&mut self, text: &str) -> String {
        self.see_that(&format!("shows {text:?}"), |screen| screen.contains(text))
    }

    pub fn see_that(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let shown = self.screen.screen().contents();
            if is_so(&shown) {
                return shown;
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take_in(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("in vain waited for a screen that {what}:\n{shown}"),
                Err(RecvTimeoutError::Disconnected) => panic!("ended before a screen that {what}:\n{shown}"),
            }
        }
    }

    /// Waits until nothing was written for that long.
    #[allow(dead_code, reason = "for benches, which look at pictures as a user does")]
    pub fn rest(&mut self, quiet: Duration) {
        while let Ok(bytes) = self.output.recv_timeout(quiet) {
            self.take_in(&bytes);
        }
    }

    fn take_in(&mut self, bytes: &[u8]) {
        self.all.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    /// Whether the terminal is in the program's hands.
    pub fn is_raw(&self) -> bool {
        modes(&*self.master) != self.modes_before
    }

    /// The program's process.
    pub fn number(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid =
            rustix::process::Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for the end; returns the exit status and all that was written.
    pub fn end(mut self) -> (ExitStatus, Vec<u8>) {
        let until = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                Instant::now() < until,
                "it does not end:\n{}",
                self.screen.screen().contents()
            );
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.take_in(&bytes);
            }
        };
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.take_in(&bytes);
        }
        assert_eq!(
            modes(&*self.master),
            self.modes_before,
            "the terminal's modes are not restored"
        );
        (status, self.all)
    }
}

pub fn whole(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

pub fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The line discipline's modes, as text.
pub fn modes(master: &dyn MasterPty) -> String {
    let termios = master.get_termios().unwrap();
    format!(
        "{:?} {:?} {:?}",
        termios.input_flags, termios.output_flags, termios.local_flags
    )
}

/// Gives a command the folder and the environment that a user's shell would give it.
pub fn as_of_a_user(command: &mut CommandBuilder, home: &Path) {
    for (name, value) in [
        ("TERM", "xterm-256color"),
        ("LANG", "C.UTF-8"),
        ("PATH", "/usr/bin:/bin"),
        ("TZ", "UTC"),
    ] {
        command.env(name, value);
    }
    command.env("HOME", home);
    command.env("RUSHES_HOME", home);
    command.cwd(home);
}
