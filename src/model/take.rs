//! One generation: a request with one real seed, and all that came of it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::expect::{Wait, WaitClass, WaitRecord};
use super::failure::FailureKind;
use super::lineage::Lineage;
use super::models::Model;
use super::money::Usd;
use super::request::ApiVersion;
use super::request_words::{AspectRatio, Resolution};
use super::seconds::Seconds;
use super::seeds::Seed;
use super::state::TakeState;
use super::summary::RequestSummary;
use super::word_enum::word_enum;

/// A take's number, counted over the whole store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TakeId(pub i64);

impl TakeId {
    /// The highest number that is read from files: SQLite could count no further after the highest of all.
    pub const MAX: Self = Self(1_000_000_000);
}

/// Whether the price of a live take is spent or may yet be, by its state and its bill. A failure costs nothing, unless it was
/// billed or its bill is not known.
pub fn commits_money(state: TakeState, cost: Option<Usd>) -> bool {
    let is_billed = match cost {
        Some(cost) => cost > Usd::ZERO,
        None => state == TakeState::Failed,
    };
    state.commits_money() || is_billed
}

impl fmt::Display for TakeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for TakeId {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

word_enum! {
    /// Who renders the take: the embedded sandbox for nothing, or Segmind for money.
    Backend {
        Sandbox = "sandbox",
        Live = "live",
    }
}

word_enum! {
    /// The user's verdict on a take.
    #[derive(Default)]
    Verdict {
        #[default]
        None = "none",
        Circled = "circled",
        Rejected = "rejected",
    }
}

/// When a take reached each stage, read from its events. `None` where it did not, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// The last time it was sent.
    pub submitted: Option<Timestamp>,
    pub accepted: Option<Timestamp>,
    pub processing: Option<Timestamp>,
    pub rendered: Option<Timestamp>,
    /// Saved, failed, refused, cancelled, expired or proven not sent.
    pub settled: Option<Timestamp>,
}

/// How long the provider says that it took, in milliseconds. `None` where it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProviderTimes {
    /// In its queue.
    pub queue_ms: Option<u64>,
    pub render_ms: Option<u64>,
}

impl ProviderTimes {
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// From the provider's taking it to the finished video.
    fn total_ms(self) -> Option<u64> {
        Some(self.queue_ms?.saturating_add(self.render_ms?))
    }
}

/// Output files are kept this long (Segmind, async v2 docs, retention).
pub const VIDEOS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// A take as the store keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    pub id: TakeId,
    /// The reel's name.
    pub reel: String,
    pub backend: Backend,
    pub api_version: ApiVersion,
    pub model: Model,
    pub resolution: Resolution,
    pub aspect_ratio: AspectRatio,
    pub duration: Seconds,
    pub seed: Seed,
    /// The body as sent.
    pub body: Value,
    /// The revision of the form that it was made from.
    pub revision: Option<i64>,
    /// Takes that were made by one action share a number.
    pub sweep: Option<i64>,
    /// Its value of what the sweep varies, unless that is the seed.
    pub variant: Option<String>,
    pub parent: Option<TakeId>,
    /// How it came from its parent.
    pub lineage: Option<Lineage>,
    pub state: TakeState,
    /// [`super::ApiKey::account`] of the key that it was last sent with; `None` before it is sent, and where
    /// an older rushes sent it.
    pub account: Option<String>,
    pub request_id: Option<String>,
    /// Of the last response that decided something.
    pub http_status: Option<u16>,
    pub error: Option<String>,
    pub error_kind: Option<FailureKind>,
    pub estimate: Usd,
    /// The least that it may cost, where only a range of its price is known.
    pub least: Option<Usd>,
    /// The worst case, which a cap holds back until the bill is there; `None` where no upper price is known.
    pub reserve: Option<Usd>,
    /// The provider's bill; `None` until it is known.
    pub cost: Option<Usd>,
    pub output_url: Option<String>,
    pub last_frame_url: Option<String>,
    /// The returned last frame as a picture beside the video. Absolute.
    pub last_frame_file: Option<PathBuf>,
    /// Absolute.
    pub file: Option<PathBuf>,
    /// When the user had the files of this rejected take deleted.
    pub emptied_at: Option<Timestamp>,
    pub bytes: Option<u64>,
    /// 64 lower-case hex digits.
    pub sha256: Option<String>,
    pub verdict: Verdict,
    /// Sorted, each once.
    pub tags: Vec<String>,
    pub note: Option<String>,
    /// The user stopped it.
    pub paused: bool,
    /// Why it is on hold, once its prompt was refused twice; the user decides.
    pub on_hold: Option<FailureKind>,
    /// How often it may still be repeated automatically after a fault of the provider.
    pub repeats: u32,
    /// Not to be sent before this time (rate limit, back-off).
    pub not_before: Option<Timestamp>,
    pub created_at: Timestamp,
    pub times: Times,
    pub provider_times: ProviderTimes,
    /// Of a draft that can be finished.
    pub draft: Option<Draft>,
    /// The prompt of the draft that it finishes: its own request has none.
    pub prompt_of_draft: Option<String>,
    /// How long it was expected to need when it was last sent; `None` before, and where an older rushes sent it.
    pub wait: Option<Wait>,
}

