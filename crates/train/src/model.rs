//! The network as Burn sees it.
//!
//! Burn holds the weights of dense layers `[inputs, units]`; `net` holds them
//! `[units, inputs]`. They are turned on the way in and on the way out.

use burn::module::{Module, Param};
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Tensor, TensorData};
use lampyris_net::{Activation, Dense, Layer, Net};

use crate::random::Masks;

/// The device that trains: `flex` by default, `ndarray` behind a feature.
pub(crate) fn device() -> Device {
    #[cfg(not(feature = "ndarray"))]
    return Device::flex();
    // Deprecated upstream, kept as a second opinion on the default's results.
    #[cfg(feature = "ndarray")]
    #[allow(deprecated)]
    return Device::ndarray();
}

/// The parameters of one dense layer.
#[derive(Module, Debug)]
struct Weights {
    /// `[inputs, units]`.
    weight: Param<Tensor<2>>,
    /// `[units]`.
    bias: Param<Tensor<1>>,
}

/// All parameters, in the order of the layers that have any.
#[derive(Module, Debug)]
pub(crate) struct Model {
    weights: Vec<Weights>,
}

/// One batch on its way through the network.
pub(crate) struct Batch {
    /// `[windows, features]`.
    pub(crate) x: Vec<f32>,
    /// One label index a window.
    pub(crate) y: Vec<usize>,
}

/// Sums over the windows of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Score {
    /// Of the cross-entropies, in nats.
    pub(crate) loss: f64,
    /// Of the windows that were right.
    pub(crate) right: usize,
    /// Of all windows.
    pub(crate) windows: usize,
}

impl Score {
    pub(crate) fn add(&mut self, other: Score) {
        self.loss += other.loss;
        self.right += other.right;
        self.windows += other.windows;
    }

    /// Mean loss and accuracy.
    pub(crate) fn means(&self) -> (f32, f32) {
        let n = self.windows.max(1) as f64;
        ((self.loss / n) as f32, (self.right as f64 / n) as f32)
    }
}

impl Model {
    pub(crate) fn of(net: &Net, device: &Device) -> Self {
        let weights = net
            .layers()
            .iter()
            .filter_map(|layer| match layer {
                Layer::Dense(d) => {
                    let turned = turn(&d.weights, d.units, d.inputs);
                    let weight = TensorData::new(turned, [d.inputs, d.units]);
                    let bias = TensorData::new(d.bias.clone(), [d.units]);
                    Some(Weights {
                        weight: Param::from_tensor(Tensor::from_data(weight, device)),
                        bias: Param::from_tensor(Tensor::from_data(bias, device)),
                    })
                }
                Layer::Dropout(_) => None,
            })
            .collect();
        Self { weights }
    }

    /// `net` with the weights of this model.
    pub(crate) fn to_net(&self, net: &Net) -> Net {
        let mut weights = self.weights.iter();
        let layers = net
            .layers()
            .iter()
            .map(|layer| match layer {
                Layer::Dense(d) => {
                    let w = weights.next().expect("made from a net of the same layers");
                    let turned = values(w.weight.val());
                    Layer::Dense(Dense {
                        weights: turn(&turned, d.inputs, d.units),
                        bias: values(w.bias.val()),
                        ..*d
                    })
                }
                Layer::Dropout(d) => Layer::Dropout(d.clone()),
            })
            .collect();
        Net::from_layers(net.inputs(), layers).expect("the shapes are those of a checked net")
    }

