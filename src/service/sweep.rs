//! Plans what one action makes: which seeds, and what else the takes differ in.

use crate::engine::admit::Order;
use crate::model::seeds::{DrawError, SweepSeeds};
use crate::model::text::one_line;
use crate::model::{Backend, Form, Parameter, SeedList, Variant};
use crate::script::expand::{Choice, Snippets, Template};
use crate::store::{NewSweep, Store};

use super::problem::{Kind, Problem};

/// What all orders of a session have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub reel_id: String,
    pub backend: Backend,
    /// How often a take may be repeated automatically after a fault of the provider.
    pub repeats: u32,
}

/// The parameters that a sweep can vary, by the names that the user gives them.
pub const FIELDS: [(&str, Parameter); 5] = [
    ("duration", Parameter::Duration),
    ("aspect", Parameter::AspectRatio),
    ("resolution", Parameter::Resolution),
    ("model", Parameter::Model),
    ("audio", Parameter::Audio),
];

/// What the takes of a sweep differ in besides the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// A name of [`FIELDS`], or that of a variable of the prompt.
    pub name: String,
    pub values: Vec<String>,
}

impl Variation {
    /// Reads `duration=5,8`.
    ///
    /// # Errors
    /// When there is no name, no value, or a value twice.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let (name, values) = text.split_once('=').ok_or_else(|| unreadable(text))?;
        let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
        let is_twice = |at: usize| values[..at].contains(&values[at]);
        if name.trim().is_empty() || values.iter().all(String::is_empty) {
            return Err(unreadable(text));
        }
        if let Some(at) = (1..values.len()).find(|at| is_twice(*at)) {
            let why = format!("the sweep names {:?} twice", values[at]);
            return Err(usage(why, "Name each value once."));
        }
        Ok(Self {
            name: name.trim().to_owned(),
            values,
        })
    }

    fn parameter(&self) -> Option<Parameter> {
        let field = FIELDS.iter().find(|(name, _)| *name == self.name);
        field.map(|(_, parameter)| *parameter)
    }
}

fn unreadable(text: &str) -> Problem {
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    let now = format!(
        "Write FIELD=VALUE,VALUE, such as duration=5,8. A field is {}, or a variable of the prompt.",
        names.join(", ")
    );
    usage(format!("{text:?} does not say what to vary"), &now)
}

fn usage(why: String, now: &str) -> Problem {
    Problem::new(Kind::Usage, why, now).so("nothing was sent")
}

/// An order of what a form asks for: each variant with each seed. New seeds are drawn here, so that what is shown before
/// it is sent is what is sent.
///
/// # Errors
/// A rule that the form breaks; a sweep that is not there or has no circled take; a value that the model does not offer;
/// more takes than one order may have.
pub fn order(
    terms: &Terms,
    form: Form,
    snippets: &Snippets,
    variation: Option<&Variation>,
    random: &mut fastrand::Rng,
) -> Result<Order, Problem> {
    let seeds = form
        .seed_list()
        .map_err(|invalid| usage(invalid.to_string(), ""))?;
    let seeds = seeds.draw(random);
    let variants = variants(&form, snippets, variation)?;
    if let Some(variation) = variation.filter(|_| seeds.len() != 1) {
        let why = format!(
            "a sweep of {} is made with one seed, and these are {}",
            variation.name,
            seeds.len()
        );
        return Err(usage(why, "Name one seed, or `1 new`."));
    }
    let takes = seeds.len().saturating_mul(variants.len());
    if takes > MAX_TAKES {
        // No more texts were made than are needed to know that they are too many.
        let asked = match variants.len() {
            0..=MAX_TAKES => takes.to_string(),
            _ => format!("more than {MAX_TAKES}"),
        };
        let why = format!("this asks for {asked} takes, and one order may have {MAX_TAKES}");
        return Err(usage(why, "Name fewer seeds or values."));
    }
    let varies = match (variation, variants.len()) {
        (Some(variation), _) => variation.name.clone(),
        (None, 1) => NewSweep::default().varies,
        (None, _) => "prompt".to_owned(),
    };
    Ok(Order {
        variants,
        sweep: NewSweep { varies, pair: None },
        repeats: terms.repeats,
        ..Order::of(&terms.reel_id, terms.backend, form, seeds)
    })
}

/// Most takes of one order.
const MAX_TAKES: usize = SeedList::MAX_TAKES as usize;

