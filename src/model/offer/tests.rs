//! A catalogue of our own making: what it changes, and what changes nothing.

use jiff::civil::date;
use serde_json::{Value as Json, json};

use super::*;
use crate::model::catalogue::{OnOffer, embedded, layered};
use crate::model::models::Source;
use crate::model::{AspectRatio, ModelSpec, Resolution};

/// A change of the parameters of a schema.
type Change = fn(&mut Json);

/// Every built-in model, with the schema that its data say.
fn whole() -> Vec<Json> {
    let row = |spec: &ModelSpec| {
        let resolutions: Vec<&str> = spec.resolutions.iter().map(|(name, _)| name.wire()).collect();
        let mut properties = serde_json::Map::new();
        for name in &spec.parameters {
            properties.insert(name.clone(), json!({ "type": "string" }));
        }
        properties["duration"] = json!({ "type": "integer", "enum": spec.durations });
        properties["resolution"] = json!({ "type": "string", "enum": resolutions });
        properties["aspect_ratio"] = json!({ "type": "string", "enum": spec.aspect_ratios });
        if let Some(finish) = &spec.finish {
            properties.insert(finish.start.clone(), json!({ "type": "boolean" }));
            properties.insert(finish.id.clone(), json!({ "type": "string" }));
        }
        json!({ "slug": spec.slug, "parameters_schema": { "properties": properties } })
    };
    embedded().iter().map(row).collect()
}

/// The whole catalogue with one change.
fn changed(change: impl FnOnce(&mut Vec<Json>)) -> Json {
    let mut rows = whole();
    change(&mut rows);
    Json::Array(rows)
}

fn schema(rows: &mut [Json]) -> &mut Json {
    &mut rows[0]["parameters_schema"]["properties"]
}

/// What is on offer by this catalogue and this file of the user's.
fn offered(catalogue: &Json, user: &str) -> OnOffer {
    let offer = read(catalogue).unwrap();
    layered(&layer(&offer, embedded(), date(2026, 11, 27)), user)
}

fn spec<'o>(all: &'o OnOffer, slug: &str) -> &'o ModelSpec {
    let found = all.specs.iter().find(|spec| spec.slug == slug);
    found.unwrap_or_else(|| panic!("no {slug}"))
}

/// What is different from a catalogue that says what is known.
fn said(catalogue: &Json) -> String {
    said_of(&offered(catalogue, ""))
}

fn said_of(all: &OnOffer) -> String {
    changes(&offered(&Json::Array(whole()), "").specs, &all.specs)
}

#[test]
fn a_catalogue_that_says_what_is_known_changes_nothing() {
    let all = offered(&Json::Array(whole()), "");
    assert_eq!(
        changes(embedded(), &all.specs),
        "seedance-2.5-draft-final finishes drafts as rushes knows",
        "only that is not known before"
    );
    assert_eq!((all.errors, all.left_out), (vec![], vec![]));
    let sources = &all.specs[0].sources;
    assert_eq!(sources["durations"], Source::Catalogue(date(2026, 11, 27)));
    assert_eq!(sources["references"], Source::BuiltIn);
}

