//! A reel at work, and one that has just begun, as the panes see them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rushes::model::rule::Severity;
use rushes::model::{
    ApiVersion, AspectRatio, Backend, Draft, Expectation, FailureKind, Model, Price, Resolution, Seconds,
    Seed, Take, TakeId, TakeState, Times, Usd, Verdict,
};
use rushes::tui::editor::{Editor, Mark};
use rushes::tui::glyphs::{Glyphs, UNICODE};
use rushes::tui::panes::{
    Ctx, Drawn, Filter, Finding, KeyHint, KeyLine, LogPane, LogRow, MonitorPane, MovieFacts, Offer, PaneId,
    Panes, ParamsPane, ParamsState, Playback, PromptPane, QueuePane, QueueRow, Shown, StatusLine, layout,
};
use rushes::tui::reading::Files;
use rushes::tui::theme::{ColorDepth, Role, Theme};
use rushes::tui::widgets::field::TextField;
use rushes::tui::widgets::picture::PictureCells;
use rushes::tui::widgets::strip::{Segment, Strip};

pub const SCRIPT: &str = "A night drive in a red convertible.
Shot 1 | 0s–2s
Medium shot, static camera. Two drivers in the parked car, in profile, cold faces, dark tones.
Shot 2 | 2s–4s
Wide shot. She sits on the door, he leans on the fender. Hard cut.
Shot 3 | 4s–9s
Side tracking shot at the speed of the car. Neon blurs behind.
Shot 4 | 9s–14s
Front tracking shot. He says, \"We never left.\"";

pub fn now() -> Timestamp {
    "2026-11-22T14:28:30Z".parse().unwrap()
}

pub fn ago(seconds: i64) -> Timestamp {
    now() - SignedDuration::from_secs(seconds)
}

pub fn take(id: i64, seed: u32, state: TakeState, sent: Option<i64>) -> Take {
    Take {
        id: TakeId(id),
        reel: "neon-drive".into(),
        backend: Backend::Live,
        api_version: ApiVersion::V2,
        model: Model::default(),
        resolution: Resolution::P480,
        aspect_ratio: AspectRatio::WIDE,
        duration: Seconds::default(),
        seed: Seed::new(seed).unwrap(),
        body: serde_json::json!({}),
        draft_version: Some(11),
        sweep: Some(9),
        parent: None,
        state,
        account: None,
        request_id: None,
        http_status: None,
        error: None,
        error_kind: None,
        estimate: Usd::from_micros(703_080),
        reserve: Some(Usd::from_micros(706_010)),
        cost: None,
        output_url: None,
        last_frame_url: None,
        file: None,
        bytes: None,
        sha256: None,
        verdict: Verdict::None,
        note: None,
        paused: false,
        held: None,
        repeats: 0,
        not_before: None,
        created_at: ago(sent.unwrap_or(10)),
        times: Times {
            submitted: sent.map(ago),
            ..Times::default()
        },
    }
}

pub fn saved(id: i64, seed: u32, sent: i64, took: i64, cost: i64) -> Take {
    let mut take = take(id, seed, TakeState::Saved, Some(sent));
    take.times.settled = Some(ago(sent - took));
    take.cost = Some(Usd::from_micros(cost));
    take.http_status = Some(200);
    take.file = Some(format!("/home/ada/.local/share/rushes/reels/neon-drive/take-{id}-s{seed}.mp4").into());
    take.bytes = Some(3_149_000);
    take.sha256 = Some("9f2c41aa".repeat(8));
    take
}

pub fn refused(id: i64, seed: u32) -> Take {
    let mut take = take(id, seed, TakeState::Failed, Some(1_420));
    take.times.settled = Some(ago(1_300));
    take.error_kind = Some(FailureKind::OutputAudio);
    take.error = Some("The output audio was \x1b[31mrefused\x1b[0m by the safety check.".into());
    take
}

/// The script's headings, marked.
fn headings() -> Vec<Mark> {
    let heading = |text: &str| {
        let start = SCRIPT.find(text).unwrap();
        Mark {
            range: start..start + text.len(),
            role: Role::Heading,
        }
    };
    let headings = [
        "Shot 1 | 0s–2s",
        "Shot 2 | 2s–4s",
        "Shot 3 | 4s–9s",
        "Shot 4 | 9s–14s",
    ];
    headings.map(heading).to_vec()
}

