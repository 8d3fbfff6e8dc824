//! Other programs that rushes starts: none of them is given the key.

use std::ffi::OsStr;
use std::process::Command;

use super::ApiKey;

/// A command that starts `program` without the key in its environment. What another program keeps, prints or hands
/// on is not in our hands.
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
