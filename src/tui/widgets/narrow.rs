//! Makes a row fit into its room by removing what matters least.

/// Calls `give` on one of the `items` after the other until the row `fits`: each time on the one with the greatest `order`.
/// `give` makes an item narrower and lowers its order; an item of order 0 has nothing left to give.
pub fn narrow<T>(
    items: &mut [T],
    order: impl Fn(&T) -> u8,
    mut give: impl FnMut(&mut T),
    fits: impl Fn(&[T]) -> bool,
) {
    while !fits(items) {
        let Some(least) = items
            .iter_mut()
            .filter(|item| order(item) > 0)
            .max_by_key(|item| order(item))
        else {
            return;
        };
        give(least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_least_goes_first_and_what_stays_stays() {
        let narrowed = |room: usize| {
            // Each item: its width, then what it gives up next.
            let mut items = [(4, 0), (3, 1), (5, 9), (2, 5)];
            let wide = |items: &[(usize, u8)]| items.iter().map(|(wide, _)| wide).sum::<usize>();
            narrow(
                &mut items,
                |item| item.1,
                |item| *item = (0, 0),
                |items| wide(items) <= room,
            );
            items.map(|(wide, _)| wide)
        };
        assert_eq!(narrowed(14), [4, 3, 5, 2]);
        assert_eq!(narrowed(13), [4, 3, 0, 2]);
        assert_eq!(narrowed(8), [4, 3, 0, 0]);
        assert_eq!(narrowed(1), [4, 0, 0, 0]);
    }
}
