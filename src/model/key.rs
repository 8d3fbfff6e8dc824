//! The provider's key, which can only be read through [`ApiKey::expose`] and is never printed.

use std::borrow::Cow;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::complaint::Complaint;
use super::escaped::spelled;

/// A key as Segmind issues it: `SG_` and 16 hexadecimal digits. Other forms are accepted too, as Segmind does not promise
/// this one; the server decides.
#[derive(Clone)]
pub struct ApiKey(SecretString);

/// Why a text cannot be a key. Never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadKey {
    Empty,
    NotPlain,
    TooLong,
}

impl BadKey {
    /// What is wrong, and what to do.
    pub fn complaint(self) -> Complaint {
        match self {
            Self::Empty => Complaint::new(
                "the key is empty",
                "copy it from Segmind: it has the form SG_ and 16 hexadecimal digits",
            ),
            Self::NotPlain => Complaint::new(
                "the key has a space, a line break or a character outside ASCII in it",
                "copy it again from Segmind",
            ),
            Self::TooLong => Complaint::new(
                format!("the key is longer than {} characters", ApiKey::MAX_BYTES),
                "copy only the key itself",
            ),
        }
    }
}

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.complaint().fmt(f)
    }
}

impl ApiKey {
    /// The environment variable that may hold it.
    pub const VARIABLE: &str = "SEGMIND_API_KEY";
    /// The longest text that is accepted as a key.
    pub const MAX_BYTES: usize = 256;

    /// A key of `text`, white space around it removed.
    pub fn new(text: &str) -> Result<Self, BadKey> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadKey::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(BadKey::TooLong);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(BadKey::NotPlain);
        }
        Ok(Self(SecretString::from(text)))
    }

    /// The key itself, for the one header that it goes into.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What may be shown so that two keys can be told apart: `SG_…3f`.
    pub fn hint(&self) -> String {
        const SAFE_TO_SHOW_TWO_OF: usize = 12;
        let key = self.expose();
        let head = if key.starts_with("SG_") { "SG_" } else { "" };
        if key.len() < SAFE_TO_SHOW_TWO_OF {
            return format!("{head}…");
        }
        format!("{head}…{}", &key[key.len() - 2..])
    }

    /// Which account a take belongs to: 16 hex digits that are the same for the same key, and from which the
    /// key cannot be derived.
    pub fn account(&self) -> String {
        self.account_at(&[])
    }

    /// The same for the key at other URLs than the provider's own.
    pub fn account_at(&self, urls: &[&str]) -> String {
        let digest = Sha256::new()
            .chain_update("rushes account\n")
            .chain_update(self.expose());
        let digest = urls
            .iter()
            .fold(digest, |digest, url| digest.chain_update("\n").chain_update(url));
        let digest = digest.finalize();
        super::text::hex(&digest[..8])
    }

    /// The prefix that all keys share, and the secret part. A key with a very short secret part is secret as a whole.
    fn parts(&self) -> (&str, &str) {
        const MIN_SECRET: usize = 8;
        let key = self.expose();
        key.split_at_checked("SG_".len())
            .filter(|(head, digits)| *head == "SG_" && digits.len() >= MIN_SECRET)
            .unwrap_or(("", key))
    }

    /// `text` without the key and without its digits, also where they are written with the escapes of JSON, URLs or
    /// HTML: text from outside is redacted before it is decoded, kept or shown. Borrowed when there was none.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let (head, digits) = self.parts();
        let found = spelled(text, head, digits);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut clean = text.to_owned();
        for range in found.into_iter().rev() {
            clean.replace_range(range, "[key]");
        }
        Cow::Owned(clean)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "SG_0123456789abcd3f";

    #[test]
    fn nothing_prints_it() {
        let key = ApiKey::new(&format!(" {KEY}\n")).unwrap();
        assert_eq!(key.expose(), KEY);
        assert_eq!(format!("{key:?} {key:#?}"), "ApiKey(redacted) ApiKey(redacted)");
        assert_eq!(key.hint(), "SG_…3f");
        assert_eq!(
            key.redact(&format!("bad {KEY}, {}!", &KEY[3..])),
            "bad [key], [key]!"
        );
        assert_eq!(key.redact("SG_"), "SG_");
    }

    #[test]
    fn an_account_is_the_keys_own_and_does_not_show_it() {
        let account = |text: &str| ApiKey::new(text).unwrap().account();
        assert_eq!(account(KEY), account(&format!("{KEY}\n")));
        assert_ne!(account(KEY), account("SG_0123456789abcd40"));
        assert_eq!(account(KEY), "eb9fa3c3483f7823");
        let at = |urls: &[&str]| ApiKey::new(KEY).unwrap().account_at(urls);
        assert_eq!(at(&[]), account(KEY));
        assert_ne!(at(&["https://a.example/"]), account(KEY));
        assert_ne!(at(&["https://a.example/"]), at(&["https://b.example/"]));
    }

    #[test]
    fn a_short_key_gives_nothing_away() {
        assert_eq!(ApiKey::new("abcd").unwrap().hint(), "…");
        assert_eq!(ApiKey::new("SG_12").unwrap().hint(), "SG_…");
    }

    #[test]
    fn what_cannot_be_a_header_is_refused() {
        let error = |text: &str| ApiKey::new(text).unwrap_err();
        assert_eq!(error(" \n"), BadKey::Empty);
        assert_eq!(error("SG_ab\ncd"), BadKey::NotPlain);
        assert_eq!(error("SG_schlüssel"), BadKey::NotPlain);
        assert_eq!(error(&"x".repeat(257)), BadKey::TooLong);
    }
}
