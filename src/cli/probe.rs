//! `rushes probe`: runs a saved take's request once more with its seed, and says whether the clip is the same.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::engine::blocking;
use crate::media::{Cancel, Video, Wanted};
use crate::model::{Take, TakeId};
use crate::service::backend::{self, Choice};
use crate::service::orders::Terms;
use crate::service::probe::{self, Next};
use crate::service::{Home, copies};
use crate::store;

use super::args::{Global, Probe};
use super::exit::Exit;
use super::{Failure, form, r#gen, interrupt, open, print};

pub(super) async fn run(global: &Global, args: &Probe) -> Result<Exit, Failure> {
    let (Some(take), false) = (args.take, args.list) else {
        return list(&open::to_read(global)?, args.json);
    };
    if let Some(other) = args.against {
        let home = open::to_write(global)?;
        let takes = copies::saved_takes(&home.store, &[TakeId(take), TakeId(other)])?;
        return match &takes[..] {
            [take, other] if take.id != other.id => compare(&home, take, other, args.json).await,
            _ => Err(Failure::usage(
                "a take is compared with another one: name two takes",
            )),
        };
    }
    let home = open::to_work(global)?;
    let mut takes = copies::saved_takes(&home.store, &[TakeId(take)])?;
    let Some(take) = takes.pop() else {
        return Err(Failure::usage("name a saved take"));
    };
    must_be_readable(&take)?;
    let other = match probe::next(&home.store, &take)? {
        Next::Compare(other) => {
            print::note(&format!(
                "Take {} sent the same request with the same seed, so nothing is sent and nothing is paid.",
                other.id
            ));
            return compare(&home, &take, &other, args.json).await;
        }
        Next::Unclear(other) => {
            let message = format!(
                "nothing was sent: take {other} sent the same request, and it is not known yet whether it arrived; \
                 `rushes reconcile` finds out, then run this again"
            );
            return Err(Failure::new(Exit::Unknown, message));
        }
        Next::WaitFor(other) => {
            print::note(&format!(
                "Take {other} of the same request is queued already: it is waited for, and nothing more is paid."
            ));
            let choice = chosen(global, &home, &take).await?;
            let exit = r#gen::follow(global, &home, choice, other, r#gen::Report::Nothing).await?;
            if exit != Exit::Ok {
                return Ok(ended_early(&take, exit));
            }
            other
        }
        Next::Send => match send(global, &home, &take, args).await? {
            (Exit::Ok, Some(other)) => other,
            (exit, _) => return Ok(ended_early(&take, exit)),
        },
    };
    let others = copies::saved_takes(&home.store, &[other])?;
    match others.first() {
        Some(other) => compare(&home, &take, other, args.json).await,
        None => Ok(Exit::Other),
    }
}

/// Nothing is paid for a comparison with a video that cannot be read.
fn must_be_readable(take: &Take) -> Result<(), Failure> {
    let Some(file) = &take.file else {
        return Err(Failure::usage(take.why_no_video()));
    };
    let wanted = Wanted {
        fit: None,
        bytes: take.bytes,
    };
    Video::open(file, &wanted)
        .and_then(|mut video| video.next(&Cancel::new()))
        .map(drop)
        .map_err(|error| Failure::other(format!("nothing was sent: {error}")))
}

/// Where the take was made.
async fn chosen(global: &Global, home: &Home, take: &Take) -> Result<Choice, Failure> {
    let choice = backend::choose(&global.wanted(), home).await?;
    if choice.backend() == take.backend {
        return Ok(choice);
    }
    let (made, here) = (take.backend.word(), choice.backend().word());
    Err(Failure::usage(format!(
        "nothing was sent: take {} was made on {made}, and this would run on {here}: add --{made}",
        take.id
    )))
}

/// Sends the request once more, after the price was named and agreed on, and waits.
async fn send(
    global: &Global,
    home: &Home,
    take: &Take,
    args: &Probe,
) -> Result<(Exit, Option<TakeId>), Failure> {
    let choice = chosen(global, home, take).await?;
    let terms = Terms {
        reel_id: home.store.reel_of(take.id)?.id,
        backend: take.backend,
        repeats: 0,
    };
    let refused = |why: String| Failure::usage(format!("nothing was sent: {why}"));
    let mut order = terms.same(take).map_err(refused)?;
    order.max_price = args.max_price;
    let plan = form::plan(home, &order);
    print::note(&format!(
        "The request of take {} is run once more with seed {}: {}.",
        take.id,
        take.seed,
        print::costs(&plan)
    ));
    let known = probe::history(
        &home.store.probes()?,
        take.model,
        take.backend,
        &TimeZone::system(),
    );
    if let Some(known) = known {
        print::note(&format!("Known of {} so far: {known}.", take.model));
    }
    let report = r#gen::Report::Nothing;
    let (exit, takes) = r#gen::send(global, home, choice, order, plan, args.yes, report).await?;
    Ok((exit, takes.first().copied()))
}

/// The other take is not saved; why was said.
fn ended_early(take: &Take, exit: Exit) -> Exit {
    if exit == Exit::Interrupted {
        print::complain(&format!(
            "the probe was interrupted: `rushes probe {}` finishes it, and does not pay again for a take that was sent",
            take.id
        ));
    }
    exit
}

/// Compares two videos until that is interrupted, and prints the result.
async fn compare(home: &Home, take: &Take, other: &Take, json: bool) -> Result<Exit, Failure> {
    let cancel = Cancel::new();
    let work = {
        let (store, now, cancel) = (home.store.clone(), home.clock.now(), cancel.clone());
        let (take, other) = (take.clone(), other.clone());
        blocking(move || probe::compare(&store, (&take, &other), now, &cancel))
    };
    let probe = tokio::select! {
        biased;
        _ = interrupt() => {
            cancel.cancel();
            return Ok(ended_early(take, Exit::Interrupted));
        }
        probe = work => probe?,
    };
    show(&probe, json)?;
    if !json {
        let zone = TimeZone::system();
        let known = probe::history(&home.store.probes()?, take.model, take.backend, &zone);
        print::line(&match known {
            Some(known) => format!("{} on {}: {known}.", take.model, take.backend.word()),
            None => {
                "The two takes sent different requests, so this says nothing about their model.".to_owned()
            }
        })?;
    }
    Ok(Exit::Ok)
}

fn show(probe: &store::Probe, json: bool) -> Result<(), Failure> {
    if json {
        return print::json(&as_json(probe));
    }
    let store::Probe {
        take,
        other,
        likeness,
        ..
    } = probe;
    print::line(&format!("takes {take} and {other} are {likeness}"))
}

fn list(home: &Home, json: bool) -> Result<Exit, Failure> {
    let probes = home.store.probes()?;
    for probe in &probes {
        if json {
            print::json(&as_json(probe))?;
            continue;
        }
        let day = probe::day(probe.made_at, &TimeZone::system());
        print::line(&format!(
            "{day}  {:<8} {:<24} {:>5} {:>5}  {}",
            probe.backend.word(),
            probe.model,
            probe.take,
            probe.other,
            probe.likeness
        ))?;
    }
    if probes.is_empty() && !json {
        print::line("No probe yet: `rushes probe TAKE` runs a saved take's request once more and compares.")?;
    }
    Ok(Exit::Ok)
}

fn as_json(probe: &store::Probe) -> Value {
    let likeness = &probe.likeness;
    let size = |(width, height): (u32, u32)| json!([width, height]);
    json!({
        "take": probe.take,
        "other": probe.other,
        "model": probe.model,
        "backend": probe.backend,
        "outcome": likeness.outcome(),
        "same_request": probe.is_repeat,
        "frames": [likeness.frames.0, likeness.frames.1],
        "sizes": [size(likeness.sizes.0), size(likeness.sizes.1)],
        "equal_frames": likeness.equal_frames,
        "psnr_mean_db": likeness.psnr_mean_db,
        "psnr_min_db": likeness.psnr_min_db,
        "made_at": probe.made_at,
        "compared_at": probe.at,
    })
}