    /// `x` `[windows, features]` to logits `[windows, classes]`. With masks,
    /// dropout acts and gradients are recorded; without, neither.
    fn logits(
        &self,
        net: &Net,
        x: Vec<f32>,
        mut masks: Option<&mut Masks>,
        device: &Device,
    ) -> Tensor<2> {
        let windows = x.len() / net.inputs();
        let mut x = Tensor::<2>::from_data(TensorData::new(x, [windows, net.inputs()]), device);
        let mut weights = self.weights.iter();
        for layer in net.layers() {
            x = match layer {
                Layer::Dense(d) => {
                    let w = weights.next().expect("made from a net of the same layers");
                    let (mut weight, mut bias) = (w.weight.val(), w.bias.val());
                    if masks.is_none() {
                        (weight, bias) = (weight.inner(), bias.inner());
                    }
                    let y = x.matmul(weight) + bias.unsqueeze();
                    match d.activation {
                        Activation::None => y,
                        Activation::Relu => relu(y),
                    }
                }
                Layer::Dropout(d) => match &mut masks {
                    Some(masks) if d.rate > 0.0 => {
                        let mask = masks.draw(d.rate, windows * d.units);
                        x * Tensor::from_data(TensorData::new(mask, [windows, d.units]), device)
                    }
                    _ => x,
                },
            };
        }
        x
    }

    /// The loss of one batch as a tensor that gradients flow from, and its score.
    pub(crate) fn loss(
        &self,
        net: &Net,
        batch: Batch,
        masks: &mut Masks,
        device: &Device,
    ) -> (Tensor<1>, Score) {
        let Batch { x, y } = batch;
        let log_p = log_softmax(self.logits(net, x, Some(masks), device), 1);
        let score = score(values(log_p.clone()), &y);
        let classes = net.classes();
        let mut truth = vec![0.0_f32; y.len() * classes];
        for (row, &label) in truth.chunks_exact_mut(classes).zip(&y) {
            row[label] = -1.0 / y.len() as f32;
        }
        let truth = Tensor::<2>::from_data(TensorData::new(truth, [y.len(), classes]), device);
        ((log_p * truth).sum(), score)
    }

    /// The score of one batch without dropout.
    pub(crate) fn evaluate(&self, net: &Net, batch: Batch, device: &Device) -> Score {
        let plain = device.clone().without_autodiff();
        let log_p = log_softmax(self.logits(net, batch.x, None, &plain), 1);
        score(values(log_p), &batch.y)
    }
}

/// Sums the losses and right answers of `log_p`, `[windows, classes]`.
fn score(log_p: Vec<f32>, y: &[usize]) -> Score {
    let classes = log_p.len() / y.len().max(1);
    let mut sum = Score {
        windows: y.len(),
        ..Score::default()
    };
    for (row, &label) in log_p.chunks_exact(classes.max(1)).zip(y) {
        sum.loss -= f64::from(row[label]);
        // Right when no other label is as likely; NaN is never right.
        let beaten = |(i, p): (usize, &f32)| i == label || *p < row[label];
        sum.right += usize::from(row.iter().enumerate().all(beaten) && !row[label].is_nan());
    }
    sum
}

/// The values of a tensor, row-major.
fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .into_data()
        .try_to_vec()
        .expect("tensors of this crate are of f32")
}

