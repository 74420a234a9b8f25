//! What every operator with weights needs: constant int8 weights with their scales, a
//! bias with the input's zero point folded in, one multiplier an output or one for all.
//! See `kernel/weighted.rs` of the engine.

use lampyris_core::fixed::Multiplier;

use super::{Data, Effort, View};
use crate::multiplier::{activation_range, quantize_multiplier};
use crate::{Activation, DType, GraphError, Tensor};

/// The most weights of an output: more could overflow its 32-bit sum.
pub(crate) const MAX_TAPS: usize = 0xffff;

/// Constant weights. Those of an output lie one after another (`[O, …]`), or in each
/// row of outputs (`[…, O]`).
pub(crate) struct Weights<'a> {
    pub(crate) tensor: &'a Tensor,
    pub(crate) values: &'a [u8],
    scales: &'a [f32],
    outputs: usize,
    innermost: bool,
}

impl<'a> Weights<'a> {
    /// The input at `place`, of that many dimensions, with the outputs along `axis`,
    /// which is the first or the last.
    pub(crate) fn read(
        view: &View<'a>,
        place: usize,
        rank: usize,
        axis: usize,
    ) -> Result<Self, GraphError> {
        let constant = view
            .input(place)
            .and_then(|(_, t)| Some((t, t.data.as_deref()?)));
        let Some((tensor, values)) = constant.filter(|(t, _)| t.dtype == DType::I8) else {
            return Err(view.error("the weights must be constant int8 values"));
        };
        let outputs = tensor.shape.get(axis).copied().unwrap_or(0);
        if tensor.shape.len() != rank || values.is_empty() || tensor.elements() != values.len() {
            return Err(view.error(format!(
                "the weights are {:?} and hold {} values; {rank} dimensions are supported",
                tensor.shape,
                values.len()
            )));
        }
        let taps = values.len() / outputs.max(1);
        if taps > MAX_TAPS {
            return Err(view.error(format!(
                "{taps} weights an output; at most {MAX_TAPS} are supported"
            )));
        }
        let Some(quant) = &tensor.quant else {
            return Err(view.error("the weights have no scale"));
        };
        let n = quant.scale.len();
        if n != 1 && (n != outputs || quant.axis != axis) {
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
        Ok(Self {
            tensor,
            values,
            scales: &quant.scale,
            outputs,
            innermost: axis != 0,
        })
    }

    pub(crate) fn dim(&self, i: usize) -> usize {
        self.tensor.shape.get(i).copied().unwrap_or(0)
    }

    /// The one scale, where there is only one.
    pub(crate) fn scale(&self) -> Option<f32> {
        match self.scales {
            &[one] => Some(one),
            _ => None,
        }
    }

    /// Σ w of each output.
    fn totals(&self) -> Vec<i32> {
        let mut totals = vec![0i32; self.outputs];
        let taps = self.values.len() / self.outputs.max(1);
        for (i, &w) in self.values.iter().enumerate() {
            let output = if self.innermost {
                i % self.outputs
            } else {
                i / taps
            };
            totals[output] += i32::from(w as i8);
        }
        totals
    }

    /// The seven words of `kernel/weighted.rs`. `folded` takes the input's zero point
    /// into the bias: `bias[o] − zero_x · Σ w[o]`, wrapping as the engine's sums do.
    pub(crate) fn lower(
        &self,
        view: &View<'_>,
        ends: (&Tensor, &Tensor),
        bias: usize,
        activation: Activation,
        folded: bool,
        data: &mut Data,
    ) -> Result<[u32; 7], GraphError> {
        let (x_scale, x_zero) = view.scale(ends.0)?;
        let (y_scale, y_zero) = view.scale(ends.1)?;
        let mut sums = match view.input(bias) {
            None => vec![0; self.outputs],
            Some((_, tensor)) => bias_values(view, tensor, self.outputs)?,
        };
        if folded {
            for (sum, total) in sums.iter_mut().zip(self.totals()) {
                *sum = sum.wrapping_sub(x_zero.wrapping_mul(total));
            }
        }
        let multipliers = self.multipliers(view, x_scale, y_scale)?;
        let (low, high) = activation_range(activation, y_scale, y_zero);
        let words = multipliers.iter().flat_map(|m| [m.significand, m.shift]);
        Ok([
            data.push(self.values.iter().copied()),
            data.push_words(sums),
            data.push_words(words),
            multipliers.len() as u32,
            y_zero as u32,
            low as u32,
            high as u32,
        ])
    }

    /// One multiplier, or one an output, from scales multiplied in double precision.
    ///
    /// TFLite Micro's source multiplies a single weight scale in single precision
    /// (`kernel_util.cc`, `GetQuantizedConvolutionMultipler`); its build that our
    /// golden cases come from does not, and what it answers counts: the cases
    /// `fc_factor_single` and `fc_factor_double` tell the two apart.
    fn multipliers(
        &self,
        view: &View<'_>,
        x_scale: f32,
        y_scale: f32,
    ) -> Result<Vec<Multiplier>, GraphError> {
        let multiplier = |&w: &f32| {
            let real = f64::from(x_scale) * f64::from(w) / f64::from(y_scale);
            view.multiplier(real)
        };
        self.scales.iter().map(multiplier).collect()
    }
}

impl View<'_> {
    /// The multiplier of a real factor.
    pub(crate) fn multiplier(&self, real: f64) -> Result<Multiplier, GraphError> {
        quantize_multiplier(real)
            .filter(|m| m.shift <= 30)
            .ok_or_else(|| {
                self.error(format!(
                    "the scales give a factor of {real:e}; 0 to less than 2^30 is supported"
                ))
            })
    }
}

fn bias_values(view: &View<'_>, tensor: &Tensor, outputs: usize) -> Result<Vec<i32>, GraphError> {
    let Some(values) = tensor.int32s() else {
        return Err(view.error("the bias must be constant int32 values"));
    };
    if values.len() != outputs {
        return Err(view.error(format!(
            "the bias {:?} does not fit {outputs} outputs",
            tensor.shape
        )));
    }
    Ok(values)
}

/// The cost of a node with weights and a bias at these places, whose weights are used
/// `uses` times each.
pub(crate) fn effort(view: &View<'_>, weights: usize, bias: usize, uses: u64) -> Effort {
    let count = |place: usize| view.input(place).map_or(0, |(_, t)| t.elements() as u64);
    let (weights, bias) = (count(weights), count(bias));
    Effort {
        macs: uses.saturating_mul(weights),
        params: weights + bias,
        bytes: weights + 4 * bias,
    }
}
