//! The columns of the log: which ones stay at every width, their headings, their choice, and the order of the rows.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rushes::config::LogColumn;
use rushes::engine::Event as News;
use rushes::model::{Seed, Take, TakeId, TakeState, Usd, Verdict, Wait};
use rushes::tui::app::App;
use rushes::tui::glyphs::UNICODE;
use rushes::tui::panes::PaneId;

use crate::drawing::{ansi, at_work, draw, focus, screen_of};
use crate::test_workbench::*;

/// The columns that can be dropped, those that matter most first.
const BY_IMPORTANCE: [&str; 9] = [
    "value", "cost", "time", "note", "words", "rev", "sweep", "sent", "file",
];

/// A live log whose takes have long seeds, bills, times, notes, and everything else.
fn full_log() -> App {
    let mut app = at_work();
    let state = app.state_mut();
    let log = &mut state.takes.log;
    let mut takes: Vec<Take> = log.rows().filter_map(|row| row.take().cloned()).collect();
    let saved = takes.last().unwrap().clone();
    for (at, take) in takes.iter_mut().enumerate() {
        take.id = TakeId(11_180 - i64::try_from(at).unwrap());
        take.seed = Seed::new(2_147_483_647 - u32::try_from(at).unwrap()).unwrap();
        take.sweep = Some(12);
        take.revision = Some(31);
        take.variant = Some(format!("coat=red {at}"));
        take.note = Some("her look at 0:03 is right, and the sand is too dark".to_owned());
        take.wait = Some(Wait {
            p50_ms: 127_000,
            p90_ms: 190_000,
            basis: String::new(),
        });
        if take.state == TakeState::Saved {
            take.verdict = Verdict::Circled;
        }
        state.takes.words.insert(take.id, "wool coat, dusk".to_owned());
    }
    takes.push(Take {
        id: TakeId(11_000),
        seed: Seed::new(1_000_000_007).unwrap(),
        cost: Some(Usd::from_micros(702_500)),
        ..saved
    });
    let log = &mut state.takes.log;
    log.show(takes);
    focus(&mut app, PaneId::Log);
    app
}

/// The lines of the log on the screen, without its frame.
fn lines(app: &App, width: u16, height: u16) -> Vec<String> {
    let (buffer, seen, _) = draw(app, &screen_of(ansi(), &UNICODE), width, height);
    let (_, area) = seen.panes.iter().find(|(pane, _)| *pane == PaneId::Log).unwrap();
    (area.y + 1..area.bottom() - 1)
        .map(|y| line(&buffer, *area, y))
        .collect()
}

fn line(buffer: &Buffer, area: Rect, y: u16) -> String {
    let columns = area.x + 1..area.right() - 1;
    columns.map(|x| buffer[(x, y)].symbol()).collect()
}

/// How many of the columns that can be dropped are shown, once it is clear that the others matter less.
fn shown_columns(header: &str, screen: &str) -> usize {
    let words: Vec<&str> = header.split_whitespace().collect();
    let shown: Vec<bool> = BY_IMPORTANCE.iter().map(|word| words.contains(word)).collect();
    let count = shown.iter().filter(|is_shown| **is_shown).count();
    assert!(
        shown[..count].iter().all(|is_shown| *is_shown),
        "what matters less is shown instead of what matters more\n{screen}"
    );
    // What stands in brackets comes behind the sweep and before the time of sending.
    let brackets = screen.contains("118s (−9)") && screen.contains("$0.703 (");
    assert!(!brackets || count >= 7, "{screen}");
    assert!(brackets || count < 8, "{screen}");
    count
}

