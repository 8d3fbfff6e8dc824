//! Finds keys in text from elsewhere, so that none gets into a form or a remark.

use crate::model::ApiKey;

/// Stands in place of a key.
pub(super) const REPLACED: &str = "[key]";

/// The fewest characters after `SG_` that make a key.
const MIN_KEY: usize = 8;

/// The text without keys in the form that Segmind gives out, and whether there were any.
pub(super) fn without_known_keys(text: &str) -> (String, bool) {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut had_key = false;
    while let Some(at) = rest.find("SG_") {
        let (before, key) = rest.split_at(at);
        let end = key
            .bytes()
            .skip(3)
            .position(|byte| !byte.is_ascii_alphanumeric())
            .map_or(key.len(), |digits| digits + 3);
        let (key, after) = key.split_at(end);
        let is_key = key.len() >= 3 + MIN_KEY;
        had_key |= is_key;
        clean.push_str(before);
        clean.push_str(if is_key { REPLACED } else { key });
        rest = after;
    }
    clean.push_str(rest);
    (clean, had_key)
}

/// The text without any of these keys, and without those of the known form.
pub(super) fn redacted(text: &str, keys: &[String]) -> String {
    let (text, _) = without_known_keys(text);
    keys.iter()
        .filter(|key| key.len() >= MIN_KEY)
        .filter_map(|key| ApiKey::new(key).ok())
        .fold(text, |text, key| key.redact(&text).into_owned())
}

/// Whether a field, header or variable of this name holds a key.
pub(super) fn is_key_name(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "key",
        "api_key",
        "apikey",
        "x_api_key",
        "segmind_api_key",
        "authorization",
        "proxy_authorization",
        "token",
        "access_token",
        "bearer_token",
        "secret",
    ];
    let name = name.trim().to_ascii_lowercase().replace('-', "_");
    NAMES.contains(&name.as_str())
}

/// The key in the value of such a field; `None` for what only stands for one, as `$SEGMIND_API_KEY` or `YOUR_API_KEY`.
pub(super) fn key_in(value: &str) -> Option<String> {
    let value = value.trim();
    let value = ["Bearer ", "bearer ", "Basic ", "Token "]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme))
        .unwrap_or(value)
        .trim();
    let upper = value.to_ascii_uppercase();
    let stands_for_one = value.is_empty()
        || value == REPLACED
        || value.starts_with(['$', '<', '{', '%'])
        || ["YOUR", "API_KEY", "API KEY", "XXX", "***", "..."]
            .iter()
            .any(|word| upper.contains(word));
    (!stands_for_one).then(|| value.to_owned())
}
