//! Path patterns: `*` stands for a part of a path, `**` for any number of parts.

/// Whether `path` fits `pattern`. A `*` stands for any run of characters other than `/`, `**` for any run.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(path) = path.strip_prefix(before) else {
        return false;
    };
    let (rest, crosses) = match rest.strip_prefix('*') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let reach = if crosses {
        path.len()
    } else {
        path.find('/').unwrap_or(path.len())
    };
    (0..=reach)
        .filter(|at| path.is_char_boundary(*at))
        .any(|at| fits(rest, &path[at..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_star_stays_within_a_part() {
        for (pattern, path, expected) in [
            ("/v2/*", "/v2/seedance-2.0", true),
            ("/v2/*", "/v2/requests/abc", false),
            ("/v2/**", "/v2/requests/abc/status", true),
            ("/v2/requests/*/status", "/v2/requests/abc/status", true),
            ("/v2/requests/*/status", "/v2/requests/abc", false),
            ("/files/*.mp4", "/files/abc.mp4", true),
            ("/**/status", "/v2/requests/abc/status", true),
            ("/v1/seedance-2.0", "/v1/seedance-2.0", true),
            ("/v1/seedance-2.0", "/v1/seedance-2.0-fast", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    proptest! {
        #[test]
        fn two_stars_fit_everything_and_nothing_panics(pattern in "[/a*é]{0,8}", path in "[/aé]{0,12}") {
            let _ = fits(&pattern, &path);
            prop_assert!(fits("**", &path));
            prop_assert!(fits(&path, &path));
        }
    }
}
