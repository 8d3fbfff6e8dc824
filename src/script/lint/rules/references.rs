//! Rules about references: which are cited, which are attached, and how they are cited.

use std::collections::{HashMap, HashSet};

use crate::model::parameters::Medium;
use crate::model::text::{one_line, quoted};
use crate::model::{Complaint, Rule};
use crate::script::{Citation, Cited};

use crate::script::lint::{Fix, Look, text_fixes};

pub(super) fn check(look: &mut Look<'_>) {
    missing(look);
    unattached(look);
    uncited(look);
    roles(look);
    forms(look);
}

fn count(n: usize, kind: Medium) -> String {
    match n {
        0 => format!("no {} is attached", kind.noun()),
        1 => format!("1 {} is attached", kind.noun()),
        n => format!("{n} {}s are attached", kind.noun()),
    }
}

/// How many frames are attached: `image 1` may mean one of them when there is no reference image.
fn frames(look: &Look<'_>) -> usize {
    let frames = [&look.form.first_frame, &look.form.last_frame];
    frames.into_iter().filter(|frame| !frame.is_empty()).count()
}

fn missing(look: &mut Look<'_>) {
    let mut said = HashSet::new();
    for citation in &look.script.references {
        let Cited::Numbered { kind, last, .. } = citation.cited else {
            continue;
        };
        let there = match kind.items(look.form).len() {
            0 if kind == Medium::Image => frames(look),
            there => there,
        };
        let is_marked = look.text[citation.at.clone()].contains('@');
        if last as usize > there
            && (is_marked || !look.is_shown(citation.at.start))
            && said.insert((kind, last))
        {
            let attached = match kind.items(look.form).len() {
                0 if there == 1 => "only 1 frame is attached".to_owned(),
                0 if there > 1 => format!("only {there} frames are attached"),
                there => count(there, kind),
            };
            let what = format!("{} {last} is cited, but {attached}", kind.noun());
            let message = Complaint::new(what, "attach it, or cite another");
            look.add(Rule::MissingReference, citation.at.clone(), message, Vec::new());
        }
    }
}

/// Finds words that mean an attached reference, such as `the attached picture`, where none of its kind is attached.
fn unattached(look: &mut Look<'_>) {
    let mut said = HashSet::new();
    for citation in &look.script.references {
        let Cited::Words(kind) = citation.cited else {
            continue;
        };
        let frames = if kind == Medium::Image { frames(look) } else { 0 };
        let is_there = kind.items(look.form).len() + frames > 0;
        if is_there || !look.is_meant(citation.at.start) || !said.insert(kind) {
            continue;
        }
        let words = quoted(look.text.get(citation.at.clone()).unwrap_or_default(), 40);
        let message = Complaint::new(
            format!("the text means {words}, but no {} is attached", kind.noun()),
            "attach it, or describe it in words",
        );
        look.add(
            Rule::UnattachedReference,
            citation.at.clone(),
            message,
            Vec::new(),
        );
    }
}

fn uncited(look: &mut Look<'_>) {
    let mut cited = HashSet::new();
    let mut by_words = HashSet::new();
    for citation in &look.script.references {
        match &citation.cited {
            Cited::Numbered { kind, first, last } => {
                cited.extend((*first..=*last).map(|n| (*kind, n as usize)));
            }
            Cited::Words(kind) => {
                by_words.insert(*kind);
            }
            // A name may refer to a reference of any kind.
            Cited::Character(_) | Cited::Tag(_) => {
                by_words.extend([Medium::Image, Medium::Video, Medium::Audio]);
            }
        }
    }
    for kind in [Medium::Image, Medium::Video, Medium::Audio] {
        if by_words.contains(&kind) {
            continue;
        }
        for n in 1..=kind.items(look.form).len() {
            if !cited.contains(&(kind, n)) {
                let file = one_line(file_name(&kind.items(look.form)[n - 1]), 40);
                let name = format!("{} {n}", kind.noun());
                let message = Complaint::new(
                    format!("{name} ({file}) is attached but never cited"),
                    format!("write {name} where you mean it"),
                );
                look.add(Rule::UncitedReference, 0..0, message, Vec::new());
            }
        }
    }
}

fn file_name(reference: &str) -> &str {
    reference
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or(reference)
}

/// What a reference is used for, and the words for it.
const ROLES: [(&str, &str); 8] = [
    (
        "character",
        "character|person|face|actor|actress|hero|identity|角色|人物|主角",
    ),
    ("style", "style|palette|look|mood|lighting|grade|风格|色调|光影"),
    (
        "scene",
        "scene|background|location|environment|setting|场景|背景|环境",
    ),
    ("product", "product|prop|object|产品|道具|商品"),
    ("clothing", "outfit|clothing|clothes|costume|dress|服装|衣服|服饰"),
    (
        "frame",
        "first frame|opening frame|start frame|last frame|end frame|首帧|尾帧",
    ),
    ("motion", "motion|camera movement|choreography|movement|动作|运镜"),
    ("composition", "composition|layout|storyboard|构图|分镜"),
];

