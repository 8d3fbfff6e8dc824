//! An error as the user meets it: three parts that stay apart until they are shown.

use std::fmt;

use crate::config::ConfigError;
use crate::engine::admit::AdmitError;
use crate::engine::reconcile::{ImportError, ReconcileError};
use crate::engine::references::FileError;
use crate::engine::reupload::Unreachable;
use crate::model::text::sentences;
use crate::model::{Complaint, Doubt, FailureKind, Invalid};
use crate::segmind::ApiError;
use crate::store::StoreError;

/// What kind of problem it is; a command's exit code follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be sent as it is.
    Usage,
    /// No key, or the key was rejected.
    Key,
    /// Credits, a cap, or the money settings.
    Money,
    /// The API cannot be reached.
    Unreachable,
    Other,
}

impl Kind {
    /// The kind of a call that failed like this.
    pub const fn of_failure(kind: FailureKind) -> Self {
        match kind {
            FailureKind::KeyMissing | FailureKind::KeyRejected => Self::Key,
            FailureKind::Credits
            | FailureKind::SpendCap
            | FailureKind::BillAboveReserve
            | FailureKind::Settings => Self::Money,
            FailureKind::Network => Self::Unreachable,
            _ => Self::Other,
        }
    }
}

/// Why something was not done. Displayed as "what: why: now", without empty parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: Kind,
    /// What happened.
    pub what: String,
    /// Why. This may be text from outside.
    pub why: String,
    /// What to do now. This is never text from outside.
    pub now: String,
}

impl Problem {
    /// A problem of which the reason is known, and what to do.
    pub fn new(kind: Kind, why: impl Into<String>, now: impl Into<String>) -> Self {
        Self {
            kind,
            what: String::new(),
            why: why.into(),
            now: now.into(),
        }
    }

    /// A problem made from a complaint.
    pub fn of(kind: Kind, complaint: Complaint) -> Self {
        Self::new(kind, complaint.what, complaint.next.unwrap_or_default())
    }

    /// A problem without advice.
    pub fn because(why: impl fmt::Display) -> Self {
        Self::new(Kind::Other, why.to_string(), "")
    }

    /// The same, with what happened because of it.
    pub fn so(self, what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ..self
        }
    }

    /// What happened and why, in one line.
    pub fn cause(&self) -> String {
        join([&self.what, &self.why])
    }
}

fn join<const N: usize>(parts: [&String; N]) -> String {
    let parts = parts.into_iter().map(String::as_str);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Advice about a failure of the provider is a sentence of its own.
        if self.now.starts_with(char::is_uppercase) {
            f.write_str(&sentences(&[&self.cause(), &self.now]))
        } else {
            f.write_str(&join([&self.cause(), &self.now]))
        }
    }
}

impl std::error::Error for Problem {}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::CapReached { .. } | StoreError::PriceUnknown => Kind::Money,
            StoreError::NoSuchTake(_)
            | StoreError::NoSuchSweep(_)
            | StoreError::ReelArchived(_)
            | StoreError::TwinSince { .. }
            | StoreError::AlreadyFinished { .. } => Kind::Usage,
            _ => Kind::Other,
        };
        Self::new(kind, error.why(), error.now())
    }
}

impl From<&ApiError> for Problem {
    fn from(error: &ApiError) -> Self {
        Self::new(Kind::of_failure(error.kind), &*error.message, error.kind.advice())
    }
}

impl From<&FileError> for Problem {
    fn from(error: &FileError) -> Self {
        Self::of(Kind::Usage, error.complaint())
    }
}

impl From<Doubt> for Problem {
    fn from(doubt: Doubt) -> Self {
        Self::new(Kind::Money, doubt.what(), Doubt::NOW)
    }
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        let kind = if error.is_about_the_key() {
            Kind::Key
        } else {
            Kind::Other
        };
        Self::of(kind, error.complaint())
    }
}

impl From<&Invalid> for Problem {
    fn from(rule: &Invalid) -> Self {
        let mut complaint = rule.complaint();
        complaint
            .next
            .get_or_insert_with(|| "correct it, then try again".to_owned());
        Self::of(Kind::Usage, complaint)
    }
}