/// What a screen is made of; panes borrow from it.
pub struct Sample {
    pub draft: Draft,
    pub editor: Editor,
    pub marks: Vec<Mark>,
    pub files: Files,
    pub params: ParamsState,
    pub busy: bool,
    pub shown: Take,
    pub filter: TextField,
    pub filtering: bool,
    pub picture: PictureCells,
    pub zone: TimeZone,
    pub glyphs: &'static Glyphs,
}

impl Sample {
    pub fn empty() -> Self {
        Self {
            draft: Draft::default(),
            editor: Editor::new(""),
            marks: Vec::new(),
            files: Files::new(),
            params: ParamsState::default(),
            busy: false,
            shown: saved(118, 42, 390, 118, 702_500),
            filter: TextField::new("seed:42"),
            filtering: false,
            picture: gradient(),
            zone: TimeZone::UTC,
            glyphs: &UNICODE,
        }
    }

    pub fn busy() -> Self {
        let draft = Draft {
            prompt: SCRIPT.into(),
            seeds: "7, 42, 100..103".into(),
            ..Draft::default()
        };
        let mut sample = Self {
            editor: Editor::new(SCRIPT),
            marks: headings(),
            draft,
            busy: true,
            ..Self::empty()
        };
        sample.shown.verdict = Verdict::Circled;
        sample.shown.note = Some("her look at 0:03 is right".into());
        sample
    }

