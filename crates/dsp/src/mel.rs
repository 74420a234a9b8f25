//! Triangular filters that stand evenly on the mel scale, over the bins of a spectrum.
//!
//! mel(f) = 1127 · ln(1 + f / 700). The filters' edges cut the band from `low_hz` to
//! `high_hz` into `filters` + 1 stretches of equal mel; filter m rises along stretch m
//! and falls along stretch m + 1, both linearly in mel, from 0 to 1 and back. (Stevens,
//! Volkmann, Newman 1937; the formula and the triangles are HTK's and TensorFlow's.)
//!
//! A bin lies in one stretch, at a share w of its length. It gives w of its power to
//! the filter that rises there and the rest to the one that falls. So one walk over
//! the bins is enough: with S = Σ w·P and T = Σ P of each stretch, filter m is
//! Sₘ + (Tₘ₊₁ − Sₘ₊₁). Rounding is monotonic, so S is never above T, and no filter is
//! ever negative.

use crate::block::BlockError;

/// Where the filters stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mel {
    /// How many.
    pub filters: usize,
    /// Lower edge of the first filter.
    pub low_hz: f32,
    /// Upper edge of the last.
    pub high_hz: f32,
    /// Length of the FFT, in samples.
    pub fft_length: usize,
    /// Samples per second.
    pub rate_hz: f32,
}

fn mel(hz: f32) -> f32 {
    1127.0 * libm::logf(1.0 + hz / 700.0)
}

impl Mel {
    /// `f32`s of its table: bins below the first filter, bins in each stretch, share of
    /// each bin.
    pub(crate) fn table(&self) -> usize {
        self.filters + 2 + self.fft_length / 2 + 1
    }

    /// Where the first stretch begins, and how long each is, in mel.
    fn stretches(&self) -> (f32, f32) {
        let low = mel(self.low_hz);
        let stretch = (mel(self.high_hz) - low) / (self.filters + 1) as f32;
        (low, stretch)
    }

    /// Refuses a band whose edges are one number in mel: nothing could lie in it.
    pub(crate) fn check(&self) -> Result<(), BlockError> {
        if self.stretches().1 > 0.0 {
            return Ok(());
        }
        Err(BlockError::Band {
            low_hz: self.low_hz,
            high_hz: self.high_hz,
        })
    }

    /// Fills the table.
    pub(crate) fn prepare(&self, table: &mut [f32]) {
        table.fill(0.0);
        let Some((counts, shares)) = table.split_at_mut_checked(self.filters + 2) else {
            return;
        };
        let Some((below, counts)) = counts.split_first_mut() else {
            return;
        };
        let (low, stretch) = self.stretches();
        for (bin, share) in shares.iter_mut().enumerate() {
            let hz = bin as f32 * self.rate_hz / self.fft_length as f32;
            let place = (mel(hz) - low) / stretch;
            if place < 0.0 {
                *below += 1.0;
            } else if let Some(count) = counts.get_mut(place as usize) {
                // Beyond the band `place` may be more than any index: there is no such count.
                *count += 1.0;
                *share = place - libm::truncf(place);
            }
        }
    }

    /// Frequencies at the feet of one filter.
    pub(crate) fn edges(&self, filter: usize) -> (f32, f32) {
        let (low, stretch) = self.stretches();
        let hz = |edge: usize| 700.0 * (libm::expf((low + stretch * edge as f32) / 1127.0) - 1.0);
        (hz(filter), hz(filter + 2))
    }

    /// Adds up `power`, from bin 0, into the filters: `out` holds one value each.
    pub(crate) fn walk(&self, table: &[f32], power: &[f32], out: &mut [f32]) {
        let Some((counts, shares)) = table.split_at_checked(self.filters + 2) else {
            return;
        };
        let Some((below, counts)) = counts.split_first() else {
            return;
        };
        let below = *below as usize;
        let mut power = power.get(below..).unwrap_or_default();
        let mut shares = shares.get(below..).unwrap_or_default();
        let mut filters = out.iter_mut();
        let mut falling: Option<&mut f32> = None;
        for count in counts {
            let count = (*count as usize).min(power.len()).min(shares.len());
            let (bins, power_above) = power.split_at(count);
            let (weights, shares_above) = shares.split_at(count);
            (power, shares) = (power_above, shares_above);
            let (mut rising_sum, mut sum) = (0.0, 0.0);
            for (p, share) in bins.iter().zip(weights) {
                rising_sum += *share * *p;
                sum += *p;
            }
            if let Some(filter) = falling {
                *filter += sum - rising_sum;
            }
            falling = filters.next();
            if let Some(filter) = &mut falling {
                **filter = rising_sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::*;

    fn filtered(mel: &Mel, power: &[f32]) -> Vec<f32> {
        let mut table = vec![f32::NAN; mel.table()];
        mel.prepare(&mut table);
        let mut out = vec![f32::NAN; mel.filters];
        mel.walk(&table, power, &mut out);
        out
    }

    #[test]
    fn triangles_add_up_to_one_between_the_first_peak_and_the_last() {
        let mel = Mel {
            filters: 20,
            low_hz: 100.0,
            high_hz: 7000.0,
            fft_length: 512,
            rate_hz: 16_000.0,
        };
        for bin in 0..=256 {
            let mut power = [0.0; 257];
            power[bin] = 1.0;
            let weights = filtered(&mel, &power);
            let sum: f32 = weights.iter().sum();
            let hz = bin as f32 * 31.25;
            let (first, last) = (mel.edges(0), mel.edges(19));
            if hz < first.0 || hz > last.1 {
                assert_eq!(sum, 0.0, "bin {bin}");
            } else if hz > mel.edges(1).0 && hz < mel.edges(18).1 {
                assert!((sum - 1.0).abs() < 1e-6, "bin {bin}: {sum}");
            }
            // A bin lies under at most two, which stand beside each other.
            let under: Vec<usize> = (0..20).filter(|m| weights[*m] > 0.0).collect();
            assert!(under.len() <= 2 && under.windows(2).all(|w| w[1] == w[0] + 1));
            for m in under {
                let (low, high) = mel.edges(m);
                assert!(hz > low - 0.1 && hz < high + 0.1, "bin {bin}, filter {m}");
            }
        }
    }

    #[test]
    fn a_filter_between_two_bins_is_empty() {
        let mel = Mel {
            filters: 30,
            low_hz: 0.0,
            high_hz: 1000.0,
            fft_length: 32,
            rate_hz: 2000.0,
        };
        let out = filtered(&mel, &[1.0; 17]);
        assert!(out.contains(&0.0) && out.iter().all(|x| *x >= 0.0));
    }
}
