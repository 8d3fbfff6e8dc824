//! Text that is not what it seems: keys that must not get out, bounded work, and no panic.

use proptest::prelude::*;

use super::*;

#[test]
fn a_key_is_never_kept_or_told() {
    const KEY: &str = "k3yk3yk3yk3yk3y";
    let texts = [
        format!("curl https://api.segmind.com/v2/seedance-2.0 -H 'X-Api-Key: {KEY}' -d '{{\"prompt\": \"kite {KEY}\", \"n{KEY}\": 1}}'"),
        format!("curl 'https://api.segmind.com/v2/{KEY}?api_key={KEY}' -d '{{\"prompt\": \"kite\"}}'"),
        format!("curl -H 'Authorization: Bearer {KEY}' x -d '{{\"prompt\": \"kite\", \"resolution\": \"{KEY}\"}}'"),
        format!("api_key = \"{KEY}\"\ndata = {{\"prompt\": \"kite {KEY}\", \"seed\": 1}}"),
        format!("requests.post('https://x/v2/seedance-2.0', json={{'prompt': 'kite'}}, headers={{'x-api-key': '{KEY}'}}, key='{KEY}')"),
        format!("{{\"prompt\": \"kite\", \"api_key\": \"{KEY}\", \"first_frame_url\": \"{KEY}\"}}"),
        "{\"prompt\": \"kite SG_0123456789abcdef\", \"SG_0123456789abcdef\": 1, \"model\": \"SG\\u005f0123456789abcdef\"}".to_owned(),
    ];
    for text in texts {
        let found = read(&text).unwrap();
        let shown = format!("{found:?}");
        assert!(
            !shown.contains(KEY) && !shown.contains("0123456789abcdef"),
            "{text}\n{shown}"
        );
        assert_eq!(
            found.remarks[0], "The key in it was left out: rushes uses your own.",
            "{text}"
        );
        assert!(found.form.prompt.starts_with("kite"));
    }
    for placeholder in ["$SEGMIND_API_KEY", "YOUR_API_KEY", "<your key>", "${KEY}"] {
        let text = format!(
            "curl https://api.segmind.com/v2/seedance-2.0 -H 'x-api-key: {placeholder}' -d '{{\"prompt\": \"k\"}}'"
        );
        assert!(!read(&text).unwrap().remarks[0].contains("key"), "{placeholder}");
    }
}

#[test]
fn hostile_text_takes_no_time_and_no_stack() {
    let deep = |open: &str, close: &str| format!("x = {}{}", open.repeat(20_000), close.repeat(20_000));
    let doubling: String = (1..60)
        .map(|n| format!("a{n} = [a{}, a{}]\n", n - 1, n - 1))
        .collect();
    let texts = [
        deep("[", "]"),
        deep("{\"prompt\": ", "}"),
        deep("dict(prompt=", ")"),
        deep("dedent(", ")"),
        deep("x = [", "]"),
        deep("run(prompt=[", "])"),
        deep("post(json={\"prompt\": ", "})"),
        deep("(", ""),
        format!("a0 = 'x'\n{doubling}run(prompt=a59)"),
        format!("a = '{}'\nb = [{}]", "x".repeat(20_000), "a,".repeat(20_000)),
        format!(
            "a = {{'prompt': 'k'}}\nb = [1]\n{}",
            "a['x'] = a\nb = [b]\n".repeat(20_000)
        ),
        format!(
            "curl {} -d '{{\"prompt\": \"k\"}}'",
            (0..20_000)
                .map(|n| format!("-H 'x-api-key: key-{n:09}' "))
                .collect::<String>()
        ),
        "{".repeat(20_000),
        "[{\"request\":".repeat(20_000),
        format!("{{\"prompt\": {}", "[".repeat(20_000)),
        format!("curl {}", "$'".repeat(20_000)),
        format!("curl {}", "-d x ".repeat(20_000)),
        "curl ".repeat(20_000),
        "'''".repeat(20_001),
        "SG_".repeat(20_000),
        "1\n".repeat(20_000),
        format!(
            "{{\"prompt\": \"k\", {}}}",
            (0..20_000)
                .map(|n| format!("\"f{n}\": 1,"))
                .collect::<String>()
                .trim_end_matches(',')
        ),
    ];
    for text in texts {
        let before = std::time::Instant::now();
        if let Ok(found) = read(&text) {
            assert!(found.remarks.iter().all(|remark| remark.chars().count() <= 400));
        }
        let took = before.elapsed();
        assert!(took.as_secs() < 20, "{took:?}: {}", &text[..40]);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_program_is_read_or_refused(
        text in "(curl |-d |-H|\\$'|\\\\|'|\"|\\{|\\}|\\[|\\]|\\(|\\)|prompt|data|=|:|,|run|json|dict|\\n|\"\"\"|f|\\\\u12|x|镜|7|-|#|\\.| |True|url_to|@|SG_){0,60}",
    ) {
        for text in [text.clone(), format!("{{{text}"), format!("curl {text}"), format!("data = {{'prompt': {text}")] {
            let _ = read(&text);
        }
    }
}
