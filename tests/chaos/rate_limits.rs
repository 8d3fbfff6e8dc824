//! 429 storms: for some seconds every submit is answered 429, with one form of header. Whatever it says, the store as
//! a whole sends few.

use std::time::{Duration, Instant};

use crate::disturbance::Disturbance;
use crate::figures::count;
use crate::scene::Scene;
use crate::schedule::Schedule;
use crate::storm::{IN_FLIGHT, Scale};

/// Every way to name a time to wait, sensible or not.
const FORMS: [&str; 14] = [
    "",
    "Retry-After = \"0\"",
    "Retry-After = \"1\"",
    "Retry-After = \"-5\"",
    "Retry-After = \"soon\"",
    "Retry-After = \"NaN\"",
    "Retry-After = \"999999999999\"",
    "Retry-After = \"1e300\"",
    "Retry-After = \"Wed, 01 Jan 2020 00:00:00 GMT\"",
    "Retry-After = \"Fri, 01 Jan 2100 00:00:00 GMT\"",
    "x-rate-limit-reset-at-utc = \"2020-01-01T00:00:00Z\"",
    "x-rate-limit-reset-at-utc = \"2100-01-01T00:00:00Z\"",
    "x-rate-limit-reset-at-utc = \"tomorrow\"",
    "Retry-After = \"0\", x-rate-limit-reset-at-utc = \"2020-01-01T00:00:00Z\"",
];

/// Most POSTs in a minute while 429s come.
const MAX_IN_A_MINUTE: usize = 10;
/// What was claimed before the first 429 was noted arrives within this, and is not sent because of it.
const UNDER_WAY: u64 = 1_000;

pub struct Rates {
    schedule: Schedule,
    long_ms: std::ops::Range<u64>,
    /// The forms in the order of their turns.
    forms: Vec<&'static str>,
    storms: usize,
    ends: Option<Instant>,
    /// The user still has to resume the queue.
    is_slowed: bool,
}

impl Rates {
    pub fn new(random: &mut fastrand::Rng, scale: &Scale) -> Self {
        let mut forms = FORMS.to_vec();
        random.shuffle(&mut forms);
        let (long_ms, pause) = if scale.is_short {
            (3_000..4_000, 4_000..6_000)
        } else {
            (3_000..8_000, 5_000..15_000)
        };
        Self {
            schedule: Schedule::new(random, 1_000..3_000, pause),
            long_ms,
            forms,
            storms: 0,
            ends: None,
            is_slowed: false,
        }
    }

    fn form(&self) -> &'static str {
        self.forms[self.storms % self.forms.len()]
    }

    fn begin(&mut self, scene: &mut Scene) {
        let rule = format!(
            "[[fault]]\nname = \"429 storm: {}\"\nmethod = \"POST\"\npath = \"/v*/*\"\nstatus = 429\n\
             headers = {{ {} }}\n",
            self.form().replace('"', ""),
            self.form()
        );
        scene.is_still = true;
        scene.restart_with(&rule);
        let long = Duration::from_millis(scene.random.u64(self.long_ms.clone()));
        self.ends = Some(Instant::now() + long);
    }

    /// Compares the POSTs of the storm with the limit. A storm in which nothing was sent does not count.
    fn finish(&mut self, scene: &mut Scene) {
        let times = scene.server.struck().into_iter().next();
        let times = times.map_or_else(Vec::new, |strikes| strikes.at_ms);
        let first = times.first().copied().unwrap_or(0);
        let after = times.iter().filter(|at| **at > first + UNDER_WAY).count();
        if after > MAX_IN_A_MINUTE || times.len() > MAX_IN_A_MINUTE + IN_FLIGHT {
            scene.say_wrong(format!(
                "{} POSTs were sent while 429s came with {:?}, {after} of them more than a second after the first",
                times.len(),
                self.form()
            ));
        }
        let most = &mut scene.figures.most_posts_in_a_429_storm;
        *most = (*most).max(times.len() as u64);
        if times.is_empty() {
            self.schedule.put_off();
        } else {
            count(&mut scene.figures.disturbances, "429 storm");
            self.storms += 1;
            self.is_slowed = true;
        }
        self.ends = None;
        scene.is_still = false;
        scene.restart();
    }

    /// A header may have asked for a day: the user resumes the queue.
    fn let_go_on(&mut self, scene: &mut Scene) {
        if self.is_slowed {
            scene.note_stop();
        }
        if self.is_slowed
            && let Some(store) = scene.folders.store()
            && store.queue(scene.folders.backend).resume().is_ok()
        {
            self.is_slowed = false;
        }
    }
}

impl Disturbance for Rates {
    fn tick(&mut self, scene: &mut Scene) {
        match self.ends {
            Some(ends) if Instant::now() < ends => {}
            Some(_) => self.finish(scene),
            None => {
                self.let_go_on(scene);
                // Something must be there to be sent, and it must be possible to send it.
                let can_send = !scene.is_locked && !scene.is_full && scene.watch.waiting() > 0;
                if can_send && self.schedule.is_due(&mut scene.random) {
                    if scene.lets_send() {
                        self.begin(scene);
                    } else {
                        self.schedule.put_off();
                    }
                }
            }
        }
    }

    fn end(&mut self, scene: &mut Scene) {
        if self.ends.is_some() {
            self.finish(scene);
        }
    }

    fn has_struck(&self) -> bool {
        self.schedule.strikes > 0
    }
}
