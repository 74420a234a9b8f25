//! What MEAN and SUM share: a sum is brought to the output's scale.

use super::reduce::{self, Fold, Reduce};
use crate::error::Fault;
use crate::fixed::Multiplier;
use crate::node::Node;

/// As four words: the input's zero point times the values of a sum, the multiplier, the
/// output's zero point. The multiplier of a mean may be below 2^30.
pub(crate) struct Params {
    zeros: i32,
    multiplier: Multiplier,
    zero: i32,
}

impl Params {
    /// The output of a sum.
    #[inline]
    pub(crate) fn finish(&self, sum: i32) -> i32 {
        let value = self.multiplier.apply(sum.wrapping_sub(self.zeros));
        value.wrapping_add(self.zero).clamp(-128, 127)
    }
}

pub(crate) fn read(node: &Node<'_>) -> Option<Params> {
    let &[zeros, significand, shift, zero] = Reduce::read(node)?.own.try_into().ok()?;
    Some(Params {
        zeros: zeros as i32,
        multiplier: Multiplier {
            significand: significand as i32,
            shift: shift as i32,
        },
        zero: zero as i32,
    })
}

pub(crate) fn check(node: &Node<'_>) -> Result<(), Fault> {
    reduce::check(node)?;
    let p = read(node).ok_or(Fault::Params)?;
    if !(-128..=127).contains(&p.zero) {
        return Err(Fault::Params);
    }
    if p.multiplier.significand < 0 || !(-31..=30).contains(&p.multiplier.shift) {
        return Err(Fault::Multiplier);
    }
    Ok(())
}

pub(crate) fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let Some(p) = read(node) else {
        return;
    };
    reduce::eval(node, arena, Fold::Sum, &mut |sum| p.finish(sum));
}
