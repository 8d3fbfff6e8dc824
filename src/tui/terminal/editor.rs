//! The prompt in the user's own editor. Whatever the editor does, the text is never lost.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitStatus;

/// Longest text taken back, in bytes.
const MOST: u64 = 1 << 20;

/// Why nothing came back of the editor. The draft is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditorError {
    #[error(
        "$VISUAL or $EDITOR is not a command line ({given:?}): set it to a program such as `nano` or `code -w`"
    )]
    NotACommand { given: String },
    #[error(
        "{program} could not be started ({source}): set $VISUAL or $EDITOR to an editor that is installed"
    )]
    NotStarted { program: String, source: io::Error },
    #[error("{program} ended with {status}: the prompt stays as it was")]
    Failed { program: String, status: ExitStatus },
    #[error(
        "the text could not be handed to the editor ({0}): make room or allow writing in the state folder"
    )]
    File(#[from] io::Error),
    #[error("the text is longer than 1 MiB: the prompt stays as it was")]
    TooLong,
}

/// `$VISUAL`, then `$EDITOR`, then `vi`, split as a shell would.
///
/// # Errors
/// When the quotes do not match.
pub fn command(env: &dyn Fn(&str) -> Option<String>) -> Result<Vec<String>, EditorError> {
    let set = |name: &str| env(name).filter(|value| !value.trim().is_empty());
    let given = set("VISUAL")
        .or_else(|| set("EDITOR"))
        .unwrap_or_else(|| "vi".to_owned());
    match shell_words::split(&given) {
        Ok(words) if !words.is_empty() => Ok(words),
        _ => Err(EditorError::NotACommand { given }),
    }
}

/// Runs `command` on `text` in a private file of `folder` and reads it back, line ends made plain.
///
/// # Errors
/// When the editor cannot be run or fails, or the text cannot be kept.
pub async fn edit(command: &[String], folder: &Path, text: &str) -> Result<String, EditorError> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(EditorError::NotACommand { given: String::new() });
    };
    fs::create_dir_all(folder)?;
    // tempfile makes it readable for the user alone.
    let mut file = tempfile::Builder::new()
        .prefix("prompt-")
        .suffix(".txt")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let path = file.path().to_owned();
    let status = tokio::process::Command::new(program)
        .args(arguments)
        .arg(&path)
        .status()
        .await
        .map_err(|source| EditorError::NotStarted {
            program: program.clone(),
            source,
        })?;
    if !status.success() {
        return Err(EditorError::Failed {
            program: program.clone(),
            status,
        });
    }
    if fs::metadata(&path)?.len() > MOST {
        return Err(EditorError::TooLong);
    }
    let edited = String::from_utf8_lossy(&fs::read(&path)?).replace("\r\n", "\n");
    // Editors end the last line; a prompt has no use for that.
    Ok(edited
        .strip_suffix('\n')
        .filter(|_| !text.ends_with('\n'))
        .unwrap_or(&edited)
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn script(folder: &Path, body: &str) -> Vec<String> {
        let path = folder.join("an editor.sh");
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        vec!["sh".to_owned(), path.to_string_lossy().into_owned()]
    }

    #[test]
    fn visual_goes_before_editor_and_is_split_as_a_shell_would() {
        let env = |name: &str| match name {
            "VISUAL" => Some("'my editor' -w".to_owned()),
            _ => Some("nano".to_owned()),
        };
        assert_eq!(command(&env).unwrap(), ["my editor", "-w"]);
        assert_eq!(command(&|_| None).unwrap(), ["vi"]);
        assert!(command(&|_| Some("'open".to_owned())).is_err());
    }

    #[tokio::test]
    async fn the_text_comes_back_and_its_file_is_private_and_gone() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let seen = folder.path().join("seen");
        let editor = script(
            folder.path(),
            &format!(
                "stat -c %a \"$1\" > '{0}'; cat \"$1\" >> '{0}'; printf 'new\\r\\ntext\\n' > \"$1\"",
                seen.display()
            ),
        );
        assert_eq!(edit(&editor, &state, "old").await.unwrap(), "new\ntext");
        assert_eq!(fs::read_to_string(seen).unwrap(), "600\nold");
        assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
        assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o400, 0o400);
    }

    #[tokio::test]
    async fn a_failing_editor_is_an_error_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let failing = script(folder.path(), "echo spoilt > \"$1\"; exit 3");
        let error = edit(&failing, folder.path(), "old").await.unwrap_err();
        assert!(matches!(error, EditorError::Failed { .. }), "{error}");
        let absent = vec!["/no/such/editor".to_owned()];
        assert!(matches!(
            edit(&absent, folder.path(), "old").await,
            Err(EditorError::NotStarted { .. })
        ));
    }
}
