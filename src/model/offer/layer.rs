//! Writes what the catalogue says as a layer over the built-in models, in the form of `models.toml`.

use jiff::civil::Date;
use toml::{Table, Value};

use super::parameter::whole;
use super::{FAMILY, Offer, OfferedModel, OfferedParameter, ValueKind};
use crate::model::catalogue::{ProviderLayer, REQUIRED};
use crate::model::models::{ModelSpec, Shapes};
use crate::model::parameters::{Medium, TABLE};
use crate::model::{AspectRatio, Resolution, Seconds};

/// The model whose pixels and limits stand for those that the catalogue does not say.
const MODEL: &str = "seedance-2.0";
/// The most lengths of a range.
const MAX_LENGTHS: i64 = 120;

/// The layer over the built-in models of an offer that was read on `day`. A built-in model that the offer does not list is retired.
pub fn layer(offer: &Offer, built_in: &[ModelSpec], day: Date) -> ProviderLayer {
    let Some(pattern) = built_in.iter().find(|spec| spec.slug == MODEL) else {
        return ProviderLayer::default();
    };
    let mut left_out = Vec::new();
    let mut tables = Table::new();
    for spec in built_in {
        if offer.models.iter().all(|model| model.slug != spec.slug) {
            let retired = Table::from_iter([("retired".to_owned(), Value::from(true))]);
            tables.insert(spec.slug.clone(), Value::Table(retired));
        }
    }
    for model in &offer.models {
        let known = built_in.iter().find(|spec| spec.slug == model.slug);
        let mut patch = Patch {
            model,
            base: known.unwrap_or(pattern),
            pattern,
            table: Table::new(),
            left_out: &mut left_out,
        };
        let is_usable = match known {
            Some(_) => {
                patch.change();
                true
            }
            None => patch.add(),
        };
        let table = patch.table;
        if is_usable && !table.is_empty() {
            tables.insert(model.slug.clone(), Value::Table(table));
        }
    }
    ProviderLayer {
        // A table of plain values can always be written.
        text: toml::to_string(&tables).unwrap_or_default(),
        day,
        left_out,
    }
}

/// What becomes the table of one model.
struct Patch<'o> {
    model: &'o OfferedModel,
    /// What is known of it, or of the model that it is like.
    base: &'o ModelSpec,
    pattern: &'o ModelSpec,
    table: Table,
    left_out: &'o mut Vec<String>,
}

