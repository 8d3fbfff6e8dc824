//! Starts other programs, none of which gets the key.

use std::ffi::OsStr;
use std::process::Command;

use super::ApiKey;

/// A command that starts `program` without the key in its environment: nobody can tell what it prints or passes on.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove(ApiKey::VARIABLE);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_taken_out_of_the_environment() {
        let command = command("true");
        let changed: Vec<_> = command.get_envs().collect();
        assert_eq!(changed, [(OsStr::new("SEGMIND_API_KEY"), None)]);
    }
}
