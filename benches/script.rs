//! Measures how long it takes to read and check a script, which happens at every key in the editor.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rushes::model::Form;
use rushes::model::rule::RuleSet;
use rushes::script;
use rushes::script::lint;

/// A script of about this many bytes: shots of two seconds with dialogue, camera words and citations.
fn form(bytes: usize) -> Form {
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
    Form {
        prompt,
        images: vec!["https://example.com/her.png".into()],
        ..Form::default()
    }
}

/// One line of about this many bytes that denies things and says what the camera does, again and again.
fn long_line(bytes: usize) -> Form {
    let sentence = "No subtitles, no logos. Die Kamera zoomt heran und schwenkt. 不要字幕，镜头推近。 ";
    Form {
        prompt: sentence.repeat(bytes / sentence.len() + 1),
        ..Form::default()
    }
}

fn read_and_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("script");
    group.sample_size(10);
    for bytes in [1_000, 20_000, 1_000_000] {
        let form = form(bytes);
        group.throughput(Throughput::Bytes(form.prompt.len() as u64));
        group.bench_with_input(BenchmarkId::new("read", bytes), &form, |bencher, form| {
            bencher.iter(|| script::read(black_box(&form.prompt)));
        });
        group.bench_with_input(
            BenchmarkId::new("read and check", bytes),
            &form,
            |bencher, form| {
                bencher.iter(|| lint::check(form, &script::read(black_box(&form.prompt)), &RuleSet::NONE));
            },
        );
    }
    for bytes in [20_000, 1_000_000] {
        let form = long_line(bytes);
        group.throughput(Throughput::Bytes(form.prompt.len() as u64));
        group.bench_with_input(
            BenchmarkId::new("read and check one line", bytes),
            &form,
            |bencher, form| {
                bencher.iter(|| lint::check(form, &script::read(black_box(&form.prompt)), &RuleSet::NONE));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, read_and_check);
criterion_main!(benches);
