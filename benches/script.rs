//! How long a script takes to be read and checked: at every key in the editor, so it must fit well into a frame.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rushes::model::Draft;
use rushes::model::rule::RuleSet;
use rushes::script;
use rushes::script::lint;

/// A script of about so many bytes: shots of two seconds with dialogue, camera words and citations.
fn draft(bytes: usize) -> Draft {
    let mut prompt = String::from("A night drive, cold palette, film grain.\n\n");
    let mut n = 0;
    while prompt.len() < bytes {
        let (from, to) = (n * 2, n * 2 + 2);
        n += 1;
        prompt += &format!(
            "Shot {n} | {from}s–{to}s\nSide tracking shot at the speed of the car, image 1 at the wheel. Neon blurs \
             behind her; rain on the glass. He says, \"We never left.\" Hard cut.\n\n"
        );
    }
    Draft {
        prompt,
        images: vec!["https://example.com/her.png".into()],
        ..Draft::default()
    }
}

fn read_and_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("script");
    group.sample_size(10);
    for bytes in [1_000, 20_000, 1_000_000] {
        let draft = draft(bytes);
        group.throughput(Throughput::Bytes(draft.prompt.len() as u64));
        group.bench_with_input(BenchmarkId::new("read", bytes), &draft, |bencher, draft| {
            bencher.iter(|| script::read(black_box(&draft.prompt)));
        });
        group.bench_with_input(
            BenchmarkId::new("read and check", bytes),
            &draft,
            |bencher, draft| {
                bencher.iter(|| lint::check(draft, &script::read(black_box(&draft.prompt)), &RuleSet::NONE));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, read_and_check);
criterion_main!(benches);
