//! Delivery: the film comes into the reel's folder, is checked, and only then bears its name.
//!
//! A rendered film is paid for, so nothing here gives up on it while the provider keeps the file.

use std::io;
use std::path::{Path, PathBuf};

use futures::StreamExt;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use crate::model::pause;
use crate::model::take::FILMS_KEPT;
use crate::model::text::sentences;
use crate::model::{ApiVersion, FailureKind, Take, TakeState};
use crate::segmind::Outcome;
use crate::store::Facts;

use super::blocking::blocking;
use super::context::{Context, Stop};
use super::film::{self, Delivered};
use super::undelivered::Undelivered;
use super::watch::film_facts;
use super::{Event, fit, part, place, reconcile};

/// A readable film of another length than asked for is fetched this often; then it is what the provider has, is
/// paid for, and is kept as it is, with a remark. So is a whole video that cannot be read, when it came alike so often.
const TRIES: u32 = 3;

/// Fetches the film of `take`, which is rendered, until it is saved or the provider no longer has it.
pub(super) async fn deliver(context: &Context, mut take: Take) -> Result<Take, Stop> {
    let (mut failures, mut wrong_lengths) = (0, 0);
    let mut unreadable = Alike::default();
    loop {
        let keep = Keep {
            any_length: wrong_lengths + 1 >= TRIES,
            unreadable: unreadable.all_but_one(TRIES),
        };
        let error = match fetch(context, &take, keep).await {
            Ok(delivered) => return saved(context, &take, delivered).await,
            Err(Undelivered::PutDown(stop)) => return Err(stop),
            Err(error) => error,
        };
        failures += 1;
        wrong_lengths += u32::from(matches!(error, Undelivered::WrongLength(_)));
        unreadable.note(error.unreadable_video());
        let age = context
            .now()
            .duration_since(take.times.rendered.unwrap_or(take.created_at));
        if error.file_is_gone() && age > FILMS_KEPT {
            return expired(context, &take).await;
        }
        if failures == 1 || failures == 5 {
            undelivered(context, &take, &error).await?;
        }
        context
            .rest(pause::between_questions(failures, error.asks_to_wait()))
            .await?;
        // An address may have gone stale (the stand-in's names a port): ask where the film lies now.
        take = refreshed(context, take).await?;
    }
}

/// What is kept although it is not as it should be.
#[derive(Debug, Clone)]
struct Keep {
    any_length: bool,
    /// The hash of a video that cannot be read.
    unreadable: Option<String>,
}

/// How often the same came in a row.
#[derive(Debug, Default)]
struct Alike {
    sha256: String,
    times: u32,
}

impl Alike {
    /// Another try brought this, or nothing of the kind.
    fn note(&mut self, sha256: Option<&str>) {
        match sha256 {
            Some(sha256) if self.sha256 == sha256 => self.times += 1,
            Some(sha256) => {
                sha256.clone_into(&mut self.sha256);
                self.times = 1;
            }
            // A download that broke off says nothing about the file.
            None => {}
        }
    }

    /// What has come so often that once more makes `times`.
    fn all_but_one(&self, times: u32) -> Option<String> {
        (self.times + 1 >= times).then(|| self.sha256.clone())
    }
}

/// Says what is wrong and keeps it with the take; the take stays rendered.
async fn undelivered(context: &Context, take: &Take, error: &Undelivered) -> Result<(), Stop> {
    let message = error.to_string();
    let facts = Facts {
        error: Some(message.clone()),
        error_kind: Some(error.kind()),
        ..Facts::default()
    };
    context.learn(take.id, facts).await?;
    context.trouble(sentences(&[
        &format!("Take {} is rendered but not yet saved: {message}", take.id),
        "It is tried again by itself",
        error.kind().advice(),
    ]));
    Ok(())
}

async fn expired(context: &Context, take: &Take) -> Result<Take, Stop> {
    let why = "The provider no longer has the film (files are kept for seven days).";
    let facts = Facts {
        error: Some(why.to_owned()),
        error_kind: Some(FailureKind::Stale),
        ..Facts::default()
    };
    context.step(take.id, TakeState::Expired, why, facts).await
}

async fn saved(context: &Context, take: &Take, delivered: Delivered) -> Result<Take, Stop> {
    let Delivered { path, film, other } = delivered;
    let (detail, remark) = match &film.info {
        Ok(info) => (
            fit::words(take, info),
            fit::wrong_length(info.duration_ms, fit::length_ms(take)),
        ),
        Err(wrong) => {
            let detail = format!("{} bytes that cannot be read as a film", film.bytes);
            let remark = format!(
                "rushes cannot read the film: {wrong}. It was downloaded {TRIES} times, complete and with the same \
                 content each time; open it with another player"
            );
            (detail, Some(remark))
        }
    };
    if let Some(remark) = &remark {
        context.trouble(format!("Take {} is saved, but {remark}.", take.id));
    }
    if let Some(other) = other {
        context.trouble(format!(
            "Take {} is saved. Another film had its name and was not overwritten: it is kept as {}.",
            take.id,
            other.display()
        ));
    }
    // An earlier try may have brought something else, which was set aside to be looked at.
    let aside = part::aside(&path);
    let facts = Facts {
        error: remark.map(|remark| format!("Kept as the provider has it: {remark}.")),
        file: Some(path),
        bytes: Some(film.bytes),
        sha256: Some(film.sha256),
        ..Facts::default()
    };
    let saved = context.step(take.id, TakeState::Saved, &detail, facts).await?;
    // Mostly there is none.
    let _ = tokio::fs::remove_file(aside).await;
    Ok(saved)
}