    pub fn panes(&self) -> Panes<'_> {
        let busy = self.busy;
        let backend = if busy { Backend::Live } else { Backend::Sandbox };
        Panes {
            status: StatusLine {
                reel: "neon-drive".into(),
                backend,
                mode: None,
                in_flight: if busy { 3 } else { 0 },
                waiting: usize::from(busy),
                unknown: usize::from(busy),
                today: Usd::from_micros(if busy { 3_512_000 } else { 0 }),
                cap: busy.then(|| Usd::from_micros(10_000_000)),
                cap_unreadable: false,
                balance: busy.then(|| Usd::from_micros(41_200_000)),
                stopped: None,
            },
            prompt: self.prompt(),
            params: ParamsPane {
                state: &self.params,
                files: &self.files,
                offer: Some(Offer {
                    backend,
                    takes: if busy { 6 } else { 1 },
                    each: Some(Price {
                        estimate: Usd::from_micros(703_080),
                        most: Usd::from_micros(706_010),
                        is_at_most: false,
                    }),
                    wait: Some((95_000, 170_000)),
                    by: Some(now() + SignedDuration::from_secs(180)),
                    blocked: None,
                }),
            },
            queue: self.queue(),
            log: self.log(),
            monitor: self.monitor(),
            notice: None,
            keys: keys(),
            way_out: KeyHint::new("q", "quit"),
        }
    }

    fn prompt(&self) -> PromptPane<'_> {
        PromptPane {
            editor: &self.editor,
            editing: true,
            marks: &self.marks,
            fit: if self.busy {
                "4 shots to 14 s of 10 s".into()
            } else {
                String::new()
            },
            finding: self.busy.then(|| Finding {
                severity: Severity::Error,
                text: "the timeline ends 4 s after the take".into(),
                keys: "F Duration 15 s".into(),
            }),
            strip: self.busy.then(|| Strip {
                segments: [(1, 0, 2), (2, 2, 4), (3, 4, 9), (4, 9, 14)]
                    .map(|(number, start, end)| Segment {
                        number,
                        start: start * 1000,
                        end: end * 1000,
                    })
                    .to_vec(),
                take_ms: 10_000,
                border: None,
            }),
            version: self.busy.then_some(12),
            changed: false,
        }
    }

    fn queue(&self) -> QueuePane {
        let expected = Expectation {
            p10_ms: 95_000,
            p50_ms: 130_000,
            p90_ms: 170_000,
            basis: String::new(),
        };
        let rows = [
            take(121, 100, TakeState::Processing, Some(72)),
            take(120, 42, TakeState::Processing, Some(73)),
            take(119, 7, TakeState::Queued, Some(4)),
            take(117, 3, TakeState::Unknown, Some(400)),
            take(122, 101, TakeState::Waiting, None),
        ];
        QueuePane {
            rows: rows
                .iter()
                .filter(|_| self.busy)
                .map(|take| QueueRow::of(take, Some(&expected)))
                .collect(),
            selected: self.busy.then_some(1),
            slots: (if self.busy { 4 } else { 0 }, 4),
            foot: if self.busy {
                "sweep 9   2 of 6 saved".into()
            } else {
                String::new()
            },
            hint: "Nothing in flight. Press g to generate.".into(),
            ..QueuePane::default()
        }
    }

    fn log(&self) -> LogPane<'_> {
        let mut circled = saved(118, 42, 390, 118, 702_500);
        circled.verdict = Verdict::Circled;
        let mut final_take = saved(116, 42, 510, 201, 1_512_000);
        final_take.resolution = Resolution::P720;
        final_take.estimate = Usd::from_micros(1_512_000);
        let mut short = saved(114, 42, 86_400, 96, 351_540);
        short.estimate = Usd::from_micros(351_540);
        short.verdict = Verdict::Rejected;
        let rows = [
            (circled, Some(127_000)),
            (final_take, Some(197_000)),
            (refused(115, 7), None),
            (short, Some(98_000)),
        ];
        LogPane {
            rows: rows
                .iter()
                .filter(|_| self.busy)
                .map(|(take, expected)| LogRow::of(take, *expected))
                .collect(),
            selected: self.busy.then_some(0),
            total: if self.busy { 412 } else { 0 },
            filter: Filter {
                text: if self.busy { "seed:42" } else { "" },
                typing: self.filtering.then_some(&self.filter),
                error: None,
            },
            hint: "No takes yet.".into(),
        }
    }

    fn monitor(&self) -> MonitorPane<'_> {
        MonitorPane {
            shown: self.busy.then(|| Shown {
                take: &self.shown,
                movie: (self.shown.state == TakeState::Saved).then(|| MovieFacts {
                    width: 864,
                    height: 496,
                    fps: 24.0,
                    video: "h264".into(),
                    audio: Some("aac".into()),
                }),
                lineage: vec!["promoted to 123 (720p)".into()],
            }),
            picture: if self.shown.state == TakeState::Saved {
                Ok(&self.picture)
            } else {
                Err("No picture: the take failed.".into())
            },
            playback: (self.shown.state == TakeState::Saved).then_some(Playback {
                shot: Some((2, 4)),
                at_ms: 3_100,
                length_ms: 10_000,
                playing: true,
            }),
            keys: vec![
                KeyHint::new("Space", "play"),
                KeyHint::new(", .", "frame"),
                KeyHint::new("[ ]", "shot"),
            ],
            hint: "Select a take in Queue or Log.".into(),
        }
    }

    pub fn ctx<'a>(&'a self, theme: &'a Theme) -> Ctx<'a> {
        Ctx {
            theme,
            glyphs: self.glyphs,
            focused: false,
            now: now(),
            zone: &self.zone,
            draft: &self.draft,
        }
    }

    /// The screen at a size.
    pub fn draw(&self, width: u16, height: u16, focus: PaneId, zoom: bool, theme: &Theme) -> (Buffer, Drawn) {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        let panes = self.panes();
        let places = layout(area, focus, zoom, panes.queue.rows.len());
        let drawn = panes.draw(&mut buffer, &places, focus, &self.ctx(theme));
        (buffer, drawn)
    }
}

fn keys() -> KeyLine {
    let keys = [
        ("g", "generate"),
        ("s", "sweep"),
        ("p", "promote"),
        ("c", "chain"),
        ("*", "circle"),
        ("-", "reject"),
        ("=", "compare"),
        ("d", "diff"),
        ("y", "copy"),
        ("e", "editor"),
        ("/", "filter"),
    ];
    let mut keys: Vec<KeyHint> = keys.map(|(key, label)| KeyHint::new(key, label)).to_vec();
    keys.push(KeyHint::new(":", "commands").pinned());
    keys.push(KeyHint::new("?", "help").pinned());
    KeyLine { keys }
}

/// A sky over a road, made of arithmetic.
fn gradient() -> PictureCells {
    let (width, height) = (96_u32, 54_u32);
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let sky = y < height / 2;
            let [r, g, b] = if sky {
                [20 + 3 * y, 20 + y, 90 - y]
            } else {
                [40, 40, 40 + x / 2]
            };
            rgb.extend([r, g, b].map(|value| u8::try_from(value.min(255)).unwrap()));
        }
    }
    PictureCells::new(width, height, rgb).unwrap()
}

pub fn theme(name: &str, depth: ColorDepth) -> Theme {
    Theme::load(name, None, depth).unwrap()
}
