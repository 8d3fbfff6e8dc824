//! What a storm counted.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Default)]
pub struct Figures {
    pub rounds: u64,
    /// Those that spent live money under a cap.
    pub live_rounds: u64,
    /// Orders that the cap left no room for, and queued takes that it stopped.
    pub refused_by_cap: u64,
    pub stopped_by_cap: u64,
    /// Bills above their reserve in live rounds, and those that were observed or reported to stop the queue.
    pub bills_above: u64,
    pub stops_by_bills: u64,
    pub takes: u64,
    pub processes: u64,
    /// Killed clients by what they were seen doing, and killed sandboxes.
    pub kills: BTreeMap<String, u64>,
    pub clock_jumps: u64,
    /// What happened beside the kills: locked databases, full disks, lost links and so on.
    pub disturbances: BTreeMap<String, u64>,
    /// Keys that ask for a take, pressed in workbenches.
    pub asked_by_hand: u64,
    /// Most POSTs that were answered 429 within a minute.
    pub most_posts_in_a_429_storm: u64,
    /// Faults that struck, by kind, without those between the last count and a sandbox's death.
    pub faults: BTreeMap<String, u64>,
    /// Takes that went into SUBMITTING, again and again after 429.
    pub submits: u64,
    pub accepted: u64,
    pub ends: BTreeMap<String, u64>,
    /// Unclear outcomes, and how they were resolved.
    pub unclear: u64,
    pub cleared: BTreeMap<String, u64>,
    pub seconds_of_rage: f64,
    pub seconds_of_last_link: f64,
    pub seconds_of_calm: f64,
}

impl Figures {
    pub fn killed(&self) -> u64 {
        self.kills.values().sum()
    }

    pub fn add(&mut self, other: &Self) {
        self.rounds += other.rounds;
        self.live_rounds += other.live_rounds;
        self.refused_by_cap += other.refused_by_cap;
        self.stopped_by_cap += other.stopped_by_cap;
        self.bills_above += other.bills_above;
        self.stops_by_bills += other.stops_by_bills;
        self.takes += other.takes;
        self.processes += other.processes;
        self.clock_jumps += other.clock_jumps;
        self.asked_by_hand += other.asked_by_hand;
        self.most_posts_in_a_429_storm = self
            .most_posts_in_a_429_storm
            .max(other.most_posts_in_a_429_storm);
        self.submits += other.submits;
        self.accepted += other.accepted;
        self.unclear += other.unclear;
        self.seconds_of_rage += other.seconds_of_rage;
        self.seconds_of_last_link += other.seconds_of_last_link;
        self.seconds_of_calm += other.seconds_of_calm;
        for (mine, theirs) in [
            (&mut self.kills, &other.kills),
            (&mut self.faults, &other.faults),
            (&mut self.disturbances, &other.disturbances),
            (&mut self.ends, &other.ends),
            (&mut self.cleared, &other.cleared),
        ] {
            add(mine, theirs);
        }
    }
}

pub fn add(to: &mut BTreeMap<String, u64>, from: &BTreeMap<String, u64>) {
    for (name, count) in from {
        *to.entry(name.clone()).or_default() += count;
    }
}

pub fn count(in_: &mut BTreeMap<String, u64>, name: &str) {
    *in_.entry(name.to_owned()).or_default() += 1;
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |of: &BTreeMap<String, u64>| {
            let parts: Vec<String> = of.iter().map(|(name, count)| format!("{name} {count}")).collect();
            parts.join(", ")
        };
        writeln!(
            f,
            "rounds {}, takes {}, processes {}, rage {:.0} s, last link {:.0} s, calm {:.0} s",
            self.rounds,
            self.takes,
            self.processes,
            self.seconds_of_rage,
            self.seconds_of_last_link,
            self.seconds_of_calm
        )?;
        writeln!(
            f,
            "live rounds {}: orders refused by the cap {}, queued takes stopped by it {}, bills above their reserve {}, \
             stops for them {}",
            self.live_rounds, self.refused_by_cap, self.stopped_by_cap, self.bills_above, self.stops_by_bills
        )?;
        writeln!(f, "kills {}: {}", self.killed(), list(&self.kills))?;
        writeln!(f, "clock jumps {}", self.clock_jumps)?;
        writeln!(
            f,
            "disturbances {}: {}",
            self.disturbances.values().sum::<u64>(),
            list(&self.disturbances)
        )?;
        writeln!(
            f,
            "takes asked for by hand {}, most POSTs in a 429 storm {}",
            self.asked_by_hand, self.most_posts_in_a_429_storm
        )?;
        writeln!(
            f,
            "faults {} of {} kinds: {}",
            self.faults.values().sum::<u64>(),
            self.faults.len(),
            list(&self.faults)
        )?;
        writeln!(f, "submits {}, accepted {}", self.submits, self.accepted)?;
        writeln!(f, "unclear {}, cleared up: {}", self.unclear, list(&self.cleared))?;
        write!(f, "ends: {}", list(&self.ends))
    }
}