#[test]
fn each_change_of_a_model_is_offered_and_said() {
    let table: [(Change, &str); 12] = [
        (
            |all| all["duration"] = json!({ "minimum": 4, "maximum": 15 }),
            "seedance-2.0 makes 4 to 15 seconds",
        ),
        (
            |all| all["duration"] = json!({ "enum": ["5", "20s", 10.0], "default": "5" }),
            "seedance-2.0 makes 5, 10 or 20 seconds and makes 5 s unless told otherwise",
        ),
        (
            |all| all["resolution"]["enum"] = json!(["480p", "720p"]),
            "seedance-2.0 no longer has 1080p, 4k",
        ),
        (
            |all| all["resolution"]["enum"] = json!(["480p", "720p", "1080p", "4K"]),
            "seedance-2.0 now has 4K and no longer has 4k",
        ),
        (
            |all| all["resolution"] = json!({ "enum": ["480p", "1080p"] }),
            "seedance-2.0 no longer has 4k, 720p and makes 480p unless told otherwise",
        ),
        (
            |all| all["aspect_ratio"]["enum"] = json!(["adaptive", "16:9", "9:16"]),
            "seedance-2.0 no longer has 1:1, 21:9, 3:4, 4:3",
        ),
        (
            |all| all["camera_fixed"] = json!({ "type": "boolean" }),
            "seedance-2.0 takes camera_fixed, which rushes does not use yet",
        ),
        (
            |all| all["task"] = json!({ "enum": ["reference"] }),
            "seedance-2.0 now has task",
        ),
        (
            |all| drop(all.as_object_mut().unwrap().remove("bitrate_mode")),
            "seedance-2.0 no longer has bitrate_mode",
        ),
        // The price depends on it.
        (|all| drop(all.as_object_mut().unwrap().remove("seed")), ""),
        (
            |all| all["reference_images"]["maxItems"] = json!(30),
            "seedance-2.0 takes up to 30 images, 3 videos and 3 audios",
        ),
        (
            |all| {
                // The same as a list of entries.
                let entries = all.as_object().unwrap().iter().map(
                    |(name, entry)| json!({ "name": name, "options": entry.get("enum"), "type": "string" }),
                );
                *all = entries.collect();
            },
            "",
        ),
    ];
    for (change, words) in table {
        let catalogue = changed(|rows| change(schema(rows)));
        assert_eq!(said(&catalogue), words);
    }
}

#[test]
fn a_resolution_that_is_gone_takes_its_promotion_along() {
    let with = |list: Json| changed(|rows| schema(rows)["resolution"]["enum"] = list);
    let all = offered(&with(json!(["480p", "1080p"])), "");
    let target = spec(&all, "seedance-2.0")
        .promotes
        .map(|promotes| promotes.same_seed_at.wire());
    assert_eq!(target, Some("1080p"));
    let all = offered(&with(json!(["480p"])), "");
    assert_eq!(spec(&all, "seedance-2.0").promotes, None);
    assert_eq!(all.left_out, Vec::<String>::new());
}

#[test]
fn drafts_are_confirmed_only_by_a_schema_with_all_that_finishes_them() {
    let slug = "seedance-2.5-draft-final";
    let is_confirmed = |catalogue: &Json, user: &str| {
        let all = offered(catalogue, user);
        assert_eq!(all.errors, []);
        let finish = spec(&all, slug).finish.clone().unwrap();
        assert_eq!(finish.at, ["1080p".parse().unwrap()]);
        (finish.confirmed, all.left_out.join(" "))
    };
    let built_in = embedded().iter().find(|spec| spec.slug == slug).unwrap();
    assert!(!built_in.finish.as_ref().unwrap().confirmed);
    let with = |change: Change| {
        changed(|rows| {
            let row = rows.iter_mut().find(|row| row["slug"] == slug).unwrap();
            change(&mut row["parameters_schema"]["properties"]);
        })
    };
    let (confirmed, left_out) = is_confirmed(&Json::Array(whole()), "");
    assert!(confirmed && left_out.is_empty(), "{left_out}");
    let missing: [(Change, &str); 8] = [
        (
            |all| drop(all.as_object_mut().unwrap().remove("draft")),
            "no draft",
        ),
        (
            |all| drop(all.as_object_mut().unwrap().remove("draft_task_id")),
            "no draft_task_id",
        ),
        (|all| all["resolution"]["enum"] = json!(["480p"]), "no 1080p"),
        (|all| all["resolution"]["enum"] = json!(["1080p"]), "no 480p"),
        (
            |all| drop(all["resolution"].as_object_mut().unwrap().remove("enum")),
            "no 1080p, 480p",
        ),
        (
            |all| all["draft"]["type"] = json!("string"),
            "no draft of the kind that is sent",
        ),
        (
            |all| all["draft_task_id"]["type"] = json!("integer"),
            "no draft_task_id of the kind that is sent",
        ),
        (
            |all| drop(all["draft_task_id"].as_object_mut().unwrap().remove("type")),
            "no draft_task_id of the kind that is sent",
        ),
    ];
    for (change, why) in missing {
        let (confirmed, left_out) = is_confirmed(&with(change), "");
        assert!(!confirmed && left_out.contains(why), "{left_out}");
    }
    let user = format!("[\"{slug}\"]\nfinish = {{ confirmed = true }}\n");
    assert!(
        is_confirmed(&with(missing[0].0), &user).0,
        "the user has the last word"
    );
    // A schema that cannot be read, and a model that is not listed, confirm nothing.
    let unread = changed(|rows| {
        let row = rows.iter_mut().find(|row| row["slug"] == slug).unwrap();
        row["parameters_schema"] = json!(7);
    });
    assert!(!is_confirmed(&unread, "").0);
    let gone = changed(|rows| rows.retain(|row| row["slug"] != slug));
    assert!(!is_confirmed(&gone, "").0);
    let listed_before = read(&Json::Array(whole())).unwrap();
    let later = read(&gone).unwrap().after(Some(&listed_before));
    let all = layered(&layer(&later, embedded(), date(2026, 11, 28)), "");
    let model = spec(&all, slug);
    assert!(model.retired && !model.finish.as_ref().unwrap().confirmed);
}

