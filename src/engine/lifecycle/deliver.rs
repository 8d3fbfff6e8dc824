//! Delivers a rendered take: its video is downloaded and checked, and only then gets its name.
//!
//! A rendered video is paid for, so nothing here gives up while the provider keeps the file.

use crate::engine::bin;
use crate::engine::blocking::blocking;
use crate::engine::context::Context;
use crate::engine::delivery::error::Undelivered;
use crate::engine::delivery::fetch::{Keep, fetch};
use crate::engine::delivery::url::url_of;
use crate::engine::delivery::video::Delivered;
use crate::engine::delivery::{expected, last_frame};
use crate::engine::events::Event;
use crate::engine::pauses::Interrupted;
use crate::engine::v1;
use crate::model::pause;
use crate::model::take::VIDEOS_KEPT;
use crate::model::text::sentences;
use crate::model::{Take, TakeState, Verdict};
use crate::store::Facts;

/// A readable video of an unexpected length is downloaded this often. Then it is kept with a remark, because it is what
/// the provider has and it is paid for. A whole video that cannot be read, and was identical each time, is kept too.
const TRIES: u32 = 3;
const NO_LONGER_KEPT: &str = "The provider no longer has the video (files are kept for seven days).";

/// Downloads the video of `take`, which is rendered, until it is saved or the provider no longer has it.
pub(super) async fn deliver(context: &Context, mut take: Take) -> Result<Take, Interrupted> {
    let (mut failures, mut wrong_lengths) = (0, 0);
    let mut unreadable = Repeats::default();
    loop {
        let keep = Keep {
            any_length: wrong_lengths + 1 >= TRIES,
            unreadable: unreadable.all_but_one(TRIES),
        };
        let error = match fetch(context, &take, keep).await {
            Ok(delivered) => return saved(context, &take, delivered).await,
            Err(Undelivered::Stopped(stop)) => return Err(stop),
            Err(error) => error,
        };
        failures += 1;
        wrong_lengths += u32::from(matches!(error, Undelivered::WrongLength(_)));
        unreadable.note(error.unreadable_video());
        let rendered = take.times.rendered.unwrap_or(take.created_at);
        let age = context.now().duration_since(rendered);
        if error.file_is_gone() && age > VIDEOS_KEPT {
            return context.expire(take.id, NO_LONGER_KEPT).await;
        }
        if failures == 1 || failures == 5 {
            report(context, &take, &error).await?;
        }
        let pause = pause::between_questions(failures, error.asks_to_wait());
        context.pauses.rest(pause).await?;
        // A URL may have gone stale (the sandbox's contains a port): ask for the current one.
        take = refreshed(context, take).await?;
    }
}

/// How often the same bytes came in a row.
#[derive(Debug, Default)]
struct Repeats {
    sha256: String,
    times: u32,
}

impl Repeats {
    /// Notes what another try downloaded; `None`, a download that broke off, says nothing about the file.
    fn note(&mut self, sha256: Option<&str>) {
        match sha256 {
            Some(sha256) if self.sha256 == sha256 => self.times += 1,
            Some(sha256) => {
                sha256.clone_into(&mut self.sha256);
                self.times = 1;
            }
            None => {}
        }
    }

    /// The hash that, with one more repeat, has come `times` times.
    fn all_but_one(&self, times: u32) -> Option<String> {
        (self.times + 1 >= times).then(|| self.sha256.clone())
    }
}

/// Reports what is wrong and keeps it with the take, which stays rendered.
async fn report(context: &Context, take: &Take, error: &Undelivered) -> Result<(), Interrupted> {
    let message = error.to_string();
    let facts = Facts::error(error.kind(), &message);
    context.learn(take.id, facts).await?;
    context.events.problem(sentences(&[
        &format!("Take {} is rendered but not yet saved: {message}", take.id),
        "It is retried automatically",
        error.kind().advice(),
    ]));
    Ok(())
}

async fn saved(context: &Context, take: &Take, delivered: Delivered) -> Result<Take, Interrupted> {
    let Delivered {
        path,
        aside,
        video,
        other,
    } = delivered;
    let (detail, remark) = match &video.info {
        Ok(info) => (
            expected::in_words(take, info),
            expected::wrong_length(info.duration_ms, expected::length_ms(take)),
        ),
        Err(wrong) => {
            let detail = format!("{} bytes that cannot be read as a video", video.bytes);
            let remark = format!(
                "rushes cannot read the video: {wrong}. It was downloaded {TRIES} times, complete and with the same \
                 content each time; open it with another player"
            );
            (detail, Some(remark))
        }
    };
    if let Some(remark) = &remark {
        let sentence = format!("Take {} is saved, but {remark}.", take.id);
        context.events.problem(sentence);
    }
    if let Some(other) = other {
        context.events.problem(format!(
            "Take {} is saved. Another video had its name and was not overwritten: it is kept as {}.",
            take.id,
            other.display()
        ));
    }
    let last_frame_file = last_frame::save(context, take, &path).await?;
    let facts = Facts {
        error: remark.map(|remark| format!("Kept as the provider delivered it: {remark}.")),
        file: Some(path),
        last_frame_file,
        bytes: Some(video.bytes),
        sha256: Some(video.sha256),
        ..Facts::default()
    };
    let saved = context.step(take.id, TakeState::Saved, &detail, facts).await?;
    // An earlier try may have brought something else, which was set aside for the user to look at. Usually there is none.
    let _ = tokio::fs::remove_file(aside).await;
    if saved.verdict == Verdict::Rejected {
        return into_bin(context, saved).await;
    }
    (context.setup.on_saved)(&saved, context.events.teller());
    Ok(saved)
}

/// Moves the files of a take that was rejected before it was saved.
async fn into_bin(context: &Context, take: Take) -> Result<Take, Interrupted> {
    let (store, reels, id) = (context.setup.store.clone(), context.setup.reels.clone(), take.id);
    let moved = blocking(move || bin::settle(&store, &reels, id)).await;
    if let Err(error) = moved {
        context.events.problem(error.in_words(id, take.verdict));
    }
    context.events.tell(Event::Take(id));
    context.keep(move |store| store.take(id)).await
}

/// The take with the current URL of its video, if we still own the take.
async fn refreshed(context: &Context, take: Take) -> Result<Take, Interrupted> {
    let found = match &take.request_id {
        Some(request_id) => url_of(context, request_id).await,
        None => v1::find_video(context, &take).await?,
    };
    if let Some(facts) = found {
        context.learn(take.id, facts).await?;
    }
    context.still_ours(take.id).await
}
