//! The sample script in the prompt at the first start.

use crate::model::Form;

/// A script of ten seconds that can be generated as it is, and serves as a pattern.
pub const SCRIPT: &str = "\
A lighthouse at blue hour, a storm coming in. Cold palette of slate and teal, one warm light. Film grain, no text.

Shot 1 | 0s-2s
Wide shot, static camera. The lighthouse on its rock, waves breaking white below, the lamp dark.

Shot 2 | 2s-4s
Close-up, slow push in. An old keeper's hands strike a match and shield the flame.

Shot 3 | 4s-6s
Low angle, camera tilts up. The great lens catches the flame and floods the lamp room with gold.

Shot 4 | 6s-8s
Aerial shot, orbiting the tower. The beam sweeps out over the black water through the rain.

Shot 5 | 8s-10s
Wide shot, static camera. Far out, a small fishing boat turns its bow toward the light. Wind, surf, a distant horn.
";

pub(super) fn form() -> Form {
    Form {
        prompt: SCRIPT.trim_end().to_owned(),
        ..Form::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_can_be_generated_as_it_stands() {
        assert_eq!(form().broken_rules(), []);
        assert_eq!(form().seed_list().unwrap().count(), 1);
    }
}
