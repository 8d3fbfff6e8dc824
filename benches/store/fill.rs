//! Fills a home's database as months of work would: revisions, sweeps, verdicts, notes, events, exchanges. Seeded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rushes::model::{Form, SystemClock, Usd};
use rushes::store::{Admission, Store};
use rusqlite::{Connection, Transaction, params};
use serde_json::json;

const SEED: u64 = 2026;
/// Takes of a sweep.
const SWEEP: u32 = 6;
/// One sweep in this many changes the words.
const REVISED: u32 = 2;
/// The month that the provider's history covers is full of takes: everything that is compared at the start has to be.
const DAYS: i64 = 30;

const WORDS: &str = "night drive red convertible neon street rain beach camera tracking slow push static wide close \
    medium shot profile faces dark tones blur window reflection smoke dancer stage light gold blue silver ocean forest fog \
    morning train platform crowd umbrella cat glass coffee steam piano hands letters map desert storm bridge river snow";
const CHINESE: &str =
    "镜头特写夜晚红色敞篷车霓虹灯雨街道海滩风筝灯塔缓慢推进静止广角中景侧面黑暗色调模糊窗口倒影";

/// A home whose reel `main` is filled with takes.
pub struct Home {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub reel_id: String,
}

impl Home {
    pub fn with(takes: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = database(folder.path());
        let store = Store::open(&path, Arc::new(SystemClock)).unwrap();
        let reel_id = store.reel("main").unwrap().id;
        fill(&mut Connection::open(&path).unwrap(), &reel_id, takes);
        Self {
            folder,
            store,
            reel_id,
        }
    }
}

pub fn database(home: &Path) -> PathBuf {
    home.join("data/rushes.db")
}

/// Puts one take with a prompt of a usual length into the queue.
pub fn admit(home: &Home, random: &mut fastrand::Rng) {
    let form = Form {
        prompt: prompt(random),
        ..Form::default()
    };
    let seeds = "1 new".parse::<rushes::model::SeedList>().unwrap().draw(random);
    let price = Usd::from_micros(703_080);
    let backend = rushes::model::Backend::Sandbox;
    home.store
        .admit(&Admission::of(&home.reel_id, backend, form, seeds, price, price))
        .unwrap();
}

fn prompt(random: &mut fastrand::Rng) -> String {
    let known: Vec<&str> = WORDS.split_whitespace().collect();
    let mut words = |count: usize| {
        let chosen: Vec<&str> = (0..count).map(|_| known[random.usize(..known.len())]).collect();
        chosen.join(" ")
    };
    let mut text = format!("A film about {}.", words(6));
    for shot in 0..5 {
        text += &format!(
            "\nShot {} | {}s-{}s\n{}. {}.",
            shot + 1,
            shot * 2,
            shot * 2 + 2,
            words(18),
            words(10)
        );
    }
    if random.f32() < 0.2 {
        let known: Vec<char> = CHINESE.chars().collect();
        text.push('\n');
        text.extend((0..60).map(|_| known[random.usize(..known.len())]));
    }
    text
}

fn fill(connection: &mut Connection, reel_id: &str, takes: u32) {
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    let mut random = fastrand::Rng::with_seed(SEED);
    let now = Timestamp::now().as_millisecond();
    let apart = DAYS * 86_400_000 / i64::from(takes.max(1));
    let transaction = connection.transaction().unwrap();
    let (mut revision, mut words) = (0, String::new());
    for number in 0..takes {
        let sweep = number / SWEEP + 1;
        if number % SWEEP == 0 {
            if number % (SWEEP * REVISED) == 0 {
                revision += 1;
                words = prompt(&mut random);
                revise(&transaction, reel_id, revision, &words);
            }
            transaction
                .execute(
                    "INSERT INTO sweeps (id, reel_id, created_at, varies, last_take) VALUES (?1, ?2, ?3, 'seed', ?4)",
                    params![sweep, reel_id, now, (number + SWEEP).min(takes)],
                )
                .unwrap();
        }
        let at = now - i64::from(takes - number) * apart;
        let take = Row {
            id: number + 1,
            reel_id,
            sweep,
            revision,
            prompt: &words,
            at,
        };
        take.insert(&transaction, &mut random);
    }
    transaction.commit().unwrap();
}

fn revise(transaction: &Transaction<'_>, reel_id: &str, revision: u32, prompt: &str) {
    let form = Form {
        prompt: prompt.to_owned(),
        ..Form::default()
    };
    transaction
        .execute(
            "INSERT INTO forms (reel_id, revision, saved_at, form) VALUES (?1, ?2, 0, ?3)",
            params![reel_id, revision, json!(form).to_string()],
        )
        .unwrap();
}

struct Row<'a> {
    id: u32,
    reel_id: &'a str,
    sweep: u32,
    revision: u32,
    prompt: &'a str,
    at: i64,
}

