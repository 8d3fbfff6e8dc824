//! Makes each video once, when it is first requested, and keeps it as `files/<id>.mp4`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use super::answers::Refusal;
use super::books::Job;
use super::{FilmMaker, intake, still};
use crate::model::Request;
use crate::model::text::hex;

/// Films made at the same time; each keeps a core busy.
const AT_ONCE: usize = 2;

/// The folder of films and their maker.
pub(super) struct Films {
    folder: PathBuf,
    maker: Arc<dyn FilmMaker>,
    slots: Arc<Semaphore>,
    stop: CancellationToken,
}

/// A film that lies ready.
#[derive(Debug, Clone)]
pub(super) struct Film {
    pub path: PathBuf,
    pub bytes: u64,
    pub sha256: String,
    /// Made or found just now: the books do not know it yet.
    pub is_new: bool,
}

impl Films {
    /// `stop` ends the making of films at the next chance.
    pub fn new(folder: PathBuf, maker: Arc<dyn FilmMaker>, stop: CancellationToken) -> Self {
        Self {
            folder,
            maker,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            stop,
        }
    }

    /// The film of a completed job, made now unless it is there.
    pub async fn film(&self, job: &Job) -> Result<Film, Refusal> {
        let path = self.path(&job.request_id);
        if let (Some(sha256), Some(bytes)) = (&job.sha256, job.bytes)
            && tokio::fs::metadata(&path)
                .await
                .is_ok_and(|found| found.len() == bytes)
        {
            return Ok(Film {
                path,
                bytes,
                sha256: sha256.clone(),
                is_new: false,
            });
        }
        let request = request_of(job)?;
        let slot = Arc::clone(&self.slots)
            .acquire_owned()
            .await
            .map_err(Refusal::internal)?;
        let (maker, stop) = (Arc::clone(&self.maker), self.stop.clone());
        let (made, film) = oneshot::channel();
        // A thread of its own: a runtime that ends waits for its own threads, but nobody waits for a film then.
        std::thread::Builder::new()
            .name("film".to_owned())
            .spawn(move || {
                // The client may be gone; the next request finds the video.
                let _ = made.send(make(&path, maker.as_ref(), &request, stop));
                drop(slot);
            })
            .map_err(Refusal::internal)?;
        let film = film
            .await
            .map_err(|_| Refusal::internal("the film's maker broke off"))?;
        film.map_err(Refusal::internal)
    }

    /// Forgets the file of an expired film.
    pub fn remove(&self, request_id: &str) {
        for path in [self.path(request_id), self.still_path(request_id)] {
            // It may be gone already, or another sandbox removes it in this moment.
            let _ = std::fs::remove_file(path);
        }
    }

    /// The film's last frame as a PNG, drawn now unless it is there; none when the maker cannot tell.
    pub async fn still(&self, job: &Job) -> Result<Option<PathBuf>, Refusal> {
        let path = self.still_path(&job.request_id);
        if tokio::fs::try_exists(&path).await.map_err(Refusal::internal)? {
            return Ok(Some(path));
        }
        let (request, maker) = (request_of(job)?, Arc::clone(&self.maker));
        let drawn = tokio::task::spawn_blocking(move || match maker.last_frame(&request) {
            Some(picture) => still::write(&picture, &path).map(|()| Some(path)),
            None => Ok(None),
        });
        drawn.await.map_err(Refusal::internal)?.map_err(Refusal::internal)
    }

    fn still_path(&self, request_id: &str) -> PathBuf {
        self.folder.join(format!("{request_id}-last.png"))
    }

    fn path(&self, request_id: &str) -> PathBuf {
        self.folder.join(format!("{request_id}.mp4"))
    }
}

fn request_of(job: &Job) -> Result<Request, Refusal> {
    intake::request_of(job.model, &job.body, &job.request_id)
        .ok_or_else(|| Refusal::internal("the request cannot be read any more"))
}

/// Makes the film at `path`. The lock on the part file lets one maker work, over all processes; the others wait
/// and find the film.
fn make(path: &Path, maker: &dyn FilmMaker, request: &Request, stop: CancellationToken) -> io::Result<Film> {
    let part = path.with_extension("part");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&part)?;
    file.lock()?;
    if let Ok(mut found) = File::open(path) {
        // Ours is the finished film under its new name, or an empty part made after it.
        let _ = std::fs::remove_file(&part);
        let mut hashed = Hashed::new(io::sink(), stop);
        io::copy(&mut found, &mut hashed)?;
        return hashed.finish(path);
    }
    file.set_len(0)?;
    let mut out = Hashed::new(&file, stop);
    maker.film(request, &mut out).map_err(io::Error::other)?;
    let film = out.finish(path)?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    Ok(film)
}

/// Counts and hashes what is written; refuses to go on when the sandbox stops.
struct Hashed<W: Write> {
    out: BufWriter<W>,
    hash: Sha256,
    bytes: u64,
    stop: CancellationToken,
}

impl<W: Write> Hashed<W> {
    fn new(out: W, stop: CancellationToken) -> Self {
        Self {
            out: BufWriter::new(out),
            hash: Sha256::new(),
            bytes: 0,
            stop,
        }
    }

    fn finish(mut self, path: &Path) -> io::Result<Film> {
        self.out.flush()?;
        Ok(Film {
            path: path.to_owned(),
            bytes: self.bytes,
            sha256: hex(&self.hash.finalize()),
            is_new: true,
        })
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.is_cancelled() {
            return Err(io::Error::other("the sandbox is stopping"));
        }
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use serde_json::json;

    use super::*;
    use crate::model::Model;
    use crate::sandbox::FilmError;

    fn request() -> Request {
        let body = json!({"prompt": "k"});
        Request::from_body(Model::default(), &body, &mut fastrand::Rng::with_seed(1)).unwrap()
    }

    #[test]
    fn many_askers_have_one_film_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp4");
        let made = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&made);
        let maker = move |_: &Request, out: &mut dyn Write| -> Result<(), FilmError> {
            count.fetch_add(1, Ordering::SeqCst);
            for part in 0..100_u32 {
                out.write_all(&part.to_be_bytes())?;
            }
            Ok(())
        };
        let films: Vec<Film> = std::thread::scope(|scope| {
            let askers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| make(&path, &maker, &request(), CancellationToken::new()).unwrap()))
                .collect();
            askers.into_iter().map(|asker| asker.join().unwrap()).collect()
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert!(
            films
                .iter()
                .all(|film| film.bytes == 400 && film.sha256 == films[0].sha256)
        );
        assert_eq!(std::fs::read(&path).unwrap().len(), 400);
        assert!(!path.with_extension("part").exists());
    }

    #[test]
    fn a_failed_or_stopped_maker_leaves_no_film_and_the_next_one_succeeds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp4");
        let broken = |_: &Request, out: &mut dyn Write| -> Result<(), FilmError> {
            out.write_all(b"half of it")?;
            Err("no more".into())
        };
        let whole =
            |_: &Request, out: &mut dyn Write| -> Result<(), FilmError> { Ok(out.write_all(b"all")?) };
        let error = make(&path, &broken, &request(), CancellationToken::new()).unwrap_err();
        assert_eq!(error.to_string(), "no more");
        let stopped = CancellationToken::new();
        stopped.cancel();
        assert!(make(&path, &whole, &request(), stopped).is_err() && !path.exists());
        assert_eq!(
            make(&path, &whole, &request(), CancellationToken::new())
                .unwrap()
                .bytes,
            3
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"all");
    }
}
