//! Broken keymap files: each gives its messages and stops nothing.

use rushes::tui::keymap::Keymap;

#[test]
fn every_broken_keymap_gives_its_messages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keymaps");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 16, "the corpus is gone");
    let mut told = String::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (_, errors) = Keymap::patched(&name, &text);
        assert!(!errors.is_empty(), "{name} was accepted");
        for error in errors {
            told += &format!("{error}\n");
        }
    }
    insta::assert_snapshot!(told);
}
