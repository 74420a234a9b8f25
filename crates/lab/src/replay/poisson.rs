//! How far a count may be off.

use libm::{exp, lgamma, log};

/// What is left on each side of a 95 % interval.
const TAIL: f64 = 0.025;

/// The 95 % interval of the mean of a Poisson distribution of which `count` was seen: the
/// lower end is 0 where nothing was seen.
///
/// Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936):
/// the means of which so much or more (less) is seen in 2.5 % of cases.
#[must_use]
pub fn poisson_interval(count: u32) -> (f64, f64) {
    let low = match count.checked_sub(1) {
        None => 0.0,
        Some(fewer) => mean_where(fewer, 1.0 - TAIL),
    };
    (low, mean_where(count, TAIL))
}

/// The mean with which at most `count` is seen with this probability, by halving.
fn mean_where(count: u32, probability: f64) -> f64 {
    let n = f64::from(count);
    let (mut low, mut high) = (0.0, n + 10.0 * libm::sqrt(n + 1.0) + 10.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        // More is expected, less is the chance of so few.
        if at_most(count, middle) > probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The probability that at most `count` is seen of so many expected.
fn at_most(count: u32, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    (0..=count)
        .map(|k| {
            let k = f64::from(k);
            exp(k * log(mean) - mean - lgamma(k + 1.0))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_tables_say() {
        // Garwood's limits as they stand in tables of exact Poisson intervals.
        let rows = [
            (0, 0.0, 3.689),
            (1, 0.0253, 5.572),
            (4, 1.090, 10.242),
            (10, 4.795, 18.390),
            (100, 81.36, 121.63),
        ];
        for (count, low, high) in rows {
            let found = poisson_interval(count);
            assert!((found.0 - low).abs() < 0.01, "{count}: {found:?}");
            assert!((found.1 - high).abs() < 0.01, "{count}: {found:?}");
        }
    }

    #[test]
    fn large_counts_are_near_a_bell() {
        let (low, high) = poisson_interval(5000);
        let half = 1.96 * 5000.0_f64.sqrt();
        assert!((low - (5000.0 - half)).abs() < 3.0, "{low}");
        assert!((high - (5000.0 + half)).abs() < 4.0, "{high}");
    }
}
