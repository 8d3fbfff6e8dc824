//! `rushes animatic`: draws a script's animatic into a file, with local pictures. It is free, and uses neither the store
//! nor the network.

use std::io::BufWriter;
use std::path::Path;

use crate::animatic::{self, Attached};
use crate::engine::references::found;
use crate::model::form::is_local;
use crate::model::text::exact_seconds;
use crate::model::{Form, Parameter, Seed};
use crate::script::read;

use super::args::{Animatic, Global};
use super::exit::Exit;
use super::{Failure, files, form, print};

pub(super) fn run(_: &Global, args: &Animatic) -> Result<Exit, Failure> {
    let (form, _) = form::fitted(files::read_script(&args.file)?, &args.parameters)?;
    if let Some(broken) = form.broken_rules().into_iter().next() {
        return Err(Failure::usage(broken));
    }
    let seed = if args.parameters.gives(Parameter::Seeds) {
        let seeds = form
            .seed_list()
            .map_err(Failure::usage)?
            .draw(&mut fastrand::Rng::new());
        let [seed] = seeds[..] else {
            let n = seeds.len();
            let message = format!("{n} seeds make {n} videos, and there is one file: give one seed");
            return Err(Failure::usage(message));
        };
        seed
    } else {
        Seed::of_api()
    };
    must_be_another_file(&args.file, &args.out)?;
    files::refuse_if_there(&args.out, args.force)?;
    let mut file = files::NewFile::begin(&args.out)?;
    let request = form.request(seed);
    let local = |reference: &str| is_local(reference).then(|| found(Path::new(reference)));
    let (attached, unreadable) = Attached::read(&request, local);
    for error in unreadable {
        print::complain(&format!("{error}; the animatic shows only its name"));
    }
    let rendered = {
        let mut out = BufWriter::new(file.out());
        let rendered = animatic::render(&request, &attached, &mut out);
        let flushed = std::io::Write::flush(&mut out);
        flushed.map_err(|error| Failure::other(format!("{}: {error}", args.out.display())))?;
        rendered.map_err(Failure::other)?
    };
    file.finish(args.force)?;
    if let Some(missing) = missing(&form) {
        print::complain(&missing);
    }
    let sound = if rendered.has_sound { "with" } else { "without" };
    print::line(&format!(
        "{}: {}×{}, {} s, {} frames, {sound} sound, {} KiB, seed {seed}",
        args.out.display(),
        rendered.width,
        rendered.height,
        rendered.duration_ms / 1000,
        rendered.frames,
        rendered.bytes.div_ceil(1024),
    ))?;
    Ok(Exit::Ok)
}

/// The video must not take the place of its script, and it cannot go to standard output.
fn must_be_another_file(script: &Path, out: &Path) -> Result<(), Failure> {
    if out == Path::new("-") {
        return Err(Failure::usage(
            "a video cannot be written to standard output: give the name of a file",
        ));
    }
    let is_script =
        matches!((script.canonicalize(), out.canonicalize()), (Ok(script), Ok(out)) if script == out);
    if is_script {
        let message = format!(
            "{} is the script itself: choose another name for the video",
            out.display()
        );
        return Err(Failure::usage(message));
    }
    Ok(())
}

/// What of the script the animatic does not show, and what to do.
fn missing(form: &Form) -> Option<String> {
    let script = read(&form.prompt);
    let length = form.duration;
    if script.clips.len() > 1 {
        let clips = script.clips.len();
        return Some(format!(
            "the text has the scripts of {clips} clips, and the animatic shows the first: split them with rushes lint --split"
        ));
    }
    let end = script.end_ms().filter(|end| *end > length.ms())?;
    let next = match script.smallest_duration(form.model) {
        Some(longer) if longer > length => format!("give --duration {longer} to see the rest"),
        _ => format!("no take of {} is long enough for the rest", form.model.slug()),
    };
    Some(format!(
        "the script ends at {} s, and the animatic at {length} s: {next}",
        exact_seconds(end)
    ))
}
