//! Batch norm while training: by the batch's own statistics.

use lampyris_net::{Activation, EPSILON};

use super::lanes::{Four, LANES, pass};
use super::{Kernel, Seen};
use crate::model::Statistics;

/// Pixels whose values are summed before they join the sum of all, so that many small
/// values don't vanish in a great one.
const BLOCK: usize = 64;

/// A batch norm over pixels of so many channels, with its activation. Parameters: gamma
/// `[C]`, beta `[C]`. It keeps the batch's mean `[C]`, variance `[C]` and 1/√(variance + ε)
/// `[C]`. Source: Ioffe and Szegedy, "Batch normalization", 2015, algorithm 1.
#[derive(Debug)]
pub(crate) struct Norm {
    pub(crate) channels: usize,
    pub(crate) activation: Activation,
}

impl Norm {
    /// Sums over pixels of what `value(value's place, channel)` tells.
    fn sums(&self, values: usize, value: impl Fn(usize, usize) -> f32) -> Vec<f32> {
        let c = self.channels;
        let (mut all, mut part) = (vec![0.0; c], vec![0.0; c]);
        for block in (0..values).step_by(BLOCK * c) {
            part.fill(0.0);
            for pixel in (block..values.min(block + BLOCK * c)).step_by(c) {
                let channels = part.iter_mut().enumerate();
                channels.for_each(|(i, part)| *part += value(pixel + i, i));
            }
            all.iter_mut()
                .zip(&part)
                .for_each(|(all, part)| *all += part);
        }
        all
    }
}

impl Kernel for Norm {
    fn forward(&self, x: &[f32], parameters: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let c = self.channels;
        let share = 1.0 / (x.len() / c) as f32;
        let mut mean = self.sums(x.len(), |i, _| x[i]);
        mean.iter_mut().for_each(|m| *m *= share);
        let mut variance = self.sums(x.len(), |i, channel| {
            let centred = x[i] - mean[channel];
            centred * centred
        });
        variance.iter_mut().for_each(|v| *v *= share);
        let inverse: Vec<f32> = variance
            .iter()
            .map(|v| 1.0 / (v + EPSILON).sqrt())
            .collect();
        let (gamma, beta) = parameters.split_at(c);
        let factors: Vec<f32> = inverse.iter().zip(gamma).map(|(i, g)| i * g).collect();
        let mut y = vec![0.0; x.len()];
        for (y, x) in y.chunks_exact_mut(c).zip(x.chunks_exact(c)) {
            let centred = y.iter_mut().zip(x).zip(&mean);
            for (((y, x), mean), (factor, beta)) in centred.zip(factors.iter().zip(beta)) {
                *y = (x - mean) * factor + beta;
            }
            activate(y, self.activation);
        }
        (y, [mean, variance, inverse].concat())
    }

    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2] {
        let Seen {
            x,
            y,
            kept,
            other: parameters,
            ..
        } = seen;
        let c = self.channels;
        let (mean, rest) = kept.split_at(c);
        let inverse = &rest[c..];
        let mut passing = vec![0.0; y.len()];
        pass(gradient, y, self.activation, &mut passing);
        let normed = |i: usize, channel: usize| (x[i] - mean[channel]) * inverse[channel];
        let dbeta = self.sums(x.len(), |i, _| passing[i]);
        let dgamma = self.sums(x.len(), |i, channel| passing[i] * normed(i, channel));
        let share = 1.0 / (x.len() / c) as f32;
        let dx = seen.wanted[0].then(|| {
            let mut dx = vec![0.0; x.len()];
            for (pixel, dx) in dx.chunks_exact_mut(c).enumerate() {
                for (channel, dx) in dx.iter_mut().enumerate() {
                    let i = pixel * c + channel;
                    let common = dbeta[channel] + normed(i, channel) * dgamma[channel];
                    *dx = parameters[channel] * inverse[channel] * (passing[i] - common * share);
                }
            }
            dx
        });
        [dx, seen.wanted[1].then(|| [dgamma, dbeta].concat())]
    }
}

/// A norm after training: by the running statistics.
pub(crate) fn finish(
    x: &mut [f32],
    Statistics { mean, variance }: &Statistics,
    parameters: &[f32],
    activation: Activation,
) {
    let c = mean.len();
    let (gamma, beta) = parameters.split_at(c);
    let inverse = variance.iter().map(|v| 1.0 / (v + EPSILON).sqrt());
    let factors: Vec<f32> = gamma.iter().zip(inverse).map(|(g, i)| g * i).collect();
    for pixel in x.chunks_exact_mut(c) {
        for (c, v) in pixel.iter_mut().enumerate() {
            *v = (*v - mean[c]) * factors[c] + beta[c];
        }
        activate(pixel, activation);
    }
}

fn activate(values: &mut [f32], activation: Activation) {
    for values in values.chunks_mut(LANES) {
        Four::first(values).activated(activation).put(values);
    }
}
