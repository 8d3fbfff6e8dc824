//! One frame of the whole screen, made of the state. Drawing changes nothing.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::model::{Expectation, Take, TakeState, Usd};
use crate::script::Shot;

use super::action::Action;
use super::app::{App, Hint, Seen, Tone};
use super::glyphs::Glyphs;
use super::keymap::Context;
use super::overlays::{self, Overlay, Purpose};
use super::panes::{
    Ctx, Filter, Finding, Form, KeyHint, KeyLine, LogPane, LogRow, MonitorPane, Notice, Offer, PaneId, Panes,
    ParamsPane, PromptPane, QueuePane, QueueRow, Shown, StatusLine, Stopped, layout,
};
use super::run::Draw;
use super::theme::{Role, Theme};
use super::widgets::strip::{Segment, Strip};

/// Rows of the log handed to its pane on either side of the selected one.
const AROUND: usize = 80;

/// How things look.
#[derive(Debug, Clone)]
pub struct Screen {
    theme: Theme,
    glyphs: &'static Glyphs,
    zone: TimeZone,
}

impl Screen {
    /// Draws by this theme, with these signs and times as in `zone`.
    #[must_use]
    pub const fn new(theme: Theme, glyphs: &'static Glyphs, zone: TimeZone) -> Self {
        Self { theme, glyphs, zone }
    }
}

impl Draw for Screen {
    fn draw(&self, app: &App, frame: &mut Frame<'_>) -> Seen {
        let area = frame.area();
        let ctx = Ctx {
            theme: &self.theme,
            glyphs: self.glyphs,
            focused: false,
            now: app.now,
            zone: &self.zone,
            draft: &app.draft,
        };
        let layout = layout(area, app.focus, app.zoomed, app.queue.takes.len());
        let panes = panes(app);
        let drawn = panes.draw(frame.buffer_mut(), &layout, app.focus, &ctx);
        let monitor = layout
            .slot(PaneId::Monitor)
            .filter(|slot| slot.form == Form::Full);
        let picture = monitor.map(|slot| panes.monitor.picture_area(slot.area, &ctx));
        let over = if layout.too_small {
            overlays::DrawnOverlay::default()
        } else {
            // The keys stay in sight, and so do the news.
            let above = Rect {
                height: drawn.floor.saturating_sub(area.y),
                ..area
            };
            overlays::draw(app, frame.buffer_mut(), above, &self.theme, self.glyphs)
        };
        // Only what has the keys shows a caret.
        let below = drawn
            .caret
            .filter(|_| app.overlays.is_empty() || typed_filter(app).is_some());
        if let Some(at) = over.caret.or(below) {
            frame.set_cursor_position(at);
        }
        Seen {
            panes: layout.slots.iter().map(|slot| (slot.id, slot.area)).collect(),
            drawn,
            picture: picture.map(|area| (area.width, area.height)),
            reader_rows: over.rows,
            reader_lines: over.lines,
            too_small: layout.too_small,
            overlays: app.overlays.len(),
            question: over.shown,
        }
    }
}

/// What the panes show of the state.
pub fn panes(app: &App) -> Panes<'_> {
    Panes {
        status: status(app),
        prompt: PromptPane {
            editor: &app.prompt,
            editing: app.editing,
            marks: &app.reading.marks,
            fit: app
                .border()
                .map_or_else(|| app.reading.fit.clone(), |(_, text)| text),
            finding: finding(app),
            strip: strip(app),
            version: app.draft_version,
            changed: app.versioned.as_ref().is_some_and(|draft| *draft != app.draft),
        },
        params: ParamsPane {
            state: &app.params,
            files: &app.files,
            offer: offer(app),
        },
        queue: queue(app),
        log: log(app),
        monitor: monitor(app),
        notice: notice(app),
        keys: key_line(app),
        way_out: {
            let (key, label) = app.way_out();
            KeyHint::new(key, label)
        },
    }
}