impl Take {
    /// The prompt that its video was made from; `None` where an imported request does not tell it.
    pub fn prompt(&self) -> Option<&str> {
        let own = self.body.get("prompt").and_then(Value::as_str);
        own.or(self.prompt_of_draft.as_deref())
    }

    /// Whether it finishes a draft, and so has no request of its own.
    pub fn is_final(&self) -> bool {
        let finish = self.model.finish.as_ref();
        finish.is_some_and(|finish| self.body.get(&finish.id).is_some())
    }

    /// `draft` of one that can be finished, `final` of what finishes it; nothing for other takes.
    pub fn draft_or_final(&self) -> Option<&'static str> {
        self.model.finish.as_ref()?;
        Some(if self.is_final() { "final" } else { "draft" })
    }

    /// Whether the provider was asked not to check it.
    pub fn skips_moderation(&self) -> bool {
        self.body["skip_moderation"] == true
    }

    /// What decides how long it takes.
    pub fn wait_class(&self) -> WaitClass {
        let request = RequestSummary::of_body(&self.body);
        WaitClass {
            model: self.model,
            resolution: self.resolution,
            duration: self.duration,
            sound: request.as_ref().is_none_or(|request| request.sound),
            referenced: request.is_some_and(|request| request.referenced),
        }
    }

    /// The most that it may cost; where no upper price is known, more than any cap.
    pub fn may_cost(&self) -> Usd {
        self.reserve.unwrap_or(Usd::MAX)
    }

    /// What it may cost, until it is billed: `$0.71 est.`, or `$0.42 to $1.34` where no price is published.
    pub fn price_in_words(&self) -> String {
        match (self.least, self.reserve) {
            (Some(least), Some(most)) => format!("{least} to {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, _) => format!("{} est.", self.estimate),
        }
    }

    /// Whether its price is spent or may yet be, by [`commits_money`].
    pub fn commits_money(&self) -> bool {
        commits_money(self.state, self.cost)
    }

    /// What counts against a cap once it was sent: its bill, else its reserve, else its estimate.
    pub fn counted(&self) -> Usd {
        self.cost.or(self.reserve).unwrap_or(self.estimate)
    }

    /// A sentence that says that its bill is higher than what was reserved for it, if it is.
    pub fn bill_above_reserve(&self) -> Option<String> {
        let (cost, reserve) = self.cost.zip(self.reserve)?;
        (cost > reserve).then(|| {
            format!(
                "Take {} was billed {}, and at most {} was expected.",
                self.id,
                cost.precise(),
                reserve.precise()
            )
        })
    }

    /// What running it again costs, after a sentence about that.
    pub const fn at_its_price(&self) -> &'static str {
        match self.backend {
            Backend::Sandbox => ", for nothing",
            Backend::Live => ", at the same price",
        }
    }

    /// Why it has no video.
    pub fn why_no_video(&self) -> String {
        match self.emptied_at {
            Some(at) => format!(
                "the video of take {} was deleted from the bin at {at:.0}; in the workbench `R` runs the take again with the \
                 same seed{}",
                self.id,
                self.at_its_price()
            ),
            None => format!("take {} has no video: it is {}", self.id, self.state),
        }
    }

    /// Until when the provider keeps the video of a take that is not saved yet. Output files are kept for seven days
    /// (Segmind, async v2 docs, retention).
    pub fn video_kept_until(&self) -> Option<Timestamp> {
        if self.state != TakeState::Rendered {
            return None;
        }
        let rendered = self.times.rendered.unwrap_or(self.created_at);
        rendered.checked_add(VIDEOS_KEPT).ok()
    }
}

