//! `rushes bin`: lists the files of rejected takes, and deletes them on request.

use std::io::IsTerminal;

use serde_json::json;

use crate::engine::bin::Binned;
use crate::model::TakeId;
use crate::model::text::bytes;
use crate::service::{Home, bin};

use super::args::{Bin, BinCommand, Global};
use super::exit::Exit;
use super::{Failure, open, print};

pub(super) fn run(global: &Global, args: &Bin) -> Result<Exit, Failure> {
    match args.command {
        None | Some(BinCommand::List) => list(global, args),
        Some(BinCommand::Empty { yes }) => empty(global, args, yes),
    }
}

/// The reel whose bin is meant.
fn reel<'a>(home: &'a Home, args: &Bin) -> Option<&'a str> {
    (!args.all_reels).then_some(home.reel.name.as_str())
}

fn list(global: &Global, args: &Bin) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let (binned, others) = bin::contents(&home.store, reel(&home, args))?;
    if args.json {
        for one in &binned {
            print::json(&json!({
                "take": one.take.id,
                "reel": one.take.reel,
                "name": name(one),
                "file": one.video,
                "bytes": one.bytes,
                "missing": one.is_missing,
            }))?;
        }
        return Ok(Exit::Ok);
    }
    for one in &binned {
        let size = if one.is_missing {
            "not there".to_owned()
        } else {
            bytes(one.bytes)
        };
        print::line(&format!("{:>5}  {size:>9}  {}", one.take.id, name(one)))?;
    }
    if binned.is_empty() {
        print::line(&nothing(&home, args, others))?;
    } else {
        let how = if args.all_reels { " --all-reels" } else { "" };
        let all = bin::amount(&binned);
        print::line(&format!("{all}. `rushes bin empty{how}` deletes them."))?;
    }
    Ok(Exit::Ok)
}

fn empty(global: &Global, args: &Bin, yes: bool) -> Result<Exit, Failure> {
    let home = open::to_write(global)?;
    let reels = home.paths.reels();
    bin::settle(&home.store, &reels)?;
    let (binned, others) = bin::contents(&home.store, reel(&home, args))?;
    if binned.is_empty() && !args.json {
        print::line(&nothing(&home, args, others))?;
        return Ok(Exit::Ok);
    }
    if !yes && !binned.is_empty() {
        agree(&binned)?;
    }
    let takes: Vec<TakeId> = binned.iter().map(|one| one.take.id).collect();
    let emptied = bin::empty(&home.store, &reels, &takes)?;
    if args.json {
        let left = emptied.left.iter();
        let left: Vec<_> = left
            .map(|(take, why)| json!({"take": take, "why": why}))
            .collect();
        print::json(&json!({"takes": emptied.takes, "bytes": emptied.bytes, "left": left}))?;
    } else {
        print::line(&bin::emptied_in_words(&emptied))?;
    }
    for (take, why) in emptied.left.iter().skip(usize::from(!args.json)) {
        print::complain(&format!("take {take}: {why}"));
    }
    Ok(if emptied.left.is_empty() {
        Exit::Ok
    } else {
        Exit::Other
    })
}

/// Asks before anything is deleted.
fn agree(binned: &[Binned]) -> Result<(), Failure> {
    let all = bin::amount(binned);
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        let message = format!("nothing was deleted: {all}: add --yes to delete them for good");
        return Err(Failure::usage(message));
    }
    print::ask(&format!(
        "Delete {all}, for good? Nothing brings them back. [y/N]"
    ));
    if matches!(&*print::answer(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::usage("nothing was deleted"))
}

fn nothing(home: &Home, args: &Bin, others: usize) -> String {
    match (args.all_reels, others) {
        (true, _) => "Every bin is empty.".to_owned(),
        (false, 0) => format!("The bin of reel {} is empty.", home.reel.name),
        (false, others) => format!(
            "The bin of reel {} is empty. Other bins hold the files of {others}: --all-reels lists them.",
            home.reel.name
        ),
    }
}

fn name(one: &Binned) -> String {
    let name = one.video.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
