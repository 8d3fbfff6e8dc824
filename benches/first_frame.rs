//! Measures the workbench's first frame with 10,000 takes in the store: time, memory, and the cost of idling.
//!
//! `cargo bench --bench first_frame` starts the release program in a pseudo-terminal of 140×45, nine times, and
//! prints the median and the worst. Linux only: memory is read from `/proc`.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rushes::model::{Backend, Form, SystemClock, Usd};
use rushes::store::{Admission, Store};

const TAKES: u32 = 10_000;
const RUNS: usize = 9;
const IDLE: Duration = Duration::from_secs(10);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

struct Run {
    first_byte: Duration,
    first_frame: Duration,
    settled: Duration,
    frame_bytes: usize,
    peak_kib: u64,
    idle_bytes: usize,
    idle_wakes: u64,
}

#[allow(clippy::cast_precision_loss, reason = "a few MiB")]
fn main() -> Outcome<()> {
    let home = tempfile::tempdir()?;
    fill(home.path())?;
    let runs = (0..RUNS)
        .map(|i| run(home.path(), i == 0))
        .collect::<Outcome<Vec<_>>>()?;
    println!("{TAKES} takes in the store, {RUNS} starts, 140×45; median (worst)");
    let times = |of: fn(&Run) -> Duration| spread(runs.iter().map(|r| of(r).as_secs_f64() * 1000.0));
    let (byte, frame, whole) = (
        times(|r| r.first_byte),
        times(|r| r.first_frame),
        times(|r| r.settled),
    );
    println!("  first byte   {:>6.1} ms ({:.1})", byte.0, byte.1);
    println!("  first frame  {:>6.1} ms ({:.1})", frame.0, frame.1);
    println!(
        "  with its rows{:>6.1} ms ({:.1}), {} bytes in all",
        whole.0, whole.1, runs[0].frame_bytes
    );
    let peak = runs.iter().map(|r| r.peak_kib).max().unwrap_or(0);
    println!(
        "  peak memory  {:>6.1} MiB at most, after the first frame",
        peak as f64 / 1024.0
    );
    println!(
        "  idle {} s    {} bytes, {} wake-ups",
        IDLE.as_secs(),
        runs[0].idle_bytes,
        runs[0].idle_wakes
    );
    Ok(())
}

/// A store of cancelled takes: the log lists them all, and there is nothing to do.
fn fill(home: &Path) -> Outcome<()> {
    let store = Store::open(&home.join("data/rushes.db"), Arc::new(SystemClock))?;
    let reel = store.reel("main")?;
    let form = Form {
        prompt: "Shot 1 | 0s-2s\nA kite lifts over a grey beach.".into(),
        ..Form::default()
    };
    for batch in 0..TAKES / 200 {
        let seeds = format!("{}..{}", batch * 200, batch * 200 + 199);
        let form = Form {
            seeds,
            ..form.clone()
        };
        let drawn = form.seed_list()?.draw(&mut fastrand::Rng::with_seed(1));
        let admission = Admission::of(&reel.id, Backend::Sandbox, form, drawn, Usd::ZERO, Usd::ZERO);
        for id in store.admit(&admission)? {
            store.cancel(id)?;
        }
    }
    Ok(())
}

fn run(home: &Path, and_idle: bool) -> Outcome<Run> {
    let pair = native_pty_system().openpty(PtySize {
        rows: 45,
        cols: 140,
        pixel_width: 0,
        pixel_height: 0,
    })?;
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    command.env_clear();
    for (name, value) in [
        ("TERM", "xterm-256color"),
        ("LANG", "C.UTF-8"),
        ("PATH", "/usr/bin:/bin"),
    ] {
        command.env(name, value);
    }
    command.env("RUSHES_HOME", home);
    command.cwd(home);
    let mut reader = pair.master.try_clone_reader()?;
    let mut keys = pair.master.take_writer()?;
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut chunk = vec![0; 1 << 16];
        while let Ok(n @ 1..) = reader.read(&mut chunk) {
            if sender.send((Instant::now(), chunk[..n].to_vec())).is_err() {
                break;
            }
        }
    });
    let start = Instant::now();
    let mut child = pair.slave.spawn_command(command)?;
    let pid = child.process_id().ok_or("no process")?;
    let (first, frame, last, frame_bytes) = settled(&output)?;
    let peak_kib = status(pid, "VmHWM")?;
    let (mut idle_bytes, mut idle_wakes) = (0, 0);
    if and_idle {
        let before = wakes(pid)?;
        let until = Instant::now() + IDLE;
        while let Ok((_, bytes)) = output.recv_timeout(until.saturating_duration_since(Instant::now())) {
            idle_bytes += bytes.len();
        }
        // A thread that ends meanwhile has nothing to do with idling.
        let woken = |(thread, count): (&String, &u64)| count - before.get(thread).unwrap_or(&0);
        idle_wakes = wakes(pid)?.iter().map(woken).sum();
    }
    keys.write_all(b"q")?;
    keys.flush()?;
    child.wait()?;
    Ok(Run {
        first_byte: first - start,
        first_frame: frame - start,
        settled: last - start,
        frame_bytes,
        peak_kib,
        idle_bytes,
        idle_wakes,
    })
}

/// The first output, the end of the first whole frame, the last output before half a second without any, and all
/// bytes until then.
fn settled(output: &Receiver<(Instant, Vec<u8>)>) -> Outcome<(Instant, Instant, Instant, usize)> {
    let (first, mut bytes) = output.recv_timeout(Duration::from_secs(10))?;
    let (mut last, mut frame) = (first, None);
    loop {
        // The key line is drawn last.
        if frame.is_none() && bytes.windows(4).any(|window| window == b"quit") {
            frame = Some(last);
        }
        match output.recv_timeout(Duration::from_millis(500)) {
            Ok((at, more)) => {
                last = at;
                bytes.extend(more);
            }
            Err(_) => return Ok((first, frame.ok_or("no frame came")?, last, bytes.len())),
        }
    }
}

fn status(pid: u32, name: &str) -> Outcome<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text
        .lines()
        .find(|line| line.starts_with(name))
        .ok_or("not in /proc")?;
    Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
}

/// Voluntary context switches of each thread: each is a wake-up.
fn wakes(pid: u32) -> Outcome<BTreeMap<String, u64>> {
    let mut threads = BTreeMap::new();
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let task = task?;
        let text = std::fs::read_to_string(task.path().join("status"))?;
        let line = text.lines().find(|line| line.starts_with("voluntary_ctxt"));
        let count = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        threads.insert(
            task.file_name().to_string_lossy().into_owned(),
            count.unwrap_or(0),
        );
    }
    Ok(threads)
}

fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[values.len() - 1])
}
