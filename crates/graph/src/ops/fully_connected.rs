//! FULLY_CONNECTED: see the engine's file of the same name.

use super::weighted::{self, Weights};
use super::{Data, Effort, Lowered, View};
use crate::{Activation, GraphError};

pub(crate) fn lower(
    view: &View<'_>,
    activation: Activation,
    data: &mut Data,
) -> Result<Lowered, GraphError> {
    let (_, x) = view.activation(0)?;
    let y = view.output()?;
    view.arity(2..=3, "values, weights and perhaps a bias")?;
    let weights = Weights::read(view, 1, 2, 0)?;
    let (o, i) = (weights.dim(0), weights.dim(1));
    let rows = x.elements() / i.max(1);
    if !x.elements().is_multiple_of(i) || y.depth() != o || y.elements() != rows.saturating_mul(o) {
        return Err(view.error(format!(
            "weights [{o}, {i}] don't take {:?} to {:?}",
            x.shape, y.shape
        )));
    }
    if let Some(one) = weights.scale() {
        bias_scale_fits(
            view,
            f64::from(view.scale(x)?.0) * f64::from(one),
            view.scale(y)?.0,
        )?;
    }
    let sums = weights.lower(view, (x, y), 2, activation, true, data)?;
    let params = [&[i as u32, o as u32][..], &sums].concat();
    view.lowered(&lampyris_core::ops::FULLY_CONNECTED, params, [0])
}

pub(crate) fn effort(view: &View<'_>) -> Effort {
    let inputs = view
        .input(1)
        .map_or(1, |(_, weights)| weights.depth().max(1));
    let rows = view.input(0).map_or(0, |(_, x)| x.elements()) / inputs;
    weighted::effort(view, 1, 2, rows as u64)
}

/// TFLite Micro refuses to load what differs by more than 2 %.
fn bias_scale_fits(view: &View<'_>, product: f64, y_scale: f32) -> Result<(), GraphError> {
    let scale = view
        .input(2)
        .and_then(|(_, t)| t.quant.as_ref()?.scale.first().copied());
    match scale {
        Some(s) if (product - f64::from(s)).abs() / f64::from(y_scale) > 0.02 => Err(view.error(
            format!("the bias has scale {s:e}; input times weights is {product:e}"),
        )),
        _ => Ok(()),
    }
}
