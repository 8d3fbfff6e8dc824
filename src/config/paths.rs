//! The four folders of the program: by the XDG rules, or in one folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Env;
use super::error::ConfigError;

/// The program's folders, all absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    pub config: PathBuf,
    pub data: PathBuf,
    pub state: PathBuf,
    pub cache: PathBuf,
}

impl Paths {
    /// `home` or `RUSHES_HOME` puts all four in one folder; otherwise they follow the XDG variables
    /// (XDG base directory specification, which ignores relative paths).
    pub fn resolve(home: Option<&Path>, env: &Env<'_>) -> Result<Self, ConfigError> {
        let set = |name: &str| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(home) = home.map(Path::to_owned).or_else(|| set("RUSHES_HOME")) {
            let home = std::path::absolute(&home).unwrap_or(home);
            return Ok(Self {
                config: home.join("config"),
                data: home.join("data"),
                state: home.join("state"),
                cache: home.join("cache"),
            });
        }
        let user = set("HOME")
            .or_else(std::env::home_dir)
            .filter(|path| path.is_absolute());
        let folder = |variable: &str, usual: &str| {
            let base = set(variable).filter(|path| path.is_absolute());
            base.or_else(|| Some(user.as_ref()?.join(usual)))
                .map(|base| base.join("rushes"))
                .ok_or(ConfigError::NoHome)
        };
        Ok(Self {
            config: folder("XDG_CONFIG_HOME", ".config")?,
            data: folder("XDG_DATA_HOME", ".local/share")?,
            state: folder("XDG_STATE_HOME", ".local/state")?,
            cache: folder("XDG_CACHE_HOME", ".cache")?,
        })
    }

    /// Makes the folders that the program writes in, readable by their owner only, and checks that a file can
    /// be made in each. The folder of the settings may be read-only: nothing is ever written there. Nor is a cache
    /// folder that cannot be made an error: all works without it, and what writes there reports it.
    pub fn ensure(&self) -> Result<(), ConfigError> {
        // These two may be missing, so it need not be possible to make them.
        let _ = make_private(&self.config);
        let _ = make_private(&self.cache);
        for path in [&self.data, &self.state] {
            let made = make_private(path).and_then(|()| match tempfile::tempfile_in(path) {
                // The database can still be read, and opening it reports what cannot be done.
                Err(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
                    Ok(())
                }
                tried => tried.map(drop),
            });
            made.map_err(|error| ConfigError::Folder {
                path: path.clone(),
                reason: error.kind().to_string(),
            })?;
        }
        Ok(())
    }

    /// Reels, takes, forms, ledger.
    pub fn database(&self) -> PathBuf {
        self.data.join("rushes.db")
    }

    /// The folder with a folder for each reel.
    pub fn reels(&self) -> PathBuf {
        self.data.join("reels")
    }

    /// The embedded sandbox's own state.
    pub fn sandbox(&self) -> PathBuf {
        self.data.join("sandbox")
    }

    pub fn settings_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The user's own models, and changes to those that are known.
    pub fn models_file(&self) -> PathBuf {
        self.config.join("models.toml")
    }

    /// What the provider's catalogue said when it was last read.
    pub fn catalogue_file(&self) -> PathBuf {
        self.state.join("catalogue.json")
    }

    pub fn keymap_file(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// Themes of the user's own.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The key's file; must be mode 0600.
    pub fn key_file(&self) -> PathBuf {
        self.config.join("key")
    }
}

fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