#[test]
fn models_are_retired_by_a_flag_or_by_being_gone_and_the_user_may_disagree() {
    let catalogue = changed(|rows| {
        rows[0]["is_depreciated"] = json!(true);
        rows.remove(2);
    });
    assert_eq!(
        said(&catalogue),
        "seedance-2.0 is retired; seedance-2.0-mini is retired"
    );
    let all = offered(
        &catalogue,
        "[\"seedance-2.0\"]\nretired = false\nlabel = \"mine\"\n",
    );
    let retired: Vec<&str> = all
        .specs
        .iter()
        .filter(|spec| spec.retired)
        .map(|spec| spec.slug.as_str())
        .collect();
    assert_eq!(retired, ["seedance-2.0-mini"]);
    assert_eq!(spec(&all, "seedance-2.0").source("retired"), Some(Source::User));
}

/// A model that no file knows, as a catalogue may describe it.
fn new_model() -> Json {
    json!({
        "slug": "seedance-3.0",
        "parameters_schema": { "properties": {
            "prompt": { "type": "string" },
            "duration": { "type": "integer", "minimum": 3, "maximum": 60, "default": 8 },
            "resolution": { "enum": ["720p", "1080p", "8k"], "default": "1080p" },
            "aspect_ratio": { "enum": ["16:9", "9:16", "32:9"] },
            "seed": { "type": "integer" },
            "reference_images": { "type": "array", "maxItems": 4 },
            "lens": { "type": "string" },
        } },
    })
}

#[test]
fn a_new_model_is_offered_when_its_price_could_be_known_and_costs_nothing_that_is_guessed() {
    let all = offered(&changed(|rows| rows.push(new_model())), "");
    let new = spec(&all, "seedance-3.0");
    assert_eq!(
        (new.label.as_str(), new.max_ms(), new.default_duration.get()),
        ("3.0", 60_000, 8)
    );
    let resolutions: Vec<&str> = new.resolutions.iter().map(|(name, _)| name.wire()).collect();
    assert_eq!(resolutions, ["720p", "1080p"]);
    assert_eq!(new.pixels(Resolution::P720, AspectRatio::WIDE), Some((1280, 720)));
    assert_eq!((&new.prices, new.published_wait), (&vec![], None));
    assert_eq!(new.promotes, None, "it has no drafts");
    assert_eq!((new.references.images, new.references.videos), (4, 3));
    assert_eq!((&new.unused, new.has("task")), (&vec!["lens".to_owned()], false));
    assert_eq!(new.source("reference_mib"), Some(Source::Like("seedance-2.0")));
    assert_eq!(
        all.left_out,
        [
            "seedance-3.0: 8k is not offered, because its pixels are not known",
            "seedance-3.0: the shape 32:9 is not offered, because its pixels are not known",
        ]
    );
    // What it is like may itself have less now.
    let less = changed(|rows| {
        schema(rows)["resolution"]["enum"] = json!(["480p"]);
        rows.push(new_model());
    });
    assert_eq!(spec(&offered(&less, ""), "seedance-3.0").resolutions.len(), 2);
    // The user says what it costs.
    let priced = "[\"seedance-3.0\"]\nprices = [{ per_second = 0.5, as_of = 2026-11-27 }]\n";
    let all = offered(&changed(|rows| rows.push(new_model())), priced);
    assert_eq!(
        (all.errors.len(), spec(&all, "seedance-3.0").prices.len()),
        (0, 1)
    );
}

