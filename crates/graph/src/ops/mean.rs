//! MEAN: see the engine's file of the same name.

use lampyris_core::fixed::Multiplier;

use super::reduce::{self, Reduce};
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>, keep_dims: bool) -> Result<Lowered, GraphError> {
    let reduce = Reduce::read(view, keep_dims)?;
    let scale = |t| view.scale(t).map(|(scale, _)| f64::from(scale));
    let factor = view.multiplier(scale(reduce.x)? / scale(reduce.y)?)?;
    let own = reduce::total(view, &reduce, divided(factor, reduce.count as u64))?;
    let params = [&reduce.walks[..], &own].concat();
    view.lowered(&lampyris_core::ops::MEAN, params, [0])
}

/// The factor over `count`, as significand and shift. Source: TFLite
/// `kernels/internal/reference/integer_ops/mean.h`: the significand is shifted up as far
/// as the count is large and the shift stays valid, divided, and cut off.
fn divided(factor: Multiplier, count: u64) -> [i32; 2] {
    let up = count.ilog2().min(32).min((31 + factor.shift) as u32);
    let significand = (i64::from(factor.significand) << up) as u64 / count;
    [significand as i32, factor.shift - up as i32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_divided_and_cut_off() {
        let m = |shift| Multiplier {
            significand: 1 << 30,
            shift,
        };
        assert_eq!(divided(m(1), 1), [1 << 30, 1]);
        assert_eq!(divided(m(1), 16), [1 << 30, -3]);
        // 2 · 2^30 / 3 = 715827882.67.
        assert_eq!(divided(m(1), 3), [715_827_882, 0]);
        // No room to shift: the significand shrinks.
        assert_eq!(divided(m(-30), 16), [1 << 27, -31]);
    }
}
