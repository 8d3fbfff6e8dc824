//! Imports a generation made elsewhere as a take: one transaction, no submit.

use jiff::Timestamp;
use serde_json::Value;

use crate::engine::delivery::expected::AS_SENT;
use crate::engine::history::row::{bill, finished, kept_until};
use crate::engine::lifecycle::draft::Asked;
use crate::model::price::Priced;
use crate::model::{Backend, Complaint, Model, Parameter, PriceTable, Request, Seed, Take, Usd};
use crate::segmind::HistoryState;
use crate::store::{Import, ImportState, Store, StoreError};

use super::comparison::Elsewhere;

/// Where imported generations go.
#[derive(Clone)]
pub struct Importer {
    pub store: Store,
    pub backend: Backend,
    /// [`crate::model::ApiKey::account`] of the key that they were made with.
    pub account: String,
    /// The reel that the takes become part of.
    pub reel_id: String,
    pub prices: PriceTable,
}

/// Why a generation was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("request {request_id} is not imported: {why}")]
    NotYet { request_id: String, why: Complaint },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Importer {
    /// Imports generations and skips those that another process imported first. An error ends it, and those before it
    /// stay imported. Blocks on the store.
    pub fn import_all<'e>(
        &self,
        chosen: impl IntoIterator<Item = &'e Elsewhere>,
        now: Timestamp,
    ) -> Result<Vec<Take>, ImportError> {
        let mut imported = Vec::new();
        for elsewhere in chosen {
            match self.import(elsewhere, now) {
                Ok(take) => imported.push(take),
                Err(ImportError::Store(StoreError::RequestIdTaken { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(imported)
    }

    /// Makes a take of a generation; the engine downloads its video. Blocks on the store.
    pub fn import(&self, elsewhere: &Elsewhere, now: Timestamp) -> Result<Take, ImportError> {
        let row = &elsewhere.row;
        if let Some(why) = &elsewhere.not_yet {
            return Err(ImportError::NotYet {
                request_id: row.request_id.clone(),
                why: why.clone(),
            });
        }
        let read = body(elsewhere.model, row.request_body.as_ref());
        let created = row.created.unwrap_or(now).min(now);
        let at = finished(row).unwrap_or(created).min(now);
        let is_kept = kept_until(row).is_none_or(|until| until > now);
        let state = match (row.state, &row.url) {
            (HistoryState::Pending, _) => ImportState::Accepted,
            (HistoryState::Failed, _) => ImportState::Failed { at },
            (HistoryState::Completed, Some(url)) if is_kept => ImportState::Rendered { url: url.clone(), at },
            (HistoryState::Completed, _) => ImportState::Expired { at },
        };
        let error = match &state {
            ImportState::Expired { .. } => {
                Some("Made elsewhere; the provider no longer keeps its video.".to_owned())
            }
            ImportState::Failed { .. } => row.error.clone(),
            _ => None,
        };
        let asked = Asked {
            model: elsewhere.model,
            body: &read.body,
            sent: created,
        };
        let import = Import {
            draft: asked.draft(&row.rest),
            reel_id: self.reel_id.clone(),
            backend: self.backend,
            account: self.account.clone(),
            request_id: row.request_id.clone(),
            model: elsewhere.model,
            estimate: self
                .prices
                .price(&Priced {
                    clip_frames: 0,
                    ..read.request.form.priced(|_| None)
                })
                .map_or(Usd::ZERO, |price| price.estimate),
            request: (&read.request).into(),
            body: read.body,
            cost: bill(row),
            state,
            error,
            note: read.note,
            parent: elsewhere.like,
            created,
        };
        Ok(self.store.import(&import)?)
    }
}

/// A body of the history as a take keeps it.
struct Read {
    request: Request,
    body: Value,
    note: Option<String>,
}

/// Reads the body as our own request; if that fails, what can be read of it, with the whole kept as it came.
fn body(model: Model, sent: Option<&Value>) -> Read {
    let mut random = fastrand::Rng::with_seed(0);
    let read = sent.map(|sent| Request::from_body(model, sent, &mut random));
    let (mut request, is_read) = match read {
        Some(Ok(request)) => (request, true),
        _ => (read_leniently(model, sent), false),
    };
    // The provider drew the seed, and does not say which.
    let drawn = sent.and_then(|body| body.get("seed")).and_then(Value::as_i64) == Some(-1);
    let note = match (is_read, drawn) {
        (true, false) => None,
        (true, true) => Some("made elsewhere; its seed is not known".to_owned()),
        (false, _) => Some("made elsewhere; parts of its request could not be read".to_owned()),
    };
    if drawn {
        request.seed = Seed::default();
    }
    let mut body = request.body();
    if !is_read && let Value::Object(fields) = &mut body {
        fields.insert(AS_SENT.to_owned(), sent.cloned().unwrap_or(Value::Null));
    }
    Read { request, body, note }
}

/// Reads field by field, numbers as text too; what cannot be read is as the API takes it.
fn read_leniently(model: Model, sent: Option<&Value>) -> Request {
    let mut sent = sent.cloned().unwrap_or_default();
    for parameter in [Parameter::Seeds, Parameter::Duration] {
        let number = |value: &Value| value.as_str()?.trim().parse::<i64>().ok();
        if let Some(value) = sent.get_mut(parameter.wire())
            && let Some(number) = number(value)
        {
            *value = number.into();
        }
    }
    let (mut request, broken) = Request::readable_part(model, &sent, &mut fastrand::Rng::with_seed(0));
    if broken.iter().any(|rule| rule.parameter() == Parameter::Seeds) {
        request.seed = Seed::default();
    }
    request
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::model::SystemClock;
    use crate::segmind::HistoryRow;

    #[test]
    fn a_body_of_ours_reads_back_as_it_is() {
        let sent = json!({"prompt": "kite", "seed": 7, "duration": 4, "resolution": "480p"});
        let read = body("seedance-2.0-fast".parse().unwrap(), Some(&sent));
        assert_eq!((read.body["seed"].as_i64(), read.note), (Some(7), None));
        assert_eq!(read.body["duration"], 4);
        assert!(read.body.get(AS_SENT).is_none());
    }

    #[test]
    fn what_another_process_imported_is_skipped_and_the_rest_imported() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("rushes.db"), Arc::new(SystemClock)).unwrap();
        let importer = Importer {
            reel_id: store.reel("main").unwrap().id,
            store,
            backend: Backend::Live,
            account: "0123456789abcdef".to_owned(),
            prices: PriceTable::default(),
        };
        let [one, two, mut pending] = ["one", "two", "pending"].map(|id| Elsewhere {
            model: "seedance-2.0-fast".parse().unwrap(),
            like: None,
            not_yet: None,
            row: HistoryRow {
                request_id: id.to_owned(),
                model_name: None,
                state: HistoryState::Failed,
                cost: None,
                odd_cost: None,
                request_body: None,
                url: None,
                latency_ms: None,
                created: None,
                error: None,
                rest: Value::Null,
            },
        });
        pending.not_yet = Some(Complaint::new("its end is not known", "look again later"));
        let now = Timestamp::now();
        let ids = |chosen: &[&Elsewhere]| -> Result<Vec<String>, ImportError> {
            let imported = importer.import_all(chosen.iter().copied(), now)?;
            Ok(imported.into_iter().filter_map(|take| take.request_id).collect())
        };
        assert_eq!(ids(&[&one]).unwrap(), ["one"]);
        assert_eq!(ids(&[&one, &two]).unwrap(), ["two"]);
        assert!(matches!(ids(&[&one, &pending]), Err(ImportError::NotYet { .. })));
    }

    #[test]
    fn what_cannot_be_read_is_kept_as_it_came() {
        for sent in [
            json!({"prompt": "kite", "seed": "9", "duration": "7", "resolution": "1080p"}),
            json!("cut off {"),
            json!({"prompt": 5}),
        ] {
            let read = body(Model::default(), Some(&sent));
            assert_eq!(read.body[AS_SENT], sent);
            assert!(read.note.unwrap().contains("could not be read"));
        }
        let read = body(Model::default(), None);
        assert_eq!(read.body[AS_SENT], Value::Null);
        let drawn = body(Model::default(), Some(&json!({"prompt": "kite", "seed": -1})));
        assert!(drawn.note.unwrap().contains("seed is not known"));
    }
}
