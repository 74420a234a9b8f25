//! REDUCE_MAX: see the engine's file of the same name.

use super::reduce::Reduce;
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>, keep_dims: bool) -> Result<Lowered, GraphError> {
    let reduce = Reduce::read(view, keep_dims)?;
    view.same_scale(reduce.x, reduce.y)?;
    view.lowered(&lampyris_core::ops::REDUCE_MAX, reduce.walks, [0])
}
