//! Delivery: the film comes into the reel's folder, is checked, and only then bears its name.
//!
//! A rendered film is paid for, so nothing here gives up on it while the provider keeps the file.

use std::fs::TryLockError;
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::media;
use crate::model::take::FILMS_KEPT;
use crate::model::{FailureKind, Take, TakeState};
use crate::segmind::{ApiError, Outcome, V1Content};
use crate::store::Facts;

use super::context::{Context, Stop};
use super::schedule::backoff;
use super::watch::film_facts;
use super::{Event, fit, place, reconcile, work};

/// A readable film of another length than asked for is fetched this often; then it is what the provider has, is
/// paid for, and is kept as it is, with a remark.
const LENGTH_TRIES: u32 = 3;
/// How far the clocks of a file system and of this machine are thought to be apart at the most.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(5);

/// Why a film is not there yet.
#[derive(Debug, thiserror::Error)]
enum Undelivered {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error("{what} {}: {error}", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        error: io::Error,
    },
    #[error("what arrived is not the film: {0}")]
    NotTheFilm(String),
    #[error("{0}")]
    WrongLength(String),
    #[error("another process is fetching it")]
    Elsewhere,
    #[error("the provider has not said where the film lies")]
    NoAddress,
    #[error("stopped")]
    Stopped,
}

impl Undelivered {
    fn kind(&self) -> FailureKind {
        match self {
            Self::Io { .. } => FailureKind::Storage,
            Self::Api(error) if error.kind == FailureKind::Network => FailureKind::Network,
            _ => FailureKind::Delivery,
        }
    }

    /// The host says that there is no such file. A 403 says nothing of the kind: a gateway in between may.
    fn file_is_gone(&self) -> bool {
        matches!(self, Self::Api(error) if matches!(error.status, Some(404 | 410)))
    }

    /// What we have of the file is more than there is.
    fn is_past_its_end(&self) -> bool {
        matches!(self, Self::Api(error) if error.status == Some(416))
    }
}

/// A film that has been checked and bears its name.
struct Delivered {
    path: PathBuf,
    bytes: u64,
    sha256: String,
    info: media::MovieInfo,
    /// Where a film lies now that had the name before.
    other: Option<PathBuf>,
}

/// Fetches the film of `take`, which is rendered, until it is saved or the provider no longer has it.
pub(super) async fn deliver(context: &Context, mut take: Take) -> Result<Take, Stop> {
    let (mut failures, mut wrong_lengths) = (0, 0);
    loop {
        let keep = wrong_lengths + 1 >= LENGTH_TRIES;
        let error = match fetch(context, &take, keep).await {
            Ok(film) => return saved(context, &take, film).await,
            Err(Undelivered::Stopped) => return Err(Stop::Cancelled),
            Err(error) => error,
        };
        failures += 1;
        wrong_lengths += u32::from(matches!(error, Undelivered::WrongLength(_)));
        let age = context
            .now()
            .duration_since(take.times.rendered.unwrap_or(take.created_at));
        if error.file_is_gone() && age > FILMS_KEPT {
            return expired(context, &take).await;
        }
        if error.is_past_its_end() {
            start_afresh(context, &take).await;
        }
        if failures == 1 || failures == 5 {
            undelivered(context, &take, &error).await?;
        }
        context
            .rest(backoff(failures, Duration::from_secs(1), Duration::from_secs(60)))
            .await?;
        // An address may have gone stale (the stand-in's names a port): ask where the film lies now.
        take = refreshed(context, take).await?;
    }
}

/// Drops the part of a film that cannot be gone on with.
async fn start_afresh(context: &Context, take: &Take) {
    let Ok(path) = film_path(context, take).await else {
        return;
    };
    if let Ok(Some(file)) = held(&path.with_extension("mp4.part"), false) {
        // If it cannot be emptied, the next try says why it cannot be written.
        let _ = file.set_len(0).await;
    }
}

/// Says what is wrong and keeps it with the take; the take stays rendered.
async fn undelivered(context: &Context, take: &Take, error: &Undelivered) -> Result<(), Stop> {
    let message = error.to_string();
    context.trouble(format!(
        "Take {} is rendered but not yet saved: {message}. It is tried again by itself. {}",
        take.id,
        error.kind().advice()
    ));
    let facts = Facts {
        error: Some(message),
        error_kind: Some(error.kind()),
        ..Facts::default()
    };
    context.learn(take.id, facts).await
}

async fn expired(context: &Context, take: &Take) -> Result<Take, Stop> {
    let why = "The provider no longer has the film (files are kept for seven days).";
    let facts = Facts {
        error: Some(why.to_owned()),
        error_kind: Some(FailureKind::Stale),
        ..Facts::default()
    };
    context.end(take, TakeState::Expired, why, facts).await
}