#[test]
fn at_every_width_the_log_tells_takes_apart_and_drops_what_matters_least() {
    let app = full_log();
    let rows = app.state().takes.log.rows();
    let takes: Vec<Take> = rows.filter_map(|row| row.take().cloned()).collect();
    // By the width of the pane.
    let mut shown: BTreeMap<usize, usize> = BTreeMap::new();
    // High and wide terminals have all panes.
    let sizes = (40..=240).map(|width| (width, 24));
    for (width, height) in sizes.chain((120..=240).map(|width| (width, 45))) {
        let lines = lines(&app, width, height);
        let screen = format!("{width}x{height}\n{}", lines.join("\n"));
        for take in &takes {
            let number = format!(" {} ", take.id);
            let row = lines.iter().find(|line| line.replace('›', " ").contains(&number));
            let row = row.unwrap_or_else(|| panic!("no {number} in {screen}"));
            let state: String = take.state_in_words().chars().take(3).collect();
            let size = format!("{} 10s", take.resolution);
            for part in [&format!("s{}", take.seed.number()), &size, &state] {
                assert!(row.contains(part), "no {part} in {screen}");
            }
            let is_circled = format!("{row} ").contains(" * ");
            assert_eq!(is_circled, take.verdict == Verdict::Circled, "{screen}");
        }
        let header = &lines[0];
        assert!(header.contains("no ") && header.contains("seed"), "{screen}");
        let count = shown_columns(header, &screen);
        // Times and costs are never cut.
        if count >= 3 {
            assert!(screen.contains("$0.703") && screen.contains("118s"), "{screen}");
        }
        assert_eq!(
            *shown.entry(header.chars().count()).or_insert(count),
            count,
            "{screen}"
        );
    }
    let counts: Vec<usize> = shown.values().copied().collect();
    assert!(counts.is_sorted(), "a wider pane shows less: {shown:?}");
    assert_eq!(counts.last(), Some(&BY_IMPORTANCE.len()));
}

/// At the sizes that are used most.
#[test]
fn the_usual_sizes_show_costs_and_times() {
    let app = full_log();
    for (width, height, expected) in [(80, 24, "value"), (120, 45, "time"), (200, 60, "words")] {
        let header = &lines(&app, width, height)[0];
        let words: Vec<&str> = header.split_whitespace().collect();
        assert!(words.contains(&expected), "{width}x{height}: {header}");
    }
}

/// Takes under the row of their sweep, one of them marked, with everything as wide as it can be.
#[test]
fn under_a_sweep_the_narrowest_log_keeps_the_verdict() {
    let mut app = full_log();
    let state = app.state_mut();
    let mut takes: Vec<Take> = state
        .takes
        .log
        .rows()
        .filter_map(|row| row.take().cloned())
        .collect();
    for take in &mut takes {
        take.resolution = "1080p".parse().unwrap();
        take.verdict = Verdict::Rejected;
    }
    let member = rushes::store::Member {
        id: takes[1].id,
        state: takes[1].state,
        verdict: takes[1].verdict,
        backend: takes[1].backend,
        is_repeated: false,
        is_paused: false,
        cost: None,
        estimate: Usd::ZERO,
    };
    state.takes.marks.insert(takes[1].id, member);
    state.takes.log.show(takes);
    for width in [40, 72] {
        let lines = lines(&app, width, 24);
        let rows = lines.iter().filter(|line| line.contains("1080p 10s"));
        assert_eq!(
            rows.clone().filter(|line| line.contains(" -")).count(),
            8,
            "{lines:#?}"
        );
        assert!(
            lines
                .iter()
                .any(|line| line.contains('+') && line.contains("11179")),
            "{lines:#?}"
        );
    }
}

#[test]
fn a_failure_stands_where_a_failed_take_has_no_time_and_no_cost() {
    let mut app = full_log();
    for (width, reason) in [(160, "moderation"), (240, "moderation: output audio")] {
        let lines = lines(&app, width, 24);
        let row = lines.iter().find(|line| line.contains("failed")).unwrap();
        assert!(row.contains(reason), "{width}: {row}");
    }
    // Without a take that has any of it, and without any other column, the reason has the room all the same.
    let state = app.state_mut();
    let failed: Vec<Take> = state
        .takes
        .log
        .rows()
        .filter_map(|row| row.take().filter(|take| take.state == TakeState::Failed).cloned())
        .collect();
    state.takes.log.show(failed);
    for columns in [LogColumn::DEFAULT.to_vec(), Vec::new(), vec![LogColumn::Sweep]] {
        app.state_mut().log_columns = columns;
        let lines = lines(&app, 160, 24);
        let row = lines.iter().find(|line| line.contains("failed")).unwrap();
        assert!(row.contains("moderation: outp"), "{row}");
    }
}

