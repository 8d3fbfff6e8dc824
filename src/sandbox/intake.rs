//! Judges a request body as the API does: refused at once, accepted, or accepted and sure to fail later.

use serde_json::Value;

use super::bill;
use super::data_url::DataUrl;
use super::refusals::Refusal;
use crate::model::{ApiVersion, Invalid, Model, Parameter, Request, Resolution, Usd};

/// A body that passes the submit.
#[derive(Debug, Clone)]
pub(super) struct AcceptedBody {
    /// 32 lower-case hex digits.
    pub request_id: String,
    pub model: Model,
    pub version: ApiVersion,
    /// As sent.
    pub body: Value,
    /// The id of the request whose draft it finishes.
    pub draft: Option<String>,
    /// The seed sent, or the one drawn for −1; `None` if the job will fail.
    pub seed: Option<u32>,
    pub resolution: Resolution,
    pub charge: Usd,
    /// Why the job will fail, for rules that the API only checks when it works on the job.
    pub doom: Option<String>,
}

/// Reads JSON.
///
/// # Errors
/// 400 for what is no JSON.
pub(super) fn json(bytes: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(bytes)
        .map_err(|error| Refusal::bad_request(format!("Invalid JSON in request body: {error}")))
}

/// Reads a submit's body that finishes no draft.
///
/// # Errors
/// 400 for a body or value of the wrong type, 406 for a word that is not offered (Segmind, error codes).
pub(super) fn read(
    model: Model,
    version: ApiVersion,
    request_id: &str,
    body: Value,
) -> Result<AcceptedBody, Refusal> {
    let (request, broken) = judged(model, &body, request_id);
    if let Some(refusal) = broken.iter().find_map(refused_at_once) {
        return Err(refusal);
    }
    let texts: Vec<String> = broken.iter().map(text).collect();
    let doom = (!texts.is_empty()).then(|| format!("Invalid parameter: {}", texts.join("; ")));
    Ok(AcceptedBody {
        request_id: request_id.to_owned(),
        model,
        version,
        body,
        draft: None,
        seed: doom.is_none().then(|| request.seed.number()),
        resolution: request.form.resolution,
        charge: bill::charge(&request),
        doom,
    })
}

/// The request behind an accepted body; the same each time, also where the seed was to be drawn.
pub(super) fn request_of(model: Model, body: &Value, request_id: &str) -> Option<Request> {
    let (request, broken) = judged(model, body, request_id);
    broken.is_empty().then_some(request)
}

/// What can be read of a body, and the rules of the API that it breaks.
fn judged(model: Model, body: &Value, request_id: &str) -> (Request, Vec<Invalid>) {
    let fields = known_fields(model, body);
    match Request::from_body(model, &fields, &mut random(request_id)) {
        Ok(request) => (request, Vec::new()),
        Err(mut broken) => {
            broken.retain(|rule| !is_frame_in_body(rule));
            let (request, _) = Request::readable_part(model, &fields, &mut random(request_id));
            (request, broken)
        }
    }
}

/// Whether the rule is broken by a frame that is a data URL, which recorded runs show to be taken. Lists of references take none.
fn is_frame_in_body(rule: &Invalid) -> bool {
    matches!(rule, Invalid::NotAUrl { parameter: Parameter::FirstFrame | Parameter::LastFrame, given }
        if DataUrl::read(given).is_some())
}

/// The broken rule in words, without the file that a data URL holds.
fn text(rule: &Invalid) -> String {
    match rule {
        Invalid::NotAUrl { parameter, given } if DataUrl::is(given) => {
            format!(
                "{}: a data URL is not an http(s) URL, upload the file",
                parameter.wire()
            )
        }
        _ => rule.to_string(),
    }
}

/// What the submit itself refuses. Other broken rules pass it and fail the job, as recorded runs show.
fn refused_at_once(rule: &Invalid) -> Option<Refusal> {
    match rule {
        Invalid::EmptyPrompt => Some(Refusal::bad_request(format!(
            "Missing required parameter: {rule}"
        ))),
        Invalid::NotAnObject { .. } | Invalid::WrongType { .. } | Invalid::SeedOutOfRange { .. } => {
            Some(Refusal::bad_request(format!("Invalid parameter: {rule}")))
        }
        Invalid::NotOffered { parameter, .. } if *parameter != Parameter::Duration => Some(
            Refusal::not_acceptable(format!("Invalid value for {}: {rule}", rule.parameter().wire())),
        ),
        _ => None,
    }
}

