//! The embedded file of models, and the user's on top of it.

use super::*;
use crate::model::Usd;

#[test]
fn the_embedded_file_has_no_errors() {
    let (specs, errors) = with("");
    assert_eq!(errors, []);
    let slugs: Vec<&str> = specs.iter().map(|spec| spec.slug.as_str()).collect();
    assert_eq!(
        slugs,
        [
            "seedance-2.0",
            "seedance-2.0-fast",
            "seedance-2.0-mini",
            "seedance-2.5",
            "seedance-2.5-draft-final"
        ]
    );
    let labels: Vec<&str> = specs.iter().map(|spec| spec.label.as_str()).collect();
    assert_eq!(labels, ["2.0", "fast", "mini", "2.5", "2.5-draft"]);
    let sizes = |at: usize| -> Vec<&str> {
        let all = specs[at].resolutions.iter();
        all.map(|(resolution, _)| resolution.wire()).collect()
    };
    assert_eq!(sizes(0), ["480p", "720p", "1080p", "4k"]);
    assert_eq!(sizes(2), ["480p", "720p"]);
    assert_eq!(sizes(3), ["480p", "720p", "1080p"]);
    assert_eq!(sizes(4), ["480p", "1080p"]);
    assert_eq!(specs[3].drafts.as_deref(), Some("seedance-2.5-draft-final"));
    let finish = specs[4].finish.as_ref().unwrap();
    assert!(!finish.confirmed, "nobody has seen the provider's fields");
    assert_eq!((specs[4].drafts.as_ref(), specs[3].finish.as_ref()), (None, None));
}

#[test]
fn a_table_changes_a_model_or_adds_one() {
    let text = "[\"seedance-3.0\"]\nlike = \"seedance-2.0\"\ndurations = { min = 4, max = 30 }\n\
                references = { images = 30 }\n[\"seedance-2.0-fast\"]\nlabel = \"quick\"\n";
    let (specs, errors) = with(text);
    assert_eq!(errors, []);
    assert_eq!(specs[1].label, "quick");
    assert_eq!(specs[1].prices, embedded()[1].prices);
    assert_eq!(
        (specs[5].label.as_str(), specs[5].max_ms()),
        ("seedance-3.0", 30_000)
    );
    assert_eq!((specs[5].references.images, specs[5].references.videos), (30, 3));
    assert_eq!(specs[5].prices, [], "a price that nobody named is not known");
}

#[test]
fn each_error_has_its_place_and_leaves_its_model_as_it_was() {
    for (text, at, what) in [
        ("[a]\ndurations = [1]", "a", "missing field"),
        ("[a]\nlike = \"b\"", "\"b\"", "no model of that name"),
        ("a = 1", "1", "not a table"),
        ("[\"../a\"]\nlike = \"seedance-2.0\"", "../a", "not a word"),
        ("[\"seedance-2.0\"]\nlabl = \"x\"", "labl", "unknown field `labl`"),
        (
            "[\"seedance-2.0\"]\ndurations = [0]",
            "[0]",
            "expected a list of seconds",
        ),
        (
            "[\"seedance-2.0\"]\ndurations = [4]",
            "seedance-2.0",
            "default_duration",
        ),
        (
            "[\"seedance-2.0\"]\nprices = [{ per_million_tokens = -1, as_of = 2026-01-01 }]",
            "per_million_tokens = -1",
            "not a price",
        ),
        (
            "[\"seedance-2.0\"]\nprices = [{ as_of = 2026-01-01 }]",
            "as_of",
            "either per_million",
        ),
        (
            "[\"seedance-2.0\"]\naspect_ratios = [\"2:1\"]",
            "seedance-2.0",
            "no pixels for 2:1",
        ),
        (
            "[\"seedance-2.5-draft-final\"]\nfinish = { at = [\"720p\"] }",
            "seedance-2.5-draft-final",
            "finish.at is not",
        ),
        (
            "[\"seedance-2.5-draft-final\"]\nfinish = { start = \"seed\" }",
            "seedance-2.5-draft-final",
            "finish has a field",
        ),
        (
            "[\"seedance-2.5\"]\nprices = [{ per_million_tokens = 7, least_per_second = 0.1, as_of = 2026-01-01 }]",
            "least_per_second",
            "lowest of per_second",
        ),
        ("[\"seedance-2.0\"\n", "", "this is not TOML"),
        (
            "[\"seedance-2.0\"]\nprices = [{ per_second = 1, as_of = 2026-01-01 }, { per_second = 2, as_of = 2026-02-01 }]",
            "seedance-2.0",
            "prices has two for every resolution",
        ),
        (
            "[\"seedance-2.0\"]\nparameters = [\"prompt\", \"duration\", \"aspect_ratio\", \"seed\"]",
            "seedance-2.0",
            "parameters lacks resolution",
        ),
        (
            "[\"seedance-2.0\"]\nreference_seconds = { videos = [0, 0] }",
            "seedance-2.0",
            "reference_seconds gives no length for videos",
        ),
    ] {
        let (specs, errors) = with(text);
        assert_eq!(specs, embedded(), "{text}");
        assert_eq!(errors.len(), 1, "{text}: {errors:?}");
        assert!(errors[0].what.contains(what), "{text}: {errors:?}");
        assert!(text[errors[0].span.clone()].contains(at), "{text}: {errors:?}");
    }
}

/// What is confirmed of one model's fields says nothing of those of another.
#[test]
fn a_model_that_is_like_another_is_not_confirmed_with_it() {
    let text = "[\"seedance-2.5-draft-final\"]\nfinish.confirmed = true\n[other]\nlike = \"seedance-2.5-draft-final\"\n";
    let (specs, errors) = with(text);
    assert_eq!(errors, []);
    let confirmed = |slug: &str| {
        let spec = specs.iter().find(|spec| spec.slug == slug).unwrap();
        spec.finish.as_ref().unwrap().confirmed
    };
    assert!(confirmed("seedance-2.5-draft-final"));
    assert!(!confirmed("other"));
}

/// What the user says of one price takes away no other.
#[test]
fn prices_of_the_user_are_added_to_those_that_are_known() {
    let price = |specs: &[ModelSpec], resolution: &str| {
        let spec = specs.iter().find(|spec| spec.slug == "seedance-2.0").unwrap();
        let of = |tariff: &&Tariff| {
            !tariff.with_video && tariff.resolution.is_none_or(|of| of.wire() == resolution)
        };
        spec.prices.iter().find(of).map(|tariff| tariff.per.rate())
    };
    let (known, _) = with("");
    let row = "[\"seedance-2.0\"]\nprices = [{ resolution = \"1080p\", per_million_tokens = 9, as_of = 2026-11-01 }]";
    let (said, errors) = with(row);
    assert_eq!(errors, []);
    assert_eq!(price(&said, "1080p"), Some(Usd::from_micros(9_000_000)));
    assert_eq!(
        price(&said, "480p"),
        price(&known, "480p"),
        "no other price is lost"
    );
    let (none, errors) = with("[\"seedance-2.0\"]\nprices = []");
    assert_eq!(
        (price(&none, "480p"), errors),
        (None, vec![]),
        "unless the user takes all away"
    );
    let (unchanged, errors) = with(&row.replace("1080p", "360p"));
    assert_eq!(unchanged, known);
    assert!(
        errors[0].what.contains(
            "prices has a row for 360p, which the model does not make, or not any more: write one for"
        ),
        "{errors:?}"
    );
    assert!(errors[0].span.start > 0 && errors[0].span.end <= row.len());
}
