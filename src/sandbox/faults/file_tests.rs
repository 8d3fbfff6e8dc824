//! The documented example is read, and each mistake is located.

use super::*;

fn message(text: &str) -> String {
    parse(Path::new("f.toml"), text).unwrap_err().to_string()
}

/// The example in the documentation of the sandbox.
fn documented() -> &'static str {
    let text = include_str!("../../../docs/sandbox.md");
    let (_, rest) = text.split_once("```toml\n").unwrap();
    rest.split_once("```\n").unwrap().0
}

#[test]
fn the_documented_example_is_read() {
    let faults = parse(Path::new("doc.toml"), documented()).unwrap();
    assert_eq!(faults.len(), documented().matches("[[fault]]").count());
    assert!(faults.len() > 10);
}

#[test]
fn an_empty_file_breaks_nothing() {
    assert!(parse(Path::new("f.toml"), "").unwrap().is_empty());
}

#[test]
fn each_mistake_is_located_and_names_what_is_accepted() {
    let fault = |lines: &str| format!("[[fault]]\npath = \"/v2/*\"\n{lines}");
    for (text, start, names) in [
        ("seed = \"x\"".to_owned(), "f.toml:1:8: ", "u64"),
        ("[[fault]]\nstatus = 500\n".to_owned(), "f.toml:1:1: ", "path"),
        (fault("stauts = 500"), "f.toml:3:1: ", "`status`"),
        (fault("status = 99"), "f.toml:3:10: ", "200 to 599"),
        (
            fault("status = 500\nreset = \"later\""),
            "f.toml:4:9: ",
            "`before_body`, `after_body`",
        ),
        (fault("expire = \"all\""), "f.toml:3:10: ", "`record` or `file`"),
        (
            fault("reset = \"before_body\"\nempty = true"),
            "f.toml:4:9: ",
            "only one of status, reset",
        ),
        (
            fault("nth = 1\nfirst = 2\nempty = true"),
            "f.toml:4:9: ",
            "only one of nth, first",
        ),
        (
            fault("nth = \"2\"\nempty = true"),
            "f.toml:3:7: ",
            "a list such as [1, 3]",
        ),
        (fault("nth = 0\nempty = true"), "f.toml:3:7: ", "counts from 1"),
        (fault("every = 0\nempty = true"), "f.toml:3:9: ", "1 or more"),
        (
            fault("probability = 1.5\nempty = true"),
            "f.toml:3:15: ",
            "between 0.0 and 1.0",
        ),
        (
            fault("method = \"post\"\nempty = true"),
            "f.toml:3:10: ",
            "GET, POST",
        ),
        (fault("body = \"x\"\n"), "f.toml:3:8: ", "needs a status"),
        (
            fault("headers = { a = \"b\" }\n"),
            "f.toml:3:11: ",
            "needs a status",
        ),
        (
            fault("status = 500\nheaders = { \"a b\" = \"c\" }\n"),
            "f.toml:4:11: ",
            "Retry-After",
        ),
        (
            fault("slow = { bytes = 0, every_ms = 1 }"),
            "f.toml:3:8: ",
            "bytes of 1 or more",
        ),
        (
            fault("slow = { byte = 1 }"),
            "f.toml:3:10: ",
            "`bytes` or `every_ms`",
        ),
        (fault("set = {}"), "f.toml:3:7: ", "metrics.cost"),
        (
            fault("set = { \"metrics.cost\" = [1] }"),
            "f.toml:3:7: ",
            "texts, numbers",
        ),
        (
            "[[fault]]\npath = \"v2\"\nempty = true".to_owned(),
            "f.toml:2:8: ",
            "begin with /",
        ),
        (fault(""), "f.toml:1:1: ", "a fault needs one of status"),
        ("[[fault]\n".to_owned(), "f.toml:1:", "]"),
    ] {
        let found = message(&text);
        assert!(
            found.starts_with(start) && found.contains(names),
            "{text:?}\n gives {found:?}"
        );
    }
}
