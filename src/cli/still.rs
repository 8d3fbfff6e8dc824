//! `rushes still`: one picture of a take, a video or a picture file, in character cells or as a PNG file.

use std::io::{ErrorKind, IsTerminal, Read};
use std::path::{Path, PathBuf};

use crate::config::{Paths, Settings};
use crate::media::cells::{Canvas, Depth, Look, Shape, encode};
use crate::media::{self, Cancel, MediaError, OpenError, Picture, Video, VideoProblem, Wanted};
use crate::model::TakeId;
use crate::model::seconds::moment;
use crate::service::copies;
use crate::service::home::environment;
use crate::tui::graphics::{Graphics, Pixels, Protocol, TerminalGraphics, cell_size};
use crate::tui::picture_style::PictureStyle;

use super::args::{CellArgs, Colors, Global, ShapeName, Still};
use super::exit::Exit;
use super::{Failure, files, open, print, workbench};

/// The size where the output is no terminal.
const USUAL: (u16, u16) = (80, 22);

/// Enough to tell a picture from a video.
const HEAD: u64 = 64;

/// A video or a picture that a command shows.
pub(super) struct Source {
    pub(super) file: PathBuf,
    /// Its name in messages.
    pub(super) name: String,
    /// How many bytes were saved, of a take.
    pub(super) bytes: Option<u64>,
}

pub(super) fn run(global: &Global, args: &Still) -> Result<Exit, Failure> {
    let source = source(global, &args.of)?;
    if let Some(png) = &args.png {
        refuse_if_there(png)?;
        let picture = read(&source, args.at)?;
        files::write_new(png, &picture.png().map_err(Failure::other)?, false)?;
        let (width, height) = (picture.width, picture.height);
        print::line(&format!(
            "{}: {width}×{height}, a picture of {}",
            png.display(),
            source.name
        ))?;
        return Ok(Exit::Ok);
    }
    let style = style(global)?;
    let (columns, rows) = args.size.unwrap_or_else(size);
    if let Some(protocol) = args.protocol.pixels() {
        return print_pixels(&read(&source, args.at)?, (columns, rows), protocol);
    }
    let look = look(&args.cells, style);
    let canvas = Canvas::of(&read(&source, args.at)?, columns, rows);
    let cells = match args.max_bytes {
        Some(budget) => canvas.draw_within(look, budget),
        None => canvas.draw(look),
    };
    let bytes = encode(&cells);
    if let Some(budget) = args.max_bytes.filter(|budget| bytes.len() > *budget) {
        print::complain(&format!(
            "the picture takes {} bytes even in the fewest colours, more than {budget}: choose a smaller --size or fewer \
             --colors",
            bytes.len()
        ));
    }
    print::raw(&String::from_utf8_lossy(&bytes))?;
    Ok(Exit::Ok)
}

/// Prints the picture with the graphics of the terminal.
fn print_pixels(picture: &Picture, (columns, rows): (u16, u16), protocol: Protocol) -> Result<Exit, Failure> {
    let in_tmux = TerminalGraphics::of(&environment, false).in_tmux;
    let graphics = Graphics::new(protocol, in_tmux, cell_pixels());
    let pixels = Pixels::new(picture, columns, rows, graphics);
    let pixels = pixels.ok_or_else(|| {
        Failure::other(format!(
            "the picture cannot be drawn with {}: use --protocol cells",
            protocol.words()
        ))
    })?;
    print::raw(&pixels.printed())?;
    Ok(Exit::Ok)
}

/// Width and height of a cell of the terminal in pixels, where it reports them.
pub(super) fn cell_pixels() -> Option<(u16, u16)> {
    let size = crossterm::terminal::window_size().ok()?;
    cell_size((size.columns, size.rows), (size.width, size.height))
}

/// The file of a take, or the file that is named.
pub(super) fn source(global: &Global, of: &Path) -> Result<Source, Failure> {
    let number = of.to_str().and_then(|text| text.parse::<i64>().ok());
    let Some(id) = number else {
        return Ok(Source {
            file: of.to_owned(),
            name: of.display().to_string(),
            bytes: None,
        });
    };
    let home = open::to_read(global)?;
    let takes = copies::saved_takes(&home.store, &[TakeId(id)])?;
    let saved = takes.into_iter().find_map(|take| {
        Some(Source {
            file: take.file?,
            name: format!("take {id}"),
            bytes: take.bytes,
        })
    });
    saved.ok_or_else(|| Failure::usage(format!("take {id} has no video: choose a saved take")))
}

