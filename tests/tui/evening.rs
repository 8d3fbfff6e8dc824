//! A whole evening at the workbench: from an empty form to a bundle that another home understands.
//!
//! Every step is done by keys, on the real sandbox and the real engine, and its screen is compared at two sizes. What the
//! store holds at the end is compared as one table. `INSTA_UPDATE=always cargo test --test tui evening` updates them.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crossterm::event::Event;
use jiff::SignedDuration;
use rushes::engine::sidecars::bundled;
use rushes::model::{Backend, Take, TakeState};
use rushes::service::opening;
use rushes::store::{Filter, Store};

use crate::snapshots::{MIDDLE, SMALL, THIRD_FAILS, at, steady};
use crate::styled_text::text;
use crate::test_provider::Provider;
use crate::test_workbench::{Desk, Options, REEL, workbench};

/// A script that is longer than the ten seconds of the form.
const SCRIPT: &str = "\
A night drive in a red convertible. Cold neon, wet asphalt, film grain.

Shot 1 | 0s-2s
Medium shot, static camera. Two drivers in the parked car, in profile, cold faces.

Shot 2 | 2s-4s
Wide shot, static camera. She sits on the door, he leans on the fender.

Shot 3 | 4s-9s
Side tracking shot at the speed of the car. Neon blurs behind them.

Shot 4 | 9s-14s
Front tracking shot. He says, \"We never left.\"";

/// What the evening is done with.
struct Evening {
    desk: Desk,
    step: Cell<u32>,
}

impl Evening {
    fn of(desk: Desk, step: u32) -> Self {
        let step = Cell::new(step);
        Self { desk, step }
    }

    /// Presses keys one after the other, each when the one before has done its work.
    async fn press(&self, keys: &str) {
        for key in keys.split_whitespace() {
            self.desk.press(key);
            self.desk.settle_for(Duration::from_millis(20)).await;
        }
    }

    async fn paste(&self, text: &str) {
        self.desk.send(Event::Paste(text.to_owned()));
        self.desk.settle_for(Duration::from_millis(20)).await;
    }

    /// Compares the screen at both sizes, once it shows `words`.
    async fn shows(&self, name: &str, words: &str) {
        self.step.set(self.step.get() + 1);
        for size in [SMALL, MIDDLE] {
            let desk = &self.desk;
            desk.resize(size.0, size.1);
            desk.sees(words).await;
            desk.until("all is drawn", |desk| desk.shows_all_at(size)).await;
            desk.rest().await;
            desk.sees_no("reading the video").await;
            let name = format!("{:02}_{name}_{}x{}", self.step.get(), size.0, size.1);
            insta::assert_snapshot!(name, steady(&self.without_chance(text(&desk.glass.buffer()))));
        }
    }

    /// The random ends of the names of folders blotted out, also where a path is cut at its start.
    fn without_chance(&self, mut shown: String) -> String {
        let reel = self.desk.store.reel(REEL).unwrap().folder;
        let home = self.desk.store.path().parent().unwrap().display().to_string();
        for (folder, after) in [(reel, "/"), (home, "/reels")] {
            for length in (2..=8).rev() {
                let end: String = folder.chars().rev().take(length).collect();
                let end: String = end.chars().rev().collect();
                if !end.contains('-') {
                    shown = shown.replace(
                        &format!("{end}{after}"),
                        &format!("{}{after}", "0".repeat(length)),
                    );
                }
            }
        }
        shown
    }

    /// Lets the provider, which works on one take at a time, render `count` takes.
    async fn render(&self, count: usize) {
        for _ in 0..count {
            let before = self.settled();
            let at_work = |state: TakeState| matches!(state, TakeState::Queued | TakeState::Processing);
            self.desk
                .until("the provider has one", |desk| {
                    takes(&desk.store).iter().any(|take| at_work(take.state))
                })
                .await;
            self.desk.clock.advance(SignedDuration::from_secs(3));
            self.desk
                .until("it is settled", |desk| settled(&desk.store) > before)
                .await;
        }
        self.desk.settle().await;
    }

    fn settled(&self) -> usize {
        settled(&self.desk.store)
    }
}

/// All takes, by number.
fn takes(store: &Store) -> Vec<Take> {
    let mut takes = store.takes(&Filter::default(), 0, 100).unwrap();
    takes.sort_by_key(|take| take.id);
    takes
}

fn settled(store: &Store) -> usize {
    takes(store).iter().filter(|take| take.state.settled()).count()
}

/// What a store holds, a take a row, and then its sweeps. The video of every saved take must be the one that was saved.
fn table(store: &Store) -> String {
    let mut out = "take  from            sweep  seed  size       state   verdict   tags, note\n".to_owned();
    for take in takes(store) {
        let from = take.lineage.zip(take.parent);
        let from = from.map_or_else(String::new, |(how, parent)| format!("{how:?} {parent}"));
        let sweep = take.sweep.map_or_else(String::new, |sweep| sweep.to_string());
        let row = format!(
            "{:>4}  {from:<14}  {sweep:>5}  {:>4}  {} {:>3}s  {:<7} {:<9} {} {}",
            take.id,
            take.seed,
            take.resolution,
            take.duration,
            take.state.word(),
            take.verdict.word(),
            take.tags.join(","),
            take.note.as_deref().unwrap_or_default(),
        );
        writeln!(out, "{}", row.trim_end()).unwrap();
        if let Some(file) = &take.file {
            assert_eq!(
                take.sha256.as_ref(),
                bundled::hash(file).ok().as_ref(),
                "{}",
                file.display()
            );
        }
    }
    for row in store.sweeps(None, 0, 100).unwrap() {
        let pair = row.sweep.pair.map(|pair| format!(", seeds of sweep {pair}"));
        let (number, varies) = (row.sweep.number, &row.sweep.varies);
        writeln!(out, "sweep {number} varies {varies}{}", pair.unwrap_or_default()).unwrap();
    }
    out
}

