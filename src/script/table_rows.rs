//! Reads the commas of rows that are counted, as in `1,0-3s,wide` above `2,3-6s,close`, as separators: the reader would take `1,0` for a
//! decimal number.

/// The longest words before the number of a row, in bytes.
const MAX_LEAD: usize = 24;

/// The text with a stroke behind the number of each counted row, at the same places; `None` where there are no such rows.
pub(super) fn with_separators(text: &str) -> Option<String> {
    let mut commas = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    let mut last = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let row = counted(line).map(|(number, comma)| (number, start + comma));
        match row {
            Some((number, comma)) if last.is_none_or(|last| number == last + 1) => {
                run.push(comma);
                last = Some(number);
            }
            Some((number, comma)) => {
                commas.append(&mut several(std::mem::take(&mut run)));
                run.push(comma);
                last = Some(number);
            }
            None => {}
        }
        start += line.len();
    }
    commas.append(&mut several(run));
    if commas.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for comma in commas {
        bytes[comma] = b'|';
    }
    String::from_utf8(bytes).ok()
}

/// One row alone may be a decimal number: `1,5-3 s`.
fn several(rows: Vec<usize>) -> Vec<usize> {
    if rows.len() > 1 { rows } else { Vec::new() }
}

/// The number at the beginning of a line, and where the comma before another number follows it.
fn counted(line: &str) -> Option<(u32, usize)> {
    let digits = line
        .find(|c: char| c.is_ascii_digit())
        .filter(|at| *at <= MAX_LEAD)?;
    if line[..digits].contains([',', ':', '(', '[']) {
        return None;
    }
    let comma = digits + line[digits..].find(|c: char| !c.is_ascii_digit())?;
    let number = line[digits..comma].parse().ok()?;
    let mut rest = line[comma..].strip_prefix(',')?.chars();
    let begins = rest.next().is_some_and(|c| c.is_ascii_digit());
    (begins && line[comma + 1..].contains(',')).then_some((number, comma))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_that_count_on_have_separators() {
        let rows = "No,Time,Shot\n1,0-3s,wide\n2,3-6s,close\n";
        let read = "No,Time,Shot\n1|0-3s,wide\n2|3-6s,close\n";
        assert_eq!(with_separators(rows).as_deref(), Some(read));
        for text in [
            "1,5-3 s: a, b\n3-6 s: c",
            "0,5-1 s, a\n1-1,5 s, b",
            "a, b\nc, d",
            "1, 2, 3",
        ] {
            assert_eq!(with_separators(text), None, "{text}");
        }
    }
}
