//! What chance decides, drawn from streams of our own.
//!
//! Each purpose has its stream, so that dropout, for one, does not change the
//! order of the windows. `Net::init` uses streams 0, 1, 2, … of the same seed.

use oorandom::Rand32;

const SHUFFLE: u64 = 1 << 32;
const DROPOUT: u64 = 2 << 32;

/// The order of the windows, drawn anew each epoch.
pub(crate) struct Shuffle {
    random: Rand32,
    order: Vec<usize>,
}

impl Shuffle {
    pub(crate) fn new(seed: u64, len: usize) -> Self {
        Self {
            random: Rand32::new_inc(seed, SHUFFLE),
            order: (0..len).collect(),
        }
    }

    /// Shuffles (Fisher and Yates, from the end).
    pub(crate) fn again(&mut self) {
        for last in (1..self.order.len()).rev() {
            let end = u32::try_from(last + 1).expect("fewer windows than 2^32 fit in memory");
            self.order
                .swap(last, self.random.rand_range(0..end) as usize);
        }
    }

    /// The windows of batch `index`; the last batch may be shorter.
    pub(crate) fn batch(&self, index: usize, size: usize) -> &[usize] {
        let start = (index * size).min(self.order.len());
        let end = (start + size).min(self.order.len());
        &self.order[start..end]
    }
}

/// Masks for dropout.
pub(crate) struct Masks(Rand32);

impl Masks {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rand32::new_inc(seed, DROPOUT))
    }

    /// `len` factors: 0 with probability `rate`, else 1 / (1 − rate).
    pub(crate) fn draw(&mut self, rate: f32, len: usize) -> Vec<f32> {
        let kept = 1.0 / (1.0 - rate);
        (0..len)
            .map(|_| {
                if self.0.rand_float() < rate {
                    0.0
                } else {
                    kept
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_is_a_permutation_and_the_seed_decides() {
        let mut a = Shuffle::new(1, 100);
        a.again();
        let mut sorted = a.order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        let mut b = Shuffle::new(1, 100);
        b.again();
        assert_eq!(a.order, b.order);
        b.again();
        assert_ne!(a.order, b.order, "each epoch has an order of its own");
        let mut c = Shuffle::new(2, 100);
        c.again();
        assert_ne!(a.order, c.order);
    }

    #[test]
    fn batches_cover_all_windows() {
        let s = Shuffle::new(1, 7);
        assert_eq!(s.batch(0, 3), [0, 1, 2]);
        assert_eq!(s.batch(2, 3), [6]);
        assert!(s.batch(3, 3).is_empty());
    }

    #[test]
    fn masks_keep_the_expected_sum() {
        let mask = Masks::new(3).draw(0.25, 40_000);
        let zeros = mask.iter().filter(|m| **m == 0.0).count();
        assert!((9_600..10_400).contains(&zeros), "{zeros}");
        let mean = mask.iter().sum::<f32>() / 40_000.0;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!(Masks::new(3).draw(0.0, 50).iter().all(|m| *m == 1.0));
    }
}
