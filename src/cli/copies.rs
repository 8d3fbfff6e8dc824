//! `rushes concat`, `rushes bundle` and `rushes embed`: copies for others.

use serde_json::json;

use crate::model::TakeId;
use crate::model::text::counted;
use crate::service::copies;

use super::args::{Copies, Embed, Global};
use super::exit::Exit;
use super::{Failure, open, print};

pub(super) fn concat(global: &Global, args: &Copies) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let takes = copies::saved_takes(&home.store, &ids(args))?;
    let joined = copies::join(&takes, &args.out)?;
    if args.json {
        print::json(&json!({
            "file": args.out,
            "takes": args.takes,
            "bytes": joined.bytes,
            "frames": joined.frames,
            "duration_ms": joined.duration_ms,
            "sound": joined.has_sound,
        }))?;
    } else {
        print::line(&copies::joined_in_words(&joined, takes.len(), &args.out))?;
    }
    Ok(Exit::Ok)
}

pub(super) fn bundle(global: &Global, args: &Copies) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let takes = copies::saved_takes(&home.store, &ids(args))?;
    let bytes = copies::bundle(&home.store, &takes, &args.out, home.clock.now())?;
    if args.json {
        print::json(&json!({"file": args.out, "takes": args.takes, "bytes": bytes}))?;
    } else {
        print::line(&format!(
            "{} bundled in {} with videos, sidecars and prompts, {bytes} bytes; no key is in it",
            counted(takes.len() as u64, "take"),
            args.out.display()
        ))?;
    }
    Ok(Exit::Ok)
}

pub(super) fn embed(global: &Global, args: &Embed) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let takes = copies::saved_takes(&home.store, &[TakeId(args.take)])?;
    for take in &takes {
        let bytes = copies::embed(take, &args.out)?;
        if args.json {
            print::json(&json!({"file": args.out, "take": take.id, "bytes": bytes}))?;
            continue;
        }
        print::line(&format!(
            "{} is a copy of take {} that carries its prompt, seed and parameters, and the URLs of its references, for \
             everybody who has the copy; no key is in it",
            args.out.display(),
            take.id
        ))?;
    }
    Ok(Exit::Ok)
}

fn ids(args: &Copies) -> Vec<TakeId> {
    args.takes.iter().map(|id| TakeId(*id)).collect()
}
