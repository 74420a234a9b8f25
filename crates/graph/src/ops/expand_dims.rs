//! EXPAND_DIMS: see the engine's file of the same name.

use super::reshape::copy;
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    view.arity(2..=2, "the values and the axis")?;
    copy(view, &lampyris_core::ops::EXPAND_DIMS, 0)
}
