//! Pane 5: the selected take with its picture, state, facts and origin.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::sound::SoundStrip;
use super::wording;
use super::{chain_strip, compact, sweep_rows};
use crate::media::MovieInfo;
use crate::model::family::{came_from, led_to};
use crate::model::text::{counted, one_line};
use crate::model::{Lineage, Take, TakeId, TakeState, Verdict};
use crate::service::shots::{self, TakeShot};
use crate::store::SweepRow;
use crate::tui::canvas::{Canvas, Ctx, Drawn};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::{Effect, Frame, Message, Moment, Pictured};
use crate::tui::keymap::{Action, Context, PaneId};
use crate::tui::state::{MOVES, State};
use crate::tui::theme::Role;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{cut_start, row as row_of, width, wrap};
use crate::tui::widgets::time;

/// A picture is drawn only where it has this many rows.
const MIN_PICTURE_ROWS: usize = 4;

/// The pane and its picture; the take is the one selected in the log or the queue.
#[derive(Default)]
pub struct Monitor {
    /// The picture that was decoded last.
    pictured: Option<Pictured>,
    decoding: Option<Frame>,
    /// The take in which the user has gone to another picture than the first, and which.
    place: Option<(TakeId, Moment)>,
    sound: SoundStrip,
}

impl Monitor {
    /// The request for the picture that is shown.
    pub fn frame(&self) -> Option<&Frame> {
        self.pictured.as_ref().map(|pictured| &pictured.frame)
    }
}

impl Declare for Monitor {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(MOVES, |_, action, cx| super::log::step(action, cx)),
        Command::on(
            &[
                Action::FrameNext,
                Action::FramePrevious,
                Action::ShotNext,
                Action::ShotPrevious,
            ],
            |monitor: &mut Self, action, cx| monitor.go(action, cx),
        )
        .when(|monitor, action, state| monitor.target(action, state).map(drop))
        .anywhere(),
    ];
}

/// A take's video, in which the Monitor shows a picture.
struct Shown<'a> {
    take: &'a Take,
    /// When that picture is shown, in milliseconds.
    at: u64,
    shots: Vec<TakeShot>,
}

impl Shown<'_> {
    /// The place of the shot that is shown.
    fn shot(&self) -> usize {
        let begun = self.shots.iter().take_while(|shot| shot.start_ms <= self.at);
        begun.count().saturating_sub(1)
    }
}

impl Monitor {
    /// Which picture of the take is shown.
    fn moment(&self, take: &Take) -> Moment {
        let place = self.place.filter(|(id, _)| *id == take.id);
        place.map_or(Moment::At(0), |(_, moment)| moment)
    }

    /// What is shown now, or why nothing is.
    fn shown<'a>(&self, state: &'a State) -> Result<Shown<'a>, String> {
        let take = state.monitored().and_then(|row| row.take());
        let take = take.ok_or_else(|| "no take is selected".to_owned())?;
        if take.file.is_none() {
            return Err(take.why_no_video());
        }
        let (Moment::At(at) | Moment::After(at) | Moment::Before(at)) = self.moment(take);
        let shots = shots::of_take(take);
        Ok(Shown { take, at, shots })
    }

    /// Where a key leads to.
    fn target(&self, action: Action, state: &State) -> Result<(TakeId, Moment), String> {
        let shown = self.shown(state)?;
        let id = shown.take.id;
        let here = shown.shot();
        let wanted = match action {
            Action::FrameNext => return Ok((id, Moment::After(shown.at))),
            Action::FramePrevious => return Ok((id, Moment::Before(shown.at))),
            Action::ShotNext => here + 1,
            _ => here.checked_sub(1).ok_or("this is the first shot")?,
        };
        let shot = shown.shots.get(wanted).ok_or("this is the last shot")?;
        Ok((id, Moment::At(shot.middle_ms())))
    }

    fn go(&mut self, action: Action, cx: &Cx) {
        if let Ok(place) = self.target(action, cx) {
            self.place = Some(place);
        }
    }

    /// `shot 2 of 4  0:03.1 of 0:10.0`; nothing where there is no video.
    fn progress(&self, state: &State, ctx: &Ctx<'_>) -> Line<'static> {
        let Ok(shown) = self.shown(state) else {
            return Line::default();
        };
        let clock = |ms: u64| format!("{}:{:02}.{}", ms / 60_000, ms / 1000 % 60, ms / 100 % 10);
        let time = format!(
            "{} of {}",
            clock(shown.at),
            clock(u64::from(shown.take.duration.ms()))
        );
        let words = match shown.shots.len() {
            0 | 1 => time,
            shots => format!("shot {} of {shots}  {time}", shown.shot() + 1),
        };
        Line::from(ctx.span(Role::Dim, words))
    }
}

