//! `rushes wall`: takes as rows, their shots as columns, in character cells or as a contact sheet.

use crate::media::Cancel;
use crate::media::cells::{self, Cell, Depth, Grid, Ink, encode};
use crate::model::text::counted;
use crate::model::{Take, TakeId};
use crate::service::Home;
use crate::service::wall::{self, Scrub};

use super::args::{Global, MomentName, Wall};
use super::exit::Exit;
use super::still::{look, size, style};
use super::{Failure, open, print};

/// The most columns of one small picture.
const MAX_COLUMNS: u16 = 48;

pub(super) fn run(global: &Global, args: &Wall) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let (takes, title) = takes(&home, args)?;
    let scrub = match args.moment {
        MomentName::Early => Scrub::Early,
        MomentName::Middle => Scrub::Middle,
        MomentName::Late => Scrub::Late,
    };
    if let Some(file) = &args.output {
        let written = wall::export(&home.thumbnails, &takes, &title, scrub, file)?;
        print::line(&written)?;
    } else {
        let style = style(global)?;
        let look = look(&args.cells, style);
        let (columns, rows) = args.size.unwrap_or_else(size);
        let most = takes.iter().map(|take| wall::columns(take).len()).max();
        let most = u16::try_from(most.unwrap_or(1)).unwrap_or(u16::MAX).max(1);
        // A gap of one column lies between two pictures.
        let one = ((columns + 1) / most).saturating_sub(1).clamp(1, MAX_COLUMNS);
        for take in &takes {
            print::line(&wall::caption(take).join("  "))?;
            match wall::pictures(&home.thumbnails, take, scrub, &Cancel::new()) {
                Ok(pictures) => {
                    let fits = usize::from(((columns + 1) / (one + 1)).max(1));
                    let drawn = pictures.iter().take(fits);
                    let grids: Vec<Grid> = drawn
                        .map(|picture| cells::draw(picture, one, rows, look))
                        .collect();
                    let row = Grid::beside(&grids, gap(look.depth));
                    print::raw(&String::from_utf8_lossy(&encode(&row)))?;
                }
                Err(why) => print::line(&format!("  {why}"))?,
            }
        }
    }
    if let Some(trouble) = home.thumbnails.trouble() {
        print::complain(&trouble);
    }
    Ok(Exit::Ok)
}

/// The takes that are named, and what they are together.
fn takes(home: &Home, args: &Wall) -> Result<(Vec<Take>, String), Failure> {
    if let ([sweep], false) = (&args.numbers[..], args.takes) {
        let takes = wall::takes_of_sweep(&home.store, *sweep)?;
        return Ok((takes, format!("sweep {sweep}")));
    }
    let ids: Vec<TakeId> = args.numbers.iter().copied().map(TakeId).collect();
    let takes = wall::takes_of_ids(&home.store, &ids)?;
    let title = counted(takes.len() as u64, "take");
    Ok((takes, title))
}

/// The cell between two pictures: black, or a space where there are no colours.
fn gap(depth: Depth) -> Cell {
    let black = match depth {
        Depth::None => None,
        Depth::Ansi16 => Some(Ink::Index(0)),
        Depth::Ansi256 => Some(Ink::Index(16)),
        Depth::Truecolor => Some(Ink::Rgb([0; 3])),
    };
    Cell {
        bg: black,
        ..Cell::EMPTY
    }
}
