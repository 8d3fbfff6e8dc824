//! Where a key may be sent: a scheme, a host and a port, and nothing else.

use std::fmt;

use url::{Host, Url};

use super::text;

/// Segmind's gateway (Segmind, API docs, "base URL").
pub const GATEWAY: &str = "https://api.segmind.com";
/// Segmind's upload service (Segmind, Python SDK, `files`).
pub const UPLOADS: &str = "https://workflows-api.segmind.com";
/// Segmind's request history (Segmind, Python SDK, `generations`).
pub const HISTORY: &str = "https://api.spotprod.segmind.com";

/// An origin that may be trusted with a key: https, or http on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(Url);

/// Why a URL is no such origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOrigin {
    #[error("{given:?} is not a URL: write one such as {GATEWAY}")]
    NotAUrl { given: String },
    #[error("{scheme}:// is not supported: write https://")]
    Scheme { scheme: String },
    #[error("the URL may only have a scheme, a host and a port: write {origin}")]
    MoreThanAnOrigin { origin: String },
    #[error(
        "http://{host} is not encrypted and would give the key away: write https:// (http is for this machine only)"
    )]
    NotEncrypted { host: String },
}

impl Origin {
    /// Reads an origin; a slash at the end is ignored.
    ///
    /// # Errors
    /// [`BadOrigin`], which never repeats a password in the URL.
    pub fn parse(text: &str) -> Result<Self, BadOrigin> {
        let not_a_url = || BadOrigin::NotAUrl {
            given: text::one_line(text.split('@').next_back().unwrap_or_default(), 80),
        };
        let url = Url::parse(text.trim()).map_err(|_| not_a_url())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadOrigin::Scheme {
                scheme: url.scheme().to_owned(),
            });
        }
        let Some(host) = url.host_str().map(str::to_owned) else {
            return Err(not_a_url());
        };
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !is_bare {
            return Err(BadOrigin::MoreThanAnOrigin {
                origin: url.origin().ascii_serialization(),
            });
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(BadOrigin::NotEncrypted { host });
        }
        Ok(Self(url))
    }

    /// The URL of `/a/b` under this origin, each part percent-escaped. A part must not be `.` or `..`.
    pub fn at(&self, parts: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(parts);
        }
        url
    }

    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

/// As written in settings: no slash at the end.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.origin().ascii_serialization())
    }
}

/// Whether the host is this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_at_home() {
        for (text, shown) in [
            (GATEWAY, GATEWAY),
            ("https://proxy.example:8443/", "https://proxy.example:8443"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
            ("http://[::1]:4000", "http://[::1]:4000"),
            ("http://localhost:1/", "http://localhost:1"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_would_leak_a_key_is_refused() {
        let error = |text: &str| Origin::parse(text).unwrap_err();
        for text in [
            "http://api.segmind.com",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://0.0.0.0:80",
        ] {
            assert!(matches!(error(text), BadOrigin::NotEncrypted { .. }), "{text}");
        }
        assert!(matches!(error("ftp://a.example"), BadOrigin::Scheme { .. }));
        assert!(matches!(error("api.segmind.com"), BadOrigin::NotAUrl { .. }));
        for text in [
            "https://127.0.0.1@evil.example",
            "https://a:secret@evil.example",
            "https://api.segmind.com/v2",
            "https://api.segmind.com?a",
        ] {
            let error = error(text);
            assert!(matches!(error, BadOrigin::MoreThanAnOrigin { .. }), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn a_part_cannot_leave_its_place() {
        let origin = Origin::parse(GATEWAY).unwrap();
        let url = origin.at(&["v2", "requests", "../../x?y#z@evil.example/%2e", "status"]);
        assert_eq!(
            url.as_str(),
            "https://api.segmind.com/v2/requests/..%2F..%2Fx%3Fy%23z@evil.example%2F%252e/status"
        );
        assert_eq!(url.path_segments().unwrap().count(), 4);
    }
}