/// The first finding, and the keys that mend it or list the others.
fn finding(app: &App) -> Option<Finding> {
    let reading = &app.reading;
    let first = reading.findings.first()?;
    let label = |action| app.keymap.label(Context::Prompt, action);
    // The label of the fix only where it mends what is shown.
    let fix = label(Action::Fix)
        .zip(reading.first_fix())
        .map(|(key, (mended, fix))| {
            if mended == first {
                format!("{key} {}", fix.label())
            } else {
                format!("{key} fix")
            }
        });
    let all = (reading.findings.len() > 1)
        .then(|| label(Action::Findings))
        .flatten()
        .map(|key| format!("{key} all {}", reading.findings.len()));
    let words: Vec<String> = fix.into_iter().chain(all).collect();
    Some(Finding {
        severity: first.severity,
        text: first.message.clone(),
        keys: words.join("  "),
    })
}

fn strip(app: &App) -> Option<Strip> {
    let reading = &app.reading;
    let take_ms = u32::from(app.draft.duration.get()) * 1000;
    let segment = |(shot, start, end): (Shot, u32, u32)| Segment {
        number: shot.number,
        start,
        end: shot.end.unwrap_or(end),
    };
    reading.is_timed().then(|| Strip {
        segments: reading.script.spread(take_ms).into_iter().map(segment).collect(),
        take_ms,
        border: app.border().map(|(ms, _)| ms),
    })
}

fn count(app: &App, of: impl Fn(TakeState) -> bool) -> usize {
    app.queue.takes.iter().filter(|take| of(take.state)).count()
}

fn status(app: &App) -> StatusLine {
    StatusLine {
        reel: app.facts.reel.name.clone(),
        backend: app.facts.backend,
        mode: app.mode(),
        in_flight: app.in_flight(),
        waiting: count(app, |state| state == TakeState::Waiting),
        unknown: count(app, |state| state == TakeState::Unknown),
        // Play money is none.
        today: if app.is_live() { app.today } else { Usd::ZERO },
        cap: app.cap().map(|cap| cap.limit),
        cap_unreadable: app.is_live() && app.money.doubt.as_ref().is_some_and(|doubt| doubt.hides_the_cap),
        balance: app.balance.filter(|_| app.is_live()),
        stopped: app.line.stopped.as_ref().map(|(kind, _)| *kind),
    }
}

/// What `generate` would do now; nothing while the seeds cannot be read.
fn offer(app: &App) -> Option<Offer> {
    let takes = app.draft.seed_list().ok()?.count();
    let plan = app.plan(&app.draft);
    let blocked = app.cap().and_then(|cap| match app.fits(&plan) {
        _ if plan.price.is_none() => Some("price unknown: you name a maximum".to_owned()),
        fits if fits == takes => None,
        0 => Some(format!("over the day's cap of {}", cap.limit)),
        fits => Some(format!("{fits} of {takes} fit the day's cap of {}", cap.limit)),
    });
    let doubt = app.money.doubt.as_ref().filter(|_| app.is_live());
    let doubt = doubt.map(|doubt| format!("settings unreadable: {}", doubt.place));
    let all = app.expectation.of_rounds(takes, app.facts.in_flight);
    Some(Offer {
        backend: app.facts.backend,
        takes,
        each: plan.price,
        wait: Some((all.p10_ms, all.p90_ms)),
        by: app.now.checked_add(whole_wait(app, takes)).ok(),
        blocked: doubt.or(blocked),
    })
}

