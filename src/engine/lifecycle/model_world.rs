//! The world of the model: takes in the store, engines, requests on their way, generations at the provider.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{AfterLook, Decisions};
use crate::model::TakeState as S;
use crate::segmind::Class;

#[path = "model_steps.rs"]
mod steps;

use steps::Steps;

/// [`World::key`] knows that there are two.
const ENGINES: usize = 2;
/// The most requests whose fate or response matters at a time.
const POSTS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    Nobody,
    Engine(usize),
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Take {
    state: S,
    generation: Option<usize>,
    holder: Holder,
    lease_runs: bool,
    /// The user said that it was not sent.
    marked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Response {
    Generation(usize),
    Failure(Class),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Engine {
    Off,
    Idle,
    /// Claimed, not yet sent.
    Sending(usize),
    /// Sent; number of the request.
    Listening(usize),
    /// The response has arrived and is not yet recorded.
    Responded(usize, Response),
    /// The history was read and shows this generation; nothing is recorded yet.
    Looked(usize, AfterLook, Option<usize>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fate {
    OnItsWay,
    Accepted(usize),
    Dropped,
    Refused(Class),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Generation {
    of: usize,
    /// `None` while it renders.
    done: Option<bool>,
    listed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    takes: Vec<Take>,
    engines: [Engine; ENGINES],
    /// The take and the request's fate; `None` once it is decided and nobody listens.
    posts: [Option<(usize, Fate)>; POSTS],
    generations: Vec<Generation>,
}

pub struct Step {
    pub what: String,
    pub to: World,
    /// Neither a crash nor the user's doing.
    pub is_progress: bool,
}

fn waiting() -> Take {
    Take {
        state: S::Waiting,
        generation: None,
        holder: Holder::Nobody,
        lease_runs: false,
        marked: false,
    }
}

/// Takes wait in the queue, and no engine runs.
pub fn start(takes: usize) -> World {
    World {
        takes: vec![waiting(); takes],
        engines: [Engine::Off; ENGINES],
        posts: [None; POSTS],
        generations: Vec::new(),
    }
}

impl World {
    /// A hash that is the same for worlds that differ only in which engine is which.
    pub fn key(&self) -> u64 {
        let hash = |world: &Self| {
            let mut hasher = DefaultHasher::new();
            world.hash(&mut hasher);
            hasher.finish()
        };
        let mut other = self.clone();
        other.engines.swap(0, 1);
        for take in &mut other.takes {
            if let Holder::Engine(engine) = &mut take.holder {
                *engine = 1 - *engine;
            }
        }
        hash(self).min(hash(&other))
    }

    /// What is wrong in this world, if anything.
    pub fn wrong(&self) -> Option<String> {
        for take in 0..self.takes.len() {
            let bought = self.generations.iter().filter(|g| g.of == take).count();
            if bought > 1 {
                return Some(format!("take {take} was bought {bought} times"));
            }
        }
        if !self.is_settled() {
            return None;
        }
        let known = |g: usize| {
            self.takes
                .iter()
                .filter(|take| take.generation == Some(g))
                .count()
        };
        for g in 0..self.generations.len() {
            let marked = self.takes.iter().any(|take| take.marked);
            if known(g) > 1 || (known(g) == 0 && !marked) {
                return Some(format!(
                    "generation {g} is {}",
                    if known(g) == 0 { "forgotten" } else { "shared" }
                ));
            }
        }
        None
    }

    /// Nothing more will happen by itself.
    pub fn is_settled(&self) -> bool {
        let busy = |engine: &Engine| !matches!(engine, Engine::Off | Engine::Idle);
        self.takes.iter().all(|take| take.state.settled())
            && !self.engines.iter().any(busy)
            && self.on_their_way().next().is_none()
    }

    /// Everything that may happen next.
    pub fn steps(&self, decisions: &Decisions) -> Vec<Step> {
        let mut steps = Steps {
            from: self,
            all: Vec::new(),
        };
        steps.of_the_provider();
        steps.of_the_user();
        steps.of_the_comparison(decisions);
        for take in 0..self.takes.len() {
            if self.takes[take].lease_runs {
                steps.add(format!("the lease of take {take} expires"), |w| {
                    w.takes[take].lease_runs = false;
                });
            }
        }
        for engine in 0..ENGINES {
            steps.of_an_engine(engine, decisions);
        }
        steps.all
    }

    /// Requests about which the provider has not decided yet.
    fn on_their_way(&self) -> impl Iterator<Item = (usize, usize)> {
        let posts = self.posts.iter().enumerate();
        posts.filter_map(|(post, slot)| match slot {
            Some((take, Fate::OnItsWay)) => Some((post, *take)),
            _ => None,
        })
    }

    fn decide(&mut self, post: usize, fate: Fate) {
        self.posts[post] = self.posts[post].map(|(take, _)| (take, fate));
        self.forget_posts();
    }

    /// Frees the requests that are decided and that nobody listens to.
    fn forget_posts(&mut self) {
        for post in 0..POSTS {
            let listened_to = self.engines.contains(&Engine::Listening(post));
            if !listened_to && self.posts[post].is_some_and(|(_, fate)| fate != Fate::OnItsWay) {
                self.posts[post] = None;
            }
        }
    }

    /// The store's step: whether it was made.
    fn step(&mut self, engine: usize, take: usize, to: S) -> bool {
        let row = &mut self.takes[take];
        if row.holder != Holder::Engine(engine) || !row.state.may_become(to) {
            return false;
        }
        row.state = to;
        if to.settled() || to == S::Waiting {
            row.holder = Holder::Nobody;
            row.lease_runs = false;
        }
        true
    }

    /// The store's acceptance under an id, as `Context::accept` asks for it: `false` when another take has the id.
    fn accept(&mut self, engine: usize, take: usize, g: usize, decisions: &Decisions) -> bool {
        let taken =
            (0..self.takes.len()).any(|other| other != take && self.takes[other].generation == Some(g));
        let row = &mut self.takes[take];
        let ours = row.holder == Holder::Engine(engine);
        let may = if ours {
            row.state.may_become(S::Accepted)
        } else {
            (decisions.may_be_accepted_late)(row.state)
        };
        if taken || !may {
            return !taken;
        }
        row.state = S::Accepted;
        row.generation = Some(g);
        true
    }

    /// `Context::unclear`.
    fn unclear(&mut self, engine: usize, take: usize, decisions: &Decisions) {
        if !self.step(engine, take, S::Unknown)
            && self.takes[take].holder != Holder::Engine(engine)
            && (decisions.may_be_unclear_late)(self.takes[take].state)
        {
            self.takes[take].state = S::Unknown;
        }
    }

    /// Whether a history read now may count as certain.
    fn may_be_certain(&self) -> bool {
        let heard = |post: usize| self.engines.contains(&Engine::Listening(post));
        let may_be_held_up = self.takes.len() == 1;
        self.on_their_way().all(|(post, _)| may_be_held_up && heard(post))
            && self.generations.iter().all(|g| g.listed)
            && !self
                .engines
                .iter()
                .any(|engine| matches!(engine, Engine::Sending(_)))
    }
}
