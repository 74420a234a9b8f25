//! ADD: see the engine's file of the same name.

use super::{Lowered, View, addition};
use crate::{Activation, GraphError};

pub(crate) fn lower(view: &View<'_>, activation: Activation) -> Result<Lowered, GraphError> {
    addition::lower(view, &lampyris_core::ops::ADD, activation)
}
