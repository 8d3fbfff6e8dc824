//! One generation as it is sent: a form with one seed, and its JSON body.
//!
//! Source of every field and rule: Segmind, Seedance 2.0 model page, parameter table.

use serde_json::{Map, Value};

use super::form::Form;
use super::invalid::{Invalid, kind};
use super::models::Model;
use super::parameters::{Parameter, TABLE};
use super::seeds::Seed;
use super::word_enum::word_enum;

word_enum! {
    /// Which contract a take is sent by: v2 submits and polls, v1 blocks until the video is there.
    #[derive(Default)]
    ApiVersion {
        V1 = "v1",
        #[default]
        V2 = "v2",
    }
}

/// One generation as it will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Lists only the seed.
    pub form: Form,
    pub seed: Seed,
}

impl Request {
    /// Every rule the request breaks, none when it may be sent.
    pub fn broken_rules(&self) -> Vec<Invalid> {
        self.form.broken_when_sent()
    }

    /// Width and height of the output; those of a 16:9 form where the model does not tell.
    pub fn pixels(&self) -> (u32, u32) {
        let form = &self.form;
        let known = form.model.pixels(form.resolution, form.aspect_ratio);
        known.unwrap_or((864, 496))
    }

    /// The JSON body: every field that the model has, and what is set besides.
    pub fn body(&self) -> Value {
        let mut body = Map::new();
        let finish = self.form.model.finish.as_ref();
        if let Some(finish) = finish.filter(|_| !self.form.draft_id.is_empty()) {
            // Everything else is taken from the draft, and must not be sent again.
            body.insert(finish.id.clone(), self.form.draft_id.clone().into());
            body.insert("resolution".to_owned(), self.form.resolution.wire().into());
            return Value::Object(body);
        }
        for entry in TABLE.iter().filter(|entry| !entry.wire.is_empty()) {
            let is_sent = !entry.is_sent_when_set && self.form.model.has(entry.wire);
            let value = match entry.id {
                Parameter::Seeds => self.seed.number().into(),
                id if is_sent || id.is_set(&self.form) => id.json(&self.form),
                _ => continue,
            };
            body.insert(entry.wire.to_owned(), value);
        }
        if let Some(finish) = finish {
            body.insert(finish.start.clone(), true.into());
        }
        Value::Object(body)
    }

    /// Reads a body as the API would: a missing field takes the API's default, an unknown one is ignored. A seed of −1
    /// is drawn from `random`.
    ///
    /// # Errors
    /// Every rule that the body breaks, types first.
    pub fn from_body(model: Model, body: &Value, random: &mut fastrand::Rng) -> Result<Self, Vec<Invalid>> {
        if !body.is_object() {
            return Err(vec![Invalid::NotAnObject { given: kind(body) }]);
        }
        let (request, mut broken) = Self::readable_part(model, body, random);
        broken.extend(request.broken_rules());
        if broken.is_empty() {
            Ok(request)
        } else {
            Err(broken)
        }
    }

    /// What can be read of a body, the API's defaults for the rest, and what is wrong with it.
    pub fn readable_part(model: Model, body: &Value, random: &mut fastrand::Rng) -> (Self, Vec<Invalid>) {
        let mut form = Form::of_api(model);
        let mut broken = Vec::new();
        let mut seed = Seed::of_api();
        let id_of_draft = model
            .finish
            .as_ref()
            .and_then(|finish| body.get(&finish.id)?.as_str());
        if let Some(id) = id_of_draft {
            id.clone_into(&mut form.draft_id);
            // Which resolutions there are is checked for finals by themselves.
            let resolution = body.get("resolution").and_then(Value::as_str);
            form.resolution = resolution
                .and_then(|word| word.parse().ok())
                .unwrap_or(form.resolution);
            return (form.request(seed), broken);
        }
        for entry in TABLE.iter().filter(|entry| !entry.wire.is_empty()) {
            let Some(json) = body.get(entry.wire).filter(|json| !json.is_null()) else {
                continue;
            };
            let read = match entry.id {
                Parameter::Seeds => Seed::of_json(json, random).map(|read| seed = read),
                id => id.read(&mut form, json),
            };
            broken.extend(read.err());
        }
        (form.request(seed), broken)
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
