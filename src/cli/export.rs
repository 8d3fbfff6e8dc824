//! `rushes export`: takes as CSV or JSON, for a bookkeeper.

use std::io::{ErrorKind, stdout};

use jiff::tz::TimeZone;

use crate::model::filter::Query;
use crate::model::text::counted;
use crate::service::export::{self, ExportError, Format};
use crate::store::Filter;

use super::args::{Export, Global};
use super::exit::Exit;
use super::{Failure, open, print};

pub(super) fn run(global: &Global, args: &Export) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let query = Query::of_arguments(&args.filter).map_err(Failure::usage)?;
    let filter = match open::named_reel(global, &home) {
        Some(reel_id) => Filter::from(query).in_reel(&reel_id),
        None => Filter::from(query),
    };
    let format = if args.csv { Format::Csv } else { Format::Json };
    let zone = TimeZone::system();
    let export = export::Export { filter, format, zone };
    if let Some(file) = &args.output {
        let count = export.write_file(&home.store, file)?;
        print::line(&format!("{}: {}", file.display(), counted(count, "take")))?;
        return Ok(Exit::Ok);
    }
    match export.write(&home.store, &mut stdout().lock()) {
        // A closed pipe (`| head`) is no error.
        Err(ExportError::Write(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Ok),
        Err(ExportError::Write(error)) => Err(Failure::other(format!(
            "cannot write to standard output: {error}"
        ))),
        Err(ExportError::Store(error)) => Err(error.into()),
        Ok(_) => Ok(Exit::Ok),
    }
}
