//! The lines about a take or a sweep in the Monitor, the most important first.

use ratatui::text::{Line, Span};

use crate::media::MovieInfo;
use crate::model::family::{came_from, has_final, led_to};
use crate::model::text::{counted, one_line};
use crate::model::{Lineage, Take, TakeId, TakeState, Verdict};
use crate::store::SweepRow;
use crate::tui::canvas::Ctx;
use crate::tui::panes::{chain_strip, wording};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{cut_start, width, wrap};
use crate::tui::widgets::time;

/// The most lines that the path of the file has.
const MAX_PATH: usize = 3;

/// The takes that came from this one.
pub(super) fn children<'a>(take: &Take, state: &'a State) -> &'a [(TakeId, Lineage)] {
    state.children.get(&take.id).map_or(&[], Vec::as_slice)
}

/// Everything that is known of a sweep.
pub(super) fn sweep_facts(row: &SweepRow, room: usize, ctx: &Ctx<'_>) -> Vec<Line<'static>> {
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

/// Everything shown about the take, the most important first.
pub(super) fn lines(
    take: &Take,
    children: &[(TakeId, Lineage)],
    chain: Vec<Span<'static>>,
    movie: Option<&MovieInfo>,
    (room, rows): (usize, usize),
    ctx: &Ctx<'_>,
) -> Vec<Line<'static>> {
    let mut lines = state(take, room, ctx);
    let at = lines.len();
    let numbers = facts(take, movie, ctx);
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
    let finishable = wording::finishable(take, ctx.now).filter(|_| !has_final(children));
    lines.extend(finishable.map(|text| Line::from(ctx.span(Role::Text, text))));
    lines.push(origin(take, children, room, ctx));
    // What is left of the rows goes to the file first, whose name is the longest.
    let path = take
        .file
        .as_ref()
        .map(|file| one_line(&file.display().to_string(), 4_000));
    let spare =
        rows.saturating_sub(lines.len() + usize::from(!numbers.is_empty()) + usize::from(path.is_some()));
    let path = path.map(|path| in_pieces(&path, room, 1 + spare.min(MAX_PATH - 1), ctx));
    let spare = spare.saturating_sub(path.as_ref().map_or(0, |pieces| pieces.len() - 1));
    let numbers = in_lines(numbers, room, 1 + spare).into_iter();
    lines.splice(at..at, numbers.map(|line| Line::from(ctx.span(Role::Text, line))));
    let path = path.into_iter().flatten();
    lines.extend(path.map(|piece| Line::from(ctx.span(Role::Dim, piece))));
    lines
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
fn facts(take: &Take, movie: Option<&MovieInfo>, ctx: &Ctx<'_>) -> Vec<String> {
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
    words
}

/// The end of the path in at most `most` lines of `room` columns.
fn in_pieces(path: &str, room: usize, most: usize, ctx: &Ctx<'_>) -> Vec<String> {
    let mut rest = cut_start(path, room * most, ctx.glyphs.ellipsis);
    let mut pieces = Vec::new();
    while width(&rest) > room && pieces.len() + 1 < most {
        let end = rest
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .take_while(|end| width(&rest[..*end]) <= room)
            .last();
        let Some(end) = end else { break };
        let tail = rest.split_off(end);
        pieces.push(std::mem::replace(&mut rest, tail));
    }
    pieces.push(cut_start(&rest, room, ctx.glyphs.ellipsis));
    pieces
}

/// The words in at most the given number of lines of at most `room` columns, two spaces apart; the rest is cut off.
fn in_lines(words: Vec<String>, room: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let is_last = lines.len() >= most;
        match lines.last_mut() {
            Some(line) if is_last || width(line) + 2 + width(&word) <= room => *line += &format!("  {word}"),
            _ => lines.push(word),
        }
    }
    lines
}

pub(super) fn verdict(take: &Take, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let sign = ctx.glyphs.verdict(take.verdict);
    match take.verdict {
        Verdict::Circled => vec![ctx.span(Role::Circled, format!("{sign} circled"))],
        Verdict::Rejected => vec![ctx.span(Role::Rejected, format!("{sign} rejected"))],
        Verdict::None => Vec::new(),
    }
}

pub(super) fn remarks(take: &Take, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let remarks = Some(wording::remarks(take)).filter(|remarks| !remarks.is_empty());
    remarks
        .map(|remarks| ctx.span(Role::Text, remarks))
        .into_iter()
        .collect()
}

/// The chain that the take belongs to, if it belongs to one.
pub(super) fn chain(take: &Take, state: &State, room: usize, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
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
