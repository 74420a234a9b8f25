//! What operators of two values share: see `kernel/pairs.rs` of the engine.

use lampyris_core::Operator;
use lampyris_core::fixed::Multiplier;

pub(crate) use super::table::Scale;
use super::walk::{self, MAX_DIMS};
use super::{Effort, Lowered, View};
use crate::{GraphError, Tensor};

/// Two operands, the output, and the walk through them.
pub(crate) struct Pair<'a> {
    pub(crate) a: &'a Tensor,
    pub(crate) b: &'a Tensor,
    pub(crate) y: &'a Tensor,
    walk: Vec<u32>,
}

impl<'a> Pair<'a> {
    /// The node's operands.
    pub(crate) fn read(view: &View<'a>) -> Result<Self, GraphError> {
        view.arity(2..=2, "two operands")?;
        let ((_, a), (_, b)) = (view.values(0)?, view.values(1)?);
        let y = view.output()?;
        view.signed(&[a, b, y])?;
        let rank = a.shape.len().max(b.shape.len()).max(y.shape.len());
        if rank > MAX_DIMS {
            return Err(view.error(format!(
                "{rank} dimensions; at most {MAX_DIMS} are supported"
            )));
        }
        // Aligned at the right: what lacks in front is 1.
        let shape = |t: &Tensor| [vec![1; rank - t.shape.len()], t.shape.clone()].concat();
        let shapes = [shape(a), shape(b)];
        let strides = shapes.each_ref().map(|s| walk::strides(s));
        let mut dims = Vec::new();
        for (i, &size) in shape(y).iter().enumerate() {
            let sizes = shapes.each_ref().map(|s| s[i]);
            let fits = sizes.iter().all(|&n| n == size || n == 1) && sizes.contains(&size);
            if !fits {
                return Err(view.error(format!(
                    "{:?} and {:?} don't broadcast to {:?}",
                    a.shape, b.shape, y.shape
                )));
            }
            let step = |t: usize| if sizes[t] == 1 { 0 } else { strides[t][i] };
            dims.push((size, [step(0), step(1)]));
        }
        let walk = walk::words(view, &dims)?;
        Ok(Self { a, b, y, walk })
    }

    /// The scales of both operands and of the output.
    pub(crate) fn scales(&self, view: &View<'_>) -> Result<[Scale; 3], GraphError> {
        let scale = |t: &Tensor| {
            let (scale, zero) = view.scale(t)?;
            let sound = scale.is_finite() && scale > 0.0 && (-128..=127).contains(&zero);
            sound.then_some((scale, zero)).ok_or_else(|| {
                view.error(format!(
                    "\"{}\" has scale {scale:e} and zero point {zero}; a scale above 0 and -128 to 127 are supported",
                    t.name
                ))
            })
        };
        Ok([scale(self.a)?, scale(self.b)?, scale(self.y)?])
    }

    /// The node on the chip, with its own words behind the walk.
    pub(crate) fn lowered(
        self,
        view: &View<'_>,
        operator: &Operator,
        own: &[u32],
    ) -> Result<Lowered, GraphError> {
        let params = [&self.walk[..], own].concat();
        view.lowered(operator, params, [0, 1])
    }
}

/// A multiplier as words.
pub(crate) fn words(multiplier: Multiplier) -> [u32; 2] {
    [multiplier.significand as u32, multiplier.shift as u32]
}

/// Constants among the operands.
pub(crate) fn effort(view: &View<'_>) -> Effort {
    let constants = (0..2).filter_map(|place| view.input(place).filter(|(_, t)| t.data.is_some()));
    let values = constants.map(|(_, t)| t.elements() as u64).sum();
    Effort {
        macs: 0,
        params: values,
        bytes: values,
    }
}
