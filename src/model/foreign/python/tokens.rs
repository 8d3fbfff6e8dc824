//! Splits Python into names, literals and marks. Comments and line breaks within brackets vanish.

/// A part of the program.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// As JSON writes it.
    Number(String),
    Mark(char),
    /// The end of a line that is not within brackets.
    Line,
    /// A text that is computed, or that never ends.
    Computed,
}

/// The tokens of a program. Every text has some.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(c) = rest.chars().next() {
        let (token, taken) = if let Some(found) = literal(rest) {
            found
        } else {
            match c {
                '\n' => ((depth == 0).then_some(Token::Line), 1),
                '#' => (None, rest.find('\n').unwrap_or(rest.len())),
                // A line that goes on.
                '\\' if rest.starts_with("\\\n") => (None, 2),
                _ if c.is_whitespace() => (None, c.len_utf8()),
                _ if c.is_alphabetic() || c == '_' => {
                    let length = rest
                        .find(|c: char| !c.is_alphanumeric() && c != '_')
                        .unwrap_or(rest.len());
                    (
                        rest.get(..length).map(|name| Token::Name(name.to_owned())),
                        length,
                    )
                }
                _ if c.is_ascii_digit() => number(rest),
                // Neither assigns.
                _ if ["==", "!=", ">=", "<=", ":="]
                    .iter()
                    .any(|mark| rest.starts_with(mark)) =>
                {
                    (Some(Token::Mark('?')), 2)
                }
                _ => (Some(Token::Mark(c)), c.len_utf8()),
            }
        };
        match token {
            Some(Token::Mark('(' | '[' | '{')) => depth += 1,
            Some(Token::Mark(')' | ']' | '}')) => depth = depth.saturating_sub(1),
            _ => {}
        }
        tokens.extend(token);
        rest = rest.get(taken..).unwrap_or_default();
    }
    tokens
}

/// A number and its length; a token that is no number stays computed.
fn number(text: &str) -> (Option<Token>, usize) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let digits = text.get(..length).unwrap_or_default().replace('_', "");
    let token = match serde_json::from_str::<serde_json::Number>(&digits) {
        Ok(_) => Token::Number(digits),
        Err(_) => Token::Computed,
    };
    (Some(token), length)
}

/// A text with its prefix and marks, and its length.
fn literal(text: &str) -> Option<(Option<Token>, usize)> {
    let prefix = text.bytes().take(2).take_while(u8::is_ascii_alphabetic).count();
    let (letters, quoted) = text.split_at_checked(prefix)?;
    let mark = quoted.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let letters = letters.to_ascii_lowercase();
    if !letters.chars().all(|letter| "rbuf".contains(letter)) {
        return None;
    }
    let is_raw = letters.contains('r');
    let triple = mark.to_string().repeat(3);
    let is_long = quoted.starts_with(&triple);
    let marks = if is_long { 3 } else { 1 };
    let inside = quoted.get(marks..)?;
    let Some((content, length)) = content(inside, &triple, is_long, is_raw) else {
        // The text never ends: the rest of its line, or of the program, is lost.
        let lost = if is_long { None } else { inside.find('\n') };
        return Some((
            Some(Token::Computed),
            prefix + marks + lost.unwrap_or(inside.len()),
        ));
    };
    let is_computed = letters.contains('f') && content.contains(['{', '}']) || letters.contains('b');
    let token = if is_computed {
        Token::Computed
    } else {
        Token::Text(content)
    };
    Some((Some(token), prefix + marks + length + marks))
}

/// What stands before the closing marks, and its length as written.
fn content(inside: &str, triple: &str, is_long: bool, is_raw: bool) -> Option<(String, usize)> {
    let end = if is_long { triple } else { triple.get(..1)? };
    let mut content = String::new();
    let mut at = 0;
    loop {
        let rest = inside.get(at..)?;
        if rest.starts_with(end) {
            return Some((content, at));
        }
        let c = rest.chars().next()?;
        if c == '\n' && !is_long {
            return None;
        }
        if c != '\\' {
            content.push(c);
            at += c.len_utf8();
            continue;
        }
        let escaped = rest.get(1..)?.chars().next()?;
        if is_raw {
            content.push(c);
            content.push(escaped);
            at += 1 + escaped.len_utf8();
        } else {
            let (made, taken) = unescaped(rest, escaped);
            content.extend(made);
            at += taken;
        }
    }
}

/// The character that an escape stands for, if any, and the length of the escape.
fn unescaped(text: &str, escaped: char) -> (Option<char>, usize) {
    let made = match escaped {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' | 'b' | 'f' | 'v' | '0' => ' ',
        '\n' => return (None, 2),
        '\\' | '\'' | '"' => escaped,
        'x' => return coded(text, 2),
        'u' => return coded(text, 4),
        'U' => return coded(text, 8),
        // Python keeps the backslash of what is no escape; it is taken on its own.
        _ => return (Some('\\'), 1),
    };
    (Some(made), 1 + escaped.len_utf8())
}

/// A character by its number: `\u955c`, also as the pair of numbers that JSON writes.
fn coded(text: &str, digits: usize) -> (Option<char>, usize) {
    let code = |text: &str| {
        let digits = text.get(2..2 + digits)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let length = 2 + digits;
    let Some(first) = code(text) else {
        return (Some('\\'), 1);
    };
    let second = text
        .get(length..)
        .filter(|rest| rest.starts_with("\\u"))
        .and_then(code);
    if let (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) = (first, second) {
        let pair = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(pair), 2 * length);
    }
    (
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)),
        length,
    )
}