impl Component for Monitor {
    fn context(&self) -> Context {
        Context::Monitor
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::Circle,
            Action::Reject,
            Action::Promote,
            Action::UseTake,
            Action::Note,
            Action::Tags,
            Action::NextUnjudged,
            Action::Open,
            Action::CopyPath,
            Action::Generate,
        ]
    }

    fn receive(&mut self, message: &Message, _cx: &mut Cx) -> bool {
        let Message::Pictured(pictured) = message else {
            return self.sound.receive(message);
        };
        // Another size or take may have been requested since.
        if self.decoding.as_ref() == Some(&pictured.asked) {
            let place = (pictured.frame.take, pictured.frame.moment);
            if self.place.is_some_and(|(id, _)| id == place.0) {
                self.place = Some(place);
            }
            self.pictured = Some((**pictured).clone());
        }
        true
    }

    /// Requests the selected take's picture when there is room for it and it is not shown yet.
    fn drawn(&mut self, picture: Option<(u16, u16)>, cx: &mut Cx) {
        let style = cx.pictures;
        let frame = |((columns, rows), take): ((u16, u16), &Take)| {
            let file = take.file.clone()?;
            let shape = style.shape()?;
            (columns > 0 && rows > 0).then_some(Frame {
                take: take.id,
                file,
                moment: self.moment(take),
                columns,
                rows,
                shape,
                depth: style.depth(),
            })
        };
        let wanted = picture
            .zip(cx.monitored().and_then(|row| row.take()))
            .and_then(frame);
        // The picture comes first.
        if cx.seen.drawn.sound && wanted.as_ref() == self.frame() {
            self.sound.want(cx);
        }
        if wanted.as_ref() == self.frame() || wanted == self.decoding {
            return;
        }
        if let Some(frame) = wanted {
            self.decoding = Some(frame.clone());
            cx.run(Effect::Picture(frame));
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        if area.height == 1 {
            draw_compact(canvas, area, state)
        } else {
            self.draw_full(canvas, area, state)
        }
    }
}

impl Monitor {
    fn draw_full(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let (ctx, shown) = (canvas.ctx, state.monitored());
        let (take, sweep) = (
            shown.and_then(|row| row.take()),
            shown.and_then(|row| row.sweep()),
        );
        let words = PaneBox {
            note: Line::from(sweep.map_or_else(|| name(take, &ctx), |row| sweep_name(row, &ctx))),
            foot_note: self.progress(state, &ctx),
            ..PaneBox::default()
        };
        let (mut drawn, inner) = canvas.pane(PaneId::Monitor, area, words);
        if let Some(row) = sweep {
            let lines = sweep_facts(row, usize::from(inner.width), &ctx);
            for (y, line) in lines.into_iter().enumerate() {
                canvas.line(row_of(inner, y), line);
            }
            return drawn;
        }
        let Some(take) = take else {
            canvas.text(row_of(inner, 0), Role::Placeholder, nothing(state));
            return drawn;
        };
        let shown = self.pictured.as_ref();
        // The same picture stays while the file moves, and goes with it.
        let shown = shown.filter(|pictured| {
            let is_there = take
                .file
                .as_ref()
                .is_some_and(|file| pictured.cells.is_ok() || pictured.frame.file == *file);
            pictured.frame.take == take.id && is_there
        });
        let movie = shown.and_then(|pictured| pictured.movie.as_ref());
        let room = usize::from(inner.width);
        let chain = chain(take, state, room, &ctx);
        let mut lines = lines(take, children(take, state), chain, movie, room, &ctx);
        lines.extend(super::probed::line(take, state, &ctx));
        if let Some(at) = wording::deleted_at(take, ctx.now, ctx.zone) {
            let how = state.key_of(Action::RunSame);
            let text = format!("the video was deleted from the bin {at}{how}");
            let wrapped = wrap(&text, room, 2, ctx.glyphs.ellipsis).into_iter();
            lines.splice(0..0, wrapped.map(|line| Line::from(ctx.span(Role::Warn, line))));
        }
        let (above, below) = split(inner, lines.len());
        let sound = match state.pictures.shape() {
            Some(_) => SoundStrip::rows(inner, take).min(above.height),
            None => 0,
        };
        let (above, strip) = (
            Rect {
                height: above.height - sound,
                ..above
            },
            Rect {
                y: above.y + above.height - sound,
                height: sound,
                ..above
            },
        );
        self.sound.draw(canvas, strip, take);
        drawn.sound = sound > 0;
        drawn.picture = Some((above.width, above.height));
        match shown.map(|pictured| &pictured.cells) {
            _ if state.pictures.shape().is_none() => {
                no_picture(
                    canvas,
                    above,
                    &format!("pictures are off{}", state.key_of(Action::NextPictureMode)),
                );
            }
            Some(Ok(cells)) => drop(cells.draw(canvas.buffer, above)),
            Some(Err(why)) => no_picture(canvas, above, why),
            None if take.file.is_some() => no_picture(canvas, above, "reading the video"),
            None => no_picture(canvas, above, &format!("no picture ({})", take.state_in_words())),
        }
        for (y, line) in lines.into_iter().enumerate().take(usize::from(below.height)) {
            canvas.line(row_of(below, y), line);
        }
        drawn
    }
}

