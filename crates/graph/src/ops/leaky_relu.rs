//! LEAKY_RELU: see the engine's file of the same name.

use lampyris_core::fixed::Multiplier;

use super::{Data, Lowered, View, table};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>, alpha: f32, data: &mut Data) -> Result<Lowered, GraphError> {
    let ((x_scale, x_zero), (y_scale, y_zero)) = table::scales(view)?;
    let above = view.multiplier(f64::from(x_scale) / f64::from(y_scale))?;
    let below = f64::from(x_scale) * f64::from(alpha) / f64::from(y_scale);
    let below = signed_multiplier(view, below)?;
    table::lower(view, data, &lampyris_core::ops::LEAKY_RELU, |x| {
        let x = x - x_zero;
        let factor = if x >= 0 { above } else { below };
        factor.apply(x).wrapping_add(y_zero)
    })
}

/// The multiplier of a factor of either sign. TFLite Micro rounds the significand by
/// adding a half and cutting off towards zero, so that a negative one comes out nearer to
/// zero than the nearest, even where it is whole.
fn signed_multiplier(view: &View<'_>, real: f64) -> Result<Multiplier, GraphError> {
    let size = view.multiplier(real.abs())?;
    if real >= 0.0 || size.significand == 0 {
        return Ok(size);
    }
    let exact = real * 2f64.powi(31 - size.shift);
    Ok(Multiplier {
        significand: (exact + 0.5) as i32,
        shift: size.shift,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Graph, Node, Op};

    #[test]
    fn negative_factors_are_cut_off_towards_zero() {
        let node = Node {
            op: Op::LeakyRelu { alpha: -1.0 },
            inputs: vec![],
            outputs: vec![],
        };
        let view = View {
            graph: &Graph::default(),
            index: 0,
            node: &node,
        };
        let parts = |real| signed_multiplier(&view, real).map(|m| (m.significand, m.shift));
        assert_eq!(parts(-0.5), Ok((1 - (1 << 30), 0)));
        assert_eq!(parts(-1.0), Ok((1 - (1 << 30), 1)));
        // 2^30 + 0.75: rounded to nearest it would be one more.
        let real = (f64::from(1u32 << 30) + 0.75) / 2f64.powi(31);
        assert_eq!(parts(real), Ok(((1 << 30) + 1, 0)));
        assert_eq!(parts(-real), Ok((-(1 << 30), 0)));
        assert_eq!(parts(-1e-12), Ok((0, 0)));
        assert!(parts(f64::NAN).is_err());
    }
}
