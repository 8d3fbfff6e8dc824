//! Takes off what surrounds code that was copied from a page or a terminal, and tells curl commands from other text.

/// The text without a byte order mark, a Markdown fence, line numbers, and carriage returns.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    without_line_numbers(without_fence(text.trim())).trim().to_owned()
}

/// The lines between the two fences of Markdown.
fn without_fence(text: &str) -> &str {
    let Some((first, rest)) = text
        .split_once('\n')
        .filter(|(first, _)| first.starts_with("```"))
    else {
        return text;
    };
    let is_fence = !first.trim_start_matches('`').contains('`');
    let inner = rest.trim_end().strip_suffix("```").filter(|_| is_fence);
    inner.unwrap_or(text)
}

/// The lines without the numbers 1, 2, 3 … before them, if all of them have one: pages show code in this way.
fn without_line_numbers(text: &str) -> String {
    const MIN_LINES: usize = 3;
    let numbered = |(n, line): (usize, &str)| {
        line.trim_start()
            .strip_prefix(&(n + 1).to_string())
            .map(str::to_owned)
    };
    let lines: Option<Vec<String>> = text.lines().enumerate().map(numbered).collect();
    match lines.filter(|lines| lines.len() >= MIN_LINES) {
        Some(lines) => lines.join("\n"),
        None => text.to_owned(),
    }
}

/// Whether a line of the text begins a curl command, and it is no program.
pub(super) fn is_curl(text: &str) -> bool {
    let is_program = |line: &str| line.starts_with("import ") || line.starts_with("from ");
    let is_command = |line: &str| {
        let line = line.trim_start_matches(['$', '>', '%', ' ']);
        let word = line.split([' ', '\t', '\\']).next().unwrap_or_default();
        is_curl_word(word)
    };
    !text.lines().any(is_program) && text.lines().any(is_command)
}

/// Whether the word calls curl.
pub(super) fn is_curl_word(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    matches!(name, "curl" | "curl.exe")
}
