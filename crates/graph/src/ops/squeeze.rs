//! SQUEEZE: see the engine's file of the same name.

use super::reshape::copy;
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    view.arity(1..=1, "the values")?;
    copy(view, &lampyris_core::ops::SQUEEZE, 0)
}
