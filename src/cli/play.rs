//! `rushes play`: plays a take or a video file in place in the terminal, within a budget of bytes, and gives the terminal back.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::media::cells::{Depth, Grid, Shape, changes, fit};
use crate::media::{self, MovieInfo, Span, Speed};
use crate::model::TakeId;
use crate::model::seconds::{length, moment};
use crate::model::text::{counted, one_line};
use crate::tui::effect::{Frame, Message, Moment};
use crate::tui::jobs::{Pictures, Player};
use crate::tui::picture_way::PictureWay;
use crate::tui::playing::{FrameTaken, PlayEnd, Played, Playing, PlayingTake};
use crate::tui::terminal::signals::Signals;
use crate::tui::terminal::{Host, Out, RealHost};
use crate::tui::widgets::picture::DrawnPicture;
use crate::tui::widgets::text::cut;

use super::args::{Global, Play};
use super::exit::Exit;
use super::{Failure, still};

/// Lines below the picture: where it is, and that of the next prompt.
const LINES_BELOW: u16 = 2;

/// The one take of a playing here.
const TAKE: TakeId = TakeId(0);

pub(super) async fn run(global: &Global, args: &Play) -> Result<Exit, Failure> {
    let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !is_terminal {
        return Err(Failure::usage(
            "there is no terminal to play in: `rushes still` prints a single picture",
        ));
    }
    let source = still::source(global, &args.of)?;
    let style = still::style(global)?;
    let look = still::look(&args.cells, style);
    let info = media::inspect(&source.file).map_err(Failure::other)?;
    let (sender, messages) = unbounded_channel();
    let mut show = Show {
        player: Player::default(),
        pictures: Pictures::default(),
        sender,
        file: source.file,
        bytes: source.bytes,
        size: size(args.size, &info)?,
        shape: look.shape,
        depth: look.depth,
        bytes_per_second: args.bytes_per_second.unwrap_or(style.bytes_per_second()),
        length: info.duration_ms,
        picture: info.duration_ms / u64::from(info.frames.max(1)),
        speed: args.speed.into(),
        repeats: args.repeats,
        number: 0,
        is_playing: false,
        at: 0,
        frames: 0,
        shown: Grid::default(),
        told: String::new(),
        waits_for: None,
        why: None,
    };
    let signals = Signals::listen().map_err(Failure::other)?;
    crossterm::terminal::enable_raw_mode().map_err(Failure::other)?;
    let given_back = GivenBack { rows: show.size.1 };
    show.begin();
    show.play();
    let exit = show.run(signals, messages, args.size, &info).await;
    show.player.close();
    if matches!(exit, Ok(Exit::Ok)) && show.why.is_none() {
        let summary = show.summary(&source.name, info.frames);
        show.say(&summary);
    }
    drop(given_back);
    match show.why {
        Some(why) => Err(Failure::other(why)),
        None => exit,
    }
}

/// The cells that the picture fills: at most those that are free, and those that were asked for.
fn size(asked: Option<(u16, u16)>, info: &MovieInfo) -> Result<(u16, u16), Failure> {
    let (columns, rows) = crossterm::terminal::size().map_err(Failure::other)?;
    let free = (columns, rows.saturating_sub(LINES_BELOW));
    let asked = asked.unwrap_or(free);
    match fit(
        (info.width, info.height),
        asked.0.min(free.0),
        asked.1.min(free.1),
    ) {
        (0, _) | (_, 0) => Err(Failure::usage(
            "the terminal is too small for a picture: enlarge it, then try again",
        )),
        size => Ok(size),
    }
}

/// Gives the terminal back when it is dropped: the cursor below the picture, plain colours, cooked mode.
struct GivenBack {
    rows: u16,
}

