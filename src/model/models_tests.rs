//! Models by their slugs.

use super::*;

#[test]
fn a_model_that_nobody_offers_is_readable_and_takes_nothing() {
    let gone: Model = "seedance-1.0-pro".parse().unwrap();
    assert_eq!(gone, "seedance-1.0-pro".parse().unwrap());
    assert_eq!((gone.label(), gone.max_ms()), ("seedance-1.0-pro", 0));
    assert!(Model::offered("seedance-1.0-pro").is_err());
    assert!("../x".parse::<Model>().is_err());
}

#[test]
fn many_lengths_in_a_row_are_said_in_short() {
    let of = |lengths: &[i64]| ModelSpec {
        durations: lengths.iter().map(|s| Seconds::new(*s).unwrap()).collect(),
        ..ModelSpec::default()
    };
    assert_eq!(of(&[4, 5, 6, 8]).durations_in_words(), "4, 5, 6 or 8 seconds");
    let long: Vec<i64> = (4..=30).collect();
    assert_eq!(of(&long).durations_in_words(), "4 to 30 seconds");
    assert_eq!(of(&long).shortest_for(15_001), Seconds::new(16).ok());
}
