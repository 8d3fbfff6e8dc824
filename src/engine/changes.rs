//! Reports when another process has written to the store, and wakes nobody while none does.

use std::time::Duration;

use crate::store::Store;

use super::blocking::blocking;

/// Commits that follow each other within this time count as one change.
const BURST: Duration = Duration::from_millis(100);
/// How often to look if the system does not report writes.
const UNWATCHED: Duration = Duration::from_secs(5);
/// When to look again after a write that showed nothing new. A commit is written to the file first and becomes
/// visible after the disk has confirmed it, which the system does not report, and which may take longer than a burst.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(10)];

/// The commits of other connections to a store, one after another.
///
/// The system reports every write to the database's files, our own among them. Only a changed data version says that
/// another connection committed, and reading it writes nothing: one look never leads to the next.
pub struct Changes {
    store: Store,
    /// `None` if the system cannot watch the folder.
    files: Option<watch::Files>,
    /// The data version at the last look.
    seen: Option<i64>,
    /// The looks that are still due after the last write.
    due: &'static [Duration],
}

impl Changes {
    /// Begins to watch `store`. Call this within a runtime.
    pub fn of(store: Store) -> Self {
        let files = watch::Files::of(&store.files())
            .inspect_err(|error| tracing::info!("the database is polled: {error}"))
            .ok();
        Self {
            store,
            files,
            seen: None,
            due: &[],
        }
    }

    /// Returns when another connection has committed since the last return. The first call returns at once: what was
    /// read before it may be out of date.
    pub async fn next(&mut self) {
        while !self.is_new().await {
            self.wait().await;
        }
    }

    /// Waits for the next write, or for the next look that is due after the last one.
    async fn wait(&mut self) {
        let Some((pause, later)) = self.due.split_first() else {
            self.something_written().await;
            self.due = &AGAIN;
            return;
        };
        tokio::select! {
            () = self.something_written() => self.due = &AGAIN,
            () = tokio::time::sleep(*pause) => self.due = later,
        }
    }

    async fn is_new(&mut self) -> bool {
        let store = self.store.clone();
        match blocking(move || store.data_version()).await {
            Ok(version) => self.seen.replace(version) != Some(version),
            // The next reader reports the error; here the next write is awaited.
            Err(error) => {
                tracing::info!("the data version cannot be read: {error}");
                false
            }
        }
    }

    async fn something_written(&mut self) {
        let Some(files) = &mut self.files else {
            tokio::time::sleep(UNWATCHED).await;
            return;
        };
        if let Err(error) = files.written().await {
            tracing::info!("the database's folder is not watched any more: {error}");
            self.files = None;
        }
    }
}

#[cfg(target_os = "linux")]
mod watch {
    use std::ffi::CString;
    use std::io;
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Path, PathBuf};

    use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
    use rustix::io::Errno;
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    use super::BURST;

    /// The database's folder under inotify.
    pub(super) struct Files {
        inotify: AsyncFd<OwnedFd>,
        /// The database and its write-ahead log.
        names: [CString; 2],
    }

    impl Files {
        #[expect(
            deprecated,
            reason = "unsound for what may name another descriptor later; an `OwnedFd` never does, and the successor is `unsafe`"
        )]
        pub(super) fn of(files: &[PathBuf; 2]) -> io::Result<Self> {
            let folder = files[0].parent().filter(|folder| !folder.as_os_str().is_empty());
            let name = |file: &Path| -> io::Result<CString> {
                let name = file.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
                Ok(CString::new(name.as_bytes())?)
            };
            let names = [name(&files[0])?, name(&files[1])?];
            let inotify = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
            inotify::add_watch(
                &inotify,
                folder.unwrap_or(Path::new(".")),
                WatchFlags::MODIFY | WatchFlags::ONLYDIR,
            )?;
            let inotify = AsyncFd::with_interest(inotify, Interest::READABLE)?;
            Ok(Self { inotify, names })
        }

        /// Waits for a write to the database and for the end of its burst.
        pub(super) async fn written(&mut self) -> io::Result<()> {
            loop {
                let mut readable = self.inotify.readable().await?;
                tokio::time::sleep(BURST).await;
                let written = any_of(&self.names, self.inotify.get_ref())?;
                // Stays ready when more has come since: then it is read once more.
                readable.clear_ready();
                if written {
                    return Ok(());
                }
            }
        }
    }

    /// Reads all that is reported; whether any of it is about one of `names`.
    fn any_of(names: &[CString], inotify: &OwnedFd) -> io::Result<bool> {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reports = inotify::Reader::new(inotify, &mut buffer);
        let mut found = false;
        loop {
            match reports.next() {
                Ok(report) if report.events().contains(ReadFlags::IGNORED) => {
                    return Err(io::ErrorKind::NotFound.into());
                }
                Ok(report) => {
                    found |= match report.file_name() {
                        Some(file) => names.iter().any(|name| name.as_c_str() == file),
                        // So much was written that some reports were dropped.
                        None => true,
                    };
                }
                Err(Errno::AGAIN) => return Ok(found),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod watch {
    use std::io;
    use std::path::PathBuf;

    /// Nothing here can be watched.
    pub(super) enum Files {}

    impl Files {
        pub(super) fn of(_files: &[PathBuf; 2]) -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) async fn written(&mut self) -> io::Result<()> {
            match *self {}
        }
    }
}
