//! The file that keeps what the provider's catalogue said about its models, until it is read again.

use std::fs::File;
use std::io::{self, Read, Write};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::catalogue::{self, ProviderLayer};
use crate::model::offer::{self, Offer};

use super::paths::Paths;

/// The largest file that is read, in bytes: what a whole catalogue may have.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// How long a reading counts as of today.
const AGE: SignedDuration = SignedDuration::from_hours(24);

/// The last reading of the catalogue that succeeded, and the last one of all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptCatalogue {
    pub offer: Option<Offer>,
    /// The servers that it is about.
    pub servers: Option<Servers>,
    /// When that was read.
    pub read_at: Option<Timestamp>,
    pub last_try: Option<LastTry>,
}

/// The origins of a provider. What one's catalogue says counts for its own gateway only: paid requests go there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Servers {
    pub catalogue: String,
    pub gateway: String,
}

impl Servers {
    /// One server for everything.
    pub fn one(origin: &str) -> Self {
        let origin = origin.trim_end_matches('/').to_owned();
        Self {
            catalogue: origin.clone(),
            gateway: origin,
        }
    }
}

/// A reading, and why nothing came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastTry {
    pub at: Timestamp,
    /// The origin that was asked.
    pub from: String,
    pub problem: Option<String>,
}

impl KeptCatalogue {
    /// What is kept in these folders about these servers: another's catalogue says nothing about them.
    pub fn of(paths: &Paths, servers: &Servers) -> Self {
        let kept = Self::read(paths);
        if kept.servers.as_ref() == Some(servers) {
            return kept;
        }
        Self {
            last_try: kept.last_try.filter(|last| last.from == servers.catalogue),
            ..Self::default()
        }
    }

    /// What is kept in these folders; nothing if that cannot be read, because it is only a copy.
    fn read(paths: &Paths) -> Self {
        let Ok(file) = File::open(paths.catalogue_file()) else {
            return Self::default();
        };
        let mut text = String::new();
        let read = file.take(MAX_BYTES).read_to_string(&mut text);
        let kept = read.map_err(|error| error.to_string());
        let kept = kept.and_then(|_| serde_json::from_str(&text).map_err(|error| error.to_string()));
        kept.unwrap_or_else(|error| {
            tracing::warn!("the kept catalogue cannot be read and is not used: {error}");
            Self::default()
        })
    }

    /// Replaces what is kept in these folders.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn write(&self, paths: &Paths) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&paths.state)?;
        serde_json::to_writer(&mut file, self)?;
        file.flush()?;
        file.persist(paths.catalogue_file())?;
        Ok(())
    }

    /// With a reading at these servers, which does not take away what is known when it fails.
    #[must_use]
    pub fn with(self, reading: Result<Offer, String>, servers: &Servers, at: Timestamp) -> Self {
        let last_try = |problem| {
            Some(LastTry {
                at,
                from: servers.catalogue.clone(),
                problem,
            })
        };
        match reading {
            Ok(offer) => Self {
                offer: Some(offer.after(self.offer.as_ref())),
                servers: Some(servers.clone()),
                read_at: Some(at),
                last_try: last_try(None),
            },
            Err(problem) => Self {
                last_try: last_try(Some(problem)),
                ..self
            },
        }
    }

    /// Whether it was not read, or tried to be, within the last day. A time in the future does not count.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.last_try.as_ref().is_none_or(|last| {
            let age = now.duration_since(last.at);
            age >= AGE || age.is_negative()
        })
    }

    /// What it changes of the embedded models.
    pub fn layer(&self) -> ProviderLayer {
        let (Some(offer), Some(read_at)) = (&self.offer, self.read_at) else {
            return ProviderLayer::default();
        };
        let day = read_at.to_zoned(TimeZone::UTC).date();
        offer::layer(offer, catalogue::embedded(), day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_counts_for_a_day_and_a_failed_one_keeps_what_is_known() {
        let start: Timestamp = "2026-11-27T10:00:00Z".parse().unwrap();
        let later = |hours| start + SignedDuration::from_hours(hours);
        let none = KeptCatalogue::default();
        assert!(none.is_due(start));
        let read = none.with(Ok(Offer::default()), &Servers::one("https://a"), start);
        let dues = [0, 23, 24, -1].map(|hours| read.is_due(later(hours)));
        assert_eq!(dues, [false, false, true, true]);
        let failed = read
            .clone()
            .with(Err("broken".to_owned()), &Servers::one("https://a"), later(30));
        assert_eq!((&failed.offer, failed.read_at), (&read.offer, read.read_at));
        assert!(!failed.is_due(later(31)), "a failure is not tried again at once");
    }

    #[test]
    fn a_kept_file_is_read_back_and_a_damaged_one_is_none() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::resolve(Some(home.path()), &|_| None).unwrap();
        paths.ensure().unwrap();
        let kept = KeptCatalogue::default().with(
            Ok(Offer::default()),
            &Servers::one("https://a"),
            Timestamp::UNIX_EPOCH,
        );
        kept.write(&paths).unwrap();
        assert_eq!(KeptCatalogue::of(&paths, &Servers::one("https://a")), kept);
        let other_gateway = Servers {
            gateway: "https://b".to_owned(),
            ..Servers::one("https://a")
        };
        assert_eq!(
            KeptCatalogue::of(&paths, &other_gateway).offer,
            None,
            "paid requests go elsewhere"
        );
        let elsewhere = KeptCatalogue::of(&paths, &Servers::one("https://b"));
        assert_eq!(
            elsewhere,
            KeptCatalogue::default(),
            "another server's says nothing"
        );
        assert!(elsewhere.is_due(Timestamp::UNIX_EPOCH));
        for damaged in ["", "{", "[]", "{\"offer\": 7}", "{\"read_at\": \"yesterday\"}"] {
            std::fs::write(paths.catalogue_file(), damaged).unwrap();
            assert_eq!(KeptCatalogue::read(&paths), KeptCatalogue::default(), "{damaged}");
        }
        assert_eq!(
            std::fs::read_dir(&paths.state).unwrap().count(),
            1,
            "no other file is left"
        );
    }
}