fn draw_compact(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
    let (ctx, shown) = (canvas.ctx, state.monitored());
    let take = shown.and_then(|row| row.take());
    let mut parts = vec![name(take, &ctx)];
    if let Some(row) = shown.and_then(|row| row.sweep()) {
        parts = vec![sweep_rows::words(row, &ctx)];
    } else if let Some(take) = take {
        let word = format!("{} {}", ctx.glyphs.state(take.state), take.state_in_words());
        parts.push(vec![ctx.span(Role::of_state(take.state), word)]);
        if let Some(failure) = wording::failure(take) {
            parts.push(vec![ctx.span(Role::Error, failure)]);
        }
        parts.push(verdict(take, &ctx));
        let taken = compact::taken(PaneId::Monitor, &parts);
        parts.push(chain(
            take,
            state,
            usize::from(area.width).saturating_sub(taken),
            &ctx,
        ));
        parts.push(remarks(take, &ctx));
        let family = [came_from(take), led_to(children(take, state))];
        parts.extend(
            family
                .into_iter()
                .flatten()
                .map(|words| vec![ctx.span(Role::Dim, words)]),
        );
    } else {
        parts.push(vec![ctx.span(Role::Dim, nothing(state))]);
    }
    compact::draw(canvas, area, PaneId::Monitor, parts)
}

/// The takes that came from this one.
fn children<'a>(take: &Take, state: &'a State) -> &'a [(TakeId, Lineage)] {
    state.children.get(&take.id).map_or(&[], Vec::as_slice)
}

fn nothing(state: &State) -> String {
    state.nothing_yet("No take is selected")
}

fn name(take: Option<&Take>, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let name = take.map(|take| format!("take {}  seed {}", take.id, take.seed));
    name.map(|name| ctx.span(Role::Text, name)).into_iter().collect()
}

fn sweep_name(row: &SweepRow, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    vec![ctx.span(Role::Text, format!("sweep {}", row.sweep.number))]
}