/// Every row is on one of the pages.
#[test]
fn paging_shows_every_row() {
    let mut app = full_log();
    let first = app.state().takes.log.groups[0].takes[0].clone();
    let takes = (0..60).map(|n| Take {
        id: TakeId(60 - n),
        ..first.clone()
    });
    app.state_mut().takes.log.show(takes.collect());
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..12 {
        for line in lines(&app, 100, 24) {
            let number = line.replace('›', " ");
            let number = number
                .split_whitespace()
                .next()
                .and_then(|word| word.parse::<u32>().ok());
            seen.extend(number);
        }
        let (_, drawn, _) = draw(&app, &screen_of(ansi(), &UNICODE), 100, 24);
        app.drawn(drawn);
        app.act(rushes::tui::keymap::Action::PageDown).unwrap();
    }
    assert_eq!(seen.len(), 60, "{seen:?}");
}

fn order_of(desk: &Desk, seeds: &[&str]) -> Vec<usize> {
    let screen = desk.glass.text();
    let place = |seed: &&str| {
        let line = screen
            .lines()
            .position(|line| line.contains(*seed) && line.contains("480p"));
        line.unwrap_or_else(|| panic!("no {seed} in\n{screen}"))
    };
    let places: Vec<usize> = seeds.iter().map(place).collect();
    let mut sorted: Vec<usize> = (0..seeds.len()).collect();
    sorted.sort_by_key(|at| places[*at]);
    sorted
}

/// Three saved takes and one that waits, of the seeds 9, 7, 8 and 5.
fn with_takes(desk: &Desk) {
    let ids = crate::delivered::saved_sweep(desk, &[9, 7, 8]);
    desk.store.set_verdict(ids[2], Verdict::Rejected).unwrap();
    desk.store.set_verdict(ids[1], Verdict::Circled).unwrap();
    crate::takes::admit(desk, 5);
    desk.tell(News::Take(ids[0]));
}

#[test]
fn the_order_is_chosen_from_a_list_and_the_selected_take_stays_selected() {
    workbench(Options::default(), |desk| async move {
        with_takes(&desk);
        desk.press("4 z");
        desk.sees("sweep 1").await;
        desk.settle().await;
        let seeds = [" s9 ", " s7 ", " s8 ", " s5 "];
        desk.press("O");
        desk.sees("Order of the log").await;
        desk.sees("seed    lowest first").await;
        desk.press("down down down enter");
        desk.sees("by seed").await;
        // No sweep is in the way, and the sweep of a take has a column.
        desk.sees_no("sweep 1 ").await;
        assert_eq!(order_of(&desk, &seeds), [3, 1, 2, 0], "{}", desk.glass.text());
        desk.press("home down");
        desk.settle().await;
        desk.press("n");
        desk.write("the seventh").await;
        desk.press("enter");
        desk.sees("the seventh").await;
        desk.until("the note of take 2", |desk| {
            desk.store.take(TakeId(2)).unwrap().note.is_some()
        })
        .await;
        desk.press("O down enter");
        desk.sees("by verdict").await;
        desk.settle().await;
        assert_eq!(order_of(&desk, &seeds), [1, 3, 0, 2], "{}", desk.glass.text());
        let pointed = |desk: &Desk| {
            let screen = desk.glass.text();
            let line = screen.lines().find(|line| line.contains('›'));
            line.map(str::to_owned).unwrap_or_default()
        };
        assert!(pointed(&desk).contains(" s7 "), "{}", desk.glass.text());
        // The next one without a verdict is the next by number, and the order stays.
        desk.press("a");
        desk.until("the pointer on seed 9", |desk| pointed(desk).contains(" s9 "))
            .await;
        // The filter keeps any order, and the order of the numbers has the sweeps again.
        desk.press("/");
        desk.write("sweep:1").await;
        desk.press("enter");
        desk.sees_no(" s5 ").await;
        assert_eq!(order_of(&desk, &[" s9 ", " s7 ", " s8 "]), [1, 0, 2]);
        desk.press("esc esc z O home enter");
        desk.sees("sweep 1").await;
        desk.sees_no("by verdict").await;
        desk.until("the pointer on seed 9", |desk| pointed(desk).contains(" s9 "))
            .await;
        // The take is still the selected one, and keys act on it.
        desk.press("*");
        desk.until("a circle on seed 9", |desk| pointed(desk).contains(" * "))
            .await;
        // Keys behind a new order go on from the same take in that order, and two orders behind each other keep it.
        desk.press("O down down down enter k");
        desk.until("the pointer on seed 8", |desk| pointed(desk).contains(" s8 "))
            .await;
        desk.press("O down down enter O down enter");
        desk.until("the pointer on seed 8", |desk| pointed(desk).contains(" s8 "))
            .await;
        desk.sees("by verdict").await;
    });
}

