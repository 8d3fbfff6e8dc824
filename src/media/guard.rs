//! Runs parsers of foreign bytes where a panic does no harm.

use std::path::Path;
use std::thread;

use super::error::MediaError;

const WORKER: &str = "media-reader";

/// Whether this thread reads foreign bytes. A panic hook has to stay silent on it: the panic is caught and
/// becomes a [`MediaError::Damaged`].
#[must_use]
pub fn is_worker_thread() -> bool {
    thread::current().name() == Some(WORKER)
}

/// Runs `work` on a worker thread and waits for it; its panic is a damaged file.
pub(super) fn guarded<T: Send>(
    path: &Path,
    work: impl FnOnce() -> Result<T, MediaError> + Send,
) -> Result<T, MediaError> {
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name(WORKER.to_owned())
            .spawn_scoped(scope, work);
        match worker {
            Ok(worker) => worker
                .join()
                .unwrap_or_else(|_| Err(MediaError::damaged(path, "its tables contradict each other"))),
            Err(source) => Err(MediaError::io(path, source)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_parser_is_an_error() {
        let name = guarded(Path::new("x.mp4"), || Ok(is_worker_thread()));
        assert!(name.unwrap());
        assert!(!is_worker_thread());
        let broken: Result<(), _> = guarded(Path::new("x.mp4"), || panic!("on purpose"));
        assert!(matches!(broken, Err(MediaError::Damaged { .. })));
    }
}
