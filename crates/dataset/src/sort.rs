//! Sorting through one copy of the sorting code.

use std::cmp::Ordering;

/// Sorts and keeps the order of equals, as `sort_by` of a slice does.
///
/// Each type and order given to that is compiled into 4 kB of its own, which the page
/// fetches before it shows anything; here only the last step is. For lists of recordings,
/// labels and the like: inner loops are better served by the slice's own.
pub fn sort_by<T>(items: &mut [T], mut order: impl FnMut(&T, &T) -> Ordering) {
    let mut from = sorted(items.len(), &mut |a, b| order(&items[a], &items[b]));
    // Item `from[i]` belongs at `i`: every cycle of moves is followed once around.
    for start in 0..from.len() {
        let mut at = start;
        while from[at] != start {
            let next = from[at];
            items.swap(at, next);
            from[at] = at;
            at = next;
        }
        from[at] = at;
    }
}

/// The numbers below `n` in that order.
#[inline(never)]
fn sorted(n: usize, order: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..n).collect();
    indices.sort_by(|a, b| order(*a, *b));
    indices
}

#[cfg(test)]
mod tests {
    use super::sort_by;

    #[test]
    fn sorts_as_a_slice_does() {
        let mut seed = 1u32;
        for n in 0..200 {
            let mut items: Vec<(u32, usize)> = (0..n)
                .map(|i| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 28, i)
                })
                .collect();
            let mut want = items.clone();
            want.sort_by_key(|item| item.0);
            sort_by(&mut items, |a, b| a.0.cmp(&b.0));
            assert_eq!(items, want);
        }
    }
}
