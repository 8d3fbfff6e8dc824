//! `rushes stats`: what was spent, kept, failed and waited for.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use crate::model::Backend;
use crate::model::text::{counted, duration};
use crate::service::numbers::{self, DROPS, HEADINGS, Histogram};
use crate::store::{Asked, By, Key, Section, Sums};
use crate::tui::widgets::columns::{Column, Table};
use crate::tui::widgets::text::pad;

use super::args::{Global, Stats};
use super::exit::Exit;
use super::{Failure, open, print};

/// The longest bar of a histogram, in characters.
const BAR: u64 = 40;
/// Columns before each row of a table.
const INDENT: usize = 2;

pub(super) fn run(global: &Global, args: &Stats) -> Result<Exit, Failure> {
    let home = open::to_read(global)?;
    let by = By::from(args.by);
    let asked = Asked {
        reel_id: open::named_reel(global, &home),
        by,
        zone: TimeZone::system(),
        most: usize::MAX,
    };
    let read = home.store.numbers(&asked)?;
    let sections = [&read.live, &read.sandbox];
    let with_takes = sections
        .into_iter()
        .filter(|section| section.groups.total.takes > 0);
    let mut is_first = true;
    for section in with_takes {
        if args.json {
            in_json(section, by)?;
        } else {
            in_words(section, by, is_first)?;
        }
        is_first = false;
    }
    if is_first && !args.json {
        print::line("No takes yet: `rushes` opens the workbench, where g generates one.")?;
    }
    Ok(Exit::Ok)
}

fn in_words(section: &Section, by: By, is_first: bool) -> Result<(), Failure> {
    if !is_first {
        print::line("")?;
    }
    print::line(match section.backend {
        Backend::Live => "Live",
        Backend::Sandbox => "Sandbox",
    })?;
    for phrase in numbers::phrases(section) {
        print::line(&format!("  {phrase}"))?;
    }
    if !section.failures.is_empty() {
        print::line("\nFailures")?;
    }
    for (reason, takes) in &section.failures {
        print::line(&format!("  {takes:>5}  {}", reason.title()))?;
    }
    if let Some(histogram) = Histogram::of(&section.waits_ms) {
        waits(&histogram)?;
    }
    // The longest part comes last.
    print::line("")?;
    table(section, by)
}

/// The groups in columns as wide as their widest cell. A terminal that is too narrow for all shows those that matter most.
fn table(section: &Section, by: By) -> Result<(), Failure> {
    let row = |name: String, sums: &Sums| {
        let cells = numbers::row(section.backend, sums);
        std::iter::once(name).chain(cells).collect::<Vec<_>>()
    };
    let heading = std::iter::once(by.word()).chain(HEADINGS);
    let mut rows = vec![heading.map(str::to_owned).collect::<Vec<_>>()];
    let groups = section.groups.groups.iter();
    rows.extend(groups.map(|group| row(numbers::name(&group.key), &group.sums)));
    let widest = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let columns: [Column; HEADINGS.len() + 1] = std::array::from_fn(|at| match at.checked_sub(1) {
        None => Column::text(widest(at)),
        Some(number) => Column::number(widest(at)).drops(DROPS[number]),
    });
    let room = print::columns().map_or(usize::MAX, |columns| columns.saturating_sub(INDENT));
    let table = Table::of(columns, room);
    rows.iter().try_for_each(|row| {
        let cells = row.iter().zip(&table.columns).zip(&table.widths).enumerate();
        let cells = cells.filter_map(|(at, ((cell, column), width))| {
            let gap = " ".repeat(column.gap);
            Some(format!("{gap}{}", pad(cell, (*width)?, at > 0)))
        });
        print::line(&cells.collect::<String>())
    })
}

fn waits(histogram: &Histogram) -> Result<(), Failure> {
    print::line(&format!(
        "\nWaits from submit to saved: half within {} (the last {})",
        duration(histogram.median_ms),
        counted(histogram.takes, "saved take")
    ))?;
    let most = histogram
        .bars
        .iter()
        .map(|bar| bar.takes)
        .max()
        .unwrap_or(0)
        .max(1);
    for bar in &histogram.bars {
        let label = match bar.to_s {
            Some(to) => format!("{} to {}", clock(bar.from_s), clock(to)),
            None => format!("{} and longer", clock(bar.from_s)),
        };
        let length = (bar.takes * BAR).div_ceil(most);
        let signs = "#".repeat(usize::try_from(length).unwrap_or(0));
        print::line(format!("  {label:>17}  {:>5}  {signs}", bar.takes).trim_end())?;
    }
    Ok(())
}

fn clock(seconds: u64) -> String {
    crate::tui::widgets::time::clock(seconds * 1000)
}

#[allow(clippy::cast_precision_loss)]
fn in_json(section: &Section, by: By) -> Result<(), Failure> {
    let failures: Map<String, Value> = section
        .failures
        .iter()
        .map(|(reason, takes)| (reason.word().to_owned(), json!(takes)))
        .collect();
    let estimates = section.estimates.map(|error| {
        let percent = |tenths: i64| Value::from(tenths as f64 / 10.0);
        json!({
            "bills": error.bills,
            "median_percent": percent(error.median),
            "least_percent": percent(error.least),
            "most_percent": percent(error.most),
        })
    });
    let waits = Histogram::of(&section.waits_ms).map(|histogram| {
        let bars = histogram.bars.iter();
        let bars = bars.map(|bar| json!({"from": bar.from_s, "to": bar.to_s, "takes": bar.takes}));
        json!({
            "takes": histogram.takes,
            "median": histogram.median_ms as f64 / 1000.0,
            "bars": bars.collect::<Vec<_>>(),
        })
    });
    let mut total = sums("total", section, &section.groups.total);
    total.insert("failures".to_owned(), Value::Object(failures));
    total.insert("estimates".to_owned(), json!(estimates));
    total.insert("waits".to_owned(), json!(waits));
    print::json(&total)?;
    section.groups.groups.iter().try_for_each(|group| {
        let mut row = sums(by.word(), section, &group.sums);
        let key = match &group.key {
            Key::Day(day) => json!(day.to_string()),
            Key::Reel(name) | Key::Model(name) => json!(name),
            Key::Sweep(number) => json!(number),
        };
        row.insert(by.word().to_owned(), key);
        print::json(&row)
    })
}

fn sums(kind: &str, section: &Section, sums: &Sums) -> Map<String, Value> {
    let fields = [
        ("kind", json!(kind)),
        ("backend", json!(section.backend)),
        ("takes", json!(sums.takes)),
        ("saved", json!(sums.saved)),
        ("failed", json!(sums.failed)),
        ("cancelled", json!(sums.cancelled)),
        ("not_finished", json!(sums.open())),
        ("kept", json!(sums.kept)),
        ("kept_seconds", json!(sums.kept_seconds)),
        ("spent_usd", json!(sums.spent)),
        ("estimated_usd", json!(sums.estimated)),
        ("would_cost_usd", json!(sums.would_cost)),
        ("per_kept_take_usd", json!(sums.per_kept_take())),
        ("per_kept_second_usd", json!(sums.per_kept_second())),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
