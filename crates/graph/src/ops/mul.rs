//! MUL: see the engine's file of the same name.

use super::pairs::{self, Pair};
use super::{Lowered, View};
use crate::multiplier::activation_range;
use crate::{Activation, GraphError};

pub(crate) fn lower(view: &View<'_>, activation: Activation) -> Result<Lowered, GraphError> {
    let pair = Pair::read(view)?;
    let [a, b, y] = pair.scales(view)?;
    let factor = view.multiplier(f64::from(a.0) * f64::from(b.0) / f64::from(y.0))?;
    let [significand, shift] = pairs::words(factor);
    let (low, high) = activation_range(activation, y.0, y.1);
    let zeros_and_clamp = [y.1, low, high].map(|n| n as u32);
    let own = [
        &[a.1 as u32, b.1 as u32, significand, shift][..],
        &zeros_and_clamp,
    ]
    .concat();
    pair.lowered(view, &lampyris_core::ops::MUL, &own)
}
