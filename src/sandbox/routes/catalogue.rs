//! `GET /inference-model-information/list`: the models and their parameters; no key. (Segmind, model catalogue.)

use axum::Json;
use serde_json::{Value, json};

use crate::model::{AspectRatio, Model, Seed};

pub(in crate::sandbox) async fn list() -> Json<Value> {
    Json(Model::all().into_iter().map(entry).collect())
}

fn entry(model: Model) -> Value {
    json!({
        "slug": model.slug(),
        "name": format!("Seedance {}", model.slug().trim_start_matches("seedance-")),
        "is_depreciated": false,
        "parameters_schema": schema(model),
    })
}

fn schema(model: Model) -> Value {
    let urls = |most: usize| json!({ "type": "array", "items": { "type": "string" }, "default": [], "maxItems": most });
    let resolutions: Vec<_> = model
        .resolutions
        .iter()
        .map(|(resolution, _)| resolution.wire())
        .collect();
    json!({
        "type": "object",
        "required": ["prompt"],
        "properties": {
            "prompt": { "type": "string" },
            "aspect_ratio": { "type": "string", "enum": model.aspect_ratios, "default": AspectRatio::WIDE },
            "duration": { "type": "integer", "enum": model.durations, "default": model.default_duration },
            "resolution": { "type": "string", "enum": resolutions, "default": model.default_resolution },
            "first_frame_url": { "type": "string", "default": "" },
            "last_frame_url": { "type": "string", "default": "" },
            "reference_images": urls(model.references.images),
            "reference_videos": urls(model.references.videos),
            "reference_audios": urls(model.references.audios),
            "generate_audio": { "type": "boolean", "default": true },
            "seed": { "type": "integer", "minimum": -1, "maximum": Seed::MAX, "default": 42 },
            "return_last_frame": { "type": "boolean", "default": false },
        },
    })
}
