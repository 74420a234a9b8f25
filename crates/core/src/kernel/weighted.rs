//! Weights, biases, and what turns a sum into an output: shared by every operator
//! that multiplies with constants.
//!
//! The host has folded the input's zero point into the bias (`bias − zero_x · Σ w`
//! over all weights of an output), which changes no result: sums wrap at 32 bits,
//! and there addition is exact.

use crate::error::Fault;
use crate::fixed::Multiplier;
use crate::node::Node;

/// Words that an operator's parameters hold for it.
pub(crate) const WORDS: usize = 7;

/// As seven words: the places of weights, biases and multipliers in the data, how
/// many multipliers there are (1, or one an output), the output's zero point, and
/// the ends of the clamp. A multiplier is two words: significand, shift.
pub(crate) struct Weighted<'a> {
    pub(crate) weights: &'a [i8],
    pub(crate) bias: &'a [i32],
    multipliers: &'a [[i32; 2]],
    zero: i32,
    low: i32,
    high: i32,
}

impl<'a> Weighted<'a> {
    /// `weights` values in all, `outputs` sums to finish.
    pub(crate) fn read(
        node: &Node<'a>,
        words: &[u32; WORDS],
        weights: Option<usize>,
        outputs: usize,
    ) -> Option<Self> {
        let &[weights_at, bias_at, multipliers_at, count, zero, low, high] = words;
        let words = (count as usize).checked_mul(2)?;
        Some(Self {
            weights: node.constant_i8(weights_at, weights?)?,
            bias: node.constant_i32(bias_at, outputs)?,
            multipliers: node.constant_i32(multipliers_at, words)?.as_chunks().0,
            zero: zero as i32,
            low: low as i32,
            high: high as i32,
        })
    }

    pub(crate) fn check(&self) -> Result<(), Fault> {
        let range = -128..=127;
        let clamp_fits = range.contains(&self.low) && range.contains(&self.high);
        if !range.contains(&self.zero) || !clamp_fits || self.low > self.high {
            return Err(Fault::Params);
        }
        let count = self.multipliers.len();
        let valid = |&[significand, shift]: &[i32; 2]| Multiplier { significand, shift }.is_valid();
        if (count != 1 && count != self.bias.len()) || !self.multipliers.iter().all(valid) {
            return Err(Fault::Multiplier);
        }
        Ok(())
    }

    /// The multiplier of output `o`: one serves all outputs when there is only one.
    #[inline]
    pub(crate) fn multiplier(&self, o: usize) -> Multiplier {
        let own = self.multipliers.get(o).or(self.multipliers.first());
        own.map_or(Multiplier::ZERO, |&[significand, shift]| Multiplier {
            significand,
            shift,
        })
    }

    /// The output's zero point, and both ends of the clamp.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn range(&self) -> (i32, i32, i32) {
        (self.zero, self.low, self.high)
    }

    /// The output of a sum, for output `o`.
    #[inline]
    pub(crate) fn finish(&self, o: usize, sum: i32) -> i8 {
        let value = self.multiplier(o).apply(sum).wrapping_add(self.zero);
        value.max(self.low).min(self.high) as i8
    }

    /// The multipliers; and the output's zero point and the ends of the clamp.
    #[cfg(lampyris_kernels)]
    pub(crate) fn ends(&self) -> (&'a [[i32; 2]], [i32; 3]) {
        (self.multipliers, [self.zero, self.low, self.high])
    }

    /// Whether there are biases and multipliers for so many outputs.
    #[cfg(lampyris_kernels)]
    pub(crate) fn serve(&self, outputs: usize) -> bool {
        let count = self.multipliers.len();
        self.bias.len() == outputs && (count == 1 || count == outputs)
    }

    /// As read from a blob, for tests.
    #[cfg(test)]
    pub(crate) fn of(
        weights: &'a [i8],
        bias: &'a [i32],
        multipliers: &'a [[i32; 2]],
        (zero, low, high): (i32, i32, i32),
    ) -> Self {
        Self {
            weights,
            bias,
            multipliers,
            zero,
            low,
            high,
        }
    }
}

/// Σ a·b, wrapping.
#[inline]
pub(crate) fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).fold(0i32, |sum, (&a, &b)| {
        sum.wrapping_add(i32::from(a) * i32::from(b))
    })
}

/// Σ a, wrapping.
#[inline]
pub(crate) fn total(a: &[i8]) -> i32 {
    a.iter()
        .fold(0i32, |sum, &a| sum.wrapping_add(i32::from(a)))
}
