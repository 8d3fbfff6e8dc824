//! Reads responses leniently: numbers as strings, fields under any known name, texts in any known envelope.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::model::Usd;
use crate::model::form::is_http;
use crate::model::text::one_line;

use super::json::is_not_finite;

/// A number, or a string that holds one.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// A whole number that is not negative, also as a string or with `.0`.
pub(super) fn whole(value: &Value) -> Option<u64> {
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let from_float = |n: f64| ((0.0..=MAX_EXACT).contains(&n) && n.fract() == 0.0).then_some(n as u64);
    match value {
        Value::Number(n) => n.as_u64().or_else(|| n.as_f64().and_then(from_float)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An amount in dollars; one credit is one dollar.
pub(super) fn amount(value: &Value) -> Option<Usd> {
    match value {
        Value::String(text) => Usd::parse(text)
            .ok()
            .or_else(|| Usd::from_json_number(number(value)?)),
        _ => Usd::from_json_number(number(value)?),
    }
}

/// A bill: an amount that is not negative and that the store can keep.
pub(super) fn cost(value: &Value) -> Option<Usd> {
    amount(value).filter(|amount| amount.is_bill())
}

/// What came in the place of a bill, if it is no amount.
pub(super) fn odd_cost(value: &Value) -> Option<String> {
    let is_missing = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (!is_missing && cost(value).is_none()).then(|| one_line(&text(), 80))
}

/// A text that is not blank.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() && !is_not_finite(text.trim()) => {
            Some(text.trim().to_owned())
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An http(s) URL.
pub(super) fn url(value: &Value) -> Option<String> {
    text(value).filter(|url| is_http(url) && url.len() <= 8192)
}

/// The first of `pointers` (JSON pointers) at which `read` finds something.
pub(super) fn first<T>(json: &Value, pointers: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    pointers
        .iter()
        .find_map(|pointer| json.pointer(pointer).and_then(&read))
}

/// The video's URL, under every name seen (Segmind, v2 docs, result; v1 examples).
pub(super) fn video_url(json: &Value) -> Option<String> {
    const PLACES: [&str; 14] = [
        "/video/url",
        "/video",
        "/output",
        "/output/video_url",
        "/output/url",
        "/output/video",
        "/output/video/url",
        "/output/0",
        "/output/0/url",
        "/video_url",
        "/url",
        "/data/0/url",
        "/data/url",
        "/videos/0/url",
    ];
    first(json, &PLACES, url)
}

/// The last frame's URL; no document says where it is.
pub(super) fn last_frame_url(json: &Value) -> Option<String> {
    const PLACES: [&str; 5] = [
        "/video/last_frame_url",
        "/last_frame/url",
        "/last_frame_url",
        "/last_frame",
        "/output/last_frame_url",
    ];
    first(json, &PLACES, url)
}

/// What a response says is wrong: `error` as text or object, with the code word, or the usual other names.
pub(super) fn error_text(json: &Value) -> Option<String> {
    let parts = [
        json.get("error"),
        json.get("error_description"),
        json.get("message"),
        json.get("detail"),
    ];
    let texts: Vec<String> = parts.into_iter().flatten().filter_map(one_error).collect();
    // Code word and description belong together; a message beside them mostly repeats them.
    let joined = texts.into_iter().take(2).collect::<Vec<_>>().join(": ");
    (!joined.is_empty()).then_some(joined)
}

fn one_error(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let of = |name: &str| fields.get(name).and_then(text);
            let code = of("code").or_else(|| of("type"));
            let message = of("message").or_else(|| of("msg")).or_else(|| of("error"));
            let both: Vec<String> = code.into_iter().chain(message).collect();
            (!both.is_empty()).then(|| both.join(": "))
        }
        Value::Array(all) => {
            let texts: Vec<String> = all.iter().take(5).filter_map(one_error_of_list).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        other => text(other),
    }
}

/// An entry of a validation list names the field in `loc`.
fn one_error_of_list(value: &Value) -> Option<String> {
    let message = text(value).or_else(|| first(value, &["/msg", "/message"], text))?;
    let loc = value.pointer("/loc").and_then(Value::as_array);
    match loc.and_then(|loc| loc.last()).and_then(text) {
        Some(field) => Some(format!("{field}: {message}")),
        None => Some(message),
    }
}

/// A time in any usual form; without a zone it is UTC.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    if let Some(number) = number(value) {
        #[allow(clippy::cast_possible_truncation)]
        let millis = if number.abs() < 1e11 {
            number * 1000.0
        } else {
            number
        } as i64;
        return Timestamp::from_millisecond(millis).ok();
    }
    let text = text(value)?;
    text.parse().ok().or_else(|| utc(&text))
}

/// A date and time without a zone, as UTC.
pub(super) fn utc(text: &str) -> Option<Timestamp> {
    let zoned = text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC);
    zoned.ok().map(|zoned| zoned.timestamp())
}

/// A header as text.
pub(super) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| one_line(text, 300))
}

/// A header read as a JSON string would be.
pub(super) fn header_as<T>(headers: &HeaderMap, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    read(&Value::String(header(headers, name)?))
}

/// The title of an HTML page, in which gateways name their error.
pub(super) fn html_title(bytes: &[u8]) -> String {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(16_384)]).into_owned();
    let lower = start.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|open| {
        let rest = start.get(open + "<title>".len()..)?;
        let close = lower.get(open + "<title>".len()..)?.find("</title>")?;
        rest.get(..close)
    });
    one_line(title.unwrap_or("no title").trim(), 120)
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
