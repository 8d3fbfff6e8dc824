//! Makes each video once, when it is first requested, and keeps it as `files/<id>.mp4`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use super::ledger::Job;
use super::refusals::Refusal;
use super::{SameSeed, VideoMaker, drafts, last_frame};
use crate::model::text::hex;
use crate::model::{Request, Seed};

/// How many videos are made at the same time; each keeps a core busy.
const AT_ONCE: usize = 2;

/// The folder of videos and their maker.
pub(super) struct Videos {
    folder: PathBuf,
    maker: Arc<dyn VideoMaker>,
    same_seed: SameSeed,
    slots: Arc<Semaphore>,
    stop: CancellationToken,
}

/// A finished video.
#[derive(Debug, Clone)]
pub(super) struct VideoFile {
    pub path: PathBuf,
    pub bytes: u64,
    pub sha256: String,
    /// Made or found just now: the ledger does not have it yet.
    pub is_new: bool,
}

impl Videos {
    /// `stop` ends the making of videos at the next write.
    pub fn new(
        folder: PathBuf,
        maker: Arc<dyn VideoMaker>,
        same_seed: SameSeed,
        stop: CancellationToken,
    ) -> Self {
        Self {
            folder,
            maker,
            same_seed,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            stop,
        }
    }

    /// The video of a completed job, made now if necessary.
    pub async fn video(&self, job: &Job) -> Result<VideoFile, Refusal> {
        let path = self.path(&job.request_id);
        if let (Some(sha256), Some(bytes)) = (&job.sha256, job.bytes)
            && tokio::fs::metadata(&path)
                .await
                .is_ok_and(|found| found.len() == bytes)
        {
            return Ok(VideoFile {
                path,
                bytes,
                sha256: sha256.clone(),
                is_new: false,
            });
        }
        let (request, light) = self.varied(job)?;
        let slot = Arc::clone(&self.slots)
            .acquire_owned()
            .await
            .map_err(Refusal::internal)?;
        let (maker, stop) = (Arc::clone(&self.maker), self.stop.clone());
        let (made, video) = oneshot::channel();
        // A thread of its own, because a runtime waits for its threads when it ends, and nobody needs the video then.
        std::thread::Builder::new()
            .name("video".to_owned())
            .spawn(move || {
                // The client may be gone; the next request finds the video.
                let _ = made.send(make(&path, maker.as_ref(), (&request, light), stop));
                drop(slot);
            })
            .map_err(Refusal::internal)?;
        let video = video
            .await
            .map_err(|_| Refusal::internal("the thread that makes the video ended early"))?;
        video.map_err(Refusal::internal)
    }

    /// Deletes the files of an expired video.
    pub fn remove(&self, request_id: &str) {
        for path in [self.path(request_id), self.still_path(request_id)] {
            // Another sandbox may have removed it.
            let _ = std::fs::remove_file(path);
        }
    }

    /// The video's last frame as a PNG, drawn now if necessary; `None` if the maker does not know it.
    pub async fn still(&self, job: &Job) -> Result<Option<PathBuf>, Refusal> {
        let path = self.still_path(&job.request_id);
        if tokio::fs::try_exists(&path).await.map_err(Refusal::internal)? {
            return Ok(Some(path));
        }
        let ((request, _), maker) = (self.varied(job)?, Arc::clone(&self.maker));
        let drawn = tokio::task::spawn_blocking(move || match maker.last_frame(&request) {
            Some(picture) => last_frame::write(&picture, &path).map(|()| Some(path)),
            None => Ok(None),
        });
        drawn.await.map_err(Refusal::internal)?.map_err(Refusal::internal)
    }

    /// The request whose video the job gives, and what makes that video its own where it is only near to the others.
    fn varied(&self, job: &Job) -> Result<(Request, Option<u64>), Refusal> {
        let request = drafts::request_of(job)?;
        let digest = Sha256::digest(job.shot_id().as_bytes());
        let own = digest
            .iter()
            .take(8)
            .fold(0, |all, byte| all << 8 | u64::from(*byte));
        Ok(match self.same_seed {
            SameSeed::Same => (request, None),
            SameSeed::Near => (request, Some(own)),
            SameSeed::Different => {
                let seed = Seed::draw(&mut fastrand::Rng::with_seed(own));
                (Request { seed, ..request }, None)
            }
        })
    }

    fn still_path(&self, request_id: &str) -> PathBuf {
        self.folder.join(format!("{request_id}-last.png"))
    }

    fn path(&self, request_id: &str) -> PathBuf {
        self.folder.join(format!("{request_id}.mp4"))
    }
}

/// Makes the video at `path`. The lock on the part file lets one maker of all processes work; the others wait and find
/// the video.
fn make(
    path: &Path,
    maker: &dyn VideoMaker,
    (request, light): (&Request, Option<u64>),
    stop: CancellationToken,
) -> io::Result<VideoFile> {
    let part = path.with_extension("part");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&part)?;
    file.lock()?;
    if let Ok(mut found) = File::open(path) {
        // Ours is the finished video under its new name, or an empty part made after it.
        let _ = std::fs::remove_file(&part);
        let mut hashed = Hashed::new(io::sink(), stop);
        io::copy(&mut found, &mut hashed)?;
        return hashed.finish(path);
    }
    file.set_len(0)?;
    let mut out = Hashed::new(&file, stop);
    match light {
        Some(light) => maker.near_video(request, light, &mut out),
        None => maker.video(request, &mut out),
    }
    .map_err(io::Error::other)?;
    let video = out.finish(path)?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    Ok(video)
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

    fn finish(mut self, path: &Path) -> io::Result<VideoFile> {
        self.out.flush()?;
        Ok(VideoFile {
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
    use crate::sandbox::VideoError;

    fn request() -> Request {
        let body = json!({"prompt": "k"});
        Request::from_body(Model::default(), &body, &mut fastrand::Rng::with_seed(1)).unwrap()
    }

    #[test]
    fn many_askers_have_one_video_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp4");
        let made = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&made);
        let maker = move |_: &Request, out: &mut dyn Write| -> Result<(), VideoError> {
            count.fetch_add(1, Ordering::SeqCst);
            for part in 0..100_u32 {
                out.write_all(&part.to_be_bytes())?;
            }
            Ok(())
        };
        let videos: Vec<VideoFile> = std::thread::scope(|scope| {
            let askers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| make(&path, &maker, (&request(), None), CancellationToken::new()).unwrap())
                })
                .collect();
            askers.into_iter().map(|asker| asker.join().unwrap()).collect()
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert!(
            videos
                .iter()
                .all(|video| video.bytes == 400 && video.sha256 == videos[0].sha256)
        );
        assert_eq!(std::fs::read(&path).unwrap().len(), 400);
        assert!(!path.with_extension("part").exists());
    }

    #[test]
    fn a_failed_or_stopped_maker_leaves_no_video_and_the_next_one_succeeds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp4");
        let broken = |_: &Request, out: &mut dyn Write| -> Result<(), VideoError> {
            out.write_all(b"half of it")?;
            Err("no more".into())
        };
        let whole =
            |_: &Request, out: &mut dyn Write| -> Result<(), VideoError> { Ok(out.write_all(b"all")?) };
        let error = make(&path, &broken, (&request(), None), CancellationToken::new()).unwrap_err();
        assert_eq!(error.to_string(), "no more");
        let stopped = CancellationToken::new();
        stopped.cancel();
        assert!(make(&path, &whole, (&request(), None), stopped).is_err() && !path.exists());
        assert_eq!(
            make(&path, &whole, (&request(), None), CancellationToken::new())
                .unwrap()
                .bytes,
            3
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"all");
    }
}
