//! # Dropout
//!
//! **What.** While training, silences each value with probability `rate` and
//! multiplies the others by 1 / (1 − rate), so that the expected sum stays.
//! Outside of training it is the identity, so it costs nothing on a chip.
//!
//! **Shapes.** Any; it stays.
//!
//! **Source.** Srivastava et al., "Dropout: a simple way to prevent neural
//! networks from overfitting", JMLR 2014 (in the "inverted" form).

use crate::bytes::Reader;
use crate::{LayerCost, NetError, Shape};

pub(crate) const KIND: &str = "dropout";
pub(crate) const TAG: u8 = 2;

/// Silences values at random while training.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropout {
    /// Probability of silence, 0.0..=0.9.
    pub rate: f32,
}

pub(crate) fn check(rate: f32, place: &str) -> Result<(), NetError> {
    if (0.0..=0.9).contains(&rate) {
        return Ok(());
    }
    Err(NetError::new(
        format!("a dropout rate of {rate}"),
        place,
        "choose 0 to 0.9",
    ))
}

pub(crate) fn cost(name: String, output: Shape) -> LayerCost {
    LayerCost::of(name, "-", output.dims())
}

impl Dropout {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.rate.to_le_bytes());
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, NetError> {
        let at = r.at();
        let rate = r.f32()?;
        check(rate, &format!("byte {at}"))?;
        Ok(Self { rate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_has_limits() {
        for good in [0.0, 0.5, 0.9] {
            check(good, "here").expect("in range");
        }
        for bad in [-0.1, 0.91, 1.0, f32::NAN, f32::INFINITY] {
            let e = check(bad, "here").expect_err("out of range");
            assert_eq!(e.place, "here");
        }
    }
}