/// How a text tells the role of a reference.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    /// `image 1 as the style`
    Verb,
    /// `the fox (image 1)`
    Bracket,
    /// `The ferryman: image 1`, a line of a list
    List,
}

/// Finds two roles of one reference: `image 1 as the style … image 1 as the character`, or `the fox (image 1) … the lantern
/// (image 1)`.
fn roles(look: &mut Look<'_>) {
    let mut roles: HashMap<(Medium, u32, Way), String> = HashMap::new();
    let mut said = HashSet::new();
    for citation in &look.script.references {
        let Cited::Numbered { kind, first, last } = citation.cited else {
            continue;
        };
        let verb = role_behind(look.text, citation).map(|role| (Way::Verb, role));
        let bracket = || Some((Way::Bracket, named_before(look.text, citation)?));
        let list = || Some((Way::List, defined(look, citation)?));
        let role = verb.or_else(bracket).or_else(list);
        let Some((way, role)) = role.filter(|_| first == last) else {
            continue;
        };
        let known = roles.entry((kind, first, way)).or_insert_with(|| role.clone());
        let is_other = *known != role && (way != Way::List || !shares_word(known, &role));
        if is_other && said.insert((kind, first)) {
            let (known, role) = (quoted(known, 40), quoted(&role, 40));
            let what = format!("{} {first} is used as {known} and as {role}", kind.noun());
            let message = Complaint::new(what, "give each its own reference");
            look.add(Rule::TwoRoles, citation.at.clone(), message, Vec::new());
        }
    }
}

/// The role that the words after a citation give it: `image 1 as the style`, `@图片1作为角色`.
fn role_behind(text: &str, citation: &Citation) -> Option<String> {
    let behind = text.get(citation.at.end..)?;
    let behind = behind.trim_start_matches([' ', ')', '）']);
    let words = ["as ", "for ", "is ", "sets ", "defines ", "作为", "是", "为"];
    let rest = words.iter().find_map(|word| behind.strip_prefix(word))?;
    let clause: String = rest
        .chars()
        .take(32)
        .take_while(|c| !".,;:，。；：\n(（@".contains(*c))
        .collect();
    let clause = clause.to_lowercase();
    let is_there = |word: &str| {
        clause.match_indices(word).any(|(at, _)| {
            let around = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            !around(clause[..at].chars().next_back()) && !around(clause[at + word.len()..].chars().next())
        })
    };
    let role = ROLES.iter().find(|(_, words)| words.split('|').any(is_there));
    role.map(|(role, _)| (*role).to_owned())
}

/// Words before a bracket that do not tell one person from another.
const ANYBODY: &str = "he|she|they|it|him|her|them|man|woman|boy|girl|person|character|lead|hero|protagonist|figure|\
    subject|reference|references|see|again|child|lady|guy|人物|角色|主角|女孩|男孩|女人|男人|女子|男子|参考|女主|男主";

/// The word before a citation in brackets: `fox` in `the fox (image 1)`.
fn named_before(text: &str, citation: &Citation) -> Option<String> {
    let before = text.get(..citation.at.start)?;
    let phrase = before.strip_suffix(['(', '（'])?.trim_end_matches(' ');
    let last = phrase.chars().next_back().filter(|c| c.is_alphabetic())?;
    let name: String = if last.is_ascii() {
        let start = phrase
            .rfind(|c: char| !(c.is_ascii_alphabetic() || c == '-'))
            .map_or(0, |at| at + 1);
        phrase.get(phrase.ceil_char_boundary(start)..)?.to_lowercase()
    } else {
        let start = phrase.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
        phrase.get(start..)?.to_owned()
    };
    let short = name.chars().count() <= 24 && !ANYBODY.split('|').any(|word| word == name);
    short.then_some(name)
}

/// The longest name of a role in a list, in characters.
const MAX_ROLE: usize = 40;

/// The role that a line of a list before the shots gives the citation: `The ferryman: image 1 (face, coat)`,
/// `@img1: il violinista`.
fn defined(look: &Look<'_>, citation: &Citation) -> Option<String> {
    let marks = |c: char| matches!(c, ' ' | '\t' | '-' | '*' | '•' | '·' | '–' | '#' | '"');
    let is_joint = |c: char| matches!(c, ':' | '：' | '=' | '＝' | '→' | '—' | '–');
    if look
        .script
        .shots
        .first()
        .is_some_and(|shot| shot.heading.start < citation.at.end)
    {
        return None;
    }
    let from = look
        .text
        .floor_char_boundary(citation.at.start.saturating_sub(4 * MAX_ROLE));
    let before = &look.text[from..citation.at.start];
    let line = before.rsplit('\n').next().unwrap_or_default().trim_matches(marks);
    let role = if line.is_empty() {
        let behind = look.text[citation.at.end..]
            .trim_start_matches(marks)
            .strip_prefix(is_joint)?;
        let ends = |c: char| matches!(c, '\n' | ',' | '.' | '(' | ';' | '，' | '。' | '（' | '、' | '；');
        behind.split(ends).next()?
    } else {
        line.strip_suffix(is_joint)?
    };
    let role = role.trim_matches(marks).to_lowercase();
    let is_name = role.chars().any(char::is_alphabetic) && !role.contains(['.', ',', '，', '。', '@', '(']);
    let is_role = is_name && !role.contains(|c: char| c.is_ascii_digit()) && role.chars().count() <= MAX_ROLE;
    (is_role && !ANYBODY.split('|').any(|word| word == role)).then_some(role)
}