impl Drop for GivenBack {
    fn drop(&mut self) {
        let rows = self.rows;
        Out::end(|out| {
            let _ = write!(out, "\r\x1b[m\x1b[{rows}B\x1b[?25h\r\n");
        });
        // Nothing can be done for a terminal that is gone.
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// What is played, and what of it is on the screen. The cursor rests in the upper left corner of the picture.
struct Show {
    player: Player,
    pictures: Pictures,
    sender: UnboundedSender<Message>,
    file: PathBuf,
    /// How many bytes were saved, of a take.
    bytes: Option<u64>,
    size: (u16, u16),
    shape: Shape,
    depth: Depth,
    bytes_per_second: u32,
    /// Milliseconds.
    length: u64,
    /// How long each picture is shown, in milliseconds.
    picture: u64,
    speed: Speed,
    repeats: bool,
    /// That of the newest playing.
    number: u64,
    is_playing: bool,
    /// Milliseconds from the start.
    at: u64,
    /// How many pictures were shown since it was played from its start.
    frames: u32,
    shown: Grid,
    /// The line below the picture.
    told: String,
    /// The frame that the terminal has not accepted yet.
    waits_for: Option<FrameTaken>,
    /// Why nothing can be shown.
    why: Option<String>,
}

impl Show {
    async fn run(
        &mut self,
        mut signals: Signals,
        mut messages: UnboundedReceiver<Message>,
        asked: Option<(u16, u16)>,
        info: &MovieInfo,
    ) -> Result<Exit, Failure> {
        let mut input = RealHost::new(PathBuf::new(), String::new(), false).input();
        loop {
            let is_behind = Out::is_behind();
            tokio::select! {
                biased;
                Some(_) = signals.next() => return Ok(Exit::Interrupted),
                event = input.next() => match event {
                    Some(Ok(Event::Key(key))) if key.kind != KeyEventKind::Release => {
                        if let Some(exit) = self.key(key) {
                            return Ok(exit);
                        }
                    }
                    Some(Ok(Event::Resize(..))) => self.resize(size(asked, info)?),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Ok(Exit::Interrupted),
                },
                taken = Out::taken(), if is_behind => match taken {
                    Ok(()) => self.taken(true),
                    Err(_) => return Ok(Exit::Interrupted),
                },
                Some(message) = messages.recv() => {
                    if let Some(exit) = self.receive(message) {
                        return Ok(exit);
                    }
                }
            }
        }
    }

    /// Makes room for the picture and the line below it.
    fn begin(&self) {
        let rows = self.size.1;
        let room = "\r\n".repeat(usize::from(rows));
        write(format!("\x1b[?25l{room}\x1b[{rows}A").as_bytes());
    }

    /// Plays from where it is, or from the start again where that is the end.
    fn play(&mut self) {
        self.number += 1;
        self.is_playing = true;
        // At the last picture, it begins again.
        let is_over = self.at + self.picture * 3 / 2 >= self.length;
        let at = if is_over { 0 } else { self.at };
        if at == 0 {
            self.frames = 0;
        }
        let span = Span {
            at,
            start: 0,
            end: u64::MAX,
            repeats: self.repeats,
            speed: self.speed,
        };
        let playing = Playing {
            number: self.number,
            parts: vec![PlayingTake {
                take: TAKE,
                file: self.file.clone(),
                bytes: self.bytes,
                columns: self.size.0,
                rows: self.size.1,
                shown: DrawnPicture::of_cells(self.shown.clone()),
            }],
            span,
            shape: self.shape,
            depth: self.depth,
            bytes_per_second: self.bytes_per_second,
        };
        self.player.play(playing, Out::meter(), self.sender.clone());
        self.tell();
    }

    fn stop(&mut self) {
        self.player.stop();
        self.is_playing = false;
        self.still(Moment::At(self.at));
        self.tell();
    }

    /// Asks for a single picture.
    fn still(&self, moment: Moment) {
        let frame = Frame {
            take: TAKE,
            file: self.file.clone(),
            bytes: self.bytes,
            moment,
            columns: self.size.0,
            rows: self.size.1,
            way: PictureWay::cells(self.shape, self.depth),
        };
        self.pictures.decode(frame, self.sender.clone());
    }

    fn key(&mut self, key: KeyEvent) -> Option<Exit> {
        let is_ctrl_c = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            _ if is_ctrl_c => return Some(Exit::Interrupted),
            KeyCode::Char('q') | KeyCode::Esc => return Some(Exit::Ok),
            KeyCode::Char(' ') if self.is_playing => self.stop(),
            KeyCode::Char(' ') => self.play(),
            KeyCode::Char(c @ (',' | '.')) => {
                if self.is_playing {
                    self.stop();
                }
                self.still(if c == ',' {
                    Moment::Before(self.at)
                } else {
                    Moment::After(self.at)
                });
            }
            KeyCode::Char(';') => {
                self.repeats = !self.repeats;
                self.again();
            }
            KeyCode::Char(c @ ('{' | '}')) => {
                let speed = if c == '{' {
                    self.speed.slower()
                } else {
                    self.speed.faster()
                };
                self.speed = speed.unwrap_or(self.speed);
                self.again();
            }
            _ => {}
        }
        None
    }

    /// What is played goes on in another way.
    fn again(&mut self) {
        if self.is_playing {
            self.play();
        }
        self.tell();
    }

    fn resize(&mut self, size: (u16, u16)) {
        write(b"\r\x1b[J");
        (self.size, self.shown) = (size, Grid::default());
        self.told.clear();
        self.begin();
        if self.is_playing {
            self.play();
        } else {
            self.still(Moment::At(self.at));
        }
        self.tell();
    }

    fn receive(&mut self, message: Message) -> Option<Exit> {
        match message {
            Message::Played(played) if played.playing == self.number => self.show(*played),
            Message::PlayEnded(ended) if ended.playing == self.number && self.is_playing => {
                self.at = ended.at;
                self.tell();
                match ended.how {
                    PlayEnd::Over => return Some(Exit::Ok),
                    PlayEnd::Failed => return Some(Exit::Other),
                    PlayEnd::Stopped => {}
                }
            }
            Message::Pictured(pictured) if !self.is_playing => {
                if let (Ok(cells), Moment::At(at)) = (&pictured.picture, pictured.frame.moment) {
                    self.at = at;
                    self.draw(cells.grid().cloned().unwrap_or_default());
                    self.tell();
                }
            }
            _ => {}
        }
        None
    }

    fn show(&mut self, played: Played) {
        self.at = played.at;
        for part in played.parts {
            match part.cells {
                Ok(cells) => {
                    self.frames += 1;
                    self.draw(cells.grid().cloned().unwrap_or_default());
                }
                Err(why) => self.why = Some(why),
            }
        }
        self.tell();
        self.waits_for = Some(FrameTaken {
            playing: played.playing,
            frame: played.frame,
            was_behind: false,
        });
        if !Out::is_behind() {
            self.taken(false);
        }
    }

    /// The terminal has accepted everything.
    fn taken(&mut self, was_behind: bool) {
        if let Some(taken) = self.waits_for.take() {
            self.player.taken(FrameTaken { was_behind, ..taken });
        }
    }

    fn draw(&mut self, grid: Grid) {
        let bytes = changes(&self.shown, &grid);
        self.shown = grid;
        write(&bytes);
    }

    /// Writes where it is and the keys below the picture.
    fn tell(&mut self) {
        let sign = match (self.is_playing, self.repeats) {
            (true, true) => "loop",
            (true, false) => "play",
            (false, _) => "stop",
        };
        let times = format!("{} of {}", moment(self.at), moment(self.length));
        self.say(&format!(
            "{sign} {times} {:>3}x  Space , . ; {{ }} q",
            self.speed.word()
        ));
    }

    /// What was played, once it has ended: `take 12: 10 s, 230 of 240 frames shown`. More were shown than there are where it
    /// was played again.
    fn summary(&self, name: &str, frames: u32) -> String {
        let shown = if self.frames > frames {
            counted(self.frames, "frame")
        } else {
            format!("{} of {}", self.frames, counted(frames, "frame"))
        };
        format!("{}: {}, {shown} shown", one_line(name, 200), length(self.length))
    }

    /// Writes the line below the picture, when it has changed.
    fn say(&mut self, line: &str) {
        let columns = crossterm::terminal::size().map_or(0, |(columns, _)| usize::from(columns));
        let line = cut(line, columns.saturating_sub(1), "");
        if line != self.told && !Out::is_full() {
            // Only what differs from the line that is there.
            let same = line
                .bytes()
                .zip(self.told.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let rest = line.get(same..).unwrap_or_default();
            let skip = if same > 0 {
                format!("\x1b[{same}C")
            } else {
                String::new()
            };
            let rows = self.size.1;
            write(format!("\x1b[{rows}B{skip}{rest}\x1b[K\r\x1b[{rows}A").as_bytes());
            self.told = line;
        }
    }
}

fn write(bytes: &[u8]) {
    // A terminal that is gone ends the input as well.
    let _ = Out.write_all(bytes).and_then(|()| Out.flush());
}