#[test]
fn a_new_model_of_which_too_little_is_said_is_not_offered() {
    for name in ["prompt", "duration", "resolution", "aspect_ratio", "seed"] {
        let mut row = new_model();
        let properties = &mut row["parameters_schema"]["properties"];
        properties.as_object_mut().unwrap().remove(name);
        let all = offered(&changed(|rows| rows.push(row)), "");
        assert_eq!(all.specs.len(), embedded().len(), "{name}");
        assert_eq!(all.left_out.len(), 1, "{name}: {:?}", all.left_out);
        assert!(all.left_out[0].starts_with("seedance-3.0: not offered, because"));
    }
    let mut row = new_model();
    row["parameters_schema"]["properties"]["resolution"]["enum"] = json!(["8k"]);
    let all = offered(&changed(|rows| rows.push(row)), "");
    assert_eq!(all.specs.len(), embedded().len());
    assert!(
        all.left_out.last().unwrap().contains("are not known"),
        "{:?}",
        all.left_out
    );
}

#[test]
fn the_list_may_be_in_an_object_and_the_schema_in_a_text() {
    let rows = || {
        changed(|rows| {
            rows.insert(0, json!({ "slug": "another-model" }));
            schema(&mut rows[1..])["resolution"]["enum"] = json!(["480p"]);
            let text = rows[1]["parameters_schema"].to_string();
            rows[1]["parameters_schema"] = json!(text);
            let slug = rows[1].as_object_mut().unwrap().remove("slug").unwrap();
            rows[1]["name"] = slug;
        })
    };
    let forms = [
        rows(),
        json!({ "data": rows() }),
        json!({ "models": rows() }),
        json!({ "status": "ok", "results": rows() }),
        json!({ "data": { "models": rows() } }),
    ];
    for form in forms {
        assert_eq!(
            said(&form),
            "seedance-2.0 no longer has 1080p, 4k, 720p and makes 480p unless told otherwise"
        );
    }
}

#[test]
fn a_catalogue_without_a_list_of_such_models_says_nothing() {
    let many: Vec<Json> = (0..70)
        .map(|n| json!({ "slug": format!("seedance-x{n}") }))
        .collect();
    let values: Vec<u32> = (0..128).collect();
    let parameters = (0..100).map(|n| json!({ "name": format!("p{n}"), "enum": values }));
    let parameters: Vec<Json> = parameters.chain([json!({ "name": "prompt" })]).collect();
    let long = json!([{ "slug": "seedance-2.0", "parameters_schema": parameters }]);
    let deep = json!({ "data": { "data": { "data": { "data": whole() } } } });
    let table = [
        (json!(null), "not a list"),
        (json!(true), "not a list"),
        (json!(17), "not a list"),
        (json!("seedance-2.0"), "not a list"),
        (json!({}), "not a list"),
        (json!({ "error": "maintenance" }), "not a list"),
        (json!({ "data": null }), "not a list"),
        (json!({ "data": "seedance-2.0" }), "not a list"),
        (json!({ "seedance-2.0": {} }), "not a list"),
        (deep, "not a list"),
        (json!([]), "no model of Seedance"),
        (json!({ "data": [] }), "no model of Seedance"),
        (json!([null, 1, "seedance-2.0", []]), "no model of Seedance"),
        (json!([{ "slug": null }]), "no model of Seedance"),
        (json!([{ "slug": "kling-2.0" }]), "no model of Seedance"),
        (json!([{ "slug": "Seedance-2.0" }]), "no model of Seedance"),
        (json!([{ "slug": "seedance 2.0" }]), "no model of Seedance"),
        (
            json!([{ "slug": "seedance-2.0/../../x" }]),
            "no model of Seedance",
        ),
        (json!([{ "slug": "seedance-\u{1b}[2J" }]), "no model of Seedance"),
        (
            json!([{ "slug": format!("seedance-{}", "x".repeat(90)) }]),
            "no model of Seedance",
        ),
        (Json::Array(many), "more than 64"),
        (long, "more than 10000 values"),
    ];
    for (catalogue, why) in table {
        let error = read(&catalogue).unwrap_err();
        assert!(error.contains(why), "{catalogue}: {error}");
    }
}

