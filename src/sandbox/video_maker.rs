//! Makes the sandbox's videos.

use std::io::Write;
use std::path::PathBuf;

use url::{Host, Url};

use super::data_url::DataUrl;
use crate::animatic::{self, Attached};
use crate::media::Picture;
use crate::model::Request;

/// Why a video could not be made.
pub type VideoError = Box<dyn std::error::Error + Send + Sync>;

/// Makes the videos. The same request must give the same bytes.
pub trait VideoMaker: Send + Sync + 'static {
    /// Writes the video of `request` as MP4.
    fn video(&self, request: &Request, out: &mut dyn Write) -> Result<(), VideoError>;

    /// The video of a request that looks the same and is not: `light` decides in what it differs. A maker that cannot do that
    /// gives the same video.
    fn near_video(&self, request: &Request, light: u64, out: &mut dyn Write) -> Result<(), VideoError> {
        let _ = light;
        self.video(request, out)
    }

    /// The video's last frame, if the maker knows it.
    fn last_frame(&self, request: &Request) -> Option<Picture>;
}

/// A function makes videos too, but does not know their last frame.
impl<F> VideoMaker for F
where
    F: Fn(&Request, &mut dyn Write) -> Result<(), VideoError> + Send + Sync + 'static,
{
    fn video(&self, request: &Request, out: &mut dyn Write) -> Result<(), VideoError> {
        self(request, out)
    }

    fn last_frame(&self, _request: &Request) -> Option<Picture> {
        None
    }
}

/// Draws the scripts as animatics, with the uploaded pictures in their places.
pub(super) struct Animatics {
    /// The folder of uploads.
    pub(super) assets: PathBuf,
}

impl Animatics {
    fn attached(&self, request: &Request) -> Attached {
        // A picture in the request itself is read from a file, as the others are; each is read before the next is found.
        let unpacked = tempfile::tempdir().ok();
        let in_request = |url: &str| {
            let path = unpacked.as_ref()?.path().join("picture");
            std::fs::write(&path, DataUrl::read(url)?.bytes).ok()?;
            Some(path)
        };
        let find = |url: &str| match asset_name(url) {
            Some(name) => Some(self.assets.join(name)),
            None => in_request(url),
        };
        // A picture that cannot be read is shown as its name, as one with a URL elsewhere.
        Attached::read(request, find).0
    }
}

impl VideoMaker for Animatics {
    fn video(&self, request: &Request, mut out: &mut dyn Write) -> Result<(), VideoError> {
        animatic::render(request, &self.attached(request), &mut out)?;
        Ok(())
    }

    fn near_video(&self, request: &Request, light: u64, mut out: &mut dyn Write) -> Result<(), VideoError> {
        animatic::render_lit(request, &self.attached(request), light, &mut out)?;
        Ok(())
    }

    fn last_frame(&self, request: &Request) -> Option<Picture> {
        Some(animatic::last_frame(request, &self.attached(request)))
    }
}

/// The name of the upload behind a URL of a sandbox on any port; `None` for any other URL. Nothing is ever fetched: a
/// name is only looked for among the sandbox's own uploads.
fn asset_name(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let is_here = match url.host()? {
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
        Host::Domain(name) => name == "localhost",
    };
    let name = url.path().strip_prefix("/assets/")?;
    let (id, ending) = name.split_once('.')?;
    let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_ending = ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_here && is_id && is_ending).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sandboxs_own_addresses_name_an_upload() {
        let id = "0123456789abcdef0123456789abcdef";
        let name = format!("{id}.png");
        for origin in ["http://127.0.0.1:8080", "http://[::1]:9", "http://localhost"] {
            let address = format!("{origin}/assets/{id}.png");
            assert_eq!(asset_name(&address).as_ref(), Some(&name), "{address}");
        }
        for address in [
            format!("https://example.com/assets/{id}.png"),
            format!("http://127.0.0.1:8080/files/{id}.png"),
            format!("http://127.0.0.1:8080/assets/../{id}.png"),
            format!("http://127.0.0.1:8080/assets/{id}.png/../../books.db"),
            format!("http://127.0.0.1:8080/assets/..%2f{id}.png"),
            "http://127.0.0.1:8080/assets/../../etc/passwd".to_owned(),
            "http://127.0.0.1:8080/assets/books.db".to_owned(),
            format!("file:///assets/{id}.png"),
            id.to_owned(),
            String::new(),
        ] {
            assert_eq!(asset_name(&address), None, "{address}");
        }
    }
}
