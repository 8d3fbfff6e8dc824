//! Lists what each model offers and costs; the page of a model says where each fact comes from.

use super::menu::{Choice, Menu};
use super::page::Page;
use crate::model::Model;
use crate::model::text::capitalized;
use crate::service::{Problem, models};
use crate::tui::component::Cx;
use crate::tui::keymap::Action;
use crate::tui::state::Tone;
use crate::tui::theme::Role;

/// Opens the list, at the model of the form.
pub fn list(cx: &mut Cx) {
    let all = Model::all();
    let lead = all.iter().map(|model| model.label().chars().count()).max();
    let lead = lead.unwrap_or(0);
    let at = all.iter().position(|model| *model == cx.form.current.model);
    let take = models::priced_take(Model::default());
    let choice = |model: &Model| {
        let model = *model;
        let name = format!("{:<lead$}", model.label());
        Choice::new(facts(cx, model, &take), move |cx| show(cx, model)).lead(name)
    };
    let choices = all.iter().map(choice).collect();
    let menu = Menu::new(format!("Models, with the price of {take}"), choices);
    cx.open(menu.at(at.unwrap_or(0)).to("open"));
}

/// `seedance-2.5, 4 to 30 seconds: 480p $1.07, 720p $2.40 (62 days old), wait 3 min 9 s`. The prices are of `take` unless
/// another is named.
fn facts(cx: &Cx, model: Model, take: &str) -> String {
    let costs = models::costs(model, &cx.money.settings.prices);
    let each = costs.iter().map(|cost| match &cost.price {
        Some(price) => format!("{} {price}", cost.resolution),
        None => format!("{} price not known", cost.resolution),
    });
    let each: Vec<String> = each.collect();
    let retired = if model.retired { ", retired" } else { "" };
    let mut facts = format!(
        "{}{retired}, {}: {}",
        model.slug(),
        model.durations_in_words(),
        each.join(", ")
    );
    let own = models::priced_take(model);
    if own != take {
        facts += &format!(" for {own}");
    }
    if let Some(age) = models::age(&costs, cx.today()) {
        facts += &format!(" ({age})");
    }
    if let Some(wait) = models::wait(model) {
        facts += &format!(", wait {wait}");
    }
    facts
}

/// Opens the page of a model: its facts below who says them.
fn show(cx: &mut Cx, model: Model) {
    let facts = models::facts(model, &cx.money.settings.prices, cx.today());
    let mut sources: Vec<&str> = Vec::new();
    for fact in &facts {
        if !sources.contains(&fact.source.as_str()) {
            sources.push(&fact.source);
        }
    }
    let mut page = Page::new(format!("{} ({})", model.slug(), model.label()));
    for source in sources {
        page.heading(&capitalized(source));
        for fact in facts.iter().filter(|fact| fact.source == source) {
            page.push(&fact.name, &fact.value, Role::Text);
        }
    }
    cx.open(page);
}

/// The provider's catalogue was read in the background.
pub fn catalogue_read(cx: &mut Cx, result: Result<Option<String>, Problem>) {
    match result {
        Ok(None) => {}
        Ok(Some(changes)) => {
            let how = cx.by_key(Action::Models);
            cx.tell(
                Tone::Warning,
                format!("The provider's models changed, and the next start offers them so{how}: {changes}"),
            );
        }
        Err(problem) => cx.tell(Tone::Warning, capitalized(&problem.to_string())),
    }
}
