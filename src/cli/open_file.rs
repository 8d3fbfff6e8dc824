//! `rushes open`: loads the request of a file into the reel's form.

use serde_json::json;

use crate::engine::references;
use crate::model::TakeId;
use crate::service::opening;

use super::args::{Global, OpenFile};
use super::exit::Exit;
use super::{Failure, open, print};

pub(super) fn run(global: &Global, args: &OpenFile) -> Result<Exit, Failure> {
    let home = open::to_write_in(global, global.reel_or_new())?;
    let opened = opening::read(&home.store, &args.file, args.take.map(TakeId))?;
    let imported = opening::import(&home.store, &home.paths.reels(), &args.file)?;
    let forms = home.store.forms(&home.reel.id);
    let mut previous = forms.edited()?;
    previous.iter_mut().for_each(references::anchor);
    let kept = match previous {
        Some(previous) if previous != opened.form => Some(forms.keep(&previous)?),
        _ => None,
    };
    forms.save(&opened.form)?;
    for remark in &opened.remarks {
        print::complain(remark);
    }
    if let Some(imported) = &imported {
        for why in &imported.left_out {
            print::complain(&format!("not imported: {why}"));
        }
    }
    if args.json {
        print::json(&json!({
            "reel": home.reel.name,
            "form": opened.form,
            "found": opened.source.to_string(),
            "previous_revision": kept,
            "imported": imported.as_ref().map(|out| &out.imported),
        }))?;
        return Ok(Exit::Ok);
    }
    let kept = kept.map(|version| format!("; the previous form is kept as v{version}"));
    print::line(&format!(
        "the form of reel {:?} now holds the request, found in {}{}",
        home.reel.name,
        opened.source,
        kept.unwrap_or_default()
    ))?;
    if let Some(imported) = &imported {
        print::line(&opening::import_in_words(imported))?;
    }
    Ok(Exit::Ok)
}