/// The sweep that a list of seeds names, when it names just one: the takes are paired with it.
pub fn pair(seeds: &str) -> Option<i64> {
    let list: SeedList = seeds.parse().ok()?;
    let mut sweeps = list.sweeps();
    let only = sweeps.next().filter(|_| sweeps.next().is_none())?;
    Some(only.number())
}

/// Puts the seeds themselves in the place of the sweeps that a form's list names.
///
/// # Errors
/// As for [`looked_up`].
pub fn look_up_seeds(store: &Store, form: &mut Form) -> Result<(), Problem> {
    form.seeds = looked_up(store, &form.seeds)?;
    Ok(())
}

/// A list of seeds with the seeds themselves in the place of the sweeps that it names.
///
/// # Errors
/// A sweep that is not there or has no circled take; too many seeds, or one twice.
pub fn looked_up(store: &Store, seeds: &str) -> Result<String, Problem> {
    let list = match seeds.parse::<SeedList>() {
        Ok(list) if list.sweeps().next().is_some() => list,
        // What is wrong with it is told with the other rules.
        _ => return Ok(seeds.to_owned()),
    };
    let lookup = |seeds| match seeds {
        SweepSeeds::All(number) => store.seeds_of_sweep(number, false),
        SweepSeeds::Circled(number) => store.seeds_of_sweep(number, true),
    };
    let resolved = list.resolve(lookup).map_err(|error| match error {
        DrawError::Lookup(error) => Problem {
            kind: Kind::Usage,
            ..Problem::from(error).so("nothing was sent")
        },
        error => usage(error.to_string(), ""),
    })?;
    Ok(resolved.to_string())
}

/// The form as it is sent: once, once for each value of what varies, or once for each choice of its variables.
fn variants(
    form: &Form,
    snippets: &Snippets,
    variation: Option<&Variation>,
) -> Result<Vec<Variant>, Problem> {
    let template = Template::read(&form.prompt, snippets).map_err(|error| usage(error.to_string(), ""))?;
    let variant = |choice: &Choice, value: Option<String>| {
        let expanded = template.expand(choice);
        Variant {
            form: Form {
                prompt: expanded.text,
                ..form.clone()
            },
            value,
            escaped: expanded.escaped,
        }
    };
    let variants: Vec<Variant> = match variation {
        None => {
            let several = template.combinations() != Some(1);
            let choices = template.choices().take(MAX_TAKES + 1);
            let variant = |choice: Choice| {
                let value = several.then(|| in_words(&template.chosen(&choice)));
                variant(&choice, value)
            };
            choices.map(variant).collect()
        }
        Some(variation) => {
            let variant = |value: &String| {
                if let Some(parameter) = variation.parameter() {
                    let mut variant = variant(&Choice::default(), None);
                    parameter
                        .write(&mut variant.form, value)
                        .map_err(|invalid| usage(invalid.to_string(), ""))?;
                    let value = parameter.shown(&variant.form);
                    variant.value = Some(match parameter {
                        Parameter::Duration => format!("{value} s"),
                        _ => value,
                    });
                    return Ok(variant);
                }
                let choice = template.choose(Choice::default(), &variation.name, value);
                let choice = choice.map_err(|error| usage(error.to_string(), ""))?;
                Ok(variant(&choice, Some(value.clone())))
            };
            variation
                .values
                .iter()
                .map(variant)
                .collect::<Result<_, Problem>>()?
        }
    };
    for variant in &variants {
        let broken = variant.form.broken_rules();
        if !broken.is_empty() {
            let all: Vec<String> = broken.iter().map(ToString::to_string).collect();
            return Err(usage(all.join("; "), ""));
        }
    }
    Ok(variants)
}

/// What the variables stand for that a sweep over something else does not vary: `coat is "red"`. The user may have meant to
/// sweep over them too.
pub fn fixed_variables(form: &Form, snippets: &Snippets, variation: &Variation) -> Option<String> {
    let template = Template::read(&form.prompt, snippets).ok()?;
    let fixed = template.variables().iter();
    let fixed = fixed.filter(|variable| variable.name != variation.name);
    let words: Vec<String> = fixed
        .filter_map(|variable| {
            let first = one_line(variable.alternatives.first()?, 40);
            let what = if variable.is_named {
                variable.name.clone()
            } else {
                format!("variable {}", variable.name)
            };
            Some(format!("{what} is {first:?}"))
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// `red, night`: what each variable stands for.
fn in_words(chosen: &[(&str, &str)]) -> String {
    let values: Vec<&str> = chosen.iter().map(|(_, value)| *value).collect();
    values.join(", ")
}
