//! SUM: see the engine's file of the same name.

use super::reduce::{self, Reduce};
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>, keep_dims: bool) -> Result<Lowered, GraphError> {
    let reduce = Reduce::read(view, keep_dims)?;
    let scale = |t| view.scale(t).map(|(scale, _)| f64::from(scale));
    let factor = view.multiplier(scale(reduce.x)? / scale(reduce.y)?)?;
    let own = reduce::total(view, &reduce, [factor.significand, factor.shift])?;
    let params = [&reduce.walks[..], &own].concat();
    view.lowered(&lampyris_core::ops::SUM, params, [0])
}
