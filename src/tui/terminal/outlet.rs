//! Writes to the terminal without blocking: what it does not accept is kept and offered again, so that a connection that
//! hangs never stops the loop.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::meter::Meter;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{QueueSelector, tcflush, tcgetpgrp, ttyname};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::timeout;

/// The pause before the rest of a frame is offered again, which doubles each time.
const MIN_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_secs(1);
/// How long a terminal that is being restored may take for the last bytes.
const MAX_END: Duration = Duration::from_millis(500);
/// Bytes kept besides the frame being written: titles, bells, copies.
const MAX_KEPT: usize = 256 * 1024;
/// Bytes written at once to a terminal that is in blocking mode. When it reports room, it has room for as many.
const MAX_BLOCKING: usize = 64;

/// The process's terminal as a writer, which offers what it has collected on a flush.
#[derive(Debug, Clone, Copy, Default)]
pub struct Out;

static OUTLET: Mutex<Option<Outlet<Device>>> = Mutex::new(None);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        with(|outlet| {
            outlet.meter.add(bytes.len());
            outlet.kept.extend_from_slice(bytes);
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        with(Outlet::offer).map(drop)
    }
}

impl Out {
    /// Counts what is written.
    pub fn meter() -> Meter {
        with(|outlet| outlet.meter.clone())
    }

    /// Whether the terminal has not yet accepted all that was written.
    pub fn is_behind() -> bool {
        with(|outlet| !outlet.kept.is_empty())
    }

    /// Whether too much waits for the terminal to add anything but a frame.
    pub fn is_full() -> bool {
        with(|outlet| outlet.kept.len() > MAX_KEPT)
    }

    /// Waits until the terminal has accepted everything; an error means that it is gone.
    pub async fn taken() -> io::Result<()> {
        let device = with(|outlet| outlet.device.as_fd().try_clone_to_owned())?;
        #[expect(
            deprecated,
            reason = "its successor is unsafe; a descriptor that is owned stays open and itself for as long as it is watched"
        )]
        let device = AsyncFd::with_interest(device, Interest::WRITABLE)?;
        let mut pause = MIN_PAUSE;
        loop {
            // A pseudo-terminal may make room after its last wake-up, so the rest is also offered without one.
            let Ok(ready) = timeout(pause, device.writable()).await else {
                if with(Outlet::offer)? {
                    return Ok(());
                }
                pause = MAX_PAUSE.min(pause * 2);
                continue;
            };
            let mut ready = ready?;
            if with(Outlet::offer)? {
                return Ok(());
            }
            ready.clear_ready();
        }
    }

    /// Drops what the terminal has not accepted, and writes what `last` writes instead, within a limit.
    pub fn end(last: impl FnOnce(&mut Self)) {
        with(Outlet::cut);
        last(&mut Self);
        with(|outlet| outlet.end(MAX_END));
    }
}

fn with<T>(work: impl FnOnce(&mut Outlet<Device>) -> T) -> T {
    let mut outlet: MutexGuard<'_, _> = OUTLET.lock().unwrap_or_else(PoisonError::into_inner);
    work(outlet.get_or_insert_with(|| Outlet::new(Device::open())))
}

trait Sink: AsFd {
    /// Writes what there is room for, without blocking.
    fn put(&self, bytes: &[u8]) -> rustix::io::Result<usize>;
}

/// The terminal at standard output.
#[derive(Debug)]
enum Device {
    /// Opened again for this program alone, so that its non-blocking mode does not affect the shell.
    Own(OwnedFd),
    /// Could not be opened again. Writing blocks when there is no room.
    Shared(io::Stdout),
}

impl Device {
    fn open() -> Self {
        let output = io::stdout();
        let open = |name: &std::ffi::CStr| {
            let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
            rustix::fs::open(name, flags, Mode::empty())
        };
        let by_name = ttyname(&output, Vec::new()).and_then(|name| open(&name));
        // A terminal of another user (su), or without a name here, can be opened as the controlling one.
        let opened = by_name.or_else(|error| match tcgetpgrp(&output) {
            Ok(_) => open(c"/dev/tty"),
            Err(_) => Err(error),
        });
        opened.map_or(Self::Shared(output), Self::Own)
    }
}

impl AsFd for Device {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Own(fd) => fd.as_fd(),
            Self::Shared(output) => output.as_fd(),
        }
    }
}

impl Sink for Device {
    fn put(&self, bytes: &[u8]) -> rustix::io::Result<usize> {
        match self {
            Self::Own(fd) => rustix::io::write(fd, bytes),
            Self::Shared(output) if has_room(output, Duration::ZERO)? => {
                rustix::io::write(output, &bytes[..bytes.len().min(MAX_BLOCKING)])
            }
            Self::Shared(_) => Err(Errno::AGAIN),
        }
    }
}

/// Whether there is room within `patience`.
fn has_room(fd: impl AsFd, patience: Duration) -> rustix::io::Result<bool> {
    let mut ends = [PollFd::new(&fd, PollFlags::OUT)];
    let patience = Timespec::try_from(patience).unwrap_or_default();
    poll(&mut ends, Some(&patience)).map(|ready| ready > 0)
}

