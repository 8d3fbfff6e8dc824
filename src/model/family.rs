//! Where a take comes from, and what came from it, in words.

use super::{Lineage, Take, TakeId};

/// `from draft 118`, `continues 7`: where a take comes from.
pub fn came_from(take: &Take) -> Option<String> {
    let word = take.lineage.map_or("after take", Lineage::from);
    Some(format!("{word} {}", take.parent?))
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
