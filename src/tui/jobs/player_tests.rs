//! The player on a clock that stands still while anything is done, against a loop that is played here.

use std::path::PathBuf;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::media::cells::{Depth, Shape};
use crate::media::{Span, Speed};
use crate::model::TakeId;
use crate::tui::playing::PlayingTake;

/// 29 pictures of half a second each.
const CLIP: &str = "tests/clips/cut.mp4";

fn playing(files: &[&str], span: Span) -> Playing {
    let part = |(at, file): (usize, &&str)| PlayingTake {
        take: TakeId(i64::try_from(at).unwrap() + 1),
        file: PathBuf::from(file),
        bytes: None,
        columns: 40,
        rows: 20,
        shown: None,
    };
    Playing {
        number: 7,
        parts: files.iter().enumerate().map(part).collect(),
        span,
        shape: Shape::Half,
        depth: Depth::Truecolor,
        bytes_per_second: 60_000,
    }
}

const WHOLE: Span = Span {
    at: 0,
    start: 0,
    end: u64::MAX,
    repeats: false,
    speed: Speed::Normal,
};

/// The loop's side.
struct Desk {
    player: Player,
    meter: Meter,
    messages: UnboundedReceiver<Message>,
    sender: UnboundedSender<Message>,
}

impl Desk {
    fn new() -> Self {
        let (sender, messages) = unbounded_channel();
        Self {
            player: Player::default(),
            meter: Meter::default(),
            messages,
            sender,
        }
    }

    fn play(&self, playing: Playing) {
        self.player.play(playing, self.meter.clone(), self.sender.clone());
    }

    /// The next message.
    async fn next(&mut self) -> Result<Played, PlayEnded> {
        match self.messages.recv().await.unwrap() {
            Message::Played(played) => Ok(*played),
            Message::PlayEnded(ended) => Err(ended),
            other => panic!("{other:?}"),
        }
    }

    /// The terminal has accepted the frame of `bytes`.
    fn take(&self, played: &Played, bytes: usize, was_behind: bool) {
        self.meter.add(bytes);
        self.player.taken(FrameTaken {
            playing: played.playing,
            frame: played.frame,
            was_behind,
        });
    }

