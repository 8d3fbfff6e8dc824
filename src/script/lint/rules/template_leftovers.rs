//! Rules about what a template or a paste left in the text: unfilled slots and literal line breaks.

use std::ops::Range;

use crate::model::text::one_line;
use crate::model::{Complaint, Rule};
use crate::script::letters::is_unspaced;

use crate::script::lint::{Fix, Look, text_fixes};

/// The longest slot, in bytes.
const MAX_SLOT: usize = 400;
/// The longest slot in braces or square brackets, in bytes: what is longer is a sentence or data.
const MAX_NAME: usize = 60;

pub(super) fn check(look: &mut Look<'_>) {
    let text = look.text;
    for span in slots(text).into_iter().chain(empty_shots(look)) {
        let shown = one_line(text.get(span.clone()).unwrap_or_default(), 30);
        let message = Complaint::new(format!("{shown} is an unfilled slot"), "write what belongs there");
        look.add(Rule::UnfilledSlot, span, message, Vec::new());
    }
    // In JSON they are how a line break is written.
    if is_json(text) {
        return;
    }
    let breaks: Vec<Range<usize>> = text_fixes::literal_breaks(text).collect();
    if let Some(first) = breaks.first().cloned() {
        // So they are within quotation marks of JSON or YAML, where a line break could break the file.
        let is_data = breaks.iter().any(|at| look.is_data(at.start));
        let fixes = if is_data {
            Vec::new()
        } else {
            vec![Fix::ReplaceNewlines]
        };
        let message = match breaks.len() - 1 {
            0 => Complaint::new("\\n is written where a line break was meant", "replace it"),
            more => Complaint::new(
                format!("\\n is written {} times where line breaks were meant", more + 1),
                "replace them",
            ),
        };
        look.add(Rule::LiteralNewline, first, message, fixes);
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The text of every shot that only says that something is missing: `Shot 1: …`.
fn empty_shots(look: &Look<'_>) -> Vec<Range<usize>> {
    let texts = look.script.shots.iter().map(|shot| shot.text.clone());
    let is_missing =
        |text: &str| !text.is_empty() && text.chars().all(|c| matches!(c, '…' | '.')) && text != ".";
    texts
        .filter(|span| {
            look.text
                .get(span.clone())
                .is_some_and(|text| is_missing(text.trim()))
        })
        .collect()
}

/// Every slot, in order.
fn slots(text: &str) -> Vec<Range<usize>> {
    let mut slots = Vec::new();
    let mut past = 0;
    for (at, c) in text.char_indices() {
        if at < past
            || !matches!(
                c,
                '【' | '{' | '[' | '［' | '<' | '_' | '＿' | 'T' | 'F' | 'X' | '〇' | '○'
            )
        {
            continue;
        }
        let end = match c {
            '【' => bracketed(text, at),
            '{' => braced(text, at),
            '[' | '［' => squared(text, at),
            '<' => angled(text, at),
            '〇' | '○' => ringed(text, at),
            'T' | 'F' | 'X' => noted(text, at),
            _ => underscored(text, at, &mut past),
        };
        if let Some(end) = end {
            slots.push(at..end);
            past = end;
        }
    }
    slots
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// The end of a slot such as `【…】`, `【】` or `【填写场景】`, and within a sentence also of alternatives (`【红/蓝】`) and slots
/// within slots. `【Style】` begins a section, `【@图片1】` cites, and `【空镜】` names a beat.
fn bracketed(text: &str, at: usize) -> Option<usize> {
    let inside = at + '【'.len_utf8();
    let (end, nested) = closing(text, inside)?;
    let inner = text.get(inside..end - '】'.len_utf8())?;
    let before = text.get(..at)?.chars().next_back();
    let amid = is_word(before) || before == Some('【');
    let offers = inner.contains(['/', '／']) && !inner.contains("://");
    let is_named =
        before.is_some_and(|c| !matches!(c, '\n' | '\r')) && inner.contains('名') && is_variable(inner);
    // `在【城市】老站台`, but not `。【场景】 老站台`
    let joins = is_word(before) || matches!(before, Some('，' | '、'));
    let is_amid = joins && is_word(text.get(end..)?.chars().next());
    let is_any = inner.starts_with('某') || is_amid && is_variable(inner);
    (is_placeholder(inner) || is_named || is_any || amid && (nested || offers)).then_some(end)
}

/// Past the bracket that closes the one before `inside`, and whether there are brackets in between.
fn closing(text: &str, inside: usize) -> Option<(usize, bool)> {
    let mut depth = 1;
    let mut nested = false;
    for (offset, c) in text.get(inside..)?.char_indices() {
        match c {
            _ if offset > MAX_SLOT || c == '\n' => return None,
            '【' => {
                depth += 1;
                nested = true;
            }
            '】' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((inside + offset + c.len_utf8(), nested));
        }
    }
    None
}

/// Whether the words say that something is to be filled in.
fn is_placeholder(inner: &str) -> bool {
    const SAY: &str = "insert|placeholder|your |tbd|fill in|describe your|填写|填入|待定|待填|此处|请输入";
    // A box to tick.
    if inner == " " {
        return false;
    }
    let inner = inner.trim().to_lowercase();
    let is_blank = inner
        .chars()
        .all(|c| matches!(c, '…' | '.' | '_' | '＿' | '?' | '？' | ' ' | '-' | '—'));
    let is_xs = inner.len() > 1 && inner.chars().all(|c| matches!(c, 'x' | '×' | '某'));
    let is_told = (inner.starts_with("describe ") || inner.contains(' ')) && inner.ends_with(" here");
    is_blank || is_xs || is_told || SAY.split('|').any(|word| inner.starts_with(word))
}

/// Sounds and gestures that authors put in braces as stage directions.
const CUES: &str = "applause|laughs|laughing|laughter|laugh|sighs|sigh|pause|beat|silence|music|crying|cries|sobs|coughs|cough|\
    gasps|gasp|whispers|whispering|cheers|cheering|crowd cheers|screams|clears throat|smiles|nods|singing|sings|humming|\
    long pause|short pause|door slams|thunder|footsteps|wind|rain|笑|叹气|停顿|掌声|沉默|拍手|ため息|박수|웃음";

/// The end of `{…}`, `{character name}` or `{{scene}}`, but not of JSON, which has quotation marks, colons or lines.
fn braced(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let braces = rest.chars().take(3).take_while(|c| *c == '{').count();
    let inner_and_on = rest.get(braces..)?;
    let near = inner_and_on.get(..inner_and_on.floor_char_boundary(MAX_NAME + 1))?;
    let inner = near.get(..near.find('}')?)?;
    // `E=mc^{2}`, `{1, 2, 3}`, `{applause}`
    let is_command = {
        let name = text[..at].trim_end_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '{' | '}'));
        name.ends_with('\\')
    };
    let is_set = inner.contains(',') && inner.split(',').all(|part| part.trim().chars().count() < 2);
    let is_formula = is_command
        || is_set
        || inner.contains('(')
        || inner.trim_start().starts_with("return ")
        || text[..at].ends_with(['^', '_'])
        || inner.chars().all(|c| c.is_ascii_digit() || ", .".contains(c))
            && inner.contains(|c: char| c.is_ascii_digit());
    let is_cue = CUES.split('|').any(|cue| cue == inner.trim().to_lowercase());
    let is_data =
        is_formula || is_cue || inner.contains(['"', ':', '<', '>', '\n', '{', '\'', '=', '“', '：', ';']);
    let closed = inner_and_on
        .get(inner.len()..)?
        .chars()
        .take(braces)
        .take_while(|c| *c == '}')
        .count();
    (!is_data).then_some(at + braces + inner.len() + closed)
}

/// The end of `[insert name]`, `[...]`, `[YOUR PRODUCT]`, `[BRAND_NAME]` or, within a sentence, `[product]`.
fn squared(text: &str, at: usize) -> Option<usize> {
    let open = text.get(at..)?.chars().next()?;
    let close = if open == '[' { ']' } else { '］' };
    let rest = text.get(at + open.len_utf8()..)?;
    let near = rest.get(..rest.floor_char_boundary(MAX_NAME + 1))?;
    let inner = near.get(..near.find([close, '\n', open])?)?;
    let closes = near.get(inner.len()..)?.starts_with(close);
    let end = at + open.len_utf8() + inner.len() + close.len_utf8();
    let is_link = text.get(end..)?.starts_with('(');
    let is_slot = is_placeholder(inner)
        || is_variable(inner) && !is_title(text, at..end)
        || is_foreign_name(text.get(..at)?, inner);
    (closes && !is_link && is_slot).then_some(end)
}

/// Whether the words between square brackets name what is to be filled in: `BRAND_NAME`, `CHARACTER_A`, `product`.
fn is_variable(inner: &str) -> bool {
    const NAMES: &str = "product|product name|brand|brand name|company|company name|name|character|character name|subject|\
        action|location|place|city|object|item|color|colour|logo|slogan|tagline|animal|person|main character|protagonist|\
        outfit|emotion|mood|genre|art style|time of day|weather|season|setting|background|topic|theme|message|text here|\
        age|gender|profession|food|drink|vehicle|产品|品牌|品牌名|产品名|角色|角色名|人物|地点|场景|动作|颜色|主体|名称|产品名称|品牌名称|城市|国家|人物名|地名|店名|商品名|某品牌|某城市|时间地点|\
        marca|producto|nombre|ciudad|lugar|personaje|produto|nome|cidade|personagem|marque|produit|nom|ville|lieu|personnage|\
        marke|produkt|stadt|ort|figur|prodotto|città|luogo|personaggio|бренд|продукт|город|имя|место|персонаж|marka|ürün|isim|\
        şehir|merek|produk|nama|kota|tokoh|thương hiệu|sản phẩm|tên|thành phố|nhân vật|브랜드|제품|이름|도시|장소|인물|브랜드명|제품명|\
        ブランド|商品|商品名|ブランド名|名前|都市|人物名|場所|แบรนด์|สินค้า|ชื่อ|เมือง|ब्रांड|उत्पाद|नाम|शहर|nombre del producto|nombre de la marca|\
        nome do produto|nome da marca|nom du produit|nom de la marque|produktname|markenname|nome del prodotto";
    let is_constant = inner.contains('_')
        && inner.starts_with(|c: char| c.is_ascii_uppercase())
        && inner
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let bare = inner.trim().to_lowercase();
    let bare = bare.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    is_constant || NAMES.split('|').any(|name| name == bare)
}

/// The end of `<MODEL_NAME>` or `<insert brand>`; tags of HTML and citations are in other forms.
fn angled(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at + 1..)?;
    let near = rest.get(..rest.floor_char_boundary(MAX_NAME + 1))?;
    let inner = near.get(..near.find(['>', '\n', '<'])?)?;
    let closes = near.get(inner.len()..)?.starts_with('>');
    let is_slot = is_placeholder(inner) && inner.contains(char::is_alphabetic)
        || inner.contains('_') && is_variable(inner);
    (closes && is_slot).then_some(at + 1 + inner.len() + 1)
}