/// `[rows, columns]` to `[columns, rows]`.
fn turn(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns)
        .flat_map(|c| (0..rows).map(move |r| values[r * columns + c]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lampyris_net::{LayerSpec, NetSpec};

    fn net() -> Net {
        let dense = |units, activation| LayerSpec::Dense { units, activation };
        let spec = NetSpec {
            input: 3.into(),
            classes: 3,
            hidden: vec![
                dense(5, Activation::Relu),
                LayerSpec::Dropout { rate: 0.0 },
                dense(4, Activation::None),
            ],
        };
        Net::init(&spec, 5).expect("a plain network")
    }

    fn batch() -> Batch {
        Batch {
            x: vec![
                0.5, -1.0, 2.0, 1.5, 0.3, -0.7, -2.0, 1.0, 0.1, 0.0, 0.9, -0.4,
            ],
            y: vec![0, 1, 2, 1],
        }
    }

    #[test]
    fn weights_go_in_and_come_out() {
        let device = device().autodiff();
        assert_eq!(Model::of(&net(), &device).to_net(&net()), net());
        assert_eq!(
            turn(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3),
            [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
        );
    }

    #[test]
    fn logits_are_those_of_the_oracle() {
        let device = device().autodiff();
        let model = Model::of(&net(), &device);
        let logits =
            values(model.logits(&net(), batch().x, None, &device.clone().without_autodiff()));
        for (x, row) in batch().x.chunks_exact(3).zip(logits.chunks_exact(3)) {
            for (a, b) in net().forward(x).iter().zip(row) {
                assert!((a - b).abs() < 1e-5, "{a} is not {b}");
            }
        }
    }

    /// The mean cross-entropy in f64, straight from the definition.
    fn reference_loss(layers: &[Layer]) -> f64 {
        let Batch { x, y } = batch();
        let mut total = 0.0;
        for (x, &label) in x.chunks_exact(3).zip(&y) {
            let mut v: Vec<f64> = x.iter().map(|v| f64::from(*v)).collect();
            for layer in layers {
                let Layer::Dense(d) = layer else { continue };
                v = (0..d.units)
                    .map(|o| {
                        let row = &d.weights[o * d.inputs..(o + 1) * d.inputs];
                        let dot: f64 = row.iter().zip(&v).map(|(w, x)| f64::from(*w) * x).sum();
                        let sum = f64::from(d.bias[o]) + dot;
                        match d.activation {
                            Activation::None => sum,
                            Activation::Relu => sum.max(0.0),
                        }
                    })
                    .collect();
            }
            total -= v[label] - v.iter().map(|l| l.exp()).sum::<f64>().ln();
        }
        total / y.len() as f64
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        let device = device().autodiff();
        let model = Model::of(&net(), &device);
        let (loss, score) = model.loss(&net(), batch(), &mut Masks::new(1), &device);
        let expected = reference_loss(net().layers());
        assert!((score.loss / 4.0 - expected).abs() < 1e-5);
        assert!((f64::from(values(loss.clone())[0]) - expected).abs() < 1e-5);

        let grads = loss.backward();
        let net = net();
        let step = 1.0 / 1024.0;
        let dense: Vec<usize> = (0..net.layers().len())
            .filter(|i| matches!(net.layers()[*i], Layer::Dense(_)))
            .collect();
        let mut compared = 0;
        for (w, at) in model.weights.iter().zip(dense) {
            let Layer::Dense(d) = &net.layers()[at] else {
                unreachable!("only dense layers were listed")
            };
            let weight = values(w.weight.val().grad(&grads).expect("a gradient"));
            let bias = values(w.bias.val().grad(&grads).expect("a gradient"));
            let analytic = [turn(&weight, d.inputs, d.units), bias].concat();
            for (i, a) in analytic.iter().enumerate() {
                let shifted = |by: f32| {
                    let mut layers = net.layers().to_vec();
                    let Layer::Dense(d) = &mut layers[at] else {
                        unreachable!("only dense layers were listed")
                    };
                    match i.checked_sub(d.weights.len()) {
                        None => d.weights[i] += by,
                        Some(b) => d.bias[b] += by,
                    }
                    reference_loss(&layers)
                };
                let numeric = (shifted(step) - shifted(-step)) / (2.0 * f64::from(step));
                let gap = (numeric - f64::from(*a)).abs();
                assert!(
                    gap < 2e-4,
                    "layer {at}, parameter {i}: {numeric} is not {a}"
                );
                compared += 1;
            }
        }
        assert_eq!(compared, (3 * 5 + 5) + (5 * 4 + 4) + (4 * 3 + 3));
    }

    #[test]
    fn scores_are_counted_by_hand() {
        let s = score(vec![-0.5, -1.5, -2.0, -0.25, f32::NAN, 0.0], &[0, 0, 0]);
        assert_eq!((s.right, s.windows), (1, 3));
        assert!(s.loss.is_nan());
        let s = score(vec![-0.5, -0.5], &[1]);
        assert_eq!((s.loss, s.right), (0.5, 0), "a tie is not an answer");
    }
}
