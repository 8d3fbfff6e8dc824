//! Replaces uploads that the provider cannot read by the files that they came from, so that those are uploaded again: a
//! draft of the sandbox may be promoted at Segmind, and the sandbox has another port each time.

use std::collections::BTreeMap;

use url::Url;

use crate::model::form::is_local;
use crate::model::origin::is_loopback;
use crate::model::{Form, Parameter, Request, TakeId};
use crate::store::{Store, StoreError};

/// A reference that only this machine can read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", self.why(), Self::NOW)]
pub struct Unreachable {
    pub parameter: Parameter,
    pub url: String,
}

impl Unreachable {
    /// What to do now.
    pub const NOW: &str = "name the file itself";

    /// What is wrong.
    pub fn why(&self) -> String {
        let (name, url) = (self.parameter.wire(), &self.url);
        format!("{name} {url} is on this machine, where the provider cannot read it")
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
    for reference in form.references_mut().filter(|reference| !is_local(reference)) {
        let is_elsewhere = store
            .upload_origin(reference)?
            .is_some_and(|origin| origin != uploads);
        if let Some(file) = files.get(reference).filter(|_| is_elsewhere) {
            reference.clone_from(file);
        }
    }
    let is_on_this_machine = |url: &str| Url::parse(url).is_ok_and(|url| is_loopback(&url));
    if is_on_this_machine(uploads) {
        return Ok(form);
    }
    let found = form
        .references()
        .find(|(_, url)| !is_local(url) && is_on_this_machine(url))
        .map(|(parameter, url)| (parameter, url.to_owned()));
    match found {
        Some((parameter, url)) => Err(NotReachable::Reference(Unreachable { parameter, url })),
        None => Ok(form),
    }
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