impl Patch<'_> {
    /// What the catalogue changes of a known model.
    fn change(&mut self) {
        if self.model.retired {
            self.set("retired", true);
        }
        match &self.model.parameters {
            Ok(_) => self.describe(),
            Err(why) => self.leave_out(why),
        }
    }

    /// Describes a model that is not known; whether enough is said of it.
    fn add(&mut self) -> bool {
        if let Some(lacks) = self.lacks() {
            self.leave_out(&format!("not offered, because {lacks}"));
            return false;
        }
        self.set("like", MODEL);
        self.set(
            "label",
            self.model.slug.trim_start_matches(FAMILY).trim_start_matches('-'),
        );
        if self.base.published_wait.is_some() {
            self.set("published_wait", false);
        }
        self.change();
        // What decides the price must not be guessed.
        let is_said = ["durations", "resolutions", "aspect_ratios"]
            .iter()
            .all(|field| self.table.contains_key(*field));
        if !is_said {
            self.leave_out("not offered, because its lengths, resolutions or shapes are not known");
        }
        is_said
    }

    /// What a request must hold and the schema has not.
    fn lacks(&self) -> Option<String> {
        if let Err(why) = &self.model.parameters {
            return Some(why.clone());
        }
        let is_missing = |name: &&&str| self.model.parameter(name).is_none();
        let missing = REQUIRED.iter().find(is_missing);
        missing.map(|name| format!("its schema has no {name}"))
    }

    fn describe(&mut self) {
        self.parameters();
        self.durations();
        self.resolutions();
        self.aspect_ratios();
        self.references();
        self.finish();
    }

    fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.table.insert(field.to_owned(), value.into());
    }

    fn leave_out(&mut self, why: &str) {
        self.left_out.push(format!("{}: {why}", self.model.slug));
    }

    /// A parameter that the price depends on stays, whatever the catalogue says.
    fn parameters(&mut self) {
        let model = self.model;
        let offered = |wire: &str| model.parameter(wire).is_some() || REQUIRED.contains(&wire);
        let known = TABLE
            .iter()
            .map(|entry| entry.wire)
            .filter(|wire| !wire.is_empty());
        let used: Vec<&str> = known.filter(|wire| offered(wire)).collect();
        self.set("parameters", used);
        let all = model.parameters.as_deref().unwrap_or_default().iter();
        let of_drafts = |name: &str| {
            let finish = self.base.finish.as_ref();
            finish.is_some_and(|finish| [&finish.start, &finish.id].iter().any(|field| *field == name))
        };
        let is_known = |name: &str| TABLE.iter().any(|entry| entry.wire == name) || of_drafts(name);
        let unused: Vec<&str> = all
            .map(|parameter| parameter.name.as_str())
            .filter(|name| !is_known(name))
            .collect();
        if !unused.is_empty() {
            self.set("unused", unused);
        }
    }

    fn durations(&mut self) {
        let Some(parameter) = self.model.parameter("duration") else {
            return;
        };
        let offered = lengths(parameter);
        if offered.is_empty() {
            if !parameter.values.is_empty() || parameter.most.is_some() {
                self.leave_out("the lengths of its schema are no lengths of a take");
            }
            return;
        }
        let in_seconds = |length: &Seconds| i64::from(length.get());
        self.set("durations", offered.iter().map(in_seconds).collect::<Vec<_>>());
        let said = parameter.default.as_deref().and_then(length);
        let default = default_of(said, self.base.default_duration, &offered);
        self.set("default_duration", in_seconds(&default));
    }

    fn resolutions(&mut self) {
        let Some(parameter) = self.model.parameter("resolution") else {
            return;
        };
        let mut offered: Vec<(Resolution, Shapes)> = Vec::new();
        for value in &parameter.values {
            match value.parse().ok().and_then(|resolution| self.pixels(resolution)) {
                Some(found) => offered.push(found),
                None => self.leave_out(&format!(
                    "{value} is not offered, because its pixels are not known"
                )),
            }
        }
        // Only what finishes a draft may have them, and that is confirmed by itself.
        let finals = self.base.finish.as_ref().map_or(&[][..], |finish| &finish.at);
        for at in finals {
            if !offered.is_empty() && offered.iter().all(|(resolution, _)| resolution != at) {
                offered.extend(self.pixels(*at));
            }
        }
        let names: Vec<Resolution> = offered.iter().map(|(resolution, _)| *resolution).collect();
        if names.is_empty() {
            return;
        }
        let mut table = Table::new();
        for (gone, _) in &self.base.resolutions {
            if !names.contains(gone) {
                table.insert(gone.to_string(), Value::Boolean(false));
            }
        }
        for (resolution, shapes) in &offered {
            table.insert(resolution.to_string(), as_table(shapes));
        }
        self.set("resolutions", table);
        let said = parameter.default.as_deref().and_then(|word| word.parse().ok());
        let default = default_of(said, self.base.default_resolution, &names);
        self.set("default_resolution", default.to_string());
        self.promotion(&names);
    }

    /// What a draft becomes, where that or the draft is no longer offered.
    fn promotion(&mut self, offered: &[Resolution]) {
        let Some(target) = self.base.promotes.map(|promotes| promotes.same_seed_at) else {
            return;
        };
        let has_draft = offered.iter().any(|resolution| resolution.is_draft());
        let highest = offered.iter().rfind(|resolution| !resolution.is_draft());
        match highest.filter(|_| has_draft) {
            None => self.set("promotes", false),
            Some(_) if offered.contains(&target) => {}
            Some(highest) => {
                let other = Table::from_iter([("same_seed_at".to_owned(), Value::from(highest.wire()))]);
                self.set("promotes", other);
            }
        }
    }

    /// The pixels of a resolution: as they are known of the model, else of the pattern, in whatever case it is written.
    fn pixels(&self, resolution: Resolution) -> Option<(Resolution, Shapes)> {
        let mut all = self.base.resolutions.iter().chain(&self.pattern.resolutions);
        let is_it = |known: &Resolution| known.wire().eq_ignore_ascii_case(resolution.wire());
        let (_, shapes) = all.find(|(known, _)| is_it(known))?;
        Some((resolution, shapes.clone()))
    }

    fn aspect_ratios(&mut self) {
        let Some(parameter) = self.model.parameter("aspect_ratio") else {
            return;
        };
        let mut offered: Vec<AspectRatio> = Vec::new();
        for value in &parameter.values {
            match value.parse() {
                Ok(AspectRatio::ADAPTIVE) => {}
                Ok(ratio)
                    if self
                        .pattern
                        .pixels(self.pattern.default_resolution, ratio)
                        .is_some() =>
                {
                    offered.push(ratio);
                }
                _ => self.leave_out(&format!(
                    "the shape {value} is not offered, because its pixels are not known"
                )),
            }
        }
        if offered.is_empty() {
            return;
        }
        // It is drawn as the first shape, so it comes last.
        if parameter
            .values
            .iter()
            .any(|value| value == AspectRatio::ADAPTIVE.wire())
        {
            offered.push(AspectRatio::ADAPTIVE);
        }
        let words: Vec<&str> = offered.iter().map(|ratio| ratio.wire()).collect();
        self.set("aspect_ratios", words);
    }

    /// Whether the schema has what makes a draft and what finishes it, each of the kind that is sent, and lists the sizes of
    /// both: nothing is paid for before that.
    fn finish(&mut self) {
        let Some(finish) = &self.base.finish else { return };
        let listed = self
            .model
            .parameter("resolution")
            .map_or(&[][..], |parameter| &parameter.values);
        let fields = [(&finish.start, ValueKind::Boolean), (&finish.id, ValueKind::Text)].into_iter();
        let fields = fields.filter_map(|(field, kind)| match self.model.parameter(field) {
            None => Some(field.clone()),
            Some(parameter) if parameter.kind != Some(kind) => {
                Some(format!("{field} of the kind that is sent"))
            }
            Some(_) => None,
        });
        let drafts = self.base.resolutions.iter().map(|(resolution, _)| resolution);
        let sizes = finish.at.iter().chain(drafts).map(|at| at.wire());
        let sizes = sizes.filter(|at| listed.iter().all(|other| other != at));
        let mut missing: Vec<String> = fields.chain(sizes.map(str::to_owned)).collect();
        missing.dedup();
        // What a retired model once had proves nothing.
        let is_confirmed = missing.is_empty() && !self.model.retired;
        if !missing.is_empty() {
            let missing = missing.join(", ");
            self.leave_out(&format!(
                "how it finishes drafts is not confirmed: its schema has no {missing}"
            ));
        }
        let confirmed = Table::from_iter([("confirmed".to_owned(), Value::from(is_confirmed))]);
        self.set("finish", confirmed);
    }

    /// How many reference files of each kind there may be.
    fn references(&mut self) {
        let mut table = Table::new();
        let known = self.base.references;
        let mut total = known.total;
        let media = [
            ("reference_images", "images", Medium::Image),
            ("reference_videos", "videos", Medium::Video),
            ("reference_audios", "audios", Medium::Audio),
        ];
        for (wire, field, medium) in media {
            let most = self
                .model
                .parameter(wire)
                .and_then(|parameter| parameter.most_items);
            let Some(most) = most.and_then(|most| u16::try_from(most).ok()) else {
                continue;
            };
            if usize::from(most) != medium.of(&known) {
                table.insert(field.to_owned(), Value::from(i64::from(most)));
            }
            total = total.max(usize::from(most));
        }
        if total != known.total {
            table.insert(
                "total".to_owned(),
                Value::from(i64::try_from(total).unwrap_or(i64::MAX)),
            );
        }
        if !table.is_empty() {
            self.set("references", table);
        }
    }
}

