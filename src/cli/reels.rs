//! `rushes reels`: lists, creates, renames and archives reels.

use serde_json::{Value, json};

use crate::model::text::counted;
use crate::service::home::WhichReel;
use crate::service::reels;
use crate::store::{Reel, ReelRow};

use super::args::{Global, Reels, ReelsCommand};
use super::exit::Exit;
use super::{Failure, open, print};

pub(super) fn run(global: &Global, args: &Reels) -> Result<Exit, Failure> {
    let named = match &args.command {
        None | Some(ReelsCommand::List) => return list(global, args),
        Some(command) => command,
    };
    // The reel of the options is not used, so it need not exist: `RUSHES_REEL` may name the one that is created here.
    let home = open::to_write_in(global, WhichReel::Default)?;
    let store = &home.store;
    let (reel, told) = match named {
        ReelsCommand::List => return list(global, args),
        ReelsCommand::New { name } => {
            let reel = reels::create(store, name)?;
            let told = format!("reel {:?} is created: `rushes --reel NAME` opens it", reel.name);
            (reel, told)
        }
        ReelsCommand::Rename { old, new } => {
            let reel = reels::rename(store, old, new)?;
            if let Err(problem) = reels::renew_sidecars(store, &home.paths.reels()) {
                print::complain(&problem.to_string());
            }
            let told = format!(
                "reel {old:?} is now called {:?}; its files stay where they are",
                reel.name
            );
            (reel, told)
        }
        ReelsCommand::Archive { name } => {
            let reel = reels::archive(store, name)?;
            let told = format!("reel {name:?} is archived; `rushes reels restore NAME` opens it again");
            (reel, told)
        }
        ReelsCommand::Restore { name } => (
            reels::restore(store, name)?,
            format!("reel {name:?} can be used again"),
        ),
        ReelsCommand::Names { name, pattern, .. } => {
            let reel = reels::name_files(store, name, pattern.as_deref())?;
            let how = match pattern {
                Some(pattern) => format!("as {pattern}.mp4"),
                None => "as the setting file_names says".to_owned(),
            };
            (
                reel,
                format!("new videos of reel {name:?} are named {how}; saved ones keep their names"),
            )
        }
    };
    if !args.json {
        print::line(&told)?;
        return Ok(Exit::Ok);
    }
    let rows = store.reel_rows(true)?;
    match rows.iter().find(|row| row.reel.id == reel.id) {
        Some(row) => print::json(&as_json(row))?,
        None => print::complain(&told),
    }
    Ok(Exit::Ok)
}

fn list(global: &Global, args: &Reels) -> Result<Exit, Failure> {
    let home = open::to_read_in(global, WhichReel::Default)?;
    let rows = home.store.reel_rows(args.all)?;
    if args.json {
        for row in &rows {
            print::json(&as_json(row))?;
        }
        return Ok(Exit::Ok);
    }
    let names = rows.iter().map(|row| row.reel.name.chars().count()).max();
    for row in &rows {
        let name = format!("{:<1$}", row.reel.name, names.unwrap_or(0));
        print::line(&format!("{name}  {}", facts(row)))?;
    }
    if rows.is_empty() {
        print::line("No reel yet: `rushes reels new NAME` creates one.")?;
    }
    Ok(Exit::Ok)
}

/// `12 takes, 2 circled, 1 not finished  $4.20`.
fn facts(row: &ReelRow) -> String {
    let mut facts = vec![format!("{:>10}", counted(row.takes, "take"))];
    facts.push(format!("{:>10}", row.cost.to_string()));
    facts.extend((row.circled > 0).then(|| format!("{} circled", row.circled)));
    facts.extend((row.unsettled > 0).then(|| format!("{} not finished", row.unsettled)));
    facts.extend(row.reel.file_names.as_ref().map(|names| format!("files {names}")));
    facts.extend(row.reel.archived_at.map(|at| format!("archived {at:.0}")));
    facts.join("  ")
}

fn as_json(row: &ReelRow) -> Value {
    let Reel {
        name,
        created_at,
        archived_at,
        file_names,
        folder,
        ..
    } = &row.reel;
    json!({
        "reel": name,
        "folder": folder,
        "takes": row.takes,
        "circled": row.circled,
        "not_finished": row.unsettled,
        "cost_usd": row.cost,
        "file_names": file_names,
        "created_at": created_at,
        "archived_at": archived_at,
    })
}
