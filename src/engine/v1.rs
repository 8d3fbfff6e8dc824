//! The blocking contract: the answer to the submit is the film itself, or its address.

use std::path::PathBuf;

use jiff::SignedDuration;
use tokio::fs::File;

use crate::model::text::sentences;
use crate::model::{ApiVersion, FailureKind, Take, TakeState};
use crate::segmind::{ApiError, V1Content};
use crate::store::Facts;

use super::blocking::blocking;
use super::context::{Context, Stop};
use super::deliver::film_path;
use super::undelivered::Undelivered;
use super::{part, work};

/// The status of an answer that is the film or its address.
const ANSWERED: u16 = 200;
/// What the log says of it.
pub(super) const RENDERED: &str = "rendered: the answer was the film";

/// Whether the take's own answer was the film, although it stands as accepted only: the program ended in between.
pub(super) fn was_answered(take: &Take) -> bool {
    take.api_version == ApiVersion::V1 && take.http_status == Some(ANSWERED)
}

/// The blocking contract: the answer to the submit is the film itself, or its address.
pub(super) async fn generate(context: &Context, take: &Take) -> Result<Result<Take, Stop>, ApiError> {
    let (part, mut file) = match empty_part(context, take).await {
        Ok(part) => part,
        Err(Undelivered::PutDown(stop)) => return Ok(Err(stop)),
        Err(error) => return Ok(hold_back(context, take, &error).await),
    };
    if let Err(stop) = context.about_to_send(take.id).await {
        return Ok(Err(stop));
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
    // All in one: whoever comes after a crash in between has nobody left to ask.
    let accepted = Facts {
        request_id: film.request_id.clone(),
        http_status: Some(ANSWERED),
        cost: film.cost,
        output_url: url,
        ..Facts::default()
    };
    let stepped = async {
        let detail = context.billed(take, "the provider took it", film.odd_cost.as_deref());
        let taken = context.accept(take.id, &detail, accepted).await?;
        if taken.is_none() {
            return work::unclear(context, take, "its id belongs to an equal take", None).await;
        }
        context
            .step(take.id, TakeState::Rendered, RENDERED, Facts::default())
            .await
    }
    .await;
    context.record(take.id, Some(exchange)).await;
    Ok(stepped)
}

/// The part into which the film will come, with nothing of an earlier try in it.
async fn empty_part(context: &Context, take: &Take) -> Result<(PathBuf, File), Undelivered> {
    let path = part::of(&film_path(context, take).await?);
    blocking(move || {
        let file = part::held(&path, true)?.ok_or(Undelivered::Elsewhere)?;
        file.set_len(0).map_err(Undelivered::io("cannot write", &path))?;
        Ok((path, File::from_std(file)))
    })
    .await
}

/// The folder cannot take the film: nothing is sent.
async fn hold_back(context: &Context, take: &Take, error: &Undelivered) -> Result<Take, Stop> {
    context.trouble(sentences(&[
        &format!("Take {} was not sent: {error}", take.id),
        FailureKind::Storage.advice(),
    ]));
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