impl From<AdmitError> for Problem {
    fn from(error: AdmitError) -> Self {
        let problem = match error {
            AdmitError::Invalid(ref rules) => match &rules[..] {
                [rule] => rule.into(),
                _ => Self::new(
                    Kind::Usage,
                    error.to_string(),
                    "Correct each of these, then try again.",
                ),
            },
            AdmitError::File(error) => Self::from(&error),
            AdmitError::Store(error) => error.into(),
            AdmitError::Money(doubt) => doubt.into(),
            AdmitError::Upload { path, error } => {
                let problem = Self::from(&*error);
                let why = format!("the upload of {} failed: {}", path.display(), problem.why);
                Self { why, ..problem }
            }
            AdmitError::Unreachable(error) => Self::new(Kind::Usage, error.why(), Unreachable::NOW),
            AdmitError::ForeignDraft => Self::new(
                Kind::Usage,
                error.to_string(),
                "finish it there, or promote it in another way",
            ),
            AdmitError::Unconfirmed(model) => Self::new(
                Kind::Usage,
                format!("how {model} makes and finishes drafts is not confirmed"),
                "`rushes models --refresh` looks whether the provider's catalogue shows it; or write confirmed = true under \
                 finish in models.toml, once you know that its fields are right",
            ),
            AdmitError::TooDear { most, allowed } => Self::new(
                Kind::Money,
                format!("one take may cost {most}, and you allowed at most {allowed}"),
                "raise that maximum, or ask for a shorter or smaller take",
            ),
        };
        problem.so("nothing was sent")
    }
}

impl From<ReconcileError> for Problem {
    fn from(error: ReconcileError) -> Self {
        match error {
            ReconcileError::Api(error) => {
                let problem = Self::from(&error).so("the provider's history cannot be read");
                match problem.kind {
                    Kind::Key | Kind::Money => problem,
                    // The usual advice is about a take that failed, and nothing was sent here.
                    _ => Self {
                        kind: Kind::Unreachable,
                        now: "Try again in a few minutes.".to_owned(),
                        ..problem
                    },
                }
            }
            ReconcileError::Store(error) => error.into(),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NotYet { request_id, why } => {
                Self::of(Kind::Usage, why).so(format!("request {request_id} is not imported"))
            }
            ImportError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::key::BadKey;
    use crate::segmind::Class;

    #[test]
    fn every_broken_rule_and_every_mistake_in_the_configuration_says_what_to_do_now() {
        let empty = AdmitError::Invalid(vec![Invalid::EmptyPrompt]);
        let problem = Problem::from(empty);
        assert_eq!(problem.cause(), "nothing was sent: the prompt is empty");
        assert_eq!(problem.now, "write what the video shows");
        let two = Problem::from(AdmitError::Invalid(vec![Invalid::EmptyPrompt, Invalid::NoSeeds]));
        assert_eq!(two.now, "Correct each of these, then try again.");
        let untyped = Problem::from(&Invalid::NotAnObject { given: "null" });
        assert_eq!(untyped.now, "correct it, then try again");
        let folder = Problem::from(ConfigError::Folder {
            path: "/data".into(),
            reason: "read-only file system".to_owned(),
        });
        assert_eq!(folder.kind, Kind::Other);
        assert_eq!(
            folder.cause(),
            "/data: cannot write in this folder (read-only file system)"
        );
        assert!(folder.now.starts_with("make it writable"), "{folder}");
        let key = Problem::from(ConfigError::KeyInEnvironment(BadKey::TooLong));
        assert_eq!(
            (key.kind, key.now.as_str()),
            (Kind::Key, "copy only the key itself")
        );
        assert!(key.why.starts_with("SEGMIND_API_KEY: the key is longer"), "{key}");
    }

    #[test]
    fn what_a_server_says_is_never_what_to_do_now() {
        let failed = |kind: FailureKind| {
            let error = ApiError {
                class: Class::Repeatable,
                kind,
                status: Some(500),
                message: "the provider answered 500: boom: the moon is full".to_owned(),
                retry_after: None,
                request_id: None,
                exchange: None,
            };
            Problem::from(ReconcileError::Api(error))
        };
        for kind in [
            FailureKind::ProviderFault,
            FailureKind::Network,
            FailureKind::Rate,
        ] {
            let problem = failed(kind);
            assert_eq!(problem.kind, Kind::Unreachable);
            assert!(problem.cause().ends_with("boom: the moon is full"), "{problem}");
            assert_eq!(problem.now, "Try again in a few minutes.");
        }
        for kind in [FailureKind::KeyRejected, FailureKind::Credits] {
            assert_eq!(failed(kind).now, kind.advice());
        }
    }
}
