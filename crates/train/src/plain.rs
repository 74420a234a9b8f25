//! The network in Burn's own operators: the plain path, with which the backend `ndarray`
//! trains, and which tests compare `flow.rs` with.
//!
//! Burn's pictures are `[N, C, H, W]`, `net`'s are `[H, W, C]` a window: they are turned
//! where rows of values become pictures and back.

use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, batch_norm, batch_norm_train, conv2d, linear, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use lampyris_net::{Activation, Conv1d, Conv2d, EPSILON, Layer, Shape, Window};

use crate::model::{Model, Statistics, framed};
use crate::random::Masks;

/// The device that trains.
fn device() -> Device {
    #[cfg(not(feature = "ndarray"))]
    return Device::flex();
    // Deprecated upstream, kept as a second opinion on the default's results.
    #[cfg(feature = "ndarray")]
    #[allow(deprecated)]
    return Device::ndarray();
}

/// What one layer hands to the next.
#[derive(Clone)]
enum Flow {
    /// `[N, values]`, in `net`'s order.
    Row(Tensor<2>),
    /// `[N, C, H, W]`.
    Picture(Tensor<4>),
}

impl Flow {
    fn row(self) -> Tensor<2> {
        match self {
            Flow::Row(x) => x,
            Flow::Picture(x) => {
                let [n, c, h, w] = x.dims();
                x.permute([0, 2, 3, 1]).reshape([n, c * h * w])
            }
        }
    }

    /// As a picture of that shape.
    fn picture(self, shape: Shape) -> Tensor<4> {
        let [h, w, c] = [shape.height, shape.width, shape.channels];
        match self {
            Flow::Picture(x) if x.dims()[1..] == [c, h, w] => x,
            other => {
                let x = other.row();
                let n = x.dims()[0];
                x.reshape([n, h, w, c]).permute([0, 3, 1, 2])
            }
        }
    }

    fn activated(self, activation: Activation) -> Self {
        match self {
            Flow::Row(x) => Flow::Row(activated(x, activation)),
            Flow::Picture(x) => Flow::Picture(activated(x, activation)),
        }
    }
}

fn activated<const D: usize>(x: Tensor<D>, activation: Activation) -> Tensor<D> {
    match activation {
        Activation::None => x,
        Activation::Relu => relu(x),
        Activation::Relu6 => x.clamp(0.0, 6.0),
    }
}

/// A pass that gradients can be asked of.
pub(crate) struct Pass {
    leaves: Vec<Tensor<1>>,
    logits: Tensor<2>,
    /// The batch's statistics at each norm, with its layer.
    pub(crate) seen: Vec<(usize, Statistics)>,
}

impl Pass {
    /// Takes features `x` `[windows, features]` through the network: dropout acts, and
    /// norms go by their batch.
    pub(crate) fn new(model: &Model, x: Vec<f32>, masks: &mut Masks) -> Self {
        run(model, x, &device().autodiff(), Some(masks))
    }

    /// `[windows, classes]`.
    pub(crate) fn logits(&self) -> Vec<f32> {
        values(self.logits.clone())
    }

    /// The gradients of each layer's parameters, from that of the logits.
    pub(crate) fn back(self, gradient: Vec<f32>) -> Vec<Vec<f32>> {
        let gradient = TensorData::new(gradient, self.logits.dims());
        let gradient = Tensor::from_data(gradient, &self.logits.device());
        let mut gradients = (self.logits * gradient).sum().backward();
        let found = self.leaves.iter().map(|leaf| {
            let gradient = leaf.grad_remove(&mut gradients);
            values(gradient.expect("every parameter leads to the logits"))
        });
        found.collect()
    }
}

/// `x` `[windows, features]` to logits `[windows, classes]`, as after training.
pub(crate) fn logits(model: &Model, x: Vec<f32>) -> Vec<f32> {
    values(run(model, x, &device(), None).logits)
}

