//! PRELU: see the engine's file of the same name.

use super::pairs::{self, Pair};
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    let pair = Pair::read(view)?;
    let [x, alpha, y] = pair.scales(view)?;
    let above = view.multiplier(f64::from(x.0) / f64::from(y.0))?;
    let below = view.multiplier(f64::from(x.0) * f64::from(alpha.0) / f64::from(y.0))?;
    let zeros = [x.1 as u32, alpha.1 as u32];
    let factors = [pairs::words(above), pairs::words(below)];
    let own = [&zeros[..], factors.as_flattened(), &[y.1 as u32]].concat();
    pair.lowered(view, &lampyris_core::ops::PRELU, &own)
}
