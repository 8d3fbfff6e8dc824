//! Source text without comments and the contents of strings, so that only code is judged.

/// Every comment becomes a space, every string `""`; line breaks in them vanish.
pub fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = string(rest, &code) {
            code.push_str("\"\"");
            length
        } else {
            code.push(c);
            let length = c.len_utf8();
            rest = &rest[length..];
            continue;
        };
        code.push(' ');
        rest = &rest[skipped..];
    }
    code
}

/// Bytes of the block comment that `text` starts with; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// Bytes of the string or character that `text` starts with.
fn string(text: &str, before: &str) -> Option<usize> {
    if let Some(length) = raw_string(text, before) {
        return Some(length);
    }
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut chars = text.char_indices().skip(1);
    if quote == '\'' && !is_character(text) {
        return None;
    }
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return Some(at + 1);
        }
    }
    Some(text.len())
}

/// `r"…"`, `r#"…"#`, with any number of hashes.
fn raw_string(text: &str, before: &str) -> Option<usize> {
    let hashes_and_on = text.strip_prefix('r')?;
    if before.ends_with(|c: char| c.is_alphanumeric() && c != 'b' && c != 'c' || c == '_') {
        return None;
    }
    let quoted = hashes_and_on.trim_start_matches('#');
    let hashes = hashes_and_on.len() - quoted.len();
    let inside = quoted.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(2 + hashes + length)
}

/// `'a'` or `'\n'`, not the lifetime `'a`.
fn is_character(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

#[test]
fn comments_and_strings_vanish_and_code_stays() {
    let text = r##"
        use crate::a; // use crate::b;
        /* crate::c /* crate::d */ crate::e */ fn f<'a>(x: &'a str) -> char { '"' }
        /// crate::g
        let s = "crate::h \" crate::i"; let r = r#"crate::j " crate::k"#; let q = '\''; crate::l();
    "##;
    let code = code(text);
    let kept: Vec<&str> = code.split("crate::").skip(1).map(|rest| &rest[..1]).collect();
    assert_eq!(kept, ["a", "l"], "{code}");
    assert!(code.contains("fn f<'a>(x: &'a str)"), "{code}");
}
