//! The strip of a chain: its total length, then its takes in order, with the selected one in brackets.

use ratatui::text::Span;

use crate::model::{TakeId, TakeState};
use crate::store::Link;
use crate::tui::canvas::Ctx;
use crate::tui::theme::Role;
use crate::tui::widgets::text::width;

/// `chain of 3, 20 s  12 5s › [15 10s] › 18 5s` in at most `room` columns. Where that does not fit, first the number of
/// takes is left out, then their lengths, then the takes that are far from the selected one, then all of them; nothing is
/// drawn where not even the total fits.
pub fn strip(links: &[Link], selected: TakeId, room: usize, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let at = links.iter().position(|link| link.id == selected);
    let (Some(at), true) = (at, links.len() > 1) else {
        return Vec::new();
    };
    let texts = |has_length: bool| -> Vec<String> {
        let links = links.iter().enumerate();
        links
            .map(|(n, link)| link_text(link, n == at, has_length, ctx))
            .collect()
    };
    let seconds: u32 = links.iter().map(|link| u32::from(link.duration.get())).sum();
    let total = format!("chain of {}, {seconds} s", links.len());
    let short = format!("chain {seconds} s");
    let takes = |lead: &str, texts: &[String]| shown(texts, at, room.saturating_sub(width(lead) + 2), ctx);
    let all = Some((0, links.len() - 1));
    let (long, numbers) = (texts(true), texts(false));
    let forms = [
        (&total, &long),
        (&short, &long),
        (&total, &numbers),
        (&short, &numbers),
    ];
    let whole = forms.into_iter().find(|(lead, texts)| takes(lead, texts) == all);
    let some = || {
        forms
            .into_iter()
            .find(|(lead, texts)| takes(lead, texts).is_some())
    };
    let bare = || {
        [(&total, &long), (&short, &long)]
            .into_iter()
            .find(|(lead, _)| width(lead) <= room)
    };
    let Some((lead, texts)) = whole.or_else(some).or_else(bare) else {
        return Vec::new();
    };
    let (lead, texts) = (lead.clone(), texts.clone());
    let window = takes(&lead, &texts);
    let mut spans = vec![ctx.span(Role::Text, lead)];
    let Some((first, last)) = window else {
        return spans;
    };
    let gap = || ctx.span(Role::Dim, arrow(ctx));
    spans.push(ctx.span(Role::Text, "  "));
    if first > 0 {
        spans.extend([ctx.span(Role::Dim, ctx.glyphs.ellipsis), gap()]);
    }
    for (n, text) in texts.into_iter().enumerate().take(last + 1).skip(first) {
        let role = match links[n].state {
            _ if n == at => Role::Accent,
            TakeState::Saved => Role::Text,
            state => Role::of_state(state),
        };
        if n > first {
            spans.push(gap());
        }
        spans.push(ctx.span(role, text));
    }
    if last + 1 < links.len() {
        spans.extend([gap(), ctx.span(Role::Dim, ctx.glyphs.ellipsis)]);
    }
    spans
}

/// `15 10s` or `15`, in brackets when it is selected, and with the sign of its state while it is not saved.
fn link_text(link: &Link, is_selected: bool, has_length: bool, ctx: &Ctx<'_>) -> String {
    let text = if has_length {
        format!("{} {}s", link.id, link.duration)
    } else {
        link.id.to_string()
    };
    let text = match link.state {
        TakeState::Saved => text,
        state => format!("{} {text}", ctx.glyphs.state(state)),
    };
    if is_selected { format!("[{text}]") } else { text }
}

fn arrow(ctx: &Ctx<'_>) -> String {
    format!(" {} ", ctx.glyphs.pointer)
}