fn refuse_if_there(path: &Path) -> Result<(), Failure> {
    if std::fs::symlink_metadata(path).is_ok() {
        let message = format!(
            "{} already exists and was not overwritten: choose another name",
            path.display()
        );
        return Err(Failure::usage(message));
    }
    Ok(())
}

/// The picture of a file, which is a video or a picture.
fn read(source: &Source, at: Option<u64>) -> Result<Picture, Failure> {
    let (path, name) = (&source.file, &source.name);
    let unreadable = |why: String| {
        let message = format!("{} cannot be read: {why}; check the name", path.display());
        Failure::usage(message)
    };
    let (file, _) = media::open_file(path).map_err(|error| match error {
        OpenError::Io(error) if error.kind() == ErrorKind::NotFound => {
            Failure::usage(MediaError::gone(path).to_string())
        }
        OpenError::Io(error) => unreadable(error.to_string()),
        OpenError::NotAFile(_) => unreadable("it is not a file".to_owned()),
    })?;
    let mut head = Vec::new();
    let looked = file.take(HEAD).read_to_end(&mut head);
    looked.map_err(|error| unreadable(error.to_string()))?;
    if media::looks_like_picture(&head).is_some() {
        if at.is_some() {
            let message = format!("{name} is a picture, which has no times: leave out --at");
            return Err(Failure::usage(message));
        }
        return media::read_still(path).map_err(Failure::other);
    }
    of_video(source, at.unwrap_or(0)).map_err(|error| match error {
        MediaError::Read {
            problem: VideoProblem::NotAMovie(looks),
            ..
        } if path.as_os_str() == name.as_str() => Failure::other(format!(
            "{name} is not an MP4 video but {looks}: give an MP4 video, a PNG, JPEG or WebP picture, or a take's number"
        )),
        other => Failure::other(other),
    })
}

fn of_video(source: &Source, at: u64) -> Result<Picture, MediaError> {
    let mut video = Video::open(&source.file, &Wanted::noted(source.bytes))?;
    let length = video.info().duration_ms;
    if at > 0 && at >= length {
        let (name, end) = (&source.name, moment(length));
        print::complain(&format!("{name} ends at {end}: this is its last picture"));
    }
    Ok(video.at(at, &Cancel::new())?.1)
}

/// How pictures are drawn: as the options say, else as the terminal can.
pub(super) fn look(cells: &CellArgs, style: PictureStyle) -> Look {
    Look {
        shape: shape(cells.shape, style),
        depth: depth(cells.colors, style),
        thrift: Look::THRIFT,
        ..Look::default()
    }
}

/// What the settings and the terminal say.
pub(super) fn style(global: &Global) -> Result<PictureStyle, Failure> {
    let paths: Paths = open::paths(global)?;
    let (settings, mistakes) = Settings::load(&paths);
    for mistake in mistakes {
        print::complain(&mistake.to_string());
    }
    Ok(workbench::pictures(&settings))
}

fn shape(named: ShapeName, style: PictureStyle) -> Shape {
    match named {
        ShapeName::Auto => style.shape_on_request(),
        ShapeName::Half => Shape::Half,
        ShapeName::Quadrant => Shape::Quadrant,
        ShapeName::Sextant => Shape::Sextant,
        ShapeName::Ascii => Shape::Ascii,
    }
}

fn depth(named: Option<Colors>, style: PictureStyle) -> Depth {
    match named {
        Some(Colors::Truecolor) => Depth::Truecolor,
        Some(Colors::Ansi256) => Depth::Ansi256,
        Some(Colors::Ansi16) => Depth::Ansi16,
        Some(Colors::None) => Depth::None,
        None if std::io::stdout().is_terminal() => style.depth(),
        None => Depth::None,
    }
}

/// The cells of the terminal, but for the line of the next prompt.
pub(super) fn size() -> (u16, u16) {
    let is_terminal = std::io::stdout().is_terminal();
    let size = crossterm::terminal::size().ok().filter(|_| is_terminal);
    match size {
        Some((columns, rows)) if columns > 0 && rows > 1 => (columns, rows - 1),
        _ => USUAL,
    }
}