/// How long each stage took, in seconds with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StageSeconds {
    pub queue: Option<f64>,
    pub render: Option<f64>,
    pub deliver: Option<f64>,
    pub total: Option<f64>,
}

/// How the provider names a draft that it can finish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: String,
    /// When it can no longer be finished.
    pub expires: Timestamp,
}

/// A take as every command prints it: one JSON object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeRecord {
    pub id: TakeId,
    pub reel: String,
    /// The number that takes of one sweep share.
    pub sweep: Option<i64>,
    /// Its value of what the sweep varies, unless that is the seed.
    #[serde(default)]
    pub value: Option<String>,
    /// The revision of the form that it was made from.
    pub revision: Option<i64>,
    pub state: TakeState,
    pub backend: Backend,
    pub model: Model,
    pub api_version: ApiVersion,
    pub seed: Seed,
    pub request: Value,
    pub account: Option<String>,
    pub request_id: Option<String>,
    pub http_status: Option<u16>,
    pub error: Option<String>,
    pub error_kind: Option<FailureKind>,
    pub estimate_usd: Usd,
    /// The least, where only a range of the price is known.
    #[serde(default)]
    pub estimate_min_usd: Option<Usd>,
    /// What is reserved for it until the bill is there; null where no upper price is known.
    #[serde(default)]
    pub estimate_max_usd: Option<Usd>,
    /// 0 for a take of the sandbox.
    pub cost_usd: Option<Usd>,
    /// What a take of the sandbox would have cost on live; null for a live one.
    #[serde(default)]
    pub would_cost_usd: Option<Usd>,
    #[serde(default)]
    pub wait: Option<WaitRecord>,
    pub seconds: StageSeconds,
    pub file: Option<PathBuf>,
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
    pub last_frame_url: Option<String>,
    #[serde(default)]
    pub last_frame_file: Option<PathBuf>,
    /// How the provider names a draft that it can finish.
    #[serde(default)]
    pub draft_id: Option<String>,
    #[serde(default)]
    pub draft_expires: Option<Timestamp>,
    pub parent: Option<TakeId>,
    #[serde(default)]
    pub lineage: Option<Lineage>,
    pub verdict: Verdict,
    #[serde(default)]
    pub tags: Vec<String>,
    pub note: Option<String>,
    pub created_at: Timestamp,
}

