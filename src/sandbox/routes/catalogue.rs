//! `GET /inference-model-information/list`: the models and their parameters; no key. (Segmind, model catalogue.)

use axum::Json;
use serde_json::{Map, Value, json};

use crate::model::parameters::{ParameterKind, TABLE};
use crate::model::{Form, Model, Parameter, Seed};

pub(in crate::sandbox) async fn list() -> Json<Value> {
    Json(Model::all().into_iter().map(entry).collect())
}

fn entry(model: Model) -> Value {
    json!({
        "slug": model.slug(),
        "name": format!("Seedance {}", model.slug().trim_start_matches("seedance-")),
        "is_depreciated": model.retired,
        "parameters_schema": {
            "type": "object",
            // A final takes the prompt of its draft.
            "required": if model.finish.is_some() { json!([]) } else { json!(["prompt"]) },
            "properties": properties(model),
        },
    })
}

/// The schema of every field that the model takes.
fn properties(model: Model) -> Map<String, Value> {
    let form = Form::of_api(model);
    let of_model = TABLE.iter().filter(|entry| model.has(entry.wire));
    // Those of finals too.
    let resolutions: Vec<_> = model
        .resolutions
        .iter()
        .map(|(resolution, _)| resolution.wire())
        .collect();
    let property = |entry: &crate::model::parameters::ParameterEntry| {
        let default = entry.id.json(&form);
        let mut offered = (entry.offered)(model);
        offered.retain(|value| !value.is_null());
        match (entry.id, entry.kind) {
            (Parameter::Prompt, _) => json!({ "type": "string" }),
            (Parameter::Seeds, _) => {
                json!({ "type": "integer", "minimum": -1, "maximum": Seed::MAX, "default": Seed::of_api() })
            }
            (Parameter::Resolution, _) => {
                json!({ "type": "string", "enum": resolutions, "default": default })
            }
            (_, ParameterKind::References(medium)) => json!({
                "type": "array", "items": { "type": "string" }, "default": [],
                "maxItems": medium.of(&model.references),
            }),
            _ if default.is_boolean() => json!({ "type": "boolean", "default": default }),
            _ if default.is_number() => json!({ "type": "integer", "enum": offered, "default": default }),
            (_, ParameterKind::Choice) => json!({ "type": "string", "enum": offered, "default": default }),
            _ => json!({ "type": "string", "default": default }),
        }
    };
    let fields = of_model.map(|entry| (entry.wire.to_owned(), property(entry)));
    fields.chain(fields_of_drafts(model)).collect()
}

/// The fields by which a draft is asked for and finished.
fn fields_of_drafts(model: Model) -> Vec<(String, Value)> {
    model.finish.as_ref().map_or_else(Vec::new, |finish| {
        vec![
            (
                finish.start.clone(),
                json!({ "type": "boolean", "default": false }),
            ),
            (finish.id.clone(), json!({ "type": "string", "default": "" })),
        ]
    })
}
