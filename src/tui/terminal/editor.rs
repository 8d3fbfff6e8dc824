//! Edits the prompt in the user's own editor, without losing text whatever the editor does.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::lent_file::{read, remove, write};

use crate::model::child;

pub use super::lent_file::EditorError;

/// An editor that ends within this time and changed nothing was not used.
const AT_ONCE: Duration = Duration::from_secs(1);

/// `$VISUAL`, else `$EDITOR`, else `vi`, split as a shell would.
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

/// A text that the editor saved. The caller removes the file once the text is stored.
#[derive(Debug)]
pub struct Edited {
    pub text: String,
    pub file: PathBuf,
    /// How the editor failed after it had saved the text, and what to do.
    pub failure: Option<String>,
    /// The editor's name, when it ended at once and changed nothing: it may have passed the file to a window, and save
    /// later.
    pub at_once: Option<String>,
}

/// The editor's file, which stays when the wait for the editor is given up, because the editor may still save.
struct Kept(Option<PathBuf>);

impl Kept {
    fn take(mut self) -> PathBuf {
        self.0.take().unwrap_or_default()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            tracing::warn!("the editor was left; what it saves is in {}", file.display());
        }
    }
}

/// Runs `command` on `text` in a private file of `folder` and reads it back, even when the editor failed after saving. The
/// file stays unless it has no new text.
pub async fn edit(
    command: &[String],
    folder: &Path,
    prefix: &str,
    text: &str,
) -> Result<Edited, EditorError> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(EditorError::NotACommand { given: String::new() });
    };
    let file = write(folder, prefix, text)?;
    let begun = Instant::now();
    let kept = Kept(Some(file.clone()));
    let ended = tokio::process::Command::from(child::command(program))
        .args(arguments)
        .arg(&file)
        .status()
        .await;
    let file = kept.take();
    let program = program.clone();
    let status = match ended {
        Ok(status) => status,
        Err(source) => {
            remove(&file);
            return Err(EditorError::NotStarted { program, source });
        }
    };
    let edited = read(&file, text)?;
    if status.success() {
        let is_at_once = edited == text && begun.elapsed() < AT_ONCE;
        return Ok(Edited {
            text: edited,
            file,
            failure: None,
            at_once: is_at_once.then_some(program),
        });
    }
    // An editor that died while writing may leave an empty file, which must not replace the prompt.
    if edited == text || edited.trim().is_empty() {
        remove(&file);
        return Err(EditorError::Failed { program, status });
    }
    Ok(Edited {
        text: edited,
        file,
        failure: Some(format!(
            "{program} ended with {status}, but had saved: the prompt is what it saved, which you can undo"
        )),
        at_once: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::terminal::late;
    use std::fs;
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
    async fn the_text_comes_back_and_its_file_is_private_and_stays_until_it_is_removed() {
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
        let edited = edit(&editor, &state, "prompt-", "old").await.unwrap();
        assert_eq!((edited.text.as_str(), edited.failure), ("new\ntext", None));
        assert_eq!(fs::read_to_string(&edited.file).unwrap(), "new\r\ntext\n");
        remove(&edited.file);
        assert_eq!(fs::read_to_string(seen).unwrap(), "600\nold");
        assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
        assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o400, 0o400);
    }

    #[tokio::test]
    async fn a_failing_editor_is_an_error_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        for body in ["exit 3", ": > \"$1\"; exit 3"] {
            let failing = script(folder.path(), body);
            let error = edit(&failing, &state, "prompt-", "old").await.unwrap_err();
            assert!(matches!(error, EditorError::Failed { .. }), "{error}");
        }
        let absent = vec!["/no/such/editor".to_owned()];
        assert!(matches!(
            edit(&absent, &state, "prompt-", "old").await,
            Err(EditorError::NotStarted { .. })
        ));
        assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn what_a_failing_editor_had_saved_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let failing = script(folder.path(), "echo saved > \"$1\"; exit 3");
        let edited = edit(&failing, folder.path(), "prompt-", "old").await.unwrap();
        assert_eq!(edited.text, "saved");
        assert!(edited.failure.unwrap().contains("exit status: 3"));
    }

    #[tokio::test]
    async fn an_editor_that_ends_at_once_is_told_from_one_that_was_used() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        // Hands its file on to a process of its own, as `code` does without `--wait`.
        let quick = script(
            folder.path(),
            "(while [ ! -e \"$1.go\" ]; do sleep 0.02; done; echo late > \"$1\") >&- 2>&- &",
        );
        let edited = edit(&quick, &state, "prompt-", "old").await.unwrap();
        assert_eq!(edited.at_once.as_deref(), Some("sh"));
        let lent = late::Lent {
            program: "sh".to_owned(),
            file: edited.file,
            known: edited.text,
        };
        assert_eq!(lent.later_text(), None);
        fs::write(format!("{}.go", lent.file.display()), "").unwrap();
        let late = async {
            loop {
                match lent.later_text() {
                    Some(text) => return text,
                    None => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        };
        assert_eq!(late.await, "late");
        let used = script(folder.path(), "echo new > \"$1\"");
        assert_eq!(edit(&used, &state, "prompt-", "old").await.unwrap().at_once, None);
        let slow = script(folder.path(), "sleep 1.1");
        assert_eq!(edit(&slow, &state, "prompt-", "old").await.unwrap().at_once, None);
    }

    #[tokio::test]
    async fn what_is_too_long_stays_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let editor = script(folder.path(), "head -c 2000000 /dev/zero > \"$1\"");
        let error = edit(&editor, folder.path(), "prompt-", "old").await.unwrap_err();
        let EditorError::TooLong { file } = &error else {
            panic!("{error}")
        };
        assert_eq!(fs::metadata(file).unwrap().len(), 2_000_000);
        assert!(error.to_string().contains(&file.display().to_string()));
    }

    #[tokio::test]
    async fn giving_up_the_wait_leaves_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let saved = folder.path().join("saved");
        // Ends by itself once the test has removed its mark.
        let editor = script(
            folder.path(),
            &format!(
                "echo new > \"$1\"; touch '{0}'; while [ -e '{0}' ]; do sleep 0.05; done",
                saved.display()
            ),
        );
        let until_saved = async {
            while !saved.exists() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = edit(&editor, &state, "prompt-", "old") => panic!("the editor ended"),
            () = until_saved => {}
        }
        let file = fs::read_dir(&state).unwrap().next().unwrap().unwrap().path();
        assert_eq!(fs::read_to_string(file).unwrap(), "new\n");
        fs::remove_file(saved).unwrap();
    }
}
