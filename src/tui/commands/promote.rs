//! Commands that continue a take: a final take of a draft, and a form that begins with a take's last picture.

use super::make::{self, Ask};
use crate::engine::references::Local;
use crate::model::text::capitalized;
use crate::model::{Form, Parameter, Take, TakeId};
use crate::service::Problem;
use crate::service::checks::Files;
use crate::service::probe;
use crate::service::promotion::{self, How, PICTURE};
use crate::tui::component::{Command, Cx, Declare};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::overlays::menu::{Choice, Menu};
use crate::tui::overlays::page::show_problem;
use crate::tui::panes::wording;
use crate::tui::state::{State, Tone};
use crate::tui::widgets::time;

pub struct Continue;

impl Declare for Continue {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Promote], |_, _, cx| promote(cx)).when(|_, _, state| {
            let take = state.the_take()?;
            promotion::best(take, state.now).map(drop)
        }),
        Command::on(&[Action::Chain], |_, _, cx| {
            if let Ok(take) = cx.the_take().cloned() {
                let now = cx.now;
                cx.run(Effect::LastFrame(Box::new(take), now));
            }
        })
        .when(|_, _, state| {
            let take = state.the_take()?;
            let has_picture =
                take.file.is_some() || take.last_frame_file.is_some() || take.last_frame_url.is_some();
            has_picture.then_some(()).ok_or_else(|| take.why_no_video())
        }),
    ];
}

/// Lists the ways to promote the selected take. Where its video can be a reference, the price depends on its length, which
/// is measured first.
fn promote(cx: &mut Cx) {
    let Ok(take) = cx.the_take().cloned() else { return };
    let clip = How::Video
        .form(&take, None, PICTURE, cx.now)
        .ok()
        .and_then(|form| {
            let clip = Local::of(&form, Parameter::Videos, form.videos.last()?);
            (!cx.form.files.contains_key(&clip)).then_some(clip)
        });
    match clip {
        Some(clip) => cx.run(Effect::LookAtDraft(Box::new(take), clip)),
        None => list(cx, &take),
    }
}

/// The video of a draft was measured, or could not be.
pub fn draft_seen(cx: &mut Cx, take: &Take, seen: Files) {
    cx.form.files_seen(seen);
    list(cx, take);
}

/// Lists the ways to promote a take, each with its price and wait.
fn list(cx: &mut Cx, take: &Take) {
    let is_left = |how: &How| *how != How::Finish || !cx.is_finished(take.id);
    let possible = How::ALL.into_iter().filter(is_left).filter_map(|how| {
        let form = how.form(take, None, PICTURE, cx.now).ok()?;
        Some((how, cost(cx, take, &form)?, form))
    });
    let rows = possible.map(|(how, cost, form)| {
        let take = take.clone();
        let kept = probe::kept(how, &cx.probes, form.model, cx.facts.backend, &cx.facts.zone);
        let until = wording::finishable(&take, cx.now).filter(|_| how == How::Finish);
        let until = until.map_or_else(String::new, |until| format!(" {}.", capitalized(&until)));
        let text = format!("{}: {cost}. {kept}{until}", how.title());
        Choice::new(text, move |cx| choose(cx, take, how)).lead(form.resolution.to_string())
    });
    let rows = rows.collect();
    let menu = Menu::new(format!("Promote take {}", take.id), rows);
    let headline = format!(
        "The draft was measured: stop typing to choose how take {} is promoted",
        take.id
    );
    cx.show(menu, Tone::Plain, headline);
}

/// `$1.52 est., 0:50–2:30`, and whether the moderation is skipped.
fn cost(state: &State, take: &Take, form: &Form) -> Option<String> {
    let order = state.facts.terms().promoted(take, form.clone()).ok()?;
    let price = state.plan(&order).price_of(1);
    let price = price.map_or_else(|| "price unknown".to_owned(), |price| price.in_words());
    let price = if state.is_live() {
        price
    } else {
        format!("free (on live {price})")
    };
    let wait = state.expected_of(form);
    let wait = time::range_in_words(wait.p50_ms, wait.p90_ms);
    let moderation = if form.skips_moderation() {
        ", moderation skipped"
    } else {
        ""
    };
    Some(format!("{price}, {wait}{moderation}"))
}

fn choose(cx: &mut Cx, take: Take, how: How) {
    if how == How::FirstFrame {
        return cx.run(Effect::FirstFrame(Box::new(take)));
    }
    ask(cx, &take, how, PICTURE);
}

fn ask(cx: &mut Cx, take: &Take, how: How, picture: &str) {
    let order = how
        .form(take, None, picture, cx.now)
        .and_then(|form| cx.facts.terms().promoted(take, form));
    match order {
        Ok(order) => {
            let asked = Ask::Promote(take.id, order.form.resolution, how);
            make::ask(cx, asked, order);
        }
        Err(why) => cx.tell(Tone::Error, format!("Nothing was sent: {why}")),
    }
}

/// The first frame of a take was saved, or could not be.
pub fn first_frame_saved(cx: &mut Cx, take: &Take, result: Result<String, Problem>) {
    match result {
        Ok(picture) => ask(cx, take, How::FirstFrame, &picture),
        Err(error) => show_problem(cx, "Nothing was sent", &error),
    }
}

/// The last picture of a take was found, or could not be.
pub fn last_frame_found(cx: &mut Cx, take: TakeId, result: Result<String, Problem>) {
    let picture = match result {
        Ok(picture) => picture,
        Err(error) => return show_problem(cx, "The form was not changed", &error),
    };
    let form = Form {
        first_frame: picture,
        ..cx.form.current.clone()
    };
    let excluded = form.images.len();
    cx.put_form(form);
    let undo = cx.key_of(Action::Undo);
    if excluded > 0 {
        let text = format!(
            "The form now begins with take {take}'s last frame. Remove its reference images, which a first frame excludes{undo}"
        );
        return cx.tell(Tone::Warning, text);
    }
    cx.tell(
        Tone::Good,
        format!("The form now begins with take {take}'s last frame{undo}"),
    );
}