impl Row<'_> {
    fn insert(&self, transaction: &Transaction<'_>, random: &mut fastrand::Rng) {
        let state = match random.u8(..100) {
            0..85 => "saved",
            85..90 => "failed",
            90..93 => "refused",
            93..98 => "cancelled",
            _ => "expired",
        };
        let (is_saved, has_failed) = (state == "saved", matches!(state, "failed" | "refused"));
        let resolution = if random.u8(..4) == 0 { "720p" } else { "480p" };
        let verdict = match random.u8(..10) {
            0 => "circled",
            1 => "rejected",
            _ => "none",
        };
        let note = (random.u8(..7) == 0).then(|| format!("her look at 0:0{}", random.u8(1..9)));
        let tags = if random.u8(..20) == 0 { "[\"hero\"]" } else { "[]" };
        let body = json!({
            "prompt": self.prompt, "resolution": resolution, "aspect_ratio": "16:9", "duration": 10,
            "seed": random.u32(..1 << 31), "generate_audio": true, "return_last_frame": false,
            "reference_images": [format!("https://images.segmind.com/assets/{:032x}.png", random.u128(..))],
        });
        transaction
            .prepare_cached(
                "INSERT INTO takes (id, reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed,
                    prompt, body, draft_version, sweep, state, position, account, request_id, http_status, error_kind,
                    estimate, reserve, cost, bytes, sha256, verdict, file, output_url, note, error, tags)
                 VALUES (?1, ?2, ?3, 'v2', 'seedance-2.0', ?4, '16:9', 10, ?5, ?6, ?7, ?8, ?9, ?10, ?1,
                    '0123456789abcdef', ?11, 200, ?12, 703080, 706010, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
            )
            .unwrap()
            .execute(params![
                self.id,
                self.reel_id,
                if random.bool() { "live" } else { "sandbox" },
                resolution,
                body["seed"].as_i64(),
                self.prompt,
                body.to_string(),
                self.revision,
                self.sweep,
                state,
                (state != "cancelled").then(|| format!("{:032x}", random.u128(..))),
                has_failed.then_some("moderation_output_audio"),
                is_saved.then(|| random.u32(300_000..900_000)),
                is_saved.then_some(3_000_000),
                is_saved.then(|| format!("{:032x}{:032x}", random.u128(..), random.u128(..))),
                verdict,
                is_saved.then(|| {
                    let bin = if verdict == "rejected" { "bin/" } else { "" };
                    format!("/home/user/rushes/reels/main/{bin}{:05}-480p-10s.mp4", self.id)
                }),
                is_saved.then(|| format!("https://output.segmind.com/{}.mp4", self.id)),
                note,
                has_failed.then_some("Output audio refused by moderation"),
                tags,
            ])
            .unwrap();
        self.events(transaction, state, random);
        if state != "cancelled" {
            self.exchanges(transaction);
        }
    }

    fn events(&self, transaction: &Transaction<'_>, state: &str, random: &mut fastrand::Rng) {
        let took = random.i64(60_000..240_000);
        let steps: &[(&str, i64)] = match state {
            "saved" | "expired" => &[
                ("waiting", 0),
                ("submitting", 1_000),
                ("accepted", 1_500),
                ("processing", 8_000),
                ("rendered", took),
                (state, took + 4_000),
            ],
            "cancelled" => &[("waiting", 0), ("cancelled", 1_000)],
            "refused" => &[("waiting", 0), ("submitting", 1_000), ("refused", 2_000)],
            _ => &[
                ("waiting", 0),
                ("submitting", 1_000),
                ("accepted", 1_500),
                ("failed", took),
            ],
        };
        let mut insert = transaction
            .prepare_cached(
                "INSERT INTO events (take_id, at, from_state, to_state, detail, owner) VALUES (?1, ?2, ?3, ?4, '', 'w')",
            )
            .unwrap();
        let mut from = None;
        for (to, after) in steps {
            insert
                .execute(params![self.id, self.at + after, from, to])
                .unwrap();
            from = Some(to);
        }
    }

    fn exchanges(&self, transaction: &Transaction<'_>) {
        let mut insert = transaction
            .prepare_cached(
                "INSERT INTO exchanges (take_id, at, stage, method, path, status, millis, answer)
                 VALUES (?1, ?2, ?3, ?4, '/v2/seedance-2.0', 200, 400, ?5)",
            )
            .unwrap();
        let output = "y".repeat(300);
        for (stage, method, answer) in [
            (
                "submit",
                "POST",
                format!("{{\"request_id\":\"{:032x}\",\"status\":\"QUEUED\"}}", self.id),
            ),
            (
                "poll",
                "GET",
                format!("{{\"status\":\"COMPLETED\",\"output\":\"{output}\"}}"),
            ),
            ("history", "GET", format!("{{\"rows\":\"{output}{output}\"}}")),
        ] {
            insert
                .execute(params![self.id, self.at, stage, method, answer])
                .unwrap();
        }
    }
}