async fn saved(context: &Context, take: &Take, film: Delivered) -> Result<Take, Stop> {
    let detail = fit::words(take, &film.info);
    let remark = fit::wrong_length(film.info.duration_ms, fit::length_ms(take));
    if let Some(remark) = &remark {
        context.trouble(format!("Take {} is saved, but {remark}.", take.id));
    }
    if let Some(other) = &film.other {
        context.trouble(format!(
            "Take {} is saved. Another film had its name and was not overwritten: it is kept as {}.",
            take.id,
            other.display()
        ));
    }
    let facts = Facts {
        error: remark.map(|remark| format!("Kept as the provider has it: {remark}.")),
        file: Some(film.path.clone()),
        bytes: Some(film.bytes),
        sha256: Some(film.sha256),
        ..Facts::default()
    };
    // An earlier try may have brought something else, which was set aside to be looked at.
    let aside = film.path.with_extension("mp4.rejected");
    let saved = context.step(take.id, TakeState::Saved, &detail, facts).await?;
    // Mostly there is none.
    let _ = tokio::fs::remove_file(aside).await;
    Ok(saved)
}

async fn refreshed(context: &Context, take: Take) -> Result<Take, Stop> {
    let Some(request_id) = take.request_id.clone() else {
        return reconcile::find_film(context, take).await;
    };
    let facts = match context.setup.client.result(&request_id).await {
        Ok(answer) => match answer.value {
            Outcome::Completed(film) => film_facts(&film),
            _ => return Ok(take),
        },
        // The record is gone after an hour; the history still names the file.
        Err(_) => match context.setup.client.history_one(&request_id).await {
            Ok(answer) => match answer.value.and_then(|row| row.url) {
                Some(url) => Facts {
                    output_url: Some(url),
                    ..Facts::default()
                },
                None => return Ok(take),
            },
            Err(_) => return Ok(take),
        },
    };
    context.learn(take.id, facts).await?;
    let id = take.id;
    context.keep(move |store| store.take(id)).await
}

/// One try: a `.part` file, checked, synced and renamed.
async fn fetch(context: &Context, take: &Take, keep: bool) -> Result<Delivered, Undelivered> {
    let path = film_path(context, take).await?;
    let part = path.with_extension("mp4.part");
    let sent = take.times.submitted.unwrap_or(take.created_at);
    if let Some(film) = named_before(&part, &path, sent).await {
        return Ok(film);
    }
    let needs_fetching = take.api_version == crate::model::ApiVersion::V2 || take.output_url.is_some();
    let url = match take.output_url.as_deref() {
        None if needs_fetching => return Err(Undelivered::NoAddress),
        url => url,
    };
    // Held until the film bears its name.
    let mut file = held(&part, needs_fetching)?;
    if let (Some(url), Some(file)) = (url, &mut file) {
        download(context, take, url, &part, file).await?;
    }
    // What cannot be fetched again is kept whatever its length.
    let wanted = fit::length_ms(take).filter(|_| !keep && take.output_url.is_some());
    finish(&part, &path, wanted, context.now()).await
}

/// The part file, locked: after a jump of the clock another process may be at the same take. The lock ends with
/// whoever holds it. None when it is not there and is not to be made.
fn held(part: &Path, make: bool) -> Result<Option<tokio::fs::File>, Undelivered> {
    let io = |error| Undelivered::Io {
        what: "cannot write",
        path: part.to_owned(),
        error,
    };
    let mut options = std::fs::File::options();
    options.create(make).truncate(false).write(true).mode(0o600);
    let file = match options.open(part) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !make => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(Undelivered::Elsewhere),
        // A file system without locks, as some network ones are, is no reason to leave a film there.
        Err(TryLockError::Error(error)) => tracing::info!("{} is not locked: {error}", part.display()),
    }
    // Between opening and locking, its last holder may have given it its name.
    let still_there = file.metadata().ok().zip(std::fs::metadata(part).ok());
    match still_there {
        Some((ours, named)) if (ours.dev(), ours.ino()) == (named.dev(), named.ino()) => {
            Ok(Some(tokio::fs::File::from_std(file)))
        }
        _ => Err(Undelivered::Elsewhere),
    }
}

/// Puts away what is left of the film of a take that comes to nothing: what has bytes in it is kept aside.
pub(super) async fn put_away(context: &Context, take: &Take) {
    let Ok(path) = place(context, take).await else {
        return;
    };
    let part = path.with_extension("mp4.part");
    let Ok(Some(file)) = held(&part, false) else {
        return;
    };
    let is_empty = file.metadata().await.is_ok_and(|meta| meta.len() == 0);
    // Whatever stands in the way: the take itself comes to no harm.
    let _ = if is_empty {
        tokio::fs::remove_file(&part).await
    } else {
        tokio::fs::rename(&part, path.with_extension("mp4.rejected")).await
    };
}