/// The lengths that are listed, or every whole second of the range.
fn lengths(parameter: &OfferedParameter) -> Vec<Seconds> {
    if !parameter.values.is_empty() {
        return parameter
            .values
            .iter()
            .filter_map(|value| length(value))
            .collect();
    }
    match (parameter.least, parameter.most) {
        (Some(least), Some(most)) if least > 0 && most.saturating_sub(least) < MAX_LENGTHS => (least..=most)
            .filter_map(|second| Seconds::new(second).ok())
            .collect(),
        _ => Vec::new(),
    }
}

fn length(word: &str) -> Option<Seconds> {
    Seconds::new(whole(word)?).ok()
}

/// What a request without the field means: what is said, else what is known, else the first.
fn default_of<T: Copy + PartialEq>(said: Option<T>, known: T, offered: &[T]) -> T {
    let is_offered = |value: &T| offered.contains(value);
    let chosen = said.filter(is_offered).or(Some(known).filter(is_offered));
    chosen.or(offered.first().copied()).unwrap_or(known)
}

fn as_table(shapes: &Shapes) -> Value {
    let pixels = |(ratio, (width, height)): (&AspectRatio, &(u32, u32))| {
        let size = vec![Value::from(i64::from(*width)), Value::from(i64::from(*height))];
        (ratio.to_string(), Value::Array(size))
    };
    Value::Table(shapes.iter().map(pixels).collect())
}
