//! A pseudo-terminal that reads only while the test looks at it. It can stall, and it can be closed at once.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};

use crate::observed_run::until;
use crate::terminal::{as_of_a_user, modes, size, whole};

/// No condition is waited for longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the module.
pub struct Unread {
    master: Box<dyn MasterPty + Send>,
    child: Running,
    keys: Box<dyn Write + Send>,
    /// Each allows the reader to read once.
    permits: Sender<()>,
    output: Receiver<Vec<u8>>,
    reader: JoinHandle<()>,
    screen: vt100::Parser,
    /// Bytes read so far.
    pub read: usize,
    modes_before: String,
}

/// A process that does not outlive its test.
pub struct Running(Box<dyn Child + Send + Sync>);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = (self.0.kill(), self.0.wait());
    }
}

impl Running {
    /// Waits for the end.
    pub fn ends(&mut self) -> ExitStatus {
        until("the program ends", || self.0.try_wait().unwrap())
    }
}

impl Unread {
    /// Starts a program in it, with a user's environment.
    pub fn start(mut command: CommandBuilder, home: &Path) -> Self {
        let pair = native_pty_system().openpty(size(140, 45)).unwrap();
        let modes_before = modes(&*pair.master);
        command.env_clear();
        as_of_a_user(&mut command, home);
        let child = Running(pair.slave.spawn_command(command).unwrap());
        drop(pair.slave);
        let mut source = pair.master.try_clone_reader().unwrap();
        let (permits, permitted) = channel::<()>();
        let (sender, output) = channel();
        let reader = std::thread::spawn(move || {
            let mut chunk = [0; 8192];
            while permitted.recv().is_ok() {
                let read = source.read(&mut chunk).unwrap_or(0);
                if read == 0 || sender.send(chunk[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            keys: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            permits,
            output,
            reader,
            screen: vt100::Parser::new(whole(45), whole(140), 0),
            read: 0,
            modes_before,
        }
    }

    /// Reads until the screen shows `text`, then no more.
    pub fn see(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.screen.screen().contents().contains(text) {
            let shown = self.screen.screen().contents();
            self.permits.send(()).unwrap();
            match self
                .output
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(bytes) => {
                    self.read += bytes.len();
                    self.screen.process(&bytes);
                }
                Err(RecvTimeoutError::Timeout) => panic!("in vain waited to see {text:?}:\n{shown}"),
                Err(RecvTimeoutError::Disconnected) => panic!("ended before it showed {text:?}:\n{shown}"),
            }
        }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Whether the terminal has no room for more.
    pub fn is_full(&self) -> bool {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let end = rustix::fs::open(self.master.tty_name().unwrap(), flags, Mode::empty()).unwrap();
        let mut ends = [PollFd::new(&end, PollFlags::OUT)];
        poll(&mut ends, Some(&Timespec::default())).unwrap() == 0
    }

    /// The program's process.
    pub fn number(&self) -> u32 {
        self.child.0.process_id().unwrap()
    }

    /// Waits for the end without reading.
    pub fn ends(&mut self) -> ExitStatus {
        self.child.ends()
    }

    /// All that the terminal still holds of a program that has ended, when its modes are as they were.
    pub fn rest(self) -> Vec<u8> {
        assert_eq!(
            modes(&*self.master),
            self.modes_before,
            "the terminal's modes are not restored"
        );
        let mut rest = Vec::new();
        while self.permits.send(()).is_ok() {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => rest.extend(bytes),
                Err(_) => break,
            }
        }
        rest
    }

    /// Closes every handle of the terminal.
    pub fn tear_down(self) -> Running {
        drop((self.permits, self.keys, self.master));
        self.reader.join().unwrap();
        self.child
    }
}
