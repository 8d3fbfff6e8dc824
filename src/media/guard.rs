//! Runs parsers of untrusted bytes on a worker thread, so that neither a panic nor an endless loop does harm.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::error::{MediaError, VideoProblem};

const WORKER: &str = "media-reader";

/// How long reading one header or decoding one picture may take: a hundred times the usual.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether this thread reads untrusted bytes. A panic hook has to stay silent on it: the panic is caught and
/// becomes [`VideoProblem::Damaged`].
pub fn is_worker_thread() -> bool {
    thread::current().name() == Some(WORKER)
}

/// Runs `work` on a worker thread and waits for it; its panic or its timeout is an error.
pub(super) fn guarded<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    guarded_for(PATIENCE, path, work)
}

/// The same for work that may take longer.
pub(super) fn guarded_for<T: Send + 'static>(
    patience: Duration,
    path: &Path,
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    let (owned, mut work) = (path.to_owned(), Some(work));
    let once = move |()| match work.take() {
        Some(work) => work(),
        None => Err(MediaError::damaged(&owned, "it was read already")),
    };
    Worker::start(path, once)?.ask_within(patience, path, ())
}

/// A worker thread that answers one question after another, until it fails.
///
/// A worker that does not answer in time is abandoned; it ends with the program.
pub(super) struct Worker<Q, A> {
    questions: Sender<Q>,
    answers: Receiver<Result<A, MediaError>>,
}

impl<Q: Send + 'static, A: Send + 'static> Worker<Q, A> {
    pub(super) fn start(
        path: &Path,
        mut answer: impl FnMut(Q) -> Result<A, MediaError> + Send + 'static,
    ) -> Result<Self, MediaError> {
        let (questions, asked) = mpsc::channel();
        let (answered, answers) = mpsc::channel();
        let work = move || {
            while let Ok(question) = asked.recv() {
                if answered.send(answer(question)).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new()
            .name(WORKER.to_owned())
            .spawn(work)
            .map_err(|source| MediaError::io(path, source))?;
        Ok(Self { questions, answers })
    }

    /// Asks and waits. After an error the worker must not be asked again.
    pub(super) fn ask(&self, path: &Path, question: Q) -> Result<A, MediaError> {
        self.ask_within(PATIENCE, path, question)
    }

    fn ask_within(&self, patience: Duration, path: &Path, question: Q) -> Result<A, MediaError> {
        let gone = || MediaError::damaged(path, "its tables contradict each other");
        self.questions.send(question).map_err(|_| gone())?;
        match self.answers.recv_timeout(patience) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
            Err(RecvTimeoutError::Timeout) => Err(VideoProblem::Endless.at(path)),
        }
    }
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
        assert!(broken.unwrap_err().to_string().contains("is damaged"));
    }

    #[test]
    fn a_parser_without_end_is_an_error() {
        let path = Path::new("x.mp4");
        let endless: Worker<(), ()> = Worker::start(path, |()| {
            loop {
                thread::park();
            }
        })
        .unwrap();
        let error = endless
            .ask_within(Duration::from_millis(10), path, ())
            .unwrap_err();
        assert!(error.to_string().contains("takes too long to read"), "{error}");
    }
}
