//! FULLY_CONNECTED: see the engine's file of the same name.

use lampyris_core::fixed::Multiplier;

use super::{Data, Effort, Lowered, View};
use crate::multiplier::{activation_range, quantize_multiplier};
use crate::{Activation, DType, GraphError, Tensor};

/// The most inputs a unit can have: more could overflow its 32-bit sum.
const MAX_INPUTS: usize = 0xffff;

/// Weights `[O, I]` with their scales.
struct Weights<'a> {
    outputs: usize,
    inputs: usize,
    values: &'a [u8],
    scales: &'a [f32],
}

pub(crate) fn lower(
    view: &View<'_>,
    activation: Activation,
    data: &mut Data,
) -> Result<Lowered, GraphError> {
    let (x, input) = view.activation(0)?;
    let output = view.output()?;
    if !(2..=3).contains(&view.node.inputs.len()) {
        return Err(view.error("has two or three inputs: values, weights and perhaps a bias"));
    }
    let weights = weights(view)?;
    shapes(view, input, &weights, output)?;
    let (x_scale, x_zero) = view.scale(input)?;
    let (y_scale, y_zero) = view.scale(output)?;
    let bias = folded_bias(view, &weights, x_zero)?;
    let multipliers = multipliers(view, &weights, x_scale, y_scale)?;
    let (low, high) = activation_range(activation, y_scale, y_zero);
    let count = multipliers.len() as u32;
    let weights_at = data.push(weights.values.iter().copied());
    let bias_at = data.push_words(bias);
    let multipliers_at = data.push_words(multipliers.iter().flat_map(|m| [m.significand, m.shift]));
    Ok(Lowered {
        code: lampyris_core::ops::FULLY_CONNECTED.code,
        params: vec![
            weights.inputs as u32,
            weights.outputs as u32,
            weights_at,
            bias_at,
            multipliers_at,
            count,
            y_zero as u32,
            low as u32,
            high as u32,
        ],
        inputs: vec![x],
    })
}

pub(crate) fn effort(view: &View<'_>) -> Effort {
    let Some((_, weights)) = view.input(1) else {
        return Effort::default();
    };
    let bias = view.input(2).map_or(0, |(_, t)| t.elements() as u64);
    let weights_n = weights.elements() as u64;
    let inputs = weights.shape.last().copied().unwrap_or(1).max(1) as u64;
    let rows = view.input(0).map_or(0, |(_, t)| t.elements() as u64) / inputs;
    Effort {
        macs: rows * weights_n,
        params: weights_n + bias,
        bytes: weights_n + 4 * bias,
    }
}

fn weights<'a>(view: &View<'a>) -> Result<Weights<'a>, GraphError> {
    let constant = view
        .input(1)
        .and_then(|(_, t)| Some((t, t.data.as_deref()?)))
        .filter(|(t, _)| t.dtype == DType::I8);
    let Some((tensor, values)) = constant else {
        return Err(view.error("the weights must be constant int8 values"));
    };
    let &[outputs, inputs] = &tensor.shape[..] else {
        return Err(view.error(format!(
            "the weights are {:?}; [outputs, inputs] is supported",
            tensor.shape
        )));
    };
    if outputs == 0 || inputs == 0 || outputs.checked_mul(inputs) != Some(values.len()) {
        return Err(view.error(format!(
            "the weights are {:?} but hold {} values",
            tensor.shape,
            values.len()
        )));
    }
    if inputs > MAX_INPUTS {
        return Err(view.error(format!(
            "{inputs} inputs a unit; at most {MAX_INPUTS} are supported"
        )));
    }
    let Some(quant) = &tensor.quant else {
        return Err(view.error("the weights have no scale"));
    };
    let n = quant.scale.len();
    if n != 1 && (n != outputs || quant.axis != 0) {
        return Err(view.error(format!(
            "the weights have {n} scales along axis {}; one, or one for each of the {outputs} outputs, is supported",
            quant.axis
        )));
    }
    if quant.scale.iter().any(|s| !s.is_finite() || *s < 0.0) {
        return Err(view.error("a scale of the weights is negative or not a number"));
    }
    if quant.zero_point.iter().any(|&z| z != 0) {
        return Err(view.error("the weights' zero point must be 0"));
    }
    Ok(Weights {
        outputs,
        inputs,
        values,
        scales: &quant.scale,
    })
}

fn shapes(
    view: &View<'_>,
    input: &Tensor,
    weights: &Weights<'_>,
    output: &Tensor,
) -> Result<(), GraphError> {
    let (i, o) = (weights.inputs, weights.outputs);
    let rows = input.elements() / i;
    if !input.elements().is_multiple_of(i)
        || output.shape.last() != Some(&o)
        || output.elements() != rows.saturating_mul(o)
    {
        return Err(view.error(format!(
            "weights [{o}, {i}] don't take {:?} to {:?}",
            input.shape, output.shape
        )));
    }
    Ok(())
}

/// `bias[o] − zero_x · Σ w[o, i]`, wrapping as the engine's sums do.
fn folded_bias(
    view: &View<'_>,
    weights: &Weights<'_>,
    x_zero: i32,
) -> Result<Vec<i32>, GraphError> {
    let given = match view.input(2) {
        None => vec![0; weights.outputs],
        Some((_, tensor)) => bias_values(view, tensor, weights.outputs)?,
    };
    let rows = weights.values.chunks_exact(weights.inputs);
    Ok(given
        .iter()
        .zip(rows)
        .map(|(bias, row)| {
            let sum: i32 = row.iter().map(|&w| i32::from(w as i8)).sum();
            bias.wrapping_sub(x_zero.wrapping_mul(sum))
        })
        .collect())
}

fn bias_values(view: &View<'_>, tensor: &Tensor, outputs: usize) -> Result<Vec<i32>, GraphError> {
    let Some(bytes) = tensor.data.as_ref().filter(|_| tensor.dtype == DType::I32) else {
        return Err(view.error("the bias must be constant int32 values"));
    };
    if bytes.len() != outputs * 4 {
        return Err(view.error(format!(
            "the bias {:?} does not fit {outputs} outputs",
            tensor.shape
        )));
    }
    let (words, _) = bytes.as_chunks::<4>();
    Ok(words.iter().map(|&w| i32::from_le_bytes(w)).collect())
}

/// One multiplier, or one an output, from scales multiplied in double precision.
///
/// TFLite Micro's source multiplies a single weight scale in single precision
/// (`kernel_util.cc`, `GetQuantizedConvolutionMultipler`); its build that our
/// golden cases come from does not, and what it answers counts: the cases
/// `fc_factor_single` and `fc_factor_double` tell the two apart.
fn multipliers(
    view: &View<'_>,
    weights: &Weights<'_>,
    x_scale: f32,
    y_scale: f32,
) -> Result<Vec<Multiplier>, GraphError> {
    if let &[one] = weights.scales {
        bias_scale_fits(view, f64::from(x_scale) * f64::from(one), y_scale)?;
    }
    weights
        .scales
        .iter()
        .map(|&w| {
            let real = f64::from(x_scale) * f64::from(w) / f64::from(y_scale);
            quantize_multiplier(real)
                .filter(|m| m.shift <= 30)
                .ok_or_else(|| {
                    view.error(format!(
                        "the scales multiply to {real:e}; less than 2^30 is supported"
                    ))
                })
        })
        .collect()
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
