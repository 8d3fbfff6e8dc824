//! Request bodies and prices, held to the byte against `tests/golden/requests.txt`.
//!
//! The file changes only when a model, a parameter or a price is changed on purpose: run the test with
//! `RUSHES_WRITE_GOLDEN=1` and read the diff.

use std::fmt::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

const MODELS: [&str; 3] = ["seedance-2.0", "seedance-2.0-fast", "seedance-2.0-mini"];
const RATIOS: [&str; 7] = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"];
const LENGTHS: [u8; 7] = [4, 5, 6, 8, 10, 12, 15];

/// A form in its stored form, with these keys on top.
fn form(keys: Value) -> Form {
    let mut form = json!({
        "prompt": "Shot 1: a kite lifts.\nShot 2: „镜头“ \\ \"dives\".",
        "model": "seedance-2.0", "api_version": "v2", "resolution": "480p", "duration": 10, "aspect_ratio": "16:9",
        "generate_audio": true, "return_last_frame": false, "seeds": "7", "first_frame": "", "last_frame": "",
        "images": [], "videos": [], "audios": [], "skip_moderation": false, "bitrate_mode": null,
    });
    if let (Value::Object(form), Value::Object(keys)) = (&mut form, keys) {
        form.extend(keys);
    }
    serde_json::from_value(form).unwrap()
}

/// Every model × resolution × ratio × length, then every optional parameter for each model.
fn forms() -> Vec<Form> {
    let mut forms = Vec::new();
    for model in MODELS {
        for resolution in ["480p", "720p"] {
            for ratio in RATIOS {
                for seconds in LENGTHS {
                    forms.push(form(json!({
                        "model": model, "resolution": resolution, "aspect_ratio": ratio, "duration": seconds,
                    })));
                }
            }
        }
        for keys in [
            json!({"generate_audio": false, "return_last_frame": true, "seeds": "2147483647"}),
            json!({"first_frame": "https://example.com/a.png"}),
            json!({"first_frame": "https://example.com/a.png", "last_frame": "https://example.com/z.png"}),
            json!({
                "images": ["https://example.com/a.png", "https://example.com/b.png"],
                "videos": ["https://example.com/a.mp4"], "audios": ["https://example.com/a.mp3"],
            }),
            json!({"skip_moderation": true}),
            json!({"bitrate_mode": "standard"}),
            json!({"bitrate_mode": "high", "skip_moderation": true, "resolution": "720p"}),
        ] {
            let mut with_model = json!({ "model": model });
            if let (Value::Object(all), Value::Object(keys)) = (&mut with_model, keys) {
                all.extend(keys);
            }
            forms.push(form(with_model));
        }
    }
    forms
}

/// The resolutions and models that came later: every model × resolution × ratio × some of its lengths, then its modes.
fn later_forms() -> Vec<Form> {
    let mut forms = Vec::new();
    for (model, resolutions, lengths) in [
        ("seedance-2.0", &["1080p", "4k"][..], [4, 10, 15]),
        ("seedance-2.5", &["480p", "720p", "1080p"], [4, 9, 30]),
        ("seedance-2.5-draft-final", &["480p"], [4, 9, 30]),
    ] {
        for resolution in resolutions {
            for ratio in RATIOS {
                for seconds in lengths {
                    forms.push(form(json!({
                        "model": model, "resolution": resolution, "aspect_ratio": ratio, "duration": seconds,
                    })));
                }
            }
        }
    }
    let (picture, clip, sound) = (
        "https://example.com/a.png",
        "https://example.com/a.mp4",
        "https://example.com/a.mp3",
    );
    for keys in [
        json!({"task": "reference", "images": [picture], "videos": [clip], "audios": [sound]}),
        json!({"task": "editing", "videos": [clip]}),
        json!({"task": "extension", "videos": [clip]}),
        json!({"first_frame": picture, "aspect_ratio": "adaptive"}),
        json!({"first_frame": picture, "last_frame": picture, "aspect_ratio": "adaptive", "resolution": "1080p"}),
        json!({"bitrate_mode": "high", "skip_moderation": true, "generate_audio": false}),
        json!({"model": "seedance-2.5-draft-final", "resolution": "1080p", "draft_id": "draft-9f2c"}),
        json!({"model": "seedance-2.5-draft-final", "images": [picture], "generate_audio": false}),
    ] {
        let mut with_model = json!({ "model": "seedance-2.5" });
        if let (Value::Object(all), Value::Object(keys)) = (&mut with_model, keys) {
            all.extend(keys);
        }
        forms.push(form(with_model));
    }
    forms
}

/// Every resolution of every built-in model is in the table.
#[test]
fn no_model_and_no_resolution_is_left_out() {
    let pinned: std::collections::BTreeSet<(String, String)> = forms()
        .into_iter()
        .chain(later_forms())
        .map(|form| (form.model.slug().to_owned(), form.resolution.to_string()))
        .collect();
    for spec in catalogue::embedded() {
        for (resolution, _) in &spec.resolutions {
            let of = (spec.slug.clone(), resolution.to_string());
            assert!(pinned.contains(&of), "{of:?}");
        }
    }
}

#[test]
fn bodies_and_prices_are_as_they_were_to_the_byte() {
    let mut text = String::new();
    for form in forms().into_iter().chain(later_forms()) {
        let seed = form.seed_list().unwrap().draw(&mut fastrand::Rng::with_seed(1))[0];
        let request = form.request(seed);
        let price = |clip_ms| {
            let priced = form.priced(|_| clip_ms);
            let price = PriceTable::default().price(&priced);
            price.map_or_else(
                || "unknown".to_owned(),
                |price| {
                    format!(
                        "{} {} {}",
                        price.estimate.micros(),
                        price.most.micros(),
                        price.least_of_range().map_or(0, Usd::micros)
                    )
                },
            )
        };
        writeln!(
            text,
            "{} | {} | {}",
            form.model.slug(),
            price(None),
            price(Some(2500))
        )
        .unwrap();
        writeln!(text, "{}", request.body()).unwrap();
        // A final names its draft, and nothing else that its draft has.
        if request.broken_rules().is_empty() && form.draft_id.is_empty() {
            let read =
                Request::from_body(form.model, &request.body(), &mut fastrand::Rng::with_seed(1)).unwrap();
            assert_eq!(read, request);
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/requests.txt");
    if std::env::var_os("RUSHES_WRITE_GOLDEN").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap();
    for (n, (is, was)) in text.lines().zip(golden.lines()).enumerate() {
        assert_eq!(is, was, "line {}", n + 1);
    }
    assert_eq!(text, golden);
}
