//! MINIMUM: see the engine's file of the same name.

use super::pairs::Pair;
use super::{Lowered, View};
use crate::GraphError;

/// TFLite Micro compares bytes, whatever the scales say.
pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    Pair::read(view)?.lowered(view, &lampyris_core::ops::MINIMUM, &[])
}
