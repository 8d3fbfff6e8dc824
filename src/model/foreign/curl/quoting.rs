//! Rewrites `$'…'`, which browsers write when they copy a request as curl, into quotation that the crate for shell
//! words reads.

/// The text with every `$'…'` as `'…'`.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        if quote.is_none()
            && let Some(inside) = rest.strip_prefix("$'")
            && let Some((content, after)) = content(inside)
        {
            plain.push('\'');
            plain.push_str(&content.replace('\'', "'\\''"));
            plain.push('\'');
            rest = after;
            continue;
        }
        let mut taken = c.len_utf8();
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), close) if open == close => quote = None,
            // A backslash keeps the next character from ending the quotation, but not between single marks.
            (None | Some('"'), '\\') => taken += rest.chars().nth(1).map_or(0, char::len_utf8),
            _ => {}
        }
        let (same, after) = rest.split_at(taken);
        plain.push_str(same);
        rest = after;
    }
    plain
}

/// What stands between the marks, and the rest of the text; `None` when the second mark is missing.
fn content(inside: &str) -> Option<(String, &str)> {
    let mut content = String::new();
    let mut rest = inside;
    loop {
        let c = rest.chars().next()?;
        rest = rest.get(c.len_utf8()..)?;
        match c {
            '\'' => return Some((content, rest)),
            '\\' => {
                let escaped = rest.chars().next()?;
                rest = rest.get(escaped.len_utf8()..)?;
                let digits = match escaped {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                let digits = rest
                    .bytes()
                    .take(digits)
                    .take_while(u8::is_ascii_hexdigit)
                    .count();
                let (number, after) = rest.split_at_checked(digits)?;
                rest = after;
                let number = u32::from_str_radix(number, 16).ok();
                content.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'x' | 'u' | 'U' => number
                        .and_then(char::from_u32)
                        .unwrap_or(char::REPLACEMENT_CHARACTER),
                    'a' | 'b' | 'e' | 'E' | 'f' | 'v' | '0' => ' ',
                    other => other,
                });
            }
            other => content.push(other),
        }
    }
}