fn run(model: &Model, x: Vec<f32>, device: &Device, mut masks: Option<&mut Masks>) -> Pass {
    let net = model.net();
    let training = masks.is_some();
    let dims = [x.len() / net.inputs(), net.inputs()];
    let x = TensorData::new(x, dims);
    let mut flow = Flow::Row(Tensor::from_data(x, device));
    let (mut leaves, mut seen) = (Vec::new(), Vec::new());
    let mut kept = Vec::with_capacity(net.layers().len());
    for (i, layer) in net.layers().iter().enumerate() {
        kept.push(model.is_summand(i).then(|| flow.clone()));
        let input = net.input_of(i);
        let mut leaf = Tensor::<1>::from_data([0.0; 0], device);
        if model.has_parameters(i) {
            let values = model.parameters_of(i);
            let data = TensorData::new(values.clone(), [values.len()]);
            leaf = Tensor::from_data(data, device);
            if training {
                leaf = leaf.require_grad();
            }
            leaves.push(leaf.clone());
        }
        // Weights of so many filters, and a bias where there is one.
        let parts = |weights: usize, filters: usize| {
            let bias = (leaf.dims()[0] > weights).then(|| {
                let bias = leaf.clone().narrow(0, weights, filters);
                bias.reshape([filters])
            });
            (leaf.clone().narrow(0, 0, weights), bias)
        };
        let conv = |flow: Flow, c: &Conv2d, input| {
            let ([kh, kw], weights) = (c.window.size, c.taps() * c.filters);
            let (weights, bias) = parts(weights, c.filters);
            let weights = weights.reshape([kh, kw, c.channels, c.filters]);
            let weights = weights.permute([3, 2, 0, 1]);
            let options = options(&c.window, input, 1);
            let y = conv2d(flow.picture(input), weights, bias, options);
            Flow::Picture(activated(y, c.activation))
        };
        flow = match layer {
            Layer::Dense(d) => {
                let (weights, bias) = parts(d.inputs * d.units, d.units);
                let weights = weights.reshape([d.inputs, d.units]);
                Flow::Row(linear(flow.row(), weights, bias)).activated(d.activation)
            }
            Layer::Conv1d(Conv1d(c)) => conv(flow, c, framed(input)),
            Layer::Conv2d(c) => conv(flow, c, input),
            Layer::DepthwiseConv2d(c) => {
                let [kh, kw] = c.window.size;
                let (weights, bias) = parts(kh * kw * c.channels, c.channels);
                let weights = weights.reshape([kh, kw, 1, c.channels]);
                let weights = weights.permute([3, 2, 0, 1]);
                let options = options(&c.window, input, c.channels);
                let y = conv2d(flow.picture(input), weights, bias, options);
                Flow::Picture(activated(y, c.activation))
            }
            Layer::MaxPool(p) => {
                let options = MaxPoolOptions::new(p.window.size).with_stride(p.window.stride);
                Flow::Picture(max_pool2d(flow.picture(input), options))
            }
            Layer::AveragePool(p) => {
                let options = AvgPoolOptions::new(p.window.size).with_stride(p.window.stride);
                Flow::Picture(avg_pool2d(flow.picture(input), options))
            }
            Layer::GlobalAveragePool => {
                let x = flow.picture(input);
                let [n, c, h, w] = x.dims();
                Flow::Row(x.reshape([n, c, h * w]).mean_dim(2).reshape([n, c]))
            }
            Layer::BatchNorm(b) => {
                let c = b.gamma.len();
                let (gamma, beta) = (leaf.clone().narrow(0, 0, c), leaf.narrow(0, c, c));
                let epsilon = f64::from(EPSILON);
                let x = flow.picture(input);
                let y = if training {
                    let y = batch_norm_train(x, gamma, beta, epsilon);
                    let (mean, variance) = (values(y.mean), values(y.variance));
                    seen.push((i, Statistics { mean, variance }));
                    y.output
                } else {
                    let Statistics { mean, variance } = model.running(i);
                    let [mean, variance] = [mean, variance]
                        .map(|v| Tensor::from_data(TensorData::new(v.clone(), [c]), device));
                    batch_norm(x, gamma, beta, mean, variance, epsilon)
                };
                Flow::Picture(activated(y, b.activation))
            }
            Layer::Dropout(d) => match &mut masks {
                Some(masks) if d.rate > 0.0 => {
                    let x = flow.row();
                    let dims = x.dims();
                    let mask = masks.draw(d.rate, dims.iter().product());
                    Flow::Row(x * Tensor::from_data(TensorData::new(mask, dims), device))
                }
                _ => flow,
            },
            Layer::Flatten => Flow::Row(flow.row()),
            Layer::Add(a) => {
                // `kept[j]` is what layer j takes: what the one above it gives.
                let other: Option<Flow> = kept[i + 1 - a.back].clone();
                let other = other.expect("the model knows which outputs are summands");
                Flow::Row(flow.row() + other.row()).activated(a.activation)
            }
        };
    }
    let logits = flow.row();
    Pass {
        leaves,
        logits,
        seen,
    }
}

/// The values of a tensor, row-major.
fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .into_data()
        .try_to_vec()
        .expect("tensors of this crate are of f32")
}

/// A window over a picture of that shape, with the padding spelt out: TFLite puts the
/// odd row and column at the end.
fn options(window: &Window, input: Shape, groups: usize) -> ConvOptions<2> {
    let pads = window.pads(input).map(|[before, behind]| (before, behind));
    ConvOptions::new_with_padding(window.stride, pads, [1, 1], groups)
}