#[test]
fn an_evening_from_the_first_word_to_the_bundle() {
    let options = Options {
        backend: Backend::Sandbox,
        cap: None,
        ..at(Provider {
            faults: THIRD_FAILS,
            in_flight: Some(1),
            is_fast: true,
            ..Provider::default()
        })
    };
    let ended = workbench(options, |desk| async move {
        let evening = Evening::of(desk.clone(), 0);

        desk.sees("lighthouse").await;
        evening.press("E i").await;
        evening.paste(SCRIPT).await;
        evening.press("esc").await;
        evening.shows("script", "F Duration 15 s").await;

        evening.press("F").await;
        evening.shows("lint_fixed", "14 s of 15 s").await;

        evening.press("s 1 0 1 . . 1 0 6").await;
        evening.shows("planner", "Generate 6 takes?").await;

        evening.press("enter").await;
        evening.render(6).await;
        evening.press("4 home").await;
        evening.shows("swept", "5 of 6 saved").await;

        evening.press("end k k").await;
        evening.shows("moderation_failure", "moderation").await;

        evening.press("end * k *").await;
        evening.press("n").await;
        evening.paste("her look at 0:03 is right").await;
        evening.press("enter #").await;
        evening.paste("hero").await;
        evening.press("enter home").await;
        evening.press("-").await;
        evening.shows("reject_the_rest", "not circled?").await;
        evening.press("y").await;
        evening.shows("judged", "3 takes rejected").await;

        evening.press("1 i ctrl-home").await;
        evening.paste("Heavy rain. ").await;
        evening.press("esc 4 S").await;
        evening.shows("same_seeds", "Generate 2 takes?").await;

        evening.press("enter").await;
        evening.render(2).await;
        evening.press("4 home").await;
        evening.shows("paired", "seeds of").await;

        evening.press("j * v end k v d").await;
        evening.shows("difference", "From take 2 to take 8").await;

        evening.press("esc V home j p").await;
        evening.shows("promote", "Promote take").await;

        evening.press("enter").await;
        evening.shows("promote_asks", "Make a 720p take").await;

        evening.press("y").await;
        evening.render(1).await;
        evening.press("4 home").await;
        evening.shows("promoted", "from draft 8").await;

        evening.press("j j c").await;
        evening.shows("continued", "take 8's last frame").await;
        for _ in 0..2 {
            evening.press("s 1 0 2 enter").await;
            evening.render(1).await;
            evening.press("4 home c").await;
            evening.desk.sees("last frame").await;
        }
        evening.press("j").await;
        evening.shows("chain_of_three", "45 s  8").await;

        evening.press("+").await;
        evening.shows("join_asks", "Join takes").await;
        evening.press("enter").await;
        evening.shows("joined", "joined").await;

        evening.press("b").await;
        evening.shows("bundle_asks", "Bundle takes").await;
        evening.press("enter").await;
        evening.shows("bundled", "bundled").await;
    });
    insta::assert_snapshot!("store", table(&ended.desk.store));

    restore_on_an_empty_home(&bundle_in(&ended.desk));
}

fn bundle_in(desk: &Desk) -> std::path::PathBuf {
    let file = takes(&desk.store)[0].file.clone().unwrap();
    let mut files = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let tar = files.find_map(|entry| {
        let path = entry.unwrap().path();
        path.extension()
            .is_some_and(|ending| ending == "tar")
            .then_some(path)
    });
    tar.unwrap()
}

/// Takes the bundle to a home that knows nothing, as `rushes open` does, and looks at it there.
fn restore_on_an_empty_home(bundle: &Path) {
    let options = Options {
        backend: Backend::Sandbox,
        cap: None,
        ..at(Provider::default())
    };
    let folder = options.folder.clone().unwrap();
    let bundle = bundle.to_owned();
    let ended = workbench(options, |desk| async move {
        let evening = Evening::of(desk.clone(), 20);
        desk.sees("lighthouse").await;
        let reels = folder.path().join("reels");
        let out = opening::import(&desk.store, &reels, &bundle).unwrap().unwrap();
        assert_eq!(out.left_out, [""; 0]);
        evening.paste(&bundle.display().to_string()).await;
        evening.shows("open_bundle", "load one request").await;
        evening.press("enter").await;
        evening.shows("open_take", "Load this request").await;
        evening.press("y 4 home").await;
        evening.shows("restored", "45 s  8").await;
    });
    insta::assert_snapshot!("restored_store", table(&ended.desk.store));
}
