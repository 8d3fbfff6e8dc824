//! Absurd bills: what a response says that a take cost. Which takes are struck follows from the first digit of the
//! request id, so that a take has the same bill in every response and the audit knows it.

/// First digit, name, what the response says, and what the store may make of it in micro-dollars.
const BILLS: [(char, &str, &str, Option<i64>); 6] = [
    (
        'a',
        "bill as large as an integer",
        "\"9223372036854.775807\"",
        None,
    ),
    ('b', "bill below zero", "-1", None),
    ('c', "bill of NaN", "nan", None),
    ('d', "bill in words", "\"as agreed\"", None),
    ('e', "bill of 1e300", "1e300", None),
    // An amount like any other, but far above what was reserved: it counts in full.
    ('f', "bill above its reserve", "5.0", Some(5_000_000)),
];

/// The rules of a faults file, each a table.
pub fn rules() -> Vec<String> {
    let paths = |digit: char| [format!("{digit}*"), format!("{digit}*/status")];
    let rule = |name: &str, path: &str, value: &str| {
        format!(
            "[[fault]]\nname = \"{name}\"\nmethod = \"GET\"\npath = \"/v2/requests/{path}\"\n\
             set = {{ \"metrics.cost\" = {value} }}\n"
        )
    };
    BILLS
        .iter()
        .flat_map(|(digit, name, value, _)| paths(*digit).map(|path| rule(name, &path, value)))
        .collect()
}

/// Whether a take may say that it cost `said` although it was charged otherwise. A blocking request that lost its
/// response is asked about like any other.
pub fn may_say(request_id: &str, said: Option<i64>) -> bool {
    let bill = BILLS.iter().find(|(digit, ..)| request_id.starts_with(*digit));
    bill.is_some_and(|(.., known)| *known == said)
}