/// How long until the last of `takes` more is there, when all go slowly.
fn whole_wait(app: &App, takes: u32) -> SignedDuration {
    let ahead = u32::try_from(app.queue.takes.len()).unwrap_or(u32::MAX);
    let all = app
        .expectation
        .of_rounds(ahead.saturating_add(takes), app.facts.in_flight);
    let millis = all.p90_ms;
    SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// What is expected of a take: the draft's range when it is of the draft's kind, else what is published.
fn expected(app: &App, take: &Take) -> Expectation {
    let draft = &app.draft;
    if (take.model, take.resolution, take.duration) == (draft.model, draft.resolution, draft.duration) {
        return app.expectation.clone();
    }
    (app.facts.published)(take.model, take.resolution)
}

fn queue(app: &App) -> QueuePane {
    let row = |take: &Take| {
        let mut row = QueueRow::of(take, Some(&expected(app, take)));
        row.arrived = app.arriving.get(&take.id).copied();
        row
    };
    let in_flight = u32::try_from(app.in_flight()).unwrap_or(u32::MAX);
    QueuePane {
        rows: app.queue.takes.iter().map(row).collect(),
        selected: Some(app.queue.at).filter(|_| !app.queue.takes.is_empty()),
        slots: (in_flight, app.facts.in_flight),
        stopped: app.line.stopped.as_ref().map(|(kind, message)| Stopped {
            kind: *kind,
            message: message.clone(),
        }),
        not_before: app.line.not_before.filter(|until| *until > app.now),
        hint: nothing_yet(app, "no take is waiting or in flight"),
    }
}

fn log(app: &App) -> LogPane<'_> {
    let log = &app.log;
    let at = log
        .at
        .checked_sub(log.offset)
        .and_then(|row| usize::try_from(row).ok())
        .unwrap_or(0);
    let first = at.saturating_sub(AROUND);
    let row = |take: &Take| LogRow::of(take, Some(expected(app, take).p50_ms));
    LogPane {
        rows: log.takes.iter().skip(first).take(2 * AROUND).map(row).collect(),
        selected: log.selected().map(|_| at - first),
        total: log.count,
        filter: Filter {
            text: &log.filter,
            typing: typed_filter(app),
            error: log.filter_error.as_deref(),
        },
        hint: if log.filter.is_empty() {
            nothing_yet(app, "no take yet")
        } else {
            "no take is like that".to_owned()
        },
    }
}

/// The filter's field while it is typed.
fn typed_filter(app: &App) -> Option<&crate::tui::widgets::field::TextField> {
    match app.overlays.last() {
        Some(Overlay::Entry(entry)) if entry.purpose == Purpose::Filter => Some(&entry.field),
        _ => None,
    }
}

fn monitor(app: &App) -> MonitorPane<'_> {
    let take = app.selected();
    let decoded = app
        .pictured
        .as_ref()
        .filter(|pictured| take.is_some_and(|take| take.id == pictured.frame.take));
    let picture = match (decoded, take) {
        (Some(pictured), _) => pictured.cells.as_ref().map_err(Clone::clone),
        (None, Some(take)) if take.file.is_some() => Err("reading the film".to_owned()),
        (None, Some(take)) => Err(format!("no picture ({})", super::panes::state_word(take.state))),
        (None, None) => Err(String::new()),
    };
    MonitorPane {
        shown: take.map(|take| Shown {
            take,
            movie: decoded.and_then(|pictured| pictured.movie.clone()),
        }),
        picture,
        hint: nothing_yet(app, "no take is selected"),
    }
}

/// What is missing, and the key that brings it.
fn nothing_yet(app: &App, what: &str) -> String {
    match app.keymap.label(Context::Global, Action::Generate) {
        Some(key) => format!("{what}: {key} {}", Action::Generate.short()),
        None => what.to_owned(),
    }
}

fn key_line(app: &App) -> KeyLine {
    let pinned = [Action::Help, Action::Palette].map(Action::short);
    let hint = |hint: Hint| {
        let stays = pinned.contains(&hint.text.as_str());
        let key = KeyHint::new(hint.key, hint.text);
        if stays { key.pinned() } else { key }
    };
    KeyLine {
        keys: app.hints().into_iter().map(hint).collect(),
    }
}

fn notice(app: &App) -> Option<Notice> {
    let notice = app.news_line()?;
    Some(Notice {
        text: notice.text.clone(),
        role: match notice.tone {
            Tone::Plain => Role::Text,
            Tone::Good => Role::Ok,
            Tone::Warning => Role::Warn,
            Tone::Error => Role::Error,
        },
    })
}
