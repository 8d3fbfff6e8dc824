//! `GET /inference-model-information/list`: the models and their parameters; no key. (Segmind, model catalogue.)

use axum::Json;
use serde_json::{Value, json};

use crate::model::{AspectRatio, Model, Resolution, Seconds, Seed};

pub(in crate::sandbox) async fn list() -> Json<Value> {
    Json(Model::ALL.iter().map(|model| entry(*model)).collect())
}

fn entry(model: Model) -> Value {
    json!({
        "slug": model.slug(),
        "name": format!("Seedance {}", model.slug().trim_start_matches("seedance-")),
        "is_depreciated": false,
        "parameters_schema": schema(),
    })
}

fn schema() -> Value {
    let urls = |most: usize| json!({ "type": "array", "items": { "type": "string" }, "default": [], "maxItems": most });
    json!({
        "type": "object",
        "required": ["prompt"],
        "properties": {
            "prompt": { "type": "string" },
            "aspect_ratio": { "type": "string", "enum": AspectRatio::ALL, "default": AspectRatio::Wide },
            "duration": { "type": "integer", "enum": Seconds::LEGAL, "default": Seconds::TEN.get() },
            "resolution": { "type": "string", "enum": Resolution::ALL, "default": Resolution::P720 },
            "first_frame_url": { "type": "string", "default": "" },
            "last_frame_url": { "type": "string", "default": "" },
            "reference_images": urls(crate::model::request::MOST_IMAGES),
            "reference_videos": urls(crate::model::request::MOST_VIDEOS),
            "reference_audios": urls(crate::model::request::MOST_AUDIOS),
            "generate_audio": { "type": "boolean", "default": true },
            "seed": { "type": "integer", "minimum": -1, "maximum": Seed::MAX, "default": 42 },
            "return_last_frame": { "type": "boolean", "default": false },
        },
    })
}
