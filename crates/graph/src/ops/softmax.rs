//! SOFTMAX: see the engine's file of the same name.

use super::{Lowered, View};
use crate::GraphError;
use crate::multiplier::quantize_multiplier;

pub(crate) fn lower(view: &View<'_>, beta: f32) -> Result<Lowered, GraphError> {
    let (_, input) = view.activation(0)?;
    let output = view.output()?;
    view.arity(1..=1, "the values")?;
    if input.shape != output.shape {
        return Err(view.error(format!(
            "input {:?} and output {:?} must have the same shape",
            input.shape, output.shape
        )));
    }
    let depth = input.shape.last().copied().unwrap_or(1);
    if depth > 4095 {
        return Err(view.error(format!("{depth} values a row; at most 4095 are supported")));
    }
    let (scale, zero) = view.scale(output)?;
    if scale != 1.0 / 256.0 || zero != -128 {
        return Err(view.error(format!(
            "the output has scale {scale} and zero point {zero}; they must be 1/256 and -128"
        )));
    }
    let (scale, _) = view.scale(input)?;
    // Differences become Q5.26. Source: TFLite `quantization_util.cc`,
    // `PreprocessSoftmaxScaling` and `CalculateInputRadius`.
    let real =
        (f64::from(beta) * f64::from(scale) * f64::from(1u32 << 26)).min(f64::from(i32::MAX));
    let multiplier = quantize_multiplier(real)
        .filter(|m| real > 1.0 && m.shift >= 0)
        .ok_or_else(|| {
            view.error(format!(
                "beta {beta} times the input's scale {scale} must be above 2^-26"
            ))
        })?;
    let radius = (f64::from(31u32 << 26) / (1u64 << multiplier.shift) as f64).floor();
    let smallest = -(radius as i64).min(i64::from(i32::MAX)) as i32;
    let params = vec![
        multiplier.significand as u32,
        multiplier.shift as u32,
        smallest as u32,
    ];
    view.lowered(&lampyris_core::ops::SOFTMAX, params, [0])
}
