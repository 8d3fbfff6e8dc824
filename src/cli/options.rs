//! The options that describe a request, made from the table of parameters.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::model::parameters::{CommandOption, ParameterEntry, ParameterKind, TABLE};
use crate::model::{Form, Invalid, Model, Parameter};

/// Everything of a request but its prompt, as it was given.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    given: Vec<(Parameter, Vec<String>)>,
}

impl Parameters {
    /// Whether the parameter was given.
    pub fn gives(&self, parameter: Parameter) -> bool {
        self.given.iter().any(|(given, _)| *given == parameter)
    }

    /// The seeds as they were given.
    pub fn seeds(&self) -> Option<&str> {
        let seeds = self.given.iter().find(|(given, _)| *given == Parameter::Seeds);
        seeds.and_then(|(_, values)| values.last()).map(String::as_str)
    }

    /// Puts what was given into the form; the model first, since it decides about the others.
    pub fn apply(&self, form: &mut Form) -> Result<(), Invalid> {
        let is_model = |(parameter, _): &&(Parameter, Vec<String>)| *parameter == Parameter::Model;
        let (model, others): (Vec<_>, Vec<_>) = self.given.iter().partition(is_model);
        for (parameter, values) in model.into_iter().chain(others) {
            match parameter.items_mut(form) {
                Some(list) => list.clone_from(values),
                None => parameter.write(form, &values.concat())?,
            }
        }
        Ok(())
    }
}

impl Args for Parameters {
    fn augment_args(command: Command) -> Command {
        let mut entries: Vec<&ParameterEntry> = TABLE.iter().collect();
        entries.sort_by_key(|entry| entry.row);
        command.args(entries.into_iter().flat_map(options))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Parameters {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = TABLE
            .iter()
            .filter_map(|entry| Some((entry.id, values(entry.option, matches)?)));
        Ok(Self {
            given: given.collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The options of one parameter.
fn options(entry: &ParameterEntry) -> Vec<Arg> {
    let switch = |name: &'static str, help: &'static str| {
        let arg = Arg::new(name).long(name).help(help);
        arg.action(ArgAction::SetTrue)
    };
    match entry.option {
        CommandOption::None => Vec::new(),
        CommandOption::Value {
            name,
            placeholder,
            help,
        } => {
            let accepted = entry.id.accepted(Model::default());
            let help = if accepted.is_empty() || help.contains(':') {
                help.to_owned()
            } else {
                format!("{help}: {accepted}")
            };
            let is_list = matches!(entry.kind, ParameterKind::References(_));
            let arg = Arg::new(name).long(name).value_name(placeholder).help(help);
            let arg = arg.allow_hyphen_values(!entry.id.is_reference());
            vec![arg.action(if is_list {
                ArgAction::Append
            } else {
                ArgAction::Set
            })]
        }
        CommandOption::Switch {
            name,
            help,
            off: None,
        } => vec![switch(name, help)],
        CommandOption::Switch {
            name,
            help,
            off: Some((off, off_help)),
        } => vec![
            switch(name, help).overrides_with(off),
            switch(off, off_help).overrides_with(name),
        ],
    }
}

/// What was given for one parameter.
fn values(option: CommandOption, matches: &ArgMatches) -> Option<Vec<String>> {
    match option {
        CommandOption::None => None,
        CommandOption::Value { name, .. } => Some(matches.get_many::<String>(name)?.cloned().collect()),
        CommandOption::Switch { name, off, .. } => {
            let is_off = off.is_some_and(|(off, _)| matches.get_flag(off));
            let word = [(matches.get_flag(name), "on"), (is_off, "off")];
            let (_, word) = word.into_iter().find(|(is_given, _)| *is_given)?;
            Some(vec![word.to_owned()])
        }
    }
}