/// The take with the address at which its film lies now, if it is still ours.
async fn refreshed(context: &Context, take: Take) -> Result<Take, Stop> {
    let found = match &take.request_id {
        Some(request_id) => address(context, request_id).await,
        None => reconcile::find_film(context, &take).await?,
    };
    if let Some(facts) = found {
        context.learn(take.id, facts).await?;
    }
    context.still_ours(take.id).await
}

/// Where the film of a request lies by now, if the provider says so.
async fn address(context: &Context, request_id: &str) -> Option<Facts> {
    let client = &context.setup.client;
    let Ok(answer) = client.result(request_id).await else {
        // The record is gone after an hour; the history still names the file.
        let row = client.history_one(request_id).await.ok()?.value?;
        return Some(Facts {
            output_url: Some(row.url?),
            ..Facts::default()
        });
    };
    match answer.value {
        Outcome::Completed(film) => Some(film_facts(&film)),
        _ => None,
    }
}

/// One try: a part, fetched, checked and given its name.
async fn fetch(context: &Context, take: &Take, keep: Keep) -> Result<Delivered, Undelivered> {
    let path = film_path(context, take).await?;
    if let Some(noted) = take.sha256.clone() {
        let path = path.clone();
        if let Some(film) = blocking(move || film::named_before(path, &noted)).await {
            return Ok(film);
        }
    }
    let needs_fetching = take.api_version == ApiVersion::V2 || take.output_url.is_some();
    let url = match take.output_url.as_deref() {
        None if needs_fetching => return Err(Undelivered::NoAddress),
        url => url,
    };
    let part = part::of(&path);
    // Held until the film bears its name.
    let at = part.clone();
    let mut file = blocking(move || part::held(&at, needs_fetching))
        .await?
        .map(File::from_std);
    let mut is_whole = false;
    if let (Some(url), Some(file)) = (url, &mut file)
        && !was_fetched(take, &part).await
    {
        is_whole = download(context, take, url, &part, file).await?;
    }
    let accepted = film::Accepted {
        // What cannot be fetched again is kept whatever its length.
        wanted_ms: fit::length_ms(take).filter(|_| !keep.any_length && take.output_url.is_some()),
        is_whole,
        unreadable: keep.unreadable,
    };
    let at = path.clone();
    let film = blocking(move || film::check(&at, &accepted)).await?;
    note(context, take, &film).await?;
    let now = context.now();
    blocking(move || film::name(film, path, now)).await
}

/// Whether an earlier run fetched and checked all of it.
async fn was_fetched(take: &Take, part: &Path) -> bool {
    let Some(noted) = take.sha256.clone() else {
        return false;
    };
    let part = part.to_owned();
    blocking(move || film::is_there(&part, &noted)).await
}

/// Writes down which film it is before the film bears its name, so that it is known again after a crash in between.
async fn note(context: &Context, take: &Take, film: &film::Checked) -> Result<(), Stop> {
    let facts = Facts {
        bytes: Some(film.bytes),
        sha256: Some(film.sha256.clone()),
        ..Facts::default()
    };
    context.learn(take.id, facts).await?;
    // For whoever has to do without the store.
    context.write_sidecar(take.id).await;
    Ok(())
}

/// Where the film of `take` belongs; its folder is made.
pub(super) async fn film_path(context: &Context, take: &Take) -> Result<PathBuf, Undelivered> {
    let id = take.id;
    let folder = context.keep(move |store| store.reel_of(id)).await?.folder;
    let path = place::film(&context.setup.reels, &folder, take);
    blocking(move || {
        let folder = path.parent().unwrap_or(&path);
        place::make_folder(folder).map_err(Undelivered::io("cannot make the folder", folder))?;
        Ok(path)
    })
    .await
}

/// Brings the bytes into `part`, going on where an earlier try ended if the server can. Whether the server said how
/// many there are, and all of them came.
async fn download(
    context: &Context,
    take: &Take,
    url: &str,
    part: &Path,
    file: &mut File,
) -> Result<bool, Undelivered> {
    let cannot_write = Undelivered::io("cannot write", part);
    let have = file.metadata().await.map_or(0, |meta| meta.len());
    let answer = context.setup.client.download(url, have).await;
    let mut answer = match answer.map_err(Undelivered::from) {
        Err(error) if error.is_past_its_end() => {
            // It cannot be gone on with.
            file.set_len(0).await.map_err(&cannot_write)?;
            return Err(error);
        }
        answer => answer?,
    };
    let mut written = if answer.resumed { have } else { 0 };
    file.set_len(written).await.map_err(&cannot_write)?;
    file.seek(io::SeekFrom::Start(written))
        .await
        .map_err(&cannot_write)?;
    let mut told = 0;
    while let Some(chunk) = stoppable(context, answer.chunks.next()).await? {
        let chunk = chunk?;
        file.write_all(&chunk).await.map_err(&cannot_write)?;
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
    file.flush().await.map_err(&cannot_write)?;
    file.sync_all()
        .await
        .map_err(Undelivered::io("cannot keep", part))?;
    match answer.total {
        Some(total) if total != written => Err(Undelivered::NotTheFilm(format!(
            "{written} of {total} bytes came"
        ))),
        total => Ok(total.is_some()),
    }
}

async fn stoppable<T>(context: &Context, next: impl Future<Output = T>) -> Result<T, Stop> {
    tokio::select! {
        biased;
        () = context.cancel.cancelled() => Err(Stop::Cancelled),
        value = next => Ok(value),
    }
}
