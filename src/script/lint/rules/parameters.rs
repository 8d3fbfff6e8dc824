//! Rules about the parameters, as the API states them.

use crate::model::{AspectRatio, Invalid, Model, Rule, Seed, SeedList};

use crate::script::lint::{Fix, Look};

pub(super) fn check(look: &mut Look<'_>) {
    for invalid in look.form.broken_rules() {
        let (rule, fixes) = finding(look, &invalid);
        look.add(rule, 0..0, invalid.complaint(), fixes);
    }
}

fn finding(look: &Look<'_>, invalid: &Invalid) -> (Rule, Vec<Fix>) {
    match invalid {
        Invalid::EmptyPrompt => (Rule::EmptyPrompt, Vec::new()),
        Invalid::FirstFrameWithImages { .. } => {
            let frames = [Fix::RemoveImages, Fix::RemoveFirstFrame];
            (Rule::FrameConflict, frames.to_vec())
        }
        Invalid::FirstFrameWithReferences { .. } => (Rule::FrameConflict, vec![Fix::RemoveFirstFrame]),
        Invalid::FrameNotAdaptive { .. } => {
            let fixes = vec![Fix::Ratio(AspectRatio::ADAPTIVE), Fix::RemoveFirstFrame];
            (Rule::FrameConflict, fixes)
        }
        Invalid::LastFrameWithoutFirst => {
            let frames = [Fix::LastFrameFirst, Fix::RemoveLastFrame];
            (Rule::FrameConflict, frames.to_vec())
        }
        Invalid::TooMany { .. } | Invalid::TooManyReferences { .. } => {
            (Rule::TooManyReferences, vec![Fix::FewerReferences])
        }
        Invalid::AudioAlone => (Rule::AudioAlone, vec![Fix::RemoveAudios]),
        Invalid::NotOfModel { parameter, .. } => {
            let other = Model::all()
                .into_iter()
                .find(|model| parameter.is_offered_by(*model));
            let fixes = [Fix::WithoutUnoffered].into_iter().chain(other.map(Fix::Model));
            (Rule::IllegalParameter, fixes.collect())
        }
        _ => {
            let seeds = legal_seeds(&look.form.seeds, invalid);
            (
                Rule::IllegalParameter,
                seeds.map(Fix::Seeds).into_iter().collect(),
            )
        }
    }
}

/// The seed field with its mistake corrected; `None` if the correction would be a guess.
fn legal_seeds(field: &str, invalid: &Invalid) -> Option<String> {
    let mended = match invalid {
        Invalid::NoSeeds => SeedList::one_new().to_string(),
        Invalid::SeedOutOfRange { given } => {
            let nearest = if given.trim_start().starts_with('-') {
                0
            } else {
                Seed::MAX
            };
            field.replacen(given.trim(), &nearest.to_string(), 1)
        }
        Invalid::SeedRangeReversed { first, last } => {
            let (from, to) = (first.to_string(), last.to_string());
            let at = field
                .match_indices(&from)
                .find(|(at, _)| field[at + from.len()..].trim_start().starts_with(".."))?
                .0;
            let behind = at + from.len() + field[at + from.len()..].find(&to)?;
            format!("{}{to}..{from}{}", &field[..at], &field[behind + to.len()..])
        }
        _ => return None,
    };
    mended.parse::<SeedList>().ok().map(|_| mended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Form, Severity};
    use crate::script::lint::kit_tests::{form, found, messages};

    fn kite() -> Form {
        form("A kite lifts off a hill.")
    }

    #[test]
    fn a_plain_request_is_in_order() {
        assert_eq!(messages(&kite()), [""; 0]);
    }

    #[test]
    fn an_empty_prompt_is_an_error() {
        assert!(found(&form(" \n"), Rule::EmptyPrompt)[0].severity == Severity::Error);
    }

    #[test]
    fn frames_and_images_exclude_each_other() {
        let mut both = kite();
        both.first_frame = "a.png".into();
        both.images = vec!["b.png".into()];
        let conflict = &found(&both, Rule::FrameConflict)[0];
        assert_eq!(conflict.fixes.len(), 2);
        let mut last = kite();
        last.last_frame = "z.png".into();
        assert_eq!(found(&last, Rule::FrameConflict)[0].fixes[0], Fix::LastFrameFirst);
        last.first_frame = "a.png".into();
        assert!(found(&last, Rule::FrameConflict).is_empty());
    }

    #[test]
    fn references_have_their_limits() {
        let mut many = kite();
        many.images = (0..9).map(|n| format!("{n}.png")).collect();
        many.videos = vec!["a.mp4".into(); 3];
        assert!(found(&many, Rule::TooManyReferences).is_empty());
        many.videos.push("b.mp4".into());
        let finding = &found(&many, Rule::TooManyReferences)[0];
        let crate::script::lint::Fixed::One(fixed) = finding.fixes[0].apply(&many) else {
            panic!()
        };
        assert!(found(&fixed, Rule::TooManyReferences).is_empty());
        let mut alone = kite();
        alone.audios = vec!["a.mp3".into()];
        assert_eq!(found(&alone, Rule::AudioAlone).len(), 1);
        alone.videos = vec!["a.mp4".into()];
        assert!(found(&alone, Rule::AudioAlone).is_empty());
    }

    #[test]
    fn seeds_go_to_the_nearest_legal_list() {
        for (given, mended) in [
            ("", Some("1 new")),
            ("7, 4294967295", Some("7, 2147483647")),
            ("9..5", Some("5..9")),
            ("seven", None),
        ] {
            let mut wrong = kite();
            wrong.seeds = given.into();
            let finding = &found(&wrong, Rule::IllegalParameter)[0];
            let expected: Vec<Fix> = mended.map(|m| Fix::Seeds(m.to_owned())).into_iter().collect();
            assert_eq!(finding.fixes, expected, "{given:?}: {}", finding.message);
        }
    }

    #[test]
    fn what_only_another_model_offers_is_said() {
        let mut fast = kite();
        fast.task = "reference".parse().ok();
        assert_eq!(
            found(&fast, Rule::IllegalParameter)[0].fixes[0],
            Fix::WithoutUnoffered
        );
        fast.model = "seedance-2.5".parse().unwrap();
        assert!(found(&fast, Rule::IllegalParameter).is_empty());
    }
}
