//! Shot scripts as people write them: every heading grammar, every false friend, every way to cite a reference.

#![allow(clippy::unwrap_used)] // helpers of tests fail like tests do

mod cases;
mod clean_scripts;
mod corpus;
mod false_friends;
mod fixes;
mod fuzzing;
mod grammars;
mod references;
mod retiming;
mod timeline;
mod tolerances;
mod vocabulary;

use rushes::script::{Script, read};

/// One line a shot: `number [title] start..end | text`, times in milliseconds, `?` where unknown.
fn shown(text: &str) -> Vec<String> {
    let script = read(text);
    let time = |ms: Option<u32>| ms.map_or_else(|| "?".to_owned(), |ms| ms.to_string());
    let shots = script.shots.iter();
    shots
        .map(|shot| {
            format!(
                "{} [{}] {}..{} | {}",
                shot.number,
                shot.title,
                time(shot.start),
                time(shot.end),
                &text[shot.text.clone()]
            )
        })
        .collect()
}

/// Numbers and times only, in seconds where they are whole.
fn times(script: &Script) -> Vec<(u32, Option<u32>, Option<u32>)> {
    script
        .shots
        .iter()
        .map(|shot| (shot.number, shot.start, shot.end))
        .collect()
}
