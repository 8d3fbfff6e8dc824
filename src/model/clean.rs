//! Cleans typed, pasted or read text for a prompt: line breaks as LF, no control bytes, no invisible overrides.

/// The first `most` characters of `text`, with every kind of line break as LF (terminals paste CR), tabs as spaces, and
/// without anything that is invisible or controls a terminal. Joiners stay: scripts and emoji need them.
pub fn clean(text: &str, most: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(most));
    let mut count = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                '\n'
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
            '\t' => ' ',
            other => other,
        };
        if c != '\n' && !is_text(c) {
            continue;
        }
        if count == most {
            break;
        }
        count += 1;
        kept.push(c);
    }
    kept
}

/// Whether a character may stand in the text. Bidirectional overrides can make a prompt read as it is not.
pub fn is_text(c: char) -> bool {
    let invisible = matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !c.is_control() && !invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_become_lf_and_controls_vanish() {
        assert_eq!(clean("a\r\nb\rc\nd\u{2028}e", 99), "a\nb\nc\nd\ne");
        assert_eq!(clean("\u{feff}a\tb\x1b[31m\x07\u{202e}", 99), "a b[31m");
        assert_eq!(clean("👩\u{200d}🚀", 99), "👩\u{200d}🚀");
        assert_eq!(clean("abc", 2), "ab");
    }
}