#[test]
fn nonsense_about_a_model_leaves_it_as_it_was() {
    let many: serde_json::Map<String, Json> = (0..200).map(|n| (format!("p{n}"), json!({}))).collect();
    let values: Vec<String> = (4..400).map(|n| n.to_string()).collect();
    // Instead of the whole schema.
    let schemas = [
        json!(null),
        json!(7),
        json!("not JSON"),
        json!("{\"properties\":"),
        json!({}),
        json!([]),
        json!({ "properties": null }),
        json!({ "properties": [] }),
        json!({ "properties": "prompt" }),
        json!({ "properties": { "prompt": "a text" } }),
        json!({ "properties": { "image": { "type": "string" } } }),
        json!([{ "name": 7 }, { "type": "string" }, null]),
        json!({ "properties": many }),
    ];
    for nonsense in schemas {
        let catalogue = changed(|rows| rows[0]["parameters_schema"] = nonsense.clone());
        let all = offered(&catalogue, "");
        assert_eq!(said_of(&all), "", "{nonsense}");
        assert_eq!(all.left_out.len(), 1, "{nonsense}: {:?}", all.left_out);
    }
    // Instead of what the schema says of one parameter.
    let parameters = [
        ("duration", json!({ "enum": [] })),
        ("duration", json!({ "enum": null })),
        ("duration", json!({ "enum": "10" })),
        ("duration", json!({ "enum": ["long", "longer"] })),
        ("duration", json!({ "enum": [0, -4, 300, 1e300] })),
        ("duration", json!({ "enum": [{ "value": {} }, [10], true] })),
        ("duration", json!({ "enum": values })),
        ("duration", json!({ "minimum": 15, "maximum": 4 })),
        ("duration", json!({ "minimum": -3, "maximum": 4 })),
        ("duration", json!({ "minimum": 1, "maximum": 9_000_000_000_i64 })),
        ("duration", json!({ "minimum": i64::MIN, "maximum": i64::MAX })),
        ("duration", json!({ "maximum": 15 })),
        ("resolution", json!({})),
        ("resolution", json!({ "enum": [] })),
        ("resolution", json!({ "enum": ["8k", "fine"] })),
        ("resolution", json!({ "enum": [480, "", "\u{1b}[0m"] })),
        ("resolution", json!({ "enum": { "480p": true } })),
        ("aspect_ratio", json!({ "enum": ["adaptive"] })),
        ("aspect_ratio", json!({ "enum": ["32:9", "wide"] })),
        ("aspect_ratio", json!({ "enum": ["1:0", "0:0"] })),
        ("reference_images", json!({ "maxItems": -1 })),
        ("reference_images", json!({ "maxItems": "many" })),
        ("reference_images", json!({ "maxItems": 1e99 })),
        ("prompt", json!({ "enum": [1, 2] })),
        ("seed", json!("a number")),
        ("seed", json!([1, 2, 3])),
        ("generate_audio", json!({ "type": 7, "default": { "value": {} } })),
        (
            "last_frame_url",
            json!({ "type": ["string", "null"], "enum": [[[]]] }),
        ),
        ("reference_videos", json!({ "maxItems": { "value": 3 } })),
    ];
    for (name, nonsense) in parameters {
        let catalogue = changed(|rows| schema(rows)[name] = nonsense.clone());
        let all = offered(&catalogue, "");
        assert_eq!(said_of(&all), "", "{name}: {nonsense}");
        let kept = serde_json::to_string(&read(&catalogue).unwrap()).unwrap();
        assert!(
            kept.len() < 40_000,
            "{name}: {nonsense} keeps {} bytes",
            kept.len()
        );
    }
}

