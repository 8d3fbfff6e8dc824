//! `rushes promote` and `rushes chain`: takes and forms that continue a take.

use jiff::tz::TimeZone;

use crate::model::{Form, TakeId};
use crate::service::orders::Terms;
use crate::service::promotion::{self, How, PICTURE};
use crate::service::{Problem, backend, frames, probe};

use super::args::{Chain, Global, Promote};
use super::exit::Exit;
use super::{Failure, form, r#gen, open, print};

pub(super) async fn run(global: &Global, args: &Promote) -> Result<Exit, Failure> {
    let home = open::to_work(global)?;
    let take = home.store.take(TakeId(args.take))?;
    let refused = |why: String| Failure::usage(format!("nothing was sent: {why}"));
    let now = home.clock.now();
    let how = match (args.how, &args.resolution) {
        (Some(how), _) => how,
        (None, Some(to)) if How::Finish.form(&take, Some(to), PICTURE, now).is_ok() => How::Finish,
        (None, Some(_)) => How::Seed,
        (None, None) => promotion::best(&take, now).map_err(refused)?,
    };
    let to = args.resolution.as_deref();
    // What is wrong is told before a picture is written.
    how.form(&take, to, PICTURE, now).map_err(refused)?;
    let picture = match how {
        How::FirstFrame => frames::first_of(&take).map_err(|problem| problem.so("nothing was sent"))?,
        How::Finish | How::Seed | How::Video => PICTURE.to_owned(),
    };
    let choice = backend::choose(&global.wanted(), &home).await?;
    let backend = choice.backend();
    let terms = Terms {
        reel_id: home.store.reel_of(take.id)?.id,
        backend,
        repeats: home.settings.repeat_failed,
    };
    let promoted = how.form(&take, to, &picture, now).map_err(refused)?;
    let mut order = terms.promoted(&take, promoted).map_err(refused)?;
    order.max_price = args.max_price;
    let plan = form::plan(&home, &order)?;
    let probes = home.store.probes()?;
    print::note(&probe::kept(
        how,
        &probes,
        take.model,
        backend,
        &TimeZone::system(),
    ));
    let report = r#gen::Report::of(args.json);
    let (exit, _) = r#gen::send(global, &home, choice, order, plan, args.yes, report).await?;
    Ok(exit)
}

pub(super) fn chain(global: &Global, args: &Chain) -> Result<Exit, Failure> {
    let home = open::to_write(global)?;
    let take = home.store.take(TakeId(args.take))?;
    let picture = frames::last_of(&home.queue(take.backend), &take, home.clock.now())
        .map_err(|problem: Problem| problem.so("the form was not changed"))?;
    let forms = home.store.forms(&home.reel.id);
    let known = forms.edited()?;
    let form = Form {
        first_frame: picture.clone(),
        ..known.clone().unwrap_or_default()
    };
    if !form.images.is_empty() {
        print::complain(
            "the form has reference images, which a first frame excludes: remove them before you send it",
        );
    }
    forms.save_over(known.as_ref(), &form)?;
    let (reel, id) = (&home.reel.name, take.id);
    print::line(&format!(
        "The form of reel {reel} now begins with take {id}'s last frame: {picture}"
    ))?;
    Ok(Exit::Ok)
}
