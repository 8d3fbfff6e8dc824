//! `rushes models`: what each model offers and costs, and who says so; `--refresh` reads the provider's catalogue.

use jiff::tz::TimeZone;

use crate::config::{KeptCatalogue, Settings, kept};
use crate::model::text::capitalized;
use crate::model::{Clock, Model, PriceTable};
use crate::service::catalogue::{CatalogueReader, Reading};
use crate::service::clock;
use crate::service::models::{self, Fact};

use super::args::{Global, Models};
use super::exit::Exit;
use super::{Failure, open, print};

pub(super) async fn run(global: &Global, args: &Models) -> Result<Exit, Failure> {
    let paths = open::paths(global)?;
    paths.ensure().map_err(Failure::other)?;
    let clock = clock();
    let mut catalogue = kept(&paths, global.api.as_deref());
    if args.refresh {
        let (settings, _) = Settings::load(&paths);
        let reader = CatalogueReader::new(&paths, &settings, std::sync::Arc::clone(&clock), api(global)?)?;
        let reading = reader.read().await?;
        print::note(&told(&reading));
        catalogue = reading.catalogue;
    }
    let on_offer = catalogue.models(&paths);
    Model::offer(on_offer.specs);
    for line in &on_offer.left_out {
        print::note(&format!("catalogue: {line}"));
    }
    let (settings, mistakes) = Settings::load(&paths);
    for mistake in &mistakes {
        print::complain(&mistake.to_string());
    }
    if args.json {
        let all = Model::all().into_iter();
        all.map(|model| models::as_json(model, &settings.prices))
            .try_for_each(|model| print::json(&model))?;
        return Ok(Exit::Ok);
    }
    in_words(&settings.prices, &*clock)?;
    if !args.refresh {
        print::line(&last_reading(&catalogue))?;
    }
    Ok(Exit::Ok)
}

/// The origin of the options. The embedded sandbox offers what rushes knows.
fn api(global: &Global) -> Result<Option<&str>, Failure> {
    match &global.api {
        Some(origin) => Ok(Some(origin)),
        None if global.sandbox => Err(Failure::usage(
            "the embedded sandbox offers the models that rushes knows: leave out --sandbox, or name a server with --api",
        )),
        None => Ok(None),
    }
}

fn told(reading: &Reading) -> String {
    let changes = match &reading.changes {
        Some(changes) => format!("What changed: {changes}"),
        None => "Nothing has changed".to_owned(),
    };
    let kept = if reading.is_kept {
        ""
    } else {
        " It is not kept, because --api names another server than the settings."
    };
    format!("The catalogue of {} was read. {changes}.{kept}", reading.origin)
}

/// Each model with its facts in columns.
fn in_words(prices: &PriceTable, clock: &dyn Clock) -> Result<(), Failure> {
    let today = clock.now().to_zoned(TimeZone::system()).date();
    for model in Model::all() {
        let retired = if model.retired { ", retired" } else { "" };
        print::line(&format!("{} ({}{retired})", model.slug(), model.label()))?;
        let facts = models::facts(model, prices, today);
        let names = facts.iter().map(|fact| fact.name.len()).max().unwrap_or(0);
        for fact in facts {
            let Fact { name, value, source } = fact;
            print::line(&format!("  {name:<names$}  {value}  [{source}]"))?;
        }
        print::line("")?;
    }
    Ok(())
}

/// When the catalogue was read, and what came of the last try.
fn last_reading(catalogue: &KeptCatalogue) -> String {
    let read = match catalogue.read_at {
        Some(at) => format!("The provider's catalogue was last read at {at:.0}."),
        None => "The provider's catalogue was not read yet.".to_owned(),
    };
    let problem = catalogue.last_try.as_ref().and_then(|last| last.problem.as_ref());
    match problem {
        Some(problem) => format!("{read} {}.", capitalized(problem)),
        None => format!("{read} `rushes models --refresh` reads it."),
    }
}
