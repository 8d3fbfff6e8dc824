//! What the address of a request says: the model and the version of the API.

use url::Url;

use super::key;
use crate::model::Model;
use crate::model::origin::is_loopback;
use crate::model::text::one_line;

#[derive(Debug, Default)]
pub(super) struct Address {
    pub(super) model: Option<String>,
    pub(super) version: Option<String>,
    pub(super) keys: Vec<String>,
    pub(super) remark: Option<String>,
}

/// Whether the text is an address on the web.
pub(super) fn is_one(text: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

/// Reads an address such as `https://api.segmind.com/v2/seedance-2.0`; from other text nothing is taken.
pub(super) fn read(text: &str) -> Address {
    let Ok(url) = Url::parse(text.trim()) else {
        return Address::default();
    };
    let mut address = Address::default();
    let parts: Vec<&str> = url
        .path_segments()
        .map(|parts| parts.filter(|part| !part.is_empty()).collect())
        .unwrap_or_default();
    match parts.as_slice() {
        [version @ ("v1" | "v2"), model] => {
            address.model = Some((*model).to_owned());
            address.version = Some((*version).to_owned());
        }
        [.., last] if Model::offered(last).is_ok() => address.model = Some((*last).to_owned()),
        _ => {}
    }
    let query = url.query_pairs().filter(|(name, _)| key::is_key_name(name));
    address
        .keys
        .extend(query.filter_map(|(_, value)| key::key_in(&value)));
    address.keys.extend(url.password().and_then(key::key_in));
    let host = url.host_str().unwrap_or_default();
    let is_segmind = host == "segmind.com" || host.ends_with(".segmind.com");
    if !is_segmind && !is_loopback(&url) {
        let host = one_line(&key::redacted(host, &address.keys), 80);
        address.remark = Some(format!(
            "It is sent to {host}, which is not Segmind: only the model was taken from the address."
        ));
    }
    address
}