/// The end of two rings or more, which stand for a name in Japanese and Korean: `〇〇さん`, `○○씨`.
fn ringed(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let end = rest.find(|c| !matches!(c, '〇' | '○')).unwrap_or(rest.len());
    (rest[..end].chars().count() > 1 && !is_word(text[..at].chars().next_back())).then_some(at + end)
}

/// Whether the name at `span` is the title of what follows: it begins a line, and no sentence goes on behind it, as in
/// `[Setting] A hill`.
fn is_title(text: &str, span: Range<usize>) -> bool {
    let before = text[..span.start].trim_end_matches([' ', '*', '#', '-']);
    let inner = text[span.clone()].trim_matches(['[', ']', '［', '］']);
    let next = text[span.end..].trim_start_matches(' ').chars().next();
    // `[Subject] A cat. [Action] It jumps.`
    let follows_sentence = before.ends_with(['.', '!', '?', '。']) && next.is_some_and(char::is_uppercase);
    let begins = before.is_empty() || before.ends_with(['\n', '\r']) || follows_sentence;
    begins && !inner.contains('_') && !next.is_some_and(char::is_lowercase)
}

/// Whether capitals in square brackets within a sentence name what is to be filled in, in another language than English, whose
/// names are known: `em [NOME DA MARCA]`, `в [ГОРОД]`. In English they may also be what somebody does: `she [LAUGHS]`.
fn is_foreign_name(before: &str, inner: &str) -> bool {
    const MAX_WORDS: usize = 4;
    let is_amid = before.ends_with(' ') && before.trim_end_matches(' ').ends_with(char::is_lowercase);
    let is_loud = !inner.contains(char::is_lowercase) && inner.chars().all(|c| c.is_alphabetic() || c == ' ');
    let words = inner.split(' ').collect::<Vec<_>>();
    let is_foreign = !inner.is_ascii()
        || words
            .iter()
            .any(|word| ["DA", "DE", "DO", "DEL", "DI", "DU", "DER", "DES"].contains(word));
    is_amid && is_loud && is_foreign && words.len() <= MAX_WORDS && inner.chars().count() > 2
}

