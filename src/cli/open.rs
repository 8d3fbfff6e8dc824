//! Opens home and session for a command, and reports on standard error what is wrong with them.

use crate::config::Paths;
use crate::service::backend::{self, Wanted};
use crate::service::home::{self, WhichReel};
use crate::service::{Home, Session};

use super::args::Global;
use super::{Failure, print};

impl Global {
    /// The reel of a command that makes what is missing.
    pub(super) fn reel_or_new(&self) -> WhichReel<'_> {
        self.reel.as_deref().map_or(WhichReel::Default, WhichReel::OrNew)
    }

    /// The reel of a command that only plans.
    pub(super) fn reel_to_plan(&self) -> WhichReel<'_> {
        self.reel
            .as_deref()
            .map_or(WhichReel::Default, WhichReel::OrPlanned)
    }

    /// The reel of a command that works with what is there.
    fn existing_reel(&self) -> WhichReel<'_> {
        self.reel
            .as_deref()
            .map_or(WhichReel::Default, WhichReel::Existing)
    }

    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            api: self.api.clone(),
            sandbox: self.sandbox,
            live: self.live,
        }
    }
}

/// The folders that the options and the environment name.
pub(super) fn paths(global: &Global) -> Result<Paths, Failure> {
    Ok(home::paths(global.home.as_deref())?)
}

/// Opens the home of a command that only reads, and reports takes that only their sidecars know.
pub(super) fn to_read(global: &Global) -> Result<Home, Failure> {
    to_read_in(global, global.existing_reel())
}

/// As [`to_read`], for a command that works in no reel, or in one that need not exist.
pub(super) fn to_read_in(global: &Global, reel: WhichReel<'_>) -> Result<Home, Failure> {
    let home = warned(global, reel)?;
    let read_only = home.read_only.iter().map(ToString::to_string);
    for complaint in read_only.chain(home.orphans()) {
        print::complain(&complaint);
    }
    Ok(home)
}

/// The id of the reel of a command that is about all reels, unless one is named.
pub(super) fn named_reel(global: &Global, home: &Home) -> Option<String> {
    global.reel.is_some().then(|| home.reel.id.clone())
}

/// Opens the home of a command that writes: what cannot be written is its failure.
pub(super) fn to_write(global: &Global) -> Result<Home, Failure> {
    to_write_in(global, global.existing_reel())
}

/// As [`to_write`], for a command that works in no reel, or in one that it makes.
pub(super) fn to_write_in(global: &Global, reel: WhichReel<'_>) -> Result<Home, Failure> {
    let mut home = warned(global, reel)?;
    if let Some(problem) = home.read_only.take() {
        return Err(problem.into());
    }
    Ok(home)
}

/// As [`to_write`], and reports takes that only their sidecars know.
pub(super) fn to_work(global: &Global) -> Result<Home, Failure> {
    to_work_in(global, global.existing_reel())
}

/// As [`to_work`], for a command that makes its reel.
pub(super) fn to_work_in(global: &Global, reel: WhichReel<'_>) -> Result<Home, Failure> {
    let home = to_write_in(global, reel)?;
    if let Some(offer) = home.orphans() {
        print::complain(&offer);
    }
    Ok(home)
}

fn warned(global: &Global, reel: WhichReel<'_>) -> Result<Home, Failure> {
    let home = Home::open(global.home.as_deref(), reel, |said| {
        print::complain(&said);
    })?;
    for complaint in home.complaints() {
        print::complain(&complaint);
    }
    Ok(home)
}

/// Chooses the provider and makes it ready.
pub(super) async fn session(global: &Global, home: &Home) -> Result<Session, Failure> {
    let choice = backend::choose(&global.wanted(), home).await?;
    Ok(Session::begin(choice, home).await?)
}
