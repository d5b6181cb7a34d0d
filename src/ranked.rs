//! The one sort of what the page carries: the best first. Each further one would add 2 kB to it.

/// `items` with the highest key first; those with equal keys keep their order. One sort for all types keeps the page small.
pub(crate) fn highest_first<T>(items: Vec<T>, key: impl Fn(&T) -> f64) -> Vec<T> {
    let order = order_of(&items.iter().map(key).collect::<Vec<f64>>());
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| items[at].take()).collect()
}

fn order_of(keys: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| keys[*b].total_cmp(&keys[*a]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_key_comes_first_and_equal_keys_keep_their_order() {
        let items = vec![("a", 1.0), ("b", 3.0), ("c", 1.0), ("d", -2.0), ("e", 3.0)];
        let names: Vec<&str> = highest_first(items, |item| item.1).into_iter().map(|item| item.0).collect();
        assert_eq!(names, ["b", "e", "a", "c", "d"]);
        assert!(highest_first(Vec::<f64>::new(), |key| *key).is_empty());
    }
}