/// The film, when an earlier run checked and named it but ended before that was written down. What is older than
/// the sending of the take is another's: numbers may be given out again after an older store was put back.
async fn named_before(part: &Path, path: &Path, sent: Timestamp) -> Option<Delivered> {
    if part.exists() {
        return None;
    }
    let written = Timestamp::try_from(path.metadata().ok()?.modified().ok()?).ok()?;
    if sent.duration_since(written) > CLOCKS_APART {
        tracing::warn!("{} is older than the take of its name", path.display());
        return None;
    }
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || {
        let info = media::inspect(&path).ok()?;
        let (bytes, sha256) = hashed(&path).ok()?;
        Some(Delivered {
            path,
            bytes,
            sha256,
            info,
            other: None,
        })
    })
    .await
    .ok()?
}

/// Where the film of `take` belongs; its folder is made.
async fn film_path(context: &Context, take: &Take) -> Result<PathBuf, Undelivered> {
    let path = place(context, take).await?;
    let folder = path.parent().unwrap_or(&path);
    let io = |error| Undelivered::Io {
        what: "cannot make the folder",
        path: folder.to_owned(),
        error,
    };
    tokio::fs::create_dir_all(folder).await.map_err(io)?;
    Ok(path)
}

/// Where the film of `take` belongs.
async fn place(context: &Context, take: &Take) -> Result<PathBuf, Undelivered> {
    let id = take.id;
    let folder = context
        .keep(move |store| store.folder_of(id))
        .await
        .map_err(|_| Undelivered::Stopped)?;
    let reels = &context.setup.reels;
    let io = |error| Undelivered::Io {
        what: "cannot make the folder",
        path: reels.join(&folder),
        error,
    };
    place::make_folder(&reels.join(&folder)).map_err(io)?;
    Ok(place::film(reels, &folder, take))
}

/// Brings the bytes into `part`, going on where an earlier try ended if the server can.
async fn download(
    context: &Context,
    take: &Take,
    url: &str,
    part: &Path,
    file: &mut tokio::fs::File,
) -> Result<(), Undelivered> {
    let io = |what| {
        move |error| Undelivered::Io {
            what,
            path: part.to_owned(),
            error,
        }
    };
    let have = file.metadata().await.map_or(0, |meta| meta.len());
    let mut answer = context.setup.client.download(url, have).await?;
    let mut written = if answer.resumed { have } else { 0 };
    file.set_len(written).await.map_err(io("cannot write"))?;
    tokio::io::AsyncSeekExt::seek(file, io::SeekFrom::Start(written))
        .await
        .map_err(io("cannot write"))?;
    let mut told = 0;
    while let Some(chunk) = stoppable(context, answer.chunks.next()).await? {
        let chunk = chunk?;
        file.write_all(&chunk).await.map_err(io("cannot write"))?;
        written += chunk.len() as u64;
        if written - told > 256 * 1024 {
            told = written;
            context.tell(Event::Progress {
                take: take.id,
                bytes: written,
                total: answer.total,
            });
        }
    }
    // Only a flush tells of a write that failed behind our back; a sync says nothing of it.
    file.flush().await.map_err(io("cannot write"))?;
    file.sync_all().await.map_err(io("cannot keep"))?;
    match answer.total {
        Some(total) if total != written => Err(Undelivered::NotTheFilm(format!(
            "{written} of {total} bytes came"
        ))),
        _ => Ok(()),
    }
}

async fn stoppable<T>(context: &Context, next: impl Future<Output = T>) -> Result<T, Undelivered> {
    tokio::select! {
        biased;
        () = context.cancel.cancelled() => Err(Undelivered::Stopped),
        value = next => Ok(value),
    }
}

/// Checks the bytes and gives them their name. What is not a film is set aside, so that the next try
/// starts afresh and the user can look at it.
async fn finish(
    part: &Path,
    path: &Path,
    wanted_ms: Option<u64>,
    now: Timestamp,
) -> Result<Delivered, Undelivered> {
    let (part, path) = (part.to_owned(), path.to_owned());
    let checked = tokio::task::spawn_blocking(move || check_and_name(&part, &path, wanted_ms, now)).await;
    checked.unwrap_or_else(|died| std::panic::resume_unwind(died.into_panic()))
}