    /// Takes every frame until the end; returns their times, how late each came after the first, and the end.
    async fn all(&mut self, bytes: usize) -> (Vec<u64>, Vec<Duration>, PlayEnded) {
        let (mut times, mut late, mut start) = (Vec::new(), Vec::new(), None);
        loop {
            match self.next().await {
                Ok(played) => {
                    let start = *start.get_or_insert_with(Instant::now);
                    late.push(start.elapsed());
                    times.push(played.at);
                    self.take(&played, bytes, false);
                }
                Err(ended) => return (times, late, ended),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_take_is_played_by_the_clock_to_its_end() {
    let mut desk = Desk::new();
    desk.play(playing(&[CLIP], WHOLE));
    let (times, late, ended) = desk.all(500).await;
    assert!((28..=31).contains(&times.len()), "{times:?}");
    for (at, late) in times.iter().zip(&late) {
        assert!(
            late.abs_diff(Duration::from_millis(*at)) < Duration::from_millis(40),
            "{at} {late:?}"
        );
    }
    assert_eq!((ended.playing, ended.how), (7, PlayEnd::Over));
    assert!(ended.at > 14_000, "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_shot_is_played_again_and_again_at_every_speed_until_it_is_stopped() {
    for (speed, lasts) in [(Speed::Quarter, 8000), (Speed::Double, 1000)] {
        let mut desk = Desk::new();
        let shot = Span {
            at: 3000,
            start: 2000,
            end: 4000,
            repeats: true,
            speed,
        };
        desk.play(playing(&[CLIP], shot));
        let start = Instant::now();
        let mut times = Vec::new();
        while times.len() < 12 {
            let played = desk.next().await.unwrap();
            times.push(played.at);
            desk.take(&played, 500, false);
        }
        assert!(times.iter().all(|at| (2000..4000).contains(at)), "{times:?}");
        assert_eq!(
            times.windows(2).filter(|pair| pair[1] < pair[0]).count(),
            3,
            "{times:?}"
        );
        assert!(
            start.elapsed() >= Duration::from_millis(lasts * 2),
            "{:?}",
            start.elapsed()
        );
        desk.player.stop();
        assert_eq!(desk.next().await.unwrap_err().how, PlayEnd::Stopped);
    }
}

#[tokio::test(start_paused = true)]
async fn two_takes_are_shown_in_step_and_one_that_cannot_be_read_is_a_word() {
    let mut desk = Desk::new();
    desk.play(playing(&[CLIP, "tests/clips/part2.mp4"], WHOLE));
    let played = desk.next().await.unwrap();
    let takes: Vec<TakeId> = played.parts.iter().map(|part| part.take).collect();
    assert_eq!(takes, [TakeId(1), TakeId(2)]);
    assert!(played.parts.iter().all(|part| part.cells.is_ok()));
    desk.play(playing(&[CLIP, "tests/clips/gone.mp4"], WHOLE));
    assert_eq!(
        desk.next().await.unwrap_err().how,
        PlayEnd::Stopped,
        "of the first"
    );
    let played = desk.next().await.unwrap();
    assert!(played.parts[0].cells.is_ok());
    let why = played.parts[1].cells.as_ref().unwrap_err();
    assert!(why.contains("gone.mp4 is not there"), "{why}");
    desk.play(playing(&["tests/clips/sound-only.mp4"], WHOLE));
    assert_eq!(desk.next().await.unwrap_err().how, PlayEnd::Stopped);
    let played = desk.next().await.unwrap();
    assert!(
        played.parts[0]
            .cells
            .as_ref()
            .unwrap_err()
            .contains("no picture track")
    );
    desk.take(&played, 0, false);
    assert_eq!(desk.next().await.unwrap_err().how, PlayEnd::Failed);
}

/// The budget counts what was written for keys meanwhile as well.
#[tokio::test(start_paused = true)]
async fn what_the_pictures_cost_lowers_their_number() {
    let mut desk = Desk::new();
    let double = Span {
        speed: Speed::Double,
        ..WHOLE
    };
    desk.play(playing(&[CLIP], double));
    let (times, late, ended) = desk.all(60_000).await;
    assert_eq!(ended.how, PlayEnd::Over);
    assert!(times.len() < 12 && times.is_sorted(), "{times:?}");
    let last = late.last().unwrap().as_millis();
    let sent = times.len() as u128 * 60_000;
    assert!(sent <= last * 60 + 30_000 + 60_000, "{sent} bytes in {last} ms");
}

/// Nothing is decoded or queued while the terminal does not take what it has.
#[tokio::test(start_paused = true)]
async fn a_terminal_that_takes_nothing_gets_one_picture_and_later_the_next_one() {
    let mut desk = Desk::new();
    desk.play(playing(&[CLIP], WHOLE));
    let mut times = Vec::new();
    for _ in 0..3 {
        let played = desk.next().await.unwrap();
        times.push(played.at);
        desk.take(&played, 500, false);
    }
    let stuck = desk.next().await.unwrap();
    tokio::time::sleep(Duration::from_mins(60)).await;
    assert!(desk.messages.is_empty());
    desk.take(&stuck, 500, true);
    let next = desk.next().await.unwrap();
    assert!(
        next.at > stuck.at && next.at < stuck.at + 2000,
        "it goes on where it was: {}",
        next.at
    );
    // It takes about eight bytes an hour, so that the next picture is a long way off; that can be stopped too.
    desk.take(&next, 500, true);
    desk.player.stop();
    let ended = desk.next().await.unwrap_err();
    assert_eq!((ended.how, ended.at), (PlayEnd::Stopped, next.at));
}

#[tokio::test(start_paused = true)]
async fn what_is_played_next_goes_on_with_the_open_video() {
    let mut desk = Desk::new();
    desk.play(playing(&[CLIP], WHOLE));
    let first = desk.next().await.unwrap();
    desk.take(&first, 500, false);
    let on = Span { at: 6000, ..WHOLE };
    desk.play(Playing {
        number: 8,
        ..playing(&[CLIP], on)
    });
    assert_eq!(desk.next().await.unwrap_err().playing, 7);
    let played = desk.next().await.unwrap();
    assert_eq!((played.playing, played.at, played.frame), (8, 6000, 1));
    // What is said of the one before does not count for this one.
    desk.take(
        &Played {
            playing: 7,
            ..played.clone()
        },
        500,
        false,
    );
    tokio::time::sleep(Duration::from_secs(9)).await;
    assert!(desk.messages.is_empty());
    desk.take(&played, 500, false);
    assert_eq!(desk.next().await.unwrap().frame, 2);
}

/// A connection does not change between two plays.
#[tokio::test(start_paused = true)]
async fn the_next_playing_knows_what_the_terminal_takes() {
    let mut desk = Desk::new();
    desk.play(playing(&[CLIP], WHOLE));
    for _ in 0..6 {
        let played = desk.next().await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        desk.take(&played, 2000, true);
    }
    desk.player.stop();
    assert_eq!(desk.next().await.unwrap_err().playing, 7);
    // The videos need not stay open for that.
    desk.player.close();
    desk.play(Playing {
        number: 8,
        ..playing(&[CLIP], WHOLE)
    });
    let played = desk.next().await.unwrap();
    desk.take(&played, 0, false);
    desk.player.stop();
    assert_eq!(desk.next().await.unwrap_err().playing, 8);
    let line = desk.player.line.lock().unwrap().clone().unwrap();
    // The terminal accepted one picture at once, so a quarter more is tried.
    let pace = line.pace.rate();
    assert!((pace - 2500.0).abs() < 1.0, "{pace}");
}

#[tokio::test(start_paused = true)]
async fn the_next_playing_is_drawn_as_finely_as_the_last_one_could_be() {
    let mut desk = Desk::new();
    let finest = Quality::new(Depth::Truecolor);
    let mut quality = finest.clone();
    assert!(quality.lower(20_000, 10_000));
    let pace = Pace::new(60_000);
    *desk.player.line.lock().unwrap() = Some(Line { pace, quality });
    desk.play(playing(&[CLIP], WHOLE));
    let played = desk.next().await.unwrap();
    desk.take(&played, 0, false);
    desk.player.stop();
    assert_eq!(desk.next().await.unwrap_err().playing, 7);
    assert_ne!(desk.player.line.lock().unwrap().as_ref().unwrap().quality, finest);
}
