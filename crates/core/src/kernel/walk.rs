//! Walks through one or two tensors of up to six dimensions.

/// The most dimensions of a walk.
pub(crate) const MAX_DIMS: usize = 6;

/// Dimensions, the innermost first: positions, then the stride of each of two tensors
/// (0 where it is broadcast, and for a tensor that isn't there).
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    dims: &'a [[u32; 3]],
}

/// One dimension: its positions, and each tensor's stride.
pub(crate) type Dim = (usize, [usize; 2]);

impl<'a> Walk<'a> {
    /// As words: how many dimensions there are, then they. Gives the words behind them
    /// too.
    pub(crate) fn read(words: &'a [u32]) -> Option<(Self, &'a [u32])> {
        let (&count, words) = words.split_first()?;
        let count = (count as usize).min(MAX_DIMS + 1);
        let (dims, rest) = words.split_at_checked(count.wrapping_mul(3))?;
        let walk = Self {
            dims: dims.as_chunks().0,
        };
        (1..=MAX_DIMS).contains(&count).then_some((walk, rest))
    }

    /// The dimensions, the innermost first.
    pub(crate) fn dims(&self) -> impl Iterator<Item = Dim> + Clone + 'a {
        let dims = self.dims.iter();
        dims.map(|&[size, a, b]| (size as usize, [a as usize, b as usize]))
    }

    /// Positions in all; `None` if they are none or too many to count.
    pub(crate) fn positions(&self) -> Option<usize> {
        let count = self
            .dims()
            .try_fold(1usize, |n, (size, _)| n.checked_mul(size));
        count.filter(|&n| n > 0)
    }

    /// The last position in each tensor; `None` if there is none, or beyond counting.
    pub(crate) fn end(&self) -> Option<[usize; 2]> {
        self.dims()
            .try_fold([0usize; 2], |[a, b], (size, strides)| {
                let steps = size.checked_sub(1)?;
                let along = |at: usize, stride: usize| at.checked_add(steps.checked_mul(stride)?);
                Some([along(a, strides[0])?, along(b, strides[1])?])
            })
    }

    /// Whether every position lies within two tensors of these sizes.
    pub(crate) fn is_within(&self, sizes: [usize; 2]) -> bool {
        self.end()
            .is_some_and(|[a, b]| a < sizes[0] && b < sizes[1])
    }

    /// Calls `row` for each row in order: its dimension, and where it begins in each
    /// tensor.
    pub(crate) fn rows(&self, row: &mut dyn FnMut(Dim, [usize; 2])) {
        let mut dims = self.dims();
        let Some(inner) = dims.next() else {
            return;
        };
        let mut done = [0usize; MAX_DIMS];
        let mut at = [0usize; 2];
        let mut more = true;
        while more {
            row(inner, at);
            more = false;
            for ((size, [a, b]), done) in dims.clone().zip(&mut done) {
                let [at_a, at_b] = at;
                at = [at_a.wrapping_add(a), at_b.wrapping_add(b)];
                *done = done.wrapping_add(1);
                if *done < size {
                    more = true;
                    break;
                }
                // Back to this dimension's first position, and on with the next.
                let [at_a, at_b] = at;
                at = [
                    at_a.wrapping_sub(a.wrapping_mul(size)),
                    at_b.wrapping_sub(b.wrapping_mul(size)),
                ];
                *done = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::*;

    fn walk(words: &[u32]) -> Walk<'_> {
        Walk::read(words).expect("a sound walk").0
    }

    #[test]
    fn rows_come_in_order() {
        // [2, 2, 3] of a tensor, with a row [2, 1] beside it that is broadcast.
        let walk = walk(&[3, 3, 1, 0, 2, 3, 1, 2, 6, 0]);
        let mut seen = Vec::new();
        walk.rows(&mut |dim, at| {
            assert_eq!(dim, (3, [1, 0]));
            seen.push(at);
        });
        assert_eq!(seen, [[0, 0], [3, 1], [6, 0], [9, 1]]);
        assert_eq!(walk.positions(), Some(12));
        assert!(walk.is_within([12, 2]));
        assert!(!walk.is_within([11, 2]) && !walk.is_within([12, 1]));
    }

    #[test]
    fn the_words_behind_are_given_back() {
        let (_, rest) = Walk::read(&[1, 5, 1, 0, 7, 8]).expect("a sound walk");
        assert_eq!(rest, [7, 8]);
    }

    #[test]
    fn what_is_no_walk_is_seen() {
        assert!(Walk::read(&[]).is_none());
        assert!(Walk::read(&[0]).is_none());
        assert!(Walk::read(&[1, 5, 1]).is_none());
        assert!(Walk::read(&[7; 22]).is_none());
        assert!(Walk::read(&[u32::MAX; 22]).is_none());
        assert_eq!(walk(&[1, 0, 1, 1]).positions(), None);
        assert!(!walk(&[1, 0, 1, 1]).is_within([9, 9]));
        let most = u32::MAX;
        let huge = [6, most, most, 0, most, most, 0, most, most, 0];
        let huge = [&huge[..], &huge[1..]].concat();
        assert_eq!(walk(&huge).positions(), None);
        assert!(!walk(&huge).is_within([9, 9]));
    }
}