/// A take that moves to another place takes the selection with it.
#[test]
fn a_verdict_in_the_order_of_verdicts_is_given_to_one_take() {
    workbench(Options::default(), |desk| async move {
        let ids = crate::delivered::saved_sweep(&desk, &[9, 7, 8]);
        desk.tell(News::Take(ids[0]));
        desk.press("4 z");
        desk.sees("sweep 1").await;
        desk.press("O end enter");
        desk.sees("by verdict").await;
        desk.settle().await;
        desk.press("end");
        desk.settle().await;
        desk.press("*");
        desk.until("a circled take", |desk| {
            desk.store.take(ids[0]).unwrap().verdict == Verdict::Circled
        })
        .await;
        desk.settle().await;
        assert_eq!(
            order_of(&desk, &[" s9 ", " s7 ", " s8 "]),
            [0, 2, 1],
            "{}",
            desk.glass.text()
        );
        desk.press("-");
        desk.until("a rejected take", |desk| {
            desk.store.take(ids[0]).unwrap().verdict == Verdict::Rejected
        })
        .await;
        let verdict = |id: &TakeId| desk.store.take(*id).unwrap().verdict;
        let verdicts: Vec<Verdict> = ids.iter().map(verdict).collect();
        assert_eq!(verdicts, [Verdict::Rejected, Verdict::None, Verdict::None]);
    });
}

fn header(desk: &Desk) -> String {
    let screen = desk.glass.text();
    let line = screen
        .lines()
        .find(|line| line.contains("seed") && line.contains("state"));
    line.map(str::to_owned).unwrap_or_default()
}

#[test]
fn columns_are_shown_hidden_and_moved_for_this_run() {
    workbench(Options::default(), |desk| async move {
        with_takes(&desk);
        desk.press("4 z O down down down enter");
        desk.sees("by seed").await;
        desk.settle().await;
        let before = header(&desk);
        for word in ["cost", "time", "sweep", "sent", "file"] {
            assert!(before.contains(word), "{before}");
        }
        desk.press("|");
        desk.sees("Columns of the log").await;
        desk.sees("[x] cost").await;
        desk.press("down enter");
        desk.sees("[ ] cost").await;
        desk.sees(r#"columns = ["value", "time", "note""#).await;
        // The file's name becomes the first column.
        desk.press("end up K K K K K K K K K");
        desk.sees(r#"columns = ["file", "value""#).await;
        desk.press("esc");
        desk.sees_no("Columns of the log").await;
        let after = header(&desk);
        assert!(!after.contains("cost"), "{after}");
        assert!(after.find("file") < after.find("time"), "{after}");
        desk.press("| D esc");
        desk.until("the columns from before", |desk| header(desk) == before)
            .await;
    });
}

#[test]
fn the_settings_choose_columns() {
    let mut app = full_log();
    app.state_mut().log_columns = vec![LogColumn::Model, LogColumn::Cost];
    let header = &lines(&app, 160, 45)[0];
    let words: Vec<&str> = header.split_whitespace().collect();
    assert_eq!(words, ["no", "seed", "size", "state", "model", "cost"]);
    app.state_mut().log_columns = Vec::new();
    let lines = lines(&app, 160, 45);
    let row = lines.iter().find(|line| line.contains("saved")).unwrap();
    assert!(row.contains("s2147483") || row.contains("s1000000007"), "{row}");
}
