//! Any response is read without a panic.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn numbers_come_as_numbers_or_strings() {
    assert_eq!(amount(&json!(1.512)), Some(Usd::from_micros(1_512_000)));
    assert_eq!(amount(&json!("1.512")), Some(Usd::from_micros(1_512_000)));
    assert_eq!(amount(&json!("$0.70")), Some(Usd::from_micros(700_000)));
    assert_eq!(amount(&json!("1.5120000001")), Some(Usd::from_micros(1_512_000)));
    assert_eq!(amount(&json!("-0.5")), Some(Usd::from_micros(-500_000)));
    assert_eq!(cost(&json!(-0.5)), None);
    assert_eq!(amount(&json!("nan")), None);
    assert_eq!(whole(&json!("4194304")), Some(4_194_304));
    assert_eq!(whole(&json!(4_194_304.0)), Some(4_194_304));
    assert_eq!(whole(&json!(1.5)), None);
}

#[test]
fn every_place_of_a_video_is_found() {
    let url = "https://images.segmind.com/a.mp4";
    for json in [
        json!({"video": url}),
        json!({"video": {"url": url}}),
        json!({"video_url": url}),
        json!({"output": url}),
        json!({"output": {"video_url": url}}),
        json!({"output": [url]}),
        json!({"url": url}),
        json!({"data": [{"url": url}]}),
        json!({"video": "", "output": url}),
    ] {
        assert_eq!(video_url(&json).as_deref(), Some(url), "{json}");
    }
    for json in [
        json!({"output": "file:///etc/passwd"}),
        json!({"output": ""}),
        json!([]),
        json!(null),
    ] {
        assert_eq!(video_url(&json), None, "{json}");
    }
}

#[test]
fn every_envelope_of_an_error_is_opened() {
    for (json, text) in [
        (json!({"error": "plain"}), "plain"),
        (
            json!({"error": "invalid_token", "error_description": "bad"}),
            "invalid_token: bad",
        ),
        (json!({"error": {"code": "X.Y", "message": "why"}}), "X.Y: why"),
        (json!({"message": "m"}), "m"),
        (
            json!({"detail": [{"loc": ["body", "seed"], "msg": "too big"}]}),
            "seed: too big",
        ),
        (json!({"error": null, "detail": "d"}), "d"),
    ] {
        assert_eq!(error_text(&json).as_deref(), Some(text), "{json}");
    }
    assert_eq!(error_text(&json!({"error": null})), None);
}

#[test]
fn times_come_in_many_forms() {
    let at: Timestamp = "2026-08-19T10:11:12Z".parse().unwrap();
    for value in [
        json!("2026-08-19T10:11:12Z"),
        json!("2026-08-19T12:11:12+02:00"),
        json!("2026-08-19 10:11:12"),
        json!("2026-08-19T10:11:12.000"),
        json!(1_787_134_272),
        json!("1787134272000"),
    ] {
        assert_eq!(time(&value), Some(at), "{value}");
    }
    assert_eq!(time(&json!("yesterday")), None);
}

#[test]
fn a_page_is_known_by_its_title() {
    assert_eq!(
        html_title(b"<html><TITLE>502 Bad\nGateway</TITLE>"),
        "502 Bad Gateway"
    );
    assert_eq!(html_title(b"<title>cut"), "no title");
}

proptest! {
    #[test]
    fn no_page_and_no_time_is_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,30}", n in any::<f64>()) {
        html_title(&bytes);
        time(&json!(text));
        time(&json!(n));
        whole(&json!(n));
        amount(&json!(n));
    }
}