impl Take {
    /// The state in words; of a waiting take also what keeps it, and of a saved one whether its video was deleted since.
    pub const fn state_in_words(&self) -> &'static str {
        match self.state {
            TakeState::Saved if self.emptied_at.is_some() => "deleted",
            TakeState::Waiting if self.paused => "paused",
            TakeState::Waiting if self.on_hold.is_some() => "on hold",
            TakeState::NotSent => "not sent",
            state => state.word(),
        }
    }

    /// Whether it was imported: made with another program, and saved perhaps much later.
    const fn was_made_elsewhere(&self) -> bool {
        self.revision.is_none()
    }

    /// When it was over: of a take that was imported, when it was rendered.
    pub fn over(&self) -> Option<Timestamp> {
        let settled = self.times.settled?;
        let rendered = self.times.rendered.filter(|_| self.was_made_elsewhere());
        Some(rendered.unwrap_or(settled))
    }

    /// From submit to the end, in milliseconds.
    pub fn took_ms(&self) -> Option<u64> {
        let millis = self.over()?.as_millisecond() - self.times.submitted?.as_millisecond();
        // A clock set back must not show a negative time.
        Some(u64::try_from(millis).unwrap_or(0))
    }

    /// How long each stage took: queue and rendering as the provider says, else as it was observed. The delivery ends when
    /// the file is saved; whoever was not watching then noticed late.
    pub fn stages(&self) -> StageSeconds {
        let (times, provider) = (&self.times, self.provider_times);
        let of_ms = |ms: Option<u64>| ms.map(seconds);
        let finished = match (times.accepted, provider.total_ms()) {
            (Some(accepted), Some(ms)) => accepted
                .checked_add(SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX)))
                .ok(),
            _ => times.rendered,
        };
        let delivered = times.settled.filter(|_| !self.was_made_elsewhere());
        StageSeconds {
            queue: of_ms(provider.queue_ms).or_else(|| between(times.accepted, times.processing)),
            render: of_ms(provider.render_ms).or_else(|| between(times.processing, times.rendered)),
            deliver: between(finished.filter(|_| times.rendered.is_some()), delivered),
            total: between(times.submitted, self.over()),
        }
    }

    /// How long it needed from submit to saved, in milliseconds, to estimate how long others will need: by the provider's
    /// own times where it names them. `was_watched` says that one process saw all of it. `None` for a take that was made
    /// elsewhere, and where nothing is known.
    pub fn sample_ms(&self, was_watched: bool) -> Option<u64> {
        let watched = |from: Option<Timestamp>| {
            let millis = self.times.settled?.as_millisecond() - from?.as_millisecond();
            // A clock that was set back makes a negative time, which is no sample.
            u64::try_from(millis).ok().filter(|_| was_watched)
        };
        if self.was_made_elsewhere() {
            return None;
        }
        match self.provider_times.total_ms() {
            Some(ms) => Some(ms.saturating_add(watched(self.times.rendered).unwrap_or(0))),
            None => watched(self.times.submitted),
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}

fn between(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<f64> {
    let millis = to?.as_millisecond() - from?.as_millisecond();
    // A clock set back must not show a negative time.
    Some(seconds(u64::try_from(millis).unwrap_or(0)))
}

impl From<Take> for TakeRecord {
    fn from(take: Take) -> Self {
        let (cost_usd, would_cost_usd, seconds) = (take.cost_in_money(), take.would_cost(), take.stages());
        Self {
            id: take.id,
            reel: take.reel,
            sweep: take.sweep,
            value: take.variant,
            revision: take.revision,
            state: take.state,
            backend: take.backend,
            model: take.model,
            api_version: take.api_version,
            seed: take.seed,
            request: take.body,
            account: take.account,
            request_id: take.request_id,
            http_status: take.http_status,
            error: take.error,
            error_kind: take.error_kind,
            estimate_usd: take.estimate,
            estimate_min_usd: take.least,
            estimate_max_usd: take.reserve,
            cost_usd,
            would_cost_usd,
            wait: take.wait.as_ref().map(WaitRecord::from),
            seconds,
            file: take.file,
            bytes: take.bytes,
            sha256: take.sha256,
            last_frame_url: take.last_frame_url,
            last_frame_file: take.last_frame_file,
            draft_expires: take.draft.as_ref().map(|draft| draft.expires),
            draft_id: take.draft.map(|draft| draft.id),
            parent: take.parent,
            lineage: take.lineage,
            verdict: take.verdict,
            tags: take.tags,
            note: take.note,
            created_at: take.created_at,
        }
    }
}

impl From<&Take> for TakeRecord {
    fn from(take: &Take) -> Self {
        Self::from(take.clone())
    }
}
