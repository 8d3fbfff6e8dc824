//! Files that are written into a request as data URLs.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A file in the text of a request.
pub(super) struct DataUrl {
    /// In lower case, without parameters.
    pub mime: String,
    pub bytes: Vec<u8>,
}

impl DataUrl {
    /// Whether `text` says that it is a data URL; it may be a broken one.
    pub fn is(text: &str) -> bool {
        text.starts_with("data:")
    }

    /// The file of a data URL in base64; `None` for any other text.
    pub fn read(text: &str) -> Option<Self> {
        let (head, data) = text.strip_prefix("data:")?.split_once(',')?;
        let mime = head.strip_suffix(";base64")?.split(';').next()?;
        let bytes = BASE64_STANDARD.decode(data).ok()?;
        mime.contains('/').then(|| Self {
            mime: mime.to_ascii_lowercase(),
            bytes,
        })
    }
}