/// Everything that is known of a sweep.
fn sweep_facts(row: &SweepRow, room: usize, ctx: &Ctx<'_>) -> Vec<Line<'static>> {
    let SweepRow {
        sweep,
        progress,
        members,
    } = row;
    let (_, words) = wording::sweep(row, ctx.glyphs);
    let at = |when: fn(TakeState) -> bool| members.iter().filter(|member| when(member.state)).count() as u64;
    let waiting = at(|state| state == TakeState::Waiting);
    let flying = at(TakeState::in_flight);
    let unjudged = members
        .iter()
        .filter(|member| member.state == TakeState::Saved && member.verdict == Verdict::None);
    let mut lines = vec![(Role::Text, words)];
    if waiting + flying > 0 {
        lines.push((Role::Processing, format!("{flying} in flight, {waiting} waiting")));
    }
    if progress.saved > 0 {
        lines.push((
            Role::Text,
            match unjudged.count() as u64 {
                0 => "every saved take has a verdict".to_owned(),
                count => format!("{} without a verdict", counted(count, "saved take")),
            },
        ));
    }
    let made = time::of_day(sweep.created_at, ctx.now, ctx.zone);
    lines.push((
        Role::Dim,
        format!(
            "made {made}, its takes differ in: {}",
            one_line(&sweep.varies, 60)
        ),
    ));
    let first = members.first().map(|member| member.id);
    let last = members.last().map(|member| member.id);
    lines.extend(
        first
            .zip(last)
            .map(|(first, last)| (Role::Dim, format!("takes {first} to {last}"))),
    );
    let lines = lines.into_iter();
    let wrapped = lines.flat_map(|(role, text)| {
        let parts = wrap(&text, room, 3, ctx.glyphs.ellipsis);
        parts.into_iter().map(move |part| (role, part))
    });
    wrapped
        .map(|(role, text)| Line::from(ctx.span(role, text)))
        .collect()
}

/// Draws in the middle of `area` why there is no picture.
fn no_picture(canvas: &mut Canvas<'_>, area: Rect, why: &str) {
    let (columns, height) = (usize::from(area.width), usize::from(area.height));
    let lines = wrap(&one_line(why, 300), columns, height, canvas.ctx.glyphs.ellipsis);
    let top = (height - lines.len()) / 2;
    for (y, line) in lines.into_iter().enumerate() {
        let left = " ".repeat((columns - width(&line)) / 2);
        canvas.text(row_of(area, top + y), Role::Dim, format!("{left}{line}"));
    }
}

/// Everything shown about the take, the most important first.
fn lines(
    take: &Take,
    children: &[(TakeId, Lineage)],
    chain: Vec<Span<'static>>,
    movie: Option<&MovieInfo>,
    room: usize,
    ctx: &Ctx<'_>,
) -> Vec<Line<'static>> {
    let mut lines = state(take, room, ctx);
    lines.extend(facts(take, movie, ctx));
    let (mut verdict, remarks) = (verdict(take, ctx), remarks(take, ctx));
    if !verdict.is_empty() && !remarks.is_empty() {
        verdict.push(ctx.span(Role::Text, "   "));
    }
    verdict.extend(remarks);
    for line in [verdict, chain] {
        if !line.is_empty() {
            lines.push(Line::from(line));
        }
    }
    lines.push(origin(take, children, room, ctx));
    if let Some(file) = &take.file {
        let path = one_line(&file.display().to_string(), 4_000);
        let path = cut_start(&path, room, ctx.glyphs.ellipsis);
        lines.push(Line::from(ctx.span(Role::Dim, path)));
    }
    lines
}

/// The rows of the picture and those of the facts below it.
fn split(inner: Rect, lines: usize) -> (Rect, Rect) {
    let height = usize::from(inner.height);
    let above = height.saturating_sub(lines);
    let above = if above < MIN_PICTURE_ROWS { 0 } else { above };
    let rows = u16::try_from(above).unwrap_or(0).min(inner.height);
    let top = Rect {
        height: rows,
        ..inner
    };
    let below = Rect {
        y: inner.y + rows,
        height: inner.height - rows,
        ..inner
    };
    (top, below)
}