fn check_and_name(
    part: &Path,
    path: &Path,
    wanted_ms: Option<u64>,
    now: Timestamp,
) -> Result<Delivered, Undelivered> {
    let io = |what, at: &Path| {
        let path = at.to_owned();
        move |error| Undelivered::Io { what, path, error }
    };
    let set_aside = || {
        let aside = path.with_extension("mp4.rejected");
        std::fs::rename(part, &aside).map_err(io("cannot set aside", part))?;
        Ok::<_, Undelivered>(format!("it is kept as {}", aside.display()))
    };
    let info = match media::inspect(part) {
        Ok(info) => info,
        Err(wrong) => return Err(Undelivered::NotTheFilm(format!("{wrong}; {}", set_aside()?))),
    };
    if let Some(wrong) = fit::wrong_length(info.duration_ms, wanted_ms) {
        return Err(Undelivered::WrongLength(format!("{wrong}; {}", set_aside()?)));
    }
    let (bytes, sha256) = hashed(part).map_err(io("cannot read", part))?;
    let is_there_already = hashed(path).is_ok_and(|there| there == (bytes, sha256.clone()));
    let other = if is_there_already {
        std::fs::rename(part, path).map(|()| None)
    } else {
        place::give_name(part, path, now)
    };
    let other = other.map_err(io("cannot name", path))?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(io("cannot keep", folder))?;
    }
    Ok(Delivered {
        path: path.to_owned(),
        bytes,
        sha256,
        info,
        other,
    })
}

/// Size and SHA-256 of what lies at `path`; the bytes are on the disk when it returns.
fn hashed(path: &Path) -> io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let (mut hasher, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = file.read(&mut chunk)?;
        if n == 0 {
            file.sync_all()?;
            return Ok((
                bytes,
                hasher.finalize().iter().map(|b| format!("{b:02x}")).collect(),
            ));
        }
        hasher.update(&chunk[..n]);
        bytes += n as u64;
    }
}

/// The blocking contract: the answer to the submit is the film itself, or its address.
pub(super) async fn generate_v1(context: &Context, take: &Take) -> Result<Result<Take, Stop>, ApiError> {
    let part = match film_path(context, take).await {
        Ok(path) => path.with_extension("mp4.part"),
        Err(error) => return Ok(hold_back(context, take, &error).await),
    };
    let mut file = match held(&part, true) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(hold_back(context, take, &Undelivered::Elsewhere).await),
        Err(error) => return Ok(hold_back(context, take, &error).await),
    };
    // Of an earlier try, which came to nothing.
    if let Err(error) = file.set_len(0).await {
        let (what, path) = ("cannot write", part);
        return Ok(hold_back(context, take, &Undelivered::Io { what, path, error }).await);
    }
    let answer = context
        .setup
        .client
        .generate_v1(take.model, &take.body, &mut file)
        .await;
    if answer.is_err() && file.metadata().await.is_ok_and(|meta| meta.len() == 0) {
        // Nothing came of it. If it stays, it does no harm.
        let _ = tokio::fs::remove_file(&part).await;
    }
    let answer = answer?;
    let exchange = work::exchange(context.now(), &answer.exchange);
    let film = answer.value;
    if let Err(error) = file.sync_all().await {
        // Not a reason to lose the id: delivery finds out what is missing.
        tracing::warn!("the film of take {} may not be on the disk yet: {error}", take.id);
    }
    let url = match &film.content {
        V1Content::Url(url) => Some(url.clone()),
        V1Content::Written(_) => None,
    };
    let accepted = Facts {
        request_id: film.request_id.clone(),
        http_status: Some(200),
        ..Facts::default()
    };
    let rendered = Facts {
        cost: film.cost,
        output_url: url,
        ..Facts::default()
    };
    let stepped = async {
        let taken = context.accept(take.id, "the provider took it", accepted).await?;
        if taken.is_none() {
            return work::unclear(context, take, "its id belongs to an equal take").await;
        }
        context
            .step(take.id, TakeState::Rendered, "rendered", rendered)
            .await
    }
    .await;
    context.record(take.id, Some(exchange)).await;
    Ok(stepped)
}

/// The folder cannot take the film: nothing is sent.
async fn hold_back(context: &Context, take: &Take, error: &Undelivered) -> Result<Take, Stop> {
    context.trouble(format!(
        "Take {} was not sent: {error}. {}",
        take.id,
        error.kind().advice()
    ));
    let facts = Facts {
        error: Some(error.to_string()),
        error_kind: Some(FailureKind::Storage),
        not_before: context.now().checked_add(SignedDuration::from_secs(30)).ok(),
        ..Facts::default()
    };
    context
        .step(
            take.id,
            TakeState::Waiting,
            "not sent: the folder cannot take the film",
            facts,
        )
        .await
}