/// The first and the last take that are shown: the selected one, and as many around it as fit.
fn shown(texts: &[String], at: usize, room: usize, ctx: &Ctx<'_>) -> Option<(usize, usize)> {
    let (gap, more) = (width(&arrow(ctx)), width(ctx.glyphs.ellipsis));
    let columns = |first: usize, last: usize| {
        let takes: usize = texts[first..=last].iter().map(|text| width(text)).sum();
        let cut = usize::from(first > 0) + usize::from(last + 1 < texts.len());
        takes + gap * (last - first) + cut * (gap + more)
    };
    let (mut first, mut last) = (at, at);
    if columns(first, last) > room {
        return None;
    }
    loop {
        if last + 1 < texts.len() && columns(first, last + 1) <= room {
            last += 1;
        } else if first > 0 && columns(first - 1, last) <= room {
            first -= 1;
        } else {
            return Some((first, last));
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::model::{Form, Seconds};
    use crate::tui::glyphs::{ASCII, Glyphs, UNICODE};
    use crate::tui::theme::{ColorDepth, Theme};

    fn link(id: i64, seconds: i64, state: TakeState) -> Link {
        Link {
            id: TakeId(id),
            duration: Seconds::new(seconds).unwrap(),
            state,
        }
    }

    fn drawn(links: &[Link], selected: i64, room: usize, glyphs: &'static Glyphs) -> String {
        let (theme, zone) = (Theme::fallback(ColorDepth::Never), TimeZone::UTC);
        let ctx = Ctx {
            theme: &theme,
            glyphs,
            now: jiff::Timestamp::UNIX_EPOCH,
            zone: &zone,
            focused: false,
            form: &Form::default(),
        };
        let spans = strip(links, TakeId(selected), room, &ctx);
        let text: String = spans.iter().map(|span| span.content.as_ref()).collect();
        assert!(width(&text) <= room, "{text}");
        text
    }

    #[test]
    fn the_total_comes_first_and_the_selected_take_is_in_brackets() {
        use TakeState::{Saved, Waiting};
        let three = [link(12, 5, Saved), link(15, 10, Saved), link(18, 5, Waiting)];
        assert_eq!(
            drawn(&three, 15, 80, &UNICODE),
            "chain of 3, 20 s  12 5s › [15 10s] › ○ 18 5s"
        );
        assert_eq!(
            drawn(&three, 18, 80, &ASCII),
            "chain of 3, 20 s  12 5s > 15 10s > [o 18 5s]"
        );
        assert_eq!(
            drawn(&three, 15, 42, &UNICODE),
            "chain 20 s  12 5s › [15 10s] › ○ 18 5s"
        );
        assert_eq!(
            drawn(&three, 12, 36, &UNICODE),
            "chain of 3, 20 s  [12] › 15 › ○ 18"
        );
        // In the Monitor beside the Log, at 80 columns.
        assert_eq!(drawn(&three, 12, 28, &UNICODE), "chain 20 s  [12] › 15 › ○ 18");
        assert_eq!(drawn(&three, 12, 27, &UNICODE), "chain 20 s  [12 5s] › …");
        assert_eq!(drawn(&three, 12, 20, &UNICODE), "chain 20 s  [12] › …");
        assert_eq!(drawn(&three, 12, 16, &UNICODE), "chain of 3, 20 s");
        assert_eq!(drawn(&three, 12, 15, &UNICODE), "chain 20 s");
        assert_eq!(drawn(&three, 12, 9, &UNICODE), "");
        assert_eq!(drawn(&three[..1], 12, 80, &UNICODE), "");
    }

    #[test]
    fn a_long_chain_is_cut_on_both_sides_of_the_selected_take() {
        let many: Vec<Link> = (1..=30).map(|id| link(id, 5, TakeState::Saved)).collect();
        assert_eq!(
            drawn(&many, 20, 60, &UNICODE),
            "chain of 30, 150 s  … › [20 5s] › 21 5s › 22 5s › 23 5s › …"
        );
        for room in 0..200 {
            for selected in [1, 2, 15, 29, 30] {
                drawn(&many, selected, room, &ASCII);
            }
        }
    }
}