/// The end of a word such as `TODO` at `at`, which an author leaves where something is missing.
fn noted(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    // `XXX` alone, but not the Roman numeral of `XXX. Olympiad`.
    let is_triple = rest
        .strip_prefix("XXX")
        .is_some_and(|after| !is_word(after.chars().next()) && !after.starts_with('.'));
    if is_triple && !is_word(text.get(..at)?.chars().next_back()) {
        return Some(at + 3);
    }
    let after_two = rest.strip_prefix("XX").and_then(|after| after.chars().next());
    let before = text.get(..at)?.chars().next_back();
    if after_two.is_some_and(is_unspaced) && !before.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return Some(at + 2);
    }
    let word = ["TODO", "TBD", "FIXME"]
        .into_iter()
        .find(|word| rest.starts_with(word))?;
    let is_apart =
        !is_word(text.get(..at)?.chars().next_back()) && !is_word(rest.get(word.len()..)?.chars().next());
    // A thing on the fridge.
    let is_list = rest.starts_with("TODO list");
    (is_apart && !is_list).then_some(at + word.len())
}

/// The end of two underscores or more that are not in a name (`my__file`), around a word (`__bold__`) or a line of their
/// own. Sets `past` to their end in any case.
fn underscored(text: &str, at: usize, past: &mut usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let end = at + rest.find(|c| !matches!(c, '_' | '＿')).unwrap_or(rest.len());
    *past = end;
    let before = text.get(..at)?.chars().next_back();
    let behind = text.get(end..)?.chars().next();
    let ahead = text.get(end..text.floor_char_boundary(end + MAX_NAME))?;
    let back = text.get(text.ceil_char_boundary(at.saturating_sub(MAX_NAME))..at)?;
    let near = ahead.split('\n').next().unwrap_or_default();
    let is_rule = near.trim().is_empty() && back.rsplit('\n').next().unwrap_or_default().trim().is_empty();
    // `Class of 20__`
    let is_year = before.is_some_and(|c| c.is_ascii_digit());
    let is_name = is_word(before) && is_word(behind) || is_year;
    // `^__^`, `>__<`, and a field of a form that is shown empty: `"____"`.
    let is_face = matches!(
        (before, behind),
        (
            Some('^' | '>' | '-' | ';' | '=' | '*'),
            Some('^' | '<' | '-' | ';' | '=' | '*')
        )
    );
    let is_shown = back.to_lowercase().contains("password") && before == Some('"') && behind == Some('"');
    let marks = |near: &str, rim: fn(&str) -> Option<char>| {
        near.split_once("__")
            .is_some_and(|(word, _)| !word.is_empty() && is_word(rim(word)))
    };
    let opens =
        end - at == 2 && !is_word(before) && is_word(behind) && marks(near, |word| word.chars().next_back());
    let closes = end - at == 2
        && is_word(before)
        && back
            .rsplit_once("__")
            .is_some_and(|(lead, word)| is_word(word.chars().next()) && !is_word(lead.chars().next_back()));
    let long = rest.chars().take(2).filter(|c| matches!(c, '_' | '＿')).count() > 1;
    (long && !is_name && !is_face && !is_shown && !is_rule && !opens && !closes).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::lint::kit_tests::{form, found};

    #[test]
    fn slots_are_found_in_all_their_forms() {
        for (text, slot) in [
            ("A 【…】 lifts off", "【…】"),
            ("画面是【填写场景】，风很大", "【填写场景】"),
            ("镜头对准【红/蓝】风筝", "【红/蓝】"),
            ("镜头对准【那只【红】风筝】升起", "【那只【红】风筝】"),
            ("Cut 1 (0.0-__s): a kite", "__"),
            ("A kite in ____ colours", "____"),
            ("A {colour} kite", "{colour}"),
            ("A {{colour}} kite", "{{colour}}"),
            ("A [insert colour] kite", "[insert colour]"),
            ("A kite by [...]", "[...]"),
            ("A film of [product] at dawn", "[product]"),
            ("A film by [BRAND_NAME].", "[BRAND_NAME]"),
            ("[CHARACTER_A] runs", "[CHARACTER_A]"),
            ("He says TODO here", "TODO"),
            ("清晨，【城市】老站台", "【城市】"),
            ("穿着【某品牌】工装", "【某品牌】"),
            ("o tênis [NOME DA MARCA] na escada", "[NOME DA MARCA]"),
            ("кофейня в [ГОРОД], снег", "[ГОРОД]"),
        ] {
            let slots = found(&form(text), Rule::UnfilledSlot);
            assert_eq!(slots.len(), 1, "{text}: {slots:?}");
            assert_eq!(&text[slots[0].span.clone()], slot);
        }
    }

    #[test]
    fn brackets_with_a_meaning_are_no_slots() {
        for text in [
            "【Style】 soft light 【Scene】 a hill",
            "【镜号1】1-3秒 风筝",
            "她拿起【银色风筝】跑开",
            "△ 【空镜】湖面",
            "【@图片1】 在笑",
            "// SHOT 1 [00:00 - 00:15]{\"camera\":\"low angle\"}",
            "a __bold__ kite and my__file",
            "a kite\n________\na hill",
            "[0s-3s] a kite",
            "[Image 1] as the kite",
            "She [laughs] and [Visual]: a kite",
            "[SCENE] a hill, [product](https://example.com)",
            "[Setting] A hill\n[Mood]\nquiet\n[场景] 山坡",
            "She enters [LAUGHS] and sits",
            "清晨。【场景】 老站台",
            "METODO and TODOS",
        ] {
            assert!(found(&form(text), Rule::UnfilledSlot).is_empty(), "{text}");
        }
    }

    #[test]
    fn literal_line_breaks_are_replaced() {
        let pasted = form("A kite.\\n0-3 s: it lifts.\\r\\n3-6 s: it dives.");
        let finding = found(&pasted, Rule::LiteralNewline).remove(0);
        assert!(finding.message.what.contains("2 times"), "{}", finding.message);
        let crate::script::lint::Fixed::One(fixed) = finding.fixes[0].apply(&pasted) else {
            panic!()
        };
        assert_eq!(fixed.prompt, "A kite.\n0-3 s: it lifts.\n3-6 s: it dives.");
        let yaml = "look: \"a kite.\\nIt lifts\"\nsound: wind";
        assert!(found(&form(yaml), Rule::LiteralNewline)[0].fixes.is_empty());
        for text in [
            "{\"prompt\": \"A kite.\\nIt lifts.\"}",
            "the screen shows C:\\new\\nodes, and 'a\\nb'",
            "A \\name tag",
            "A kite.\nIt lifts.",
            "the folder C:\\new",
            "a \\\\n in a manual",
            "Code on the screen: printf(\"Hi!\\n\") and print(\"Hello\\nWorld\")",
            "The regex [^\\n]* glows, and `\\n` beside it",
            "He types \"\\n\" on the keyboard, slowly",
        ] {
            assert!(found(&form(text), Rule::LiteralNewline).is_empty(), "{text}");
        }
    }
}
