//! `rushes probe`: runs a saved take's request once more with its seed, and says whether the clip is the same.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::engine::blocking;
use crate::media::{Cancel, Video, Wanted};
use crate::model::text::sentences;
use crate::model::{Backend, Take, TakeId};
use crate::service::backend::{self, Choice};
use crate::service::orders::Terms;
use crate::service::probe::{self, Next};
use crate::service::{Home, copies};
use crate::store::{self, KnownTwins};

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
    let take = copies::saved_take(&home.store, TakeId(take))?;
    must_be_readable(&take).await?;
    let mut next = probe::next(&home.store, &take)?;
    let (exit, other) = loop {
        next = match next {
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
                    "Take {other} of the same request is queued already. This probe waits for it and spends nothing more."
                ));
                let choice = chosen(global, &home, &take).await?;
                break (
                    r#gen::follow(global, &home, choice, other, r#gen::Report::Nothing).await?,
                    other,
                );
            }
            Next::Send(known) => match send(global, &home, &take, known, args).await {
                Ok(sent) => break sent,
                // It came while the user was asked: it is used, and no second one is paid.
                Err(r#gen::NotSent::Twin(other)) => probe::after(&home.store, other)?,
                Err(r#gen::NotSent::Failed(failure)) => return Err(failure),
            },
        };
    };
    if exit != Exit::Ok {
        return Ok(ended_early(&take, exit));
    }
    let other = copies::saved_take(&home.store, last_repeat(&home, other)?)?;
    compare(&home, &take, &other, args.json).await
}

/// The take itself, or what repeated it after a fault of the provider.
fn last_repeat(home: &Home, mut take: TakeId) -> Result<TakeId, Failure> {
    while let Some(repeat) = home.store.repeat_of(take)? {
        take = repeat;
    }
    Ok(take)
}

/// Nothing is paid for a comparison with a video that cannot be read.
async fn must_be_readable(take: &Take) -> Result<(), Failure> {
    let Some(file) = take.file.clone() else {
        return Err(Failure::usage(take.why_no_video()));
    };
    let wanted = Wanted::noted(take.bytes);
    let first = move || Video::open(&file, &wanted)?.next(&Cancel::new()).map(drop);
    let read = blocking(first).await;
    read.map_err(|error| Failure::other(format!("nothing was sent: {error}")))
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

/// Sends the request once more, after the price was named and agreed on, and waits; unless another twin than the known ones
/// comes first.
async fn send(
    global: &Global,
    home: &Home,
    take: &Take,
    known: KnownTwins,
    args: &Probe,
) -> Result<(Exit, TakeId), r#gen::NotSent> {
    let choice = chosen(global, home, take).await?;
    let terms = Terms {
        reel_id: home.store.reel_of(take.id).map_err(Failure::from)?.id,
        backend: take.backend,
        repeats: 0,
    };
    let refused = |why: String| Failure::usage(format!("nothing was sent: {why}"));
    let mut order = terms.same(take).map_err(refused)?;
    order.max_price = args.max_price;
    order.twins = Some(known);
    let plan = form::plan(home, &order)?;
    print::note(&format!(
        "The request of take {} is run once more with seed {}: {}",
        take.id,
        take.seed,
        sentences(&[&match take.backend {
            Backend::Sandbox => "it is free on the sandbox".to_owned(),
            Backend::Live => print::costs(&plan),
        }])
    ));
    let probes = home.store.probes().map_err(Failure::from)?;
    let earlier = probe::history(&probes, take.model, take.backend, &TimeZone::system());
    if let Some(earlier) = earlier {
        print::note(&format!("Earlier probes of {}: {earlier}.", take.model));
    }
    let report = r#gen::Report::Nothing;
    let (exit, takes) = r#gen::send(global, home, choice, order, plan, args.yes, report).await?;
    let repeat = takes.first().copied();
    let repeat = repeat.ok_or_else(|| Failure::other("no take was queued"))?;
    Ok((exit, repeat))
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
    if json {
        print::json(&as_json(&probe))?;
        return Ok(Exit::Ok);
    }
    print::line(&format!(
        "takes {} and {} compare as {}",
        probe.take, probe.other, probe.likeness
    ))?;
    if !probe.is_repeat {
        print::line("The two takes sent different requests, so this says nothing about their model.")?;
        return Ok(Exit::Ok);
    }
    let zone = TimeZone::system();
    if let Some(known) = probe::history(&home.store.probes()?, take.model, take.backend, &zone) {
        print::line(&format!("{} on {}: {known}.", take.model, take.backend.word()))?;
    }
    Ok(Exit::Ok)
}

fn list(home: &Home, json: bool) -> Result<Exit, Failure> {
    let probes = home.store.probes()?;
    for probe in &probes {
        if json {
            print::json(&as_json(probe))?;
            continue;
        }
        let day = probe::day(probe.made_at, &TimeZone::system());
        let requests = if probe.is_repeat {
            ""
        } else {
            " (different requests)"
        };
        print::line(&format!(
            "{day}  {:<8} {:<24} {:>5} {:>5}  {}{requests}",
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
