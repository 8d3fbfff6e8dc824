//! What a storm counted.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Default)]
pub struct Figures {
    pub rounds: u64,
    pub takes: u64,
    pub processes: u64,
    /// Killed clients by what they were seen doing, and killed sandboxes.
    pub kills: BTreeMap<String, u64>,
    pub clock_jumps: u64,
    /// Faults that struck, by kind. Those between the last look and a sandbox's death are not in it.
    pub faults: BTreeMap<String, u64>,
    /// Takes that went into SUBMITTING, again and again after 429.
    pub submits: u64,
    pub accepted: u64,
    pub ends: BTreeMap<String, u64>,
    /// Unclear outcomes, and what they were cleared up to.
    pub unclear: u64,
    pub cleared: BTreeMap<String, u64>,
    pub seconds: f64,
}

impl Figures {
    pub fn killed(&self) -> u64 {
        self.kills.values().sum()
    }

    pub fn add(&mut self, other: &Self) {
        self.rounds += other.rounds;
        self.takes += other.takes;
        self.processes += other.processes;
        self.clock_jumps += other.clock_jumps;
        self.submits += other.submits;
        self.accepted += other.accepted;
        self.unclear += other.unclear;
        self.seconds += other.seconds;
        for (mine, theirs) in [
            (&mut self.kills, &other.kills),
            (&mut self.faults, &other.faults),
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
            "rounds {}, takes {}, processes {}, {:.0} s",
            self.rounds, self.takes, self.processes, self.seconds
        )?;
        writeln!(f, "kills {}: {}", self.killed(), list(&self.kills))?;
        writeln!(f, "clock jumps {}", self.clock_jumps)?;
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
