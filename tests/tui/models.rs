//! The models on offer: their list, the page of each, and what the provider changed.

use crate::test_workbench::{Options, workbench};

#[test]
fn m_lists_the_models_with_prices_and_enter_says_who_says_what() {
    workbench(Options::default(), |desk| async move {
        desk.sees("lighthouse").await;
        desk.press("m");
        desk.sees("Models, with the price of 10 s at 16:9").await;
        desk.sees("seedance-2.0-fast, 4, 5, 6").await;
        desk.sees("480p $0.28").await;
        desk.press("j enter");
        desk.sees("seedance-2.0-fast (fast)").await;
        desk.sees("Built in").await;
        desk.sees("(default 10)").await;
        desk.sees("price 480p").await;
        desk.press("esc");
        desk.sees("lighthouse").await;
    });
}
