//! Any text is read, checked and fixed without a panic, and all positions are within it.
//!
//! `cargo +nightly fuzz run script` from the project's root; `tests/script/clean` makes a corpus to start from.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rushes::model::{Form, RuleSet};
use rushes::script::lint::{Fix, Fixed, check};
use rushes::script::{move_boundary, read};

fuzz_target!(|prompt: String| {
    let form = Form {
        prompt,
        ..Form::default()
    };
    let script = read(&form.prompt);
    let mut fixes = vec![
        Fix::Retime,
        Fix::Squeeze(4000),
        Fix::CloseGaps,
        Fix::StartAtZero,
        Fix::Shift,
        Fix::Split(0),
        Fix::Renumber,
        Fix::NormaliseReferences,
        Fix::ReplaceNewlines,
    ];
    for finding in check(&form, &script, &RuleSet::NONE) {
        assert!(form.prompt.get(finding.span.clone()).is_some(), "{finding:?}");
        fixes.extend(finding.fixes);
    }
    for fix in fixes {
        match fix.apply(&form) {
            Fixed::One(fixed) => drop(read(&fixed.prompt)),
            Fixed::Clips(clips) => assert!(!clips.is_empty()),
        }
    }
    for boundary in 0..script.shots.len().min(3) {
        drop(move_boundary(&form.prompt, &script, boundary, 500));
    }
});