#[test]
fn names_of_fields_that_are_no_names_are_not_listed() {
    let catalogue = changed(|rows| {
        for name in ["", "a b", "\u{1b}[2J", "$(reboot)", "ok_name"] {
            schema(rows)[name] = json!({ "type": "string" });
        }
    });
    let all = offered(&catalogue, "");
    assert_eq!(spec(&all, "seedance-2.0").unused, ["ok_name"]);
}

#[test]
fn a_model_that_only_an_earlier_catalogue_had_is_retired_and_not_forgotten() {
    let earlier = read(&changed(|rows| rows.push(new_model()))).unwrap();
    let later = read(&Json::Array(whole())).unwrap().after(Some(&earlier));
    let user = "[\"seedance-3.0\"]\nprices = [{ per_second = 0.5, as_of = 2026-11-27 }]\n";
    let all = layered(&layer(&later, embedded(), date(2026, 11, 28)), user);
    assert_eq!(all.errors, [], "the user's table still changes a known model");
    assert!(spec(&all, "seedance-3.0").retired);
    assert!(!spec(&all, "seedance-2.0").retired);
    let again = read(&changed(|rows| rows.push(new_model())))
        .unwrap()
        .after(Some(&later));
    let all = layered(&layer(&again, embedded(), date(2026, 11, 29)), user);
    assert!(!spec(&all, "seedance-3.0").retired);
}

#[test]
fn what_is_kept_is_read_back_as_it_was() {
    let offer = read(&changed(|rows| {
        rows.push(new_model());
        rows[0]["parameters_schema"] = json!(7);
    }))
    .unwrap();
    let kept = serde_json::to_string(&offer).unwrap();
    assert_eq!(serde_json::from_str::<Offer>(&kept).unwrap(), offer);
}

#[test]
fn any_values_in_any_place_are_read_without_a_panic() {
    let seed = std::env::var("RUSHES_OFFER_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("RUSHES_OFFER_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let odd = [
        json!(null),
        json!([]),
        json!({}),
        json!(-1),
        json!(1e308),
        json!("480p"),
        json!("\u{202e}x"),
        json!([4, 5]),
        json!({ "enum": ["4k"] }),
    ];
    for _ in 0..300 {
        let mut catalogue = Json::Array(whole());
        for _ in 0..random.usize(1..6) {
            let place = somewhere(&mut catalogue, &mut random);
            *place = odd[random.usize(..odd.len())].clone();
        }
        let Ok(offer) = read(&catalogue) else { continue };
        let all = layered(&layer(&offer, embedded(), date(2026, 11, 27)), "");
        assert!(all.specs.len() >= embedded().len(), "seed {seed}: {catalogue}");
        assert_eq!(all.errors, [], "seed {seed}");
    }
}

/// A value at a random place.
fn somewhere<'j>(json: &'j mut Json, random: &mut fastrand::Rng) -> &'j mut Json {
    let children = match json {
        Json::Array(all) => all.len(),
        Json::Object(all) => all.len(),
        _ => 0,
    };
    if children == 0 || random.u8(..) < 20 {
        return json;
    }
    let at = random.usize(..children);
    let child = match json {
        Json::Array(all) => &mut all[at],
        Json::Object(all) => all.values_mut().nth(at).unwrap(),
        _ => unreachable!(),
    };
    somewhere(child, random)
}
