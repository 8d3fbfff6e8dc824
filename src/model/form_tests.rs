//! A form by what it breaks and costs.

use super::*;
use crate::model::PriceTable;

#[test]
fn a_new_form_lacks_only_its_prompt() {
    assert_eq!(Form::default().broken_rules(), [Invalid::EmptyPrompt]);
}

#[test]
fn local_files_are_in_order_but_data_urls_are_not() {
    let mut form = Form {
        prompt: "k".into(),
        first_frame: "stills/a b.png".into(),
        ..Form::default()
    };
    assert_eq!(form.broken_rules(), []);
    form.first_frame = "data:image/png;base64,AA".into();
    assert!(matches!(form.broken_rules()[..], [Invalid::NotAUrl { .. }]));
}

#[test]
fn one_price_for_each_seed() {
    let form = Form {
        seeds: "7, 42, 100..103".into(),
        ..Form::default()
    };
    let n = form.seed_list().unwrap().count();
    assert_eq!(
        PriceTable::default()
            .price(&form.priced(|_| None))
            .unwrap()
            .estimate
            .times(n)
            .to_string(),
        "$4.24"
    );
}

#[test]
fn a_prompt_from_before_variables_existed_never_expands() {
    let old: Form = serde_json::from_str(r#"{"prompt": "A {red|black} coat, {{mood}}, {plain}."}"#).unwrap();
    assert_eq!(old.prompt, r"A \{red|black\} coat, \{\{mood\}\}, \{plain\}.");
    assert_eq!(old.duration, Form::default().duration);
    let kept = serde_json::to_string(&old).unwrap();
    assert_eq!(
        serde_json::from_str::<Form>(&kept).unwrap(),
        old,
        "it is escaped once"
    );
    let new = Form {
        prompt: "A {red|black} coat.".to_owned(),
        ..Form::default()
    };
    let kept = serde_json::to_string(&new).unwrap();
    assert_eq!(serde_json::from_str::<Form>(&kept).unwrap(), new);
}