#[derive(Debug)]
struct Outlet<S> {
    device: S,
    /// Written, but not accepted by the terminal.
    kept: Vec<u8>,
    /// Whether the terminal has accepted a part of the sequence that `kept` begins in.
    begun: bool,
    meter: Meter,
}

impl<S: Sink> Outlet<S> {
    fn new(device: S) -> Self {
        Self {
            device,
            kept: Vec::new(),
            begun: false,
            meter: Meter::default(),
        }
    }

    /// Writes what the terminal has room for; returns whether that was everything.
    fn offer(&mut self) -> io::Result<bool> {
        let mut taken = 0;
        let outcome = loop {
            if taken == self.kept.len() {
                break Ok(true);
            }
            match self.device.put(&self.kept[taken..]) {
                Ok(more) => taken += more,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break Ok(false),
                Err(error) => break Err(error.into()),
            }
        };
        self.kept.drain(..taken);
        self.begun = !self.kept.is_empty() && (self.begun || taken > 0);
        if outcome.is_err() {
            self.kept.clear();
        }
        outcome
    }

    /// Drops what is kept, and ends an escape sequence of which the terminal has a part.
    fn cut(&mut self) {
        self.kept.clear();
        if std::mem::take(&mut self.begun) {
            self.kept.extend_from_slice(b"\x1b\\");
        }
    }

    /// Writes everything within `patience`; after that, discards what the terminal has not read.
    fn end(&mut self, patience: Duration) {
        let until = Instant::now() + patience;
        loop {
            match self.offer() {
                Ok(true) | Err(_) => return,
                Ok(false) => {}
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || has_room(&self.device, left).is_err() {
                break;
            }
        }
        let _ = tcflush(&self.device, QueueSelector::OFlush);
        let _ = self.offer();
        self.kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    use portable_pty::{MasterPty, PtySize, native_pty_system};

    /// The reading side of a terminal, and an outlet to it.
    fn terminal() -> (Box<dyn MasterPty + Send>, Outlet<Device>) {
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let device = rustix::fs::open(pair.master.tty_name().unwrap(), flags, Mode::empty()).unwrap();
        let mut modes = rustix::termios::tcgetattr(&device).unwrap();
        modes.make_raw();
        rustix::termios::tcsetattr(&device, rustix::termios::OptionalActions::Now, &modes).unwrap();
        (pair.master, Outlet::new(Device::Own(device)))
    }

    fn numbers() -> Vec<u8> {
        (0..100_000_u32)
            .flat_map(|n| format!("{n} ").into_bytes())
            .collect()
    }

    #[test]
    fn a_terminal_that_reads_slowly_gets_every_byte_in_order() {
        let (master, mut outlet) = terminal();
        let mut reader = master.try_clone_reader().unwrap();
        outlet.kept = numbers();
        assert!(!outlet.offer().unwrap(), "it cannot take all of it at once");
        let (mut read, mut chunk) = (Vec::new(), [0; 1000]);
        while read.len() < numbers().len() {
            let n = reader.read(&mut chunk).unwrap();
            read.extend_from_slice(&chunk[..n]);
            outlet.offer().unwrap();
        }
        assert!(read == numbers() && outlet.kept.is_empty());
    }

    #[test]
    fn a_terminal_that_does_not_read_is_given_back_within_a_moment_and_gets_the_end() {
        let (master, mut outlet) = terminal();
        outlet.kept = numbers();
        assert!(!outlet.offer().unwrap());
        outlet.cut();
        outlet.kept.extend_from_slice(b"the end");
        outlet.end(Duration::from_millis(20));
        drop(outlet);
        let mut read = Vec::new();
        // Its end is an error once all is read.
        let _ = master.try_clone_reader().unwrap().read_to_end(&mut read);
        assert!(read.ends_with(b"\x1b\\the end"), "{} bytes", read.len());
        assert!(read.len() < 64 * 1024, "{} bytes", read.len());
    }

    #[test]
    fn a_terminal_that_reads_gets_nothing_but_what_was_written() {
        let (master, mut outlet) = terminal();
        outlet.kept.extend_from_slice(b"a frame");
        assert!(outlet.offer().unwrap());
        outlet.cut();
        outlet.kept.extend_from_slice(b", the end");
        outlet.end(MAX_END);
        drop(outlet);
        let mut read = Vec::new();
        let _ = master.try_clone_reader().unwrap().read_to_end(&mut read);
        assert_eq!(read, b"a frame, the end");
    }

    #[test]
    fn what_can_only_be_written_to_by_waiting_is_written_to_only_where_there_is_room() {
        let (_master, outlet) = terminal();
        assert!(has_room(&outlet.device, Duration::ZERO).unwrap());
        let mut outlet = outlet;
        outlet.kept = numbers();
        // The kernel passes bytes on at its own pace, which makes room again for a while.
        while has_room(&outlet.device, Duration::from_millis(100)).unwrap() {
            assert!(!outlet.offer().unwrap());
        }
    }
}
