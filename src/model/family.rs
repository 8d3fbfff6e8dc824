//! Where a take comes from, and what came from it, in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::text::one_line;
use super::{Lineage, Take, TakeId};

/// Whether one of the takes that came from a draft is its final, or may be.
pub fn has_final(children: &[(TakeId, Lineage)]) -> bool {
    children.iter().any(|(_, lineage)| *lineage == Lineage::Finished)
}

/// `draft-9f2c, can be finished until 2026-12-04 14:02`: how the provider names a draft, and until when it can be finished
/// unless it has its final.
pub fn draft_in_words(
    take: &Take,
    children: &[(TakeId, Lineage)],
    now: Timestamp,
    zone: &TimeZone,
) -> Option<String> {
    let draft = take.draft.as_ref()?;
    let name = one_line(&draft.id, 80);
    if has_final(children) {
        return Some(name);
    }
    let can = if now < draft.expires { "can" } else { "could" };
    let until = draft.expires.to_zoned(zone.clone());
    Some(format!(
        "{name}, {can} be finished until {}",
        until.strftime("%Y-%m-%d %H:%M")
    ))
}

/// `from draft 118`, `continues 7`: where a take comes from.
pub fn came_from(take: &Take) -> Option<String> {
    let word = take.lineage.map_or("after take", Lineage::from);
    Some(format!("{word} {}", take.parent?))
}

/// `from draft 118, run again as 124`: where a take comes from, and what came from it.
pub fn family(take: &Take, children: &[(TakeId, Lineage)]) -> Option<String> {
    let parts: Vec<String> = [came_from(take), led_to(children)]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `promoted to 123, run again as 124, 125`: what came from a take.
pub fn led_to(children: &[(TakeId, Lineage)]) -> Option<String> {
    let one = |lineage: Lineage| {
        let of_it = children.iter().filter(|(_, kind)| *kind == lineage);
        let ids: Vec<String> = of_it.map(|(id, _)| id.to_string()).collect();
        (!ids.is_empty()).then(|| format!("{} {}", lineage.to(), ids.join(", ")))
    };
    let parts: Vec<String> = Lineage::ALL.into_iter().filter_map(one).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