/// The body without the fields that the model does not take, which the API ignores.
fn known_fields(model: Model, body: &Value) -> Value {
    let mut body = body.clone();
    if let Value::Object(fields) = &mut body {
        fields.retain(|name, _| model.has(name));
    }
    body
}

fn random(request_id: &str) -> fastrand::Rng {
    let seed = request_id
        .get(16..)
        .and_then(|tail| u64::from_str_radix(tail, 16).ok());
    fastrand::Rng::with_seed(seed.unwrap_or_default())
}

/// A fresh id: recorded ones are 32 lower-case hex digits.
pub(super) fn fresh_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judge(model: Model, body: &Value) -> Result<AcceptedBody, Refusal> {
        read(
            model,
            ApiVersion::V2,
            "0123456789abcdef0123456789abcdef",
            body.clone(),
        )
    }

    #[test]
    fn kinds_draw_400_and_words_draw_406() {
        for (body, status) in [
            (json!({}), 400),
            (json!({"prompt": "  "}), 400),
            (json!({"prompt": 3}), 400),
            (json!([1]), 400),
            (json!({"prompt": "k", "seed": 2_147_483_648_u64}), 400),
            (json!({"prompt": "k", "resolution": "8k"}), 406),
            (json!({"prompt": "k", "aspect_ratio": "2:1"}), 406),
        ] {
            assert_eq!(
                judge(Model::default(), &body).unwrap_err().status.as_u16(),
                status,
                "{body}"
            );
        }
        assert_eq!(json(b"{").unwrap_err().status.as_u16(), 400);
    }

    #[test]
    fn exclusions_and_lengths_pass_and_are_bound_to_fail() {
        let frame = "https://example.com/f.png";
        for (body, word) in [
            (
                json!({"prompt": "k", "first_frame_url": frame, "reference_images": [frame]}),
                "exclude",
            ),
            (
                json!({"prompt": "k", "last_frame_url": frame}),
                "needs a first frame",
            ),
            (json!({"prompt": "k", "duration": 7}), "duration 7"),
            (
                json!({"prompt": "k", "first_frame_url": "data:image/png;base64,?"}),
                "not an http",
            ),
            (
                json!({"prompt": "k", "reference_images": ["data:image/png;base64,iVBORw=="]}),
                "not an http",
            ),
        ] {
            let order = judge(Model::default(), &body).unwrap();
            assert!(
                order.doom.as_deref().is_some_and(|text| text.contains(word)),
                "{order:?}"
            );
            assert!(order.charge > Usd::ZERO && order.seed.is_none());
        }
    }

    #[test]
    fn a_frame_may_be_a_data_url_and_no_response_repeats_one() {
        let png = "data:image/png;base64,iVBORw==";
        let frames = json!({"prompt": "k", "first_frame_url": png, "last_frame_url": png});
        let order = judge(Model::default(), &frames).unwrap();
        assert_eq!(order.doom, None);
        let request = request_of(order.model, &order.body, &order.request_id).unwrap();
        assert_eq!(
            (
                request.form.first_frame.as_str(),
                request.form.last_frame.as_str()
            ),
            (png, png)
        );
        let doom = judge(
            Model::default(),
            &json!({"prompt": "k", "reference_videos": [png]}),
        );
        let doom = doom.unwrap().doom.unwrap();
        assert!(!doom.contains("iVBOR"), "{doom}");
    }

    #[test]
    fn fields_that_a_model_does_not_take_are_passed_over() {
        let body = json!({"prompt": "k", "task": "dancing"});
        assert!(judge(Model::default(), &body).unwrap().doom.is_none());
        assert_eq!(
            judge("seedance-2.5".parse().unwrap(), &body)
                .unwrap_err()
                .status
                .as_u16(),
            406
        );
    }

    #[test]
    fn a_drawn_seed_is_the_same_when_the_video_is_made() {
        let order = judge(Model::default(), &json!({"prompt": "k", "seed": -1})).unwrap();
        let request = request_of(order.model, &order.body, &order.request_id).unwrap();
        assert_eq!(Some(request.seed.number()), order.seed);
    }
}