/// The take's state; after a failure also the error and what helps. Of a saved one only what is odd about its video.
fn state(take: &Take, room: usize, ctx: &Ctx<'_>) -> Vec<Line<'static>> {
    if take.state == TakeState::Saved {
        let remark = take.error.as_ref().map(|error| one_line(error, 300));
        let remark = remark.map(|text| wrap(&text, room, 2, ctx.glyphs.ellipsis));
        let lines = remark.into_iter().flatten();
        return lines.map(|line| Line::from(ctx.span(Role::Warn, line))).collect();
    }
    let role = Role::of_state(take.state);
    let mut head = format!("{} {}", ctx.glyphs.state(take.state), take.state_in_words());
    if let Some(failure) = wording::failure(take).filter(|text| !text.is_empty()) {
        head += &format!(": {failure}");
    }
    if take.state == TakeState::Unknown {
        head += ": it may have been sent; the provider's history will show";
    }
    if let Some(until) = take.video_kept_until() {
        let left = wording::days(time::between(ctx.now, until));
        head += &format!(": the provider keeps the video for {left}");
    }
    if let Some(kind) = take.on_hold {
        head += &format!(
            ": on hold, because its prompt was refused twice ({})",
            kind.title()
        );
    }
    let error = take.error.as_ref().map(|error| one_line(error, 600));
    let advice = take.error_kind.map(|kind| kind.advice().to_owned());
    let parts = [
        (role, Some(head), 2),
        (Role::Text, error, 3),
        (Role::Accent, advice, 2),
    ];
    let mut lines = Vec::new();
    for (role, text, most) in parts {
        let wrapped = text.map(|text| wrap(&text, room, most, ctx.glyphs.ellipsis));
        let wrapped = wrapped.into_iter().flatten();
        lines.extend(wrapped.map(|line| Line::from(ctx.span(role, line))));
    }
    lines
}

/// `864×496  24 fps  h264+aac  3.1 MB  sha256 9f2c…`.
fn facts(take: &Take, movie: Option<&MovieInfo>, ctx: &Ctx<'_>) -> Option<Line<'static>> {
    let mut words = Vec::new();
    if let Some(movie) = movie {
        words.push(format!("{}{}{}", movie.width, ctx.glyphs.times, movie.height));
        words.push(format!("{} fps", (movie.fps * 100.0).round() / 100.0));
        let codecs = [Some(&movie.video_codec), movie.audio_codec.as_ref()];
        let codecs: Vec<&str> = codecs.into_iter().flatten().map(String::as_str).collect();
        words.push(one_line(&codecs.join("+"), 40));
    }
    words.extend(take.bytes.map(wording::bytes));
    if let Some(hash) = &take.sha256 {
        let head: String = hash.chars().take(8).collect();
        words.push(format!("sha256 {head}{}", ctx.glyphs.ellipsis));
    }
    (!words.is_empty()).then(|| Line::from(ctx.span(Role::Text, words.join("  "))))
}

fn verdict(take: &Take, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let sign = ctx.glyphs.verdict(take.verdict);
    match take.verdict {
        Verdict::Circled => vec![ctx.span(Role::Circled, format!("{sign} circled"))],
        Verdict::Rejected => vec![ctx.span(Role::Rejected, format!("{sign} rejected"))],
        Verdict::None => Vec::new(),
    }
}

fn remarks(take: &Take, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let remarks = Some(wording::remarks(take)).filter(|remarks| !remarks.is_empty());
    remarks
        .map(|remarks| ctx.span(Role::Text, remarks))
        .into_iter()
        .collect()
}

/// The chain that the take belongs to, if it belongs to one.
fn chain(take: &Take, state: &State, room: usize, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let links = state.chains.get(&take.id);
    links.map_or_else(Vec::new, |links| chain_strip::strip(links, take.id, room, ctx))
}

/// `from v11, seed 42   from draft 90   promoted to 95`; without the seed, which is in the border too, where that does not
/// fit.
fn origin(take: &Take, children: &[(TakeId, Lineage)], room: usize, ctx: &Ctx<'_>) -> Line<'static> {
    let family = [came_from(take), led_to(children)];
    let words = |first: Option<String>| {
        let words: Vec<String> = first
            .into_iter()
            .chain(family.iter().flatten().cloned())
            .collect();
        words.join("   ")
    };
    let value = take.variant.as_deref().map(|value| one_line(value, 60));
    let revision = take.revision.map(|version| format!("from v{version}"));
    let revision = match (revision, value) {
        (Some(revision), Some(value)) => Some(format!("{revision}, {value}")),
        (revision, value) => revision.or(value),
    };
    let with_seed = match &revision {
        Some(revision) => format!("{revision}, seed {}", take.seed),
        None => format!("seed {}", take.seed),
    };
    let whole = words(Some(with_seed));
    let text = if width(&whole) > room {
        words(revision)
    } else {
        whole
    };
    Line::from(ctx.span(Role::Dim, text))
}
