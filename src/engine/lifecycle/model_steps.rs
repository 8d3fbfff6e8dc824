//! What may happen next in the model's world: at the provider, by the user, in each engine.

use super::super::{Acquired, AfterLook, Decisions, FirstStep, HistoryShows};
use super::{Engine, Fate, Generation, Holder, Response, Step, Take, World, waiting};
use crate::model::TakeState as S;
use crate::segmind::{Class, class_of_a_loss, class_of_a_refusal};

/// Each way in which the provider certainly refuses a request, as the real client classifies it.
fn refusals() -> Vec<Class> {
    let codes = [
        300, 302, 307, 308, 400, 401, 402, 403, 404, 405, 406, 410, 422, 429,
    ];
    let mut classes: Vec<Class> = codes.iter().map(|code| class_of_a_refusal(*code, "")).collect();
    classes.push(class_of_a_refusal(406, "Insufficient credits"));
    unique(classes)
}

/// Each way in which a response can leave open what became of the request.
fn losses() -> Vec<Class> {
    let codes = [408, 409, 425, 499, 500, 502, 503, 504];
    let mut classes: Vec<Class> = codes.iter().map(|code| class_of_a_refusal(*code, "")).collect();
    // A reset, a time-out, an empty or unreadable 200.
    classes.push(class_of_a_loss(false));
    unique(classes)
}

fn unique(classes: Vec<Class>) -> Vec<Class> {
    let mut seen = Vec::new();
    for class in classes {
        if !seen.contains(&class) {
            seen.push(class);
        }
    }
    seen
}

pub(super) struct Steps<'a> {
    pub(super) from: &'a World,
    pub(super) all: Vec<Step>,
}

