//! Replaces uploads that the provider cannot read by the files that they came from, so that those are uploaded again: a
//! draft of the sandbox may be promoted at Segmind, and the sandbox has another port each time.

use std::collections::BTreeMap;
use std::path::Path;

use url::Url;

use crate::model::form::is_local;
use crate::model::origin::is_loopback;
use crate::model::{Form, Parameter, Request, TakeId};
use crate::store::{Store, StoreError};

use super::references::found;
use super::sidecars::bundled::hash;

/// A reference that the provider cannot be given as it was.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", self.why(), Self::NOW)]
pub struct Unreachable {
    pub parameter: Parameter,
    pub url: String,
    /// The file that it was uploaded from, if that has changed since.
    pub changed: Option<String>,
}

impl Unreachable {
    /// What to do now.
    pub const NOW: &str = "name the file itself";

    /// What is wrong.
    pub fn why(&self) -> String {
        let (name, url) = (self.parameter.wire(), &self.url);
        match &self.changed {
            Some(file) => format!("{name} was uploaded from {file}, which has changed since"),
            None => format!("{name} {url} is on this machine, where the provider cannot read it"),
        }
    }
}

/// Why the references could not be made readable.
#[derive(Debug)]
pub(super) enum NotReachable {
    Reference(Unreachable),
    Store(StoreError),
}

impl From<StoreError> for NotReachable {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Replaces the parent's uploads in the form by their local files, unless they are at `uploads`, the origin that this
/// order's files go to. Fails when a reference is left that the provider cannot read.
pub(super) fn reachable(
    store: &Store,
    mut form: Form,
    parent: Option<TakeId>,
    uploads: &str,
) -> Result<Form, NotReachable> {
    let files = parent.map_or_else(|| Ok(BTreeMap::new()), |parent| files_of(store, parent))?;
    // A file that has changed since is not what the take was made from.
    let mut changed = BTreeMap::new();
    for reference in form.references_mut().filter(|reference| !is_local(reference)) {
        let Some(uploaded) = store.uploaded(reference)?.filter(|there| there.origin != uploads) else {
            continue;
        };
        let Some(file) = files.get(reference) else {
            continue;
        };
        match hash(&found(Path::new(file))) {
            Ok(sha256) if sha256 != uploaded.sha256 => {
                changed.insert(reference.clone(), file.clone());
            }
            // One that cannot be read is an error when it is uploaded.
            _ => reference.clone_from(file),
        }
    }
    let needs_other_machine = !is_on_this_machine(uploads);
    let unreachable = form.references().find_map(|(parameter, url)| {
        let changed = changed.remove(url);
        let is_lost = needs_other_machine && !is_local(url) && is_on_this_machine(url);
        (changed.is_some() || is_lost).then(|| Unreachable {
            parameter,
            url: url.to_owned(),
            changed,
        })
    });
    match unreachable {
        Some(unreachable) => Err(NotReachable::Reference(unreachable)),
        None => Ok(form),
    }
}

fn is_on_this_machine(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

/// The local files that the references of a take and of its parents were uploaded from, by the URLs of the uploads.
fn files_of(store: &Store, take: TakeId) -> Result<BTreeMap<String, String>, StoreError> {
    let mut files = BTreeMap::new();
    let mut next = Some(take);
    while let Some(id) = next {
        let take = store.take(id)?;
        let sent = Request::from_body(take.model, &take.body, &mut fastrand::Rng::with_seed(0)).ok();
        let form = store.sidecar(id)?.rebuild.form;
        if let Some((sent, form)) = sent.zip(form) {
            // The fields of both agree, because a request names its form's references in the same order.
            let pairs = sent.form.references().zip(form.references());
            let uploaded = pairs
                .filter(|((parameter, url), (own, file))| {
                    parameter == own && is_local(file) && !is_local(url)
                })
                .map(|((_, url), (_, file))| (url.to_owned(), file.to_owned()));
            files.extend(uploaded);
        }
        next = take.parent.filter(|parent| *parent < id);
    }
    Ok(files)
}