/// Whether both names have a word of at least four letters in common: `the girl, front` and `the girl, back`.
fn shares_word(one: &str, other: &str) -> bool {
    let words = |name: &str| -> HashSet<String> {
        let long = name
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| word.chars().count() > 3);
        long.map(str::to_owned).collect()
    };
    words(one).intersection(&words(other)).next().is_some()
}

/// Finds citations in another form than the API's, and says so once.
fn forms(look: &mut Look<'_>) {
    let cited = look.script.references.iter();
    let own = cited.filter(|citation| {
        !look.is_shown(citation.at.start) && text_fixes::is_surely_cited(look.form, citation)
    });
    let mut others = own.filter(|citation| text_fixes::normal(look.text, citation).is_some());
    let Some(first) = others.next() else { return };
    let written = one_line(look.text.get(first.at.clone()).unwrap_or_default(), 30);
    let what = match others.count() {
        0 => format!("{written} is not the API's form"),
        1 => format!("{written} and another citation are not in the API's form"),
        more => format!("{written} and {more} more citations are not in the API's form"),
    };
    let normal = first.normal().unwrap_or_default();
    let message = Complaint::new(what, format!("write {}", one_line(&normal, 40)));
    let fixes = vec![Fix::NormaliseReferences];
    look.add(Rule::CitationForm, first.at.clone(), message, fixes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Form;
    use crate::script::lint::kit_tests::{form, found};

    fn with_images(prompt: &str, images: usize) -> Form {
        Form {
            images: (1..=images).map(|n| format!("{n}.png")).collect(),
            ..form(prompt)
        }
    }

    #[test]
    fn what_is_cited_must_be_attached() {
        let cites = "The fox of image 1 meets the crow of image 3.";
        let missing = found(&with_images(cites, 2), Rule::MissingReference);
        assert_eq!(missing.len(), 1);
        assert_eq!(&cites[missing[0].span.clone()], "image 3");
        assert!(found(&with_images(cites, 3), Rule::MissingReference).is_empty());
        let framed = Form {
            first_frame: "a.png".into(),
            ..form("image 1 comes alive")
        };
        assert!(found(&framed, Rule::MissingReference).is_empty());
    }

    #[test]
    fn what_is_attached_must_be_cited() {
        let uncited = found(
            &with_images("The fox of image 1 runs.", 2),
            Rule::UncitedReference,
        );
        assert_eq!(uncited.len(), 1);
        assert!(
            uncited[0].message.what.contains("2.png"),
            "{}",
            uncited[0].message
        );
        for cites in [
            "images 1 and 2 meet",
            "@图片1-2",
            "as in the reference images",
            "@Mara waits",
        ] {
            assert!(
                found(&with_images(cites, 2), Rule::UncitedReference).is_empty(),
                "{cites}"
            );
        }
    }

    #[test]
    fn one_reference_has_one_role() {
        for two in [
            "Use image 1 as the style. Use image 1 as the main character.",
            "A fox (image 1) runs. A lantern (image 1) falls.",
            "@图片1作为角色，@图片1作为背景",
            "- Ferryman: image 1 (face, coat)\n- Colonnade at dusk: image 1, same arches",
            "@img1: il violinista (barba)\n@img1: il teatro in rovina",
            "Tokoh penjual es → gambar 1\nLatar sawah → gambar 1",
        ] {
            assert_eq!(found(&with_images(two, 1), Rule::TwoRoles).len(), 1, "{two}");
        }
        for one in [
            "Use image 1 as the style. Image 1 sets the look of it all.",
            "A fox (image 1) runs. The fox (image 1) falls. She (image 1) sleeps.",
            "A fox (image 1) runs. A lantern (image 2) falls.",
            "The ferryman: image 1\nThe ferryman's coat: image 1\nReference: image 1",
            "0-4s: image 1 turns\nClose: image 1\n4-8s: Wide: image 1",
        ] {
            assert!(found(&with_images(one, 2), Rule::TwoRoles).is_empty(), "{one}");
        }
    }

    #[test]
    fn other_products_ways_to_cite_are_said() {
        for other in ["@Image1 runs", "<Picture 1> runs", "@图片1跑", "[Image 1] runs"] {
            let finding = &found(&with_images(other, 1), Rule::CitationForm)[0];
            let crate::script::lint::Fixed::One(fixed) = finding.fixes[0].apply(&with_images(other, 1))
            else {
                panic!()
            };
            assert!(fixed.prompt.starts_with("image 1"), "{}", fixed.prompt);
            assert!(found(&fixed, Rule::CitationForm).is_empty());
        }
        for plain in [
            "Image 1 runs",
            "images 1, 2 and 3",
            "images 1 and 2",
            "image 1, image 2",
        ] {
            assert!(
                found(&with_images(plain, 3), Rule::CitationForm).is_empty(),
                "{plain}"
            );
        }
    }
}