impl Steps<'_> {
    pub(super) fn add(&mut self, what: String, change: impl FnOnce(&mut World)) {
        self.push(what, true, change);
    }

    fn push(&mut self, what: String, is_progress: bool, change: impl FnOnce(&mut World)) {
        let mut to = self.from.clone();
        change(&mut to);
        self.all.push(Step {
            what,
            to,
            is_progress,
        });
    }

    pub(super) fn of_the_provider(&mut self) {
        for (post, take) in self.from.on_their_way() {
            self.add(format!("the provider accepts request {post}"), |w| {
                let done = (w.takes.len() > 1).then_some(true);
                w.generations.push(Generation {
                    of: take,
                    done,
                    listed: false,
                });
                w.decide(post, Fate::Accepted(w.generations.len() - 1));
            });
            self.add(format!("request {post} is lost"), |w| {
                w.decide(post, Fate::Dropped);
            });
            for class in refusals() {
                self.add(format!("the provider refuses request {post}: {class:?}"), |w| {
                    w.decide(post, Fate::Refused(class));
                });
            }
        }
        for (g, generation) in self.from.generations.iter().enumerate() {
            if !generation.listed {
                self.add(format!("the history shows generation {g}"), |w| {
                    w.generations[g].listed = true;
                });
            }
            if generation.done.is_none() {
                self.add(format!("generation {g} is rendered"), |w| {
                    w.generations[g].done = Some(true);
                });
                self.add(format!("generation {g} fails"), |w| {
                    w.generations[g].done = Some(false);
                });
            }
        }
    }

    pub(super) fn of_the_user(&mut self) {
        for (take, row) in self.from.takes.iter().enumerate() {
            if row.state == S::Waiting {
                self.push(format!("the user cancels take {take}"), false, |w| {
                    w.takes[take].state = S::Cancelled;
                });
            }
            if row.state == S::Unknown {
                self.push(format!("the user marks take {take} as not sent"), false, |w| {
                    let row = &mut w.takes[take];
                    (row.state, row.marked) = (S::NotSent, true);
                    (row.holder, row.lease_runs) = (Holder::Nobody, false);
                });
                if self.from.takes.len() == 1 && self.from.on_their_way().next().is_none() {
                    self.push(format!("the user submits take {take} again"), false, |w| {
                        w.takes.push(waiting());
                    });
                }
            }
        }
    }

    /// The command that compares the ledgers: a generation without a take belongs to a take that was
    /// marked as never sent, unless an equal take may find it by itself.
    pub(super) fn of_the_comparison(&mut self, decisions: &Decisions) {
        let is_open = |take: &Take| matches!(take.state, S::Submitting | S::Unknown);
        if self.from.takes.iter().any(is_open) {
            return;
        }
        let is_unclaimed = |g: &usize| self.from.takes.iter().all(|take| take.generation != Some(*g));
        let mut listed = (0..self.from.generations.len()).filter(|g| self.from.generations[*g].listed);
        let Some(g) = listed.find(is_unclaimed) else {
            return;
        };
        let arrived = |take: &&Take| take.state == S::NotSent && (decisions.may_be_accepted_late)(take.state);
        if let Some(take) = self.from.takes.iter().position(|take| arrived(&take)) {
            self.push(
                format!("the comparison finds that take {take} was sent"),
                false,
                |w| {
                    let row = &mut w.takes[take];
                    (row.state, row.generation) = (S::Accepted, Some(g));
                    (row.holder, row.lease_runs) = (Holder::Nobody, false);
                },
            );
        }
    }

    pub(super) fn of_an_engine(&mut self, engine: usize, decisions: &Decisions) {
        let name = format!("engine {engine}");
        if self.from.engines[engine] != Engine::Off && self.may_die(engine) {
            self.push(format!("{name} dies"), false, |w| {
                w.engines[engine] = Engine::Off;
                for take in &mut w.takes {
                    if take.holder == Holder::Engine(engine) {
                        take.holder = Holder::Dead;
                    }
                }
                w.forget_posts();
            });
        }
        match self.from.engines[engine] {
            Engine::Off => self.add(format!("{name} starts"), |w| w.engines[engine] = Engine::Idle),
            Engine::Idle => self.of_an_idle_engine(engine, decisions),
            Engine::Sending(take) => {
                if let Some(post) = self.from.posts.iter().position(Option::is_none) {
                    self.add(format!("{name} sends take {take}"), |w| {
                        w.engines[engine] = Engine::Listening(post);
                        w.posts[post] = Some((take, Fate::OnItsWay));
                    });
                }
                let unsent = Response::Failure(class_of_a_loss(true));
                self.add(format!("{name} gets no connection for take {take}"), |w| {
                    w.engines[engine] = Engine::Responded(take, unsent);
                });
            }
            Engine::Listening(post) => self.of_a_listening_engine(engine, post),
            Engine::Responded(take, response) => {
                self.add(
                    format!("{name} records the response for take {take}: {response:?}"),
                    |w| {
                        w.engines[engine] = Engine::Idle;
                        match response {
                            Response::Generation(g) if !w.accept(engine, take, g, decisions) => {
                                w.unclear(engine, take, decisions);
                            }
                            Response::Generation(_) => {}
                            Response::Failure(class) => match (decisions.after_failed_submit)(class) {
                                S::Unknown => w.unclear(engine, take, decisions),
                                to => {
                                    w.step(engine, take, to);
                                }
                            },
                        }
                    },
                );
            }
            Engine::Looked(take, next, found) => {
                self.add(format!("{name} decides on take {take}: {next:?}"), |w| {
                    w.engines[engine] = Engine::Idle;
                    if let (AfterLook::MatchInTime | AfterLook::MatchOutOfTime, Some(g)) = (next, found) {
                        w.accept(engine, take, g, decisions);
                    }
                });
            }
        }
    }

    /// A waiting sender whose take was given up lives until its response arrives: see the tests' module.
    fn may_die(&self, engine: usize) -> bool {
        let take = match self.from.engines[engine] {
            Engine::Listening(post) => self.from.posts[post].map(|(take, _)| take),
            Engine::Responded(take, _) => Some(take),
            _ => None,
        };
        take.is_none_or(|take| self.from.takes[take].state != S::NotSent)
    }

    fn of_a_listening_engine(&mut self, engine: usize, post: usize) {
        let Some((take, fate)) = self.from.posts[post] else {
            return;
        };
        let mut responses = match fate {
            Fate::Accepted(g) => vec![Response::Generation(g)],
            Fate::Refused(class) => vec![Response::Failure(class)],
            Fate::OnItsWay | Fate::Dropped => Vec::new(),
        };
        responses.extend(losses().into_iter().map(Response::Failure));
        for response in responses {
            let is_lost = matches!((fate, response), (Fate::Accepted(_), Response::Failure(_)));
            let how = if is_lost { " (lost)" } else { "" };
            self.add(
                format!("engine {engine} gets the response for take {take}: {response:?}{how}"),
                |w| {
                    w.engines[engine] = Engine::Responded(take, response);
                    w.forget_posts();
                },
            );
        }
    }

    fn of_an_idle_engine(&mut self, engine: usize, decisions: &Decisions) {
        for (take, row) in self.from.takes.iter().enumerate() {
            let ours = row.holder == Holder::Engine(engine);
            let free = row.holder == Holder::Nobody || (!ours && !row.lease_runs);
            if row.state == S::Waiting {
                self.add(format!("engine {engine} claims take {take}"), |w| {
                    let row = &mut w.takes[take];
                    (row.state, row.holder, row.lease_runs) = (S::Submitting, Holder::Engine(engine), true);
                    w.engines[engine] = Engine::Sending(take);
                });
            } else if !row.state.settled() && free {
                self.add(
                    format!("engine {engine} takes over take {take} ({})", row.state),
                    |w| {
                        let row = &mut w.takes[take];
                        (row.holder, row.lease_runs) = (Holder::Engine(engine), true);
                        match (decisions.first_step)(row.state, Acquired::TakenOver) {
                            FirstStep::Send => w.engines[engine] = Engine::Sending(take),
                            FirstStep::Unclear => {
                                w.step(engine, take, S::Unknown);
                            }
                            FirstStep::GoOn => {}
                        }
                    },
                );
            } else if ours {
                self.of_a_held_take(engine, take, decisions);
            }
        }
    }

    fn of_a_held_take(&mut self, engine: usize, take: usize, decisions: &Decisions) {
        let row = &self.from.takes[take];
        match (row.state, row.generation) {
            (S::Unknown, _) => self.looks(engine, take, decisions),
            (S::Accepted, Some(g)) => match self.from.generations[g].done {
                None => {}
                Some(true) => self.add(format!("engine {engine} sees take {take} rendered"), |w| {
                    w.step(engine, take, S::Rendered);
                }),
                Some(false) => self.add(format!("engine {engine} sees take {take} failed"), |w| {
                    w.step(engine, take, S::Failed);
                }),
            },
            (S::Rendered, _) => self.add(format!("engine {engine} saves take {take}"), |w| {
                w.step(engine, take, S::Saved);
            }),
            _ => {}
        }
    }

    /// Every view of the take that the history may give now.
    fn looks(&mut self, engine: usize, take: usize, decisions: &Decisions) {
        let is_unclaimed = |g: &usize| self.from.takes.iter().all(|take| take.generation != Some(*g));
        let mut listed = (0..self.from.generations.len()).filter(|g| self.from.generations[*g].listed);
        let found = listed.find(is_unclaimed);
        let mut views = Vec::new();
        for late_enough in [false, true] {
            if late_enough && !self.from.may_be_certain() {
                continue;
            }
            for whole in [false, true] {
                let empty = HistoryShows {
                    whole,
                    late_enough,
                    ..HistoryShows::default()
                };
                if found.is_none() {
                    views.push((empty, None));
                    continue;
                }
                let mut view = empty;
                view.in_time = true;
                views.push((view, found));
                let mut view = empty;
                view.out_of_time = true;
                views.push((view, found));
                let mut view = empty;
                view.perhaps = true;
                views.push((view, None));
            }
        }
        let mut seen = Vec::new();
        for (shown, found) in views {
            let next = (decisions.after_look)(shown);
            if next == AfterLook::LookAgain || seen.contains(&next) {
                continue;
            }
            seen.push(next);
            let what = format!("engine {engine} looks up take {take}: {shown:?}, so {next:?}");
            if next == AfterLook::NotSent {
                self.add(what, |w| {
                    w.step(engine, take, S::NotSent);
                });
                continue;
            }
            self.add(what, |w| {
                w.engines[engine] = Engine::Looked(take, next, found);
            });
        }
    }
}
