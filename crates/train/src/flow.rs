//! How Burn computes a network.
//!
//! Burn's pictures are `[N, C, H, W]`, `net`'s are `[H, W, C]` a window. Rows of values
//! (`[N, values]`) are the same in both; where a picture becomes a row, its values are
//! brought into the order of `net`.

use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, batch_norm, batch_norm_train, conv2d, linear, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use lampyris_net::{Activation, Conv2d, EPSILON, Layer, Net, Shape, Window};

use crate::model::{Leaf, Model, Statistics, values};
use crate::random::Masks;

/// What one layer hands to the next.
#[derive(Clone)]
pub(crate) enum Flow {
    /// `[N, values]`.
    Row(Tensor<2>),
    /// `[N, C, H, W]`.
    Picture(Tensor<4>),
}

impl Flow {
    /// As a row in `net`'s order.
    fn row(self) -> Tensor<2> {
        match self {
            Flow::Row(x) => x,
            Flow::Picture(x) => {
                let [n, c, h, w] = x.dims();
                // With one channel or one pixel the order is the same.
                let x = if c == 1 || h * w == 1 {
                    x
                } else {
                    x.permute([0, 2, 3, 1])
                };
                x.reshape([n, c * h * w])
            }
        }
    }

    /// As a picture of that shape.
    fn picture(self, shape: Shape) -> Tensor<4> {
        let Shape {
            height,
            width,
            channels,
        } = shape;
        match self {
            Flow::Picture(x) if x.dims()[1..] == [channels, height, width] => x,
            other => {
                let x = other.row();
                let n = x.dims()[0];
                if channels == 1 || height * width == 1 {
                    return x.reshape([n, channels, height, width]);
                }
                x.reshape([n, height, width, channels])
                    .permute([0, 3, 1, 2])
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

/// One pass through the network.
pub(crate) struct Pass<'a> {
    net: &'a Net,
    device: &'a Device,
    /// The parameters of the layers that are still to come.
    leaves: std::slice::Iter<'a, Leaf>,
    /// While training: dropout's masks, and what the norms have seen.
    training: Option<(&'a mut Masks, Vec<(usize, Statistics)>)>,
}

impl<'a> Pass<'a> {
    /// With masks, dropout acts and norms go by their batch; without, neither.
    pub(crate) fn new(
        net: &'a Net,
        device: &'a Device,
        leaves: &'a [Leaf],
        masks: Option<&'a mut Masks>,
    ) -> Self {
        Self {
            net,
            device,
            leaves: leaves.iter(),
            training: masks.map(|masks| (masks, Vec::new())),
        }
    }

    /// Features `x` `[windows, features]` to logits `[windows, classes]`, and what the
    /// norms have seen.
    pub(crate) fn run(
        mut self,
        model: &Model,
        x: Vec<f32>,
    ) -> (Tensor<2>, Vec<(usize, Statistics)>) {
        let windows = x.len() / self.net.inputs();
        let x = TensorData::new(x, [windows, self.net.inputs()]);
        let mut flow = Flow::Row(Tensor::from_data(x, self.device));
        // Kept only where a sum wants it again: what is held twice can't be changed
        // in place.
        let mut kept: Vec<Option<Flow>> = Vec::with_capacity(self.net.layers().len());
        for i in 0..self.net.layers().len() {
            kept.push(model.is_summand(i).then(|| flow.clone()));
            flow = self.layer(model, i, flow, &kept);
        }
        let seen = self.training.map_or_else(Vec::new, |(_, seen)| seen);
        (flow.row(), seen)
    }

    fn layer(&mut self, model: &Model, i: usize, x: Flow, kept: &[Option<Flow>]) -> Flow {
        let net = self.net;
        let input = net.input_of(i);
        match &net.layers()[i] {
            Layer::Dense(d) => {
                let weight = self.leaf().two();
                let bias = model.is_biased(i).then(|| self.leaf().one());
                Flow::Row(linear(x.row(), weight, bias)).activated(d.activation)
            }
            Layer::Conv1d(c) => {
                let view = Shape::new(input.height, 1, input.width * input.channels);
                self.conv(model.is_biased(i), &c.0, view, x)
            }
            Layer::Conv2d(c) => self.conv(model.is_biased(i), c, input, x),
            Layer::DepthwiseConv2d(c) => {
                let options = options(&c.window, input, c.channels);
                let weight = self.leaf().four();
                let bias = model.is_biased(i).then(|| self.leaf().one());
                let y = conv2d(x.picture(input), weight, bias, options);
                Flow::Picture(activated(y, c.activation))
            }
            Layer::MaxPool(p) => {
                let options = MaxPoolOptions::new(p.window.size).with_stride(p.window.stride);
                Flow::Picture(max_pool2d(x.picture(input), options))
            }
            Layer::AveragePool(p) => {
                let options = AvgPoolOptions::new(p.window.size).with_stride(p.window.stride);
                Flow::Picture(avg_pool2d(x.picture(input), options))
            }
            Layer::GlobalAveragePool => {
                let x = x.picture(input);
                let [n, c, h, w] = x.dims();
                Flow::Row(x.reshape([n, c, h * w]).mean_dim(2).reshape([n, c]))
            }
            Layer::BatchNorm(b) => {
                let y = match x {
                    Flow::Row(x) => Flow::Row(self.norm(model, i, x)),
                    Flow::Picture(x) => Flow::Picture(self.norm(model, i, x)),
                };
                y.activated(b.activation)
            }
            Layer::Dropout(d) => self.dropout(d.rate, x),
            Layer::Flatten => Flow::Row(x.row()),
            Layer::Add(a) => {
                // `kept[j]` is what layer j takes: what the one above it gives.
                let other = kept[i + 1 - a.back].clone();
                let other = other.expect("the model knows which outputs are summands");
                let y = match x {
                    Flow::Row(x) => Flow::Row(x + other.row()),
                    Flow::Picture(x) => Flow::Picture(x + other.picture(input)),
                };
                y.activated(a.activation)
            }
        }
    }

    fn leaf(&mut self) -> &'a Leaf {
        self.leaves
            .next()
            .expect("the parameters are those of these layers")
    }

    fn conv(&mut self, biased: bool, c: &Conv2d, input: Shape, x: Flow) -> Flow {
        let weight = self.leaf().four();
        let bias = biased.then(|| self.leaf().one());
        let options = options(&c.window, input, 1);
        let y = conv2d(x.picture(input), weight, bias, options);
        Flow::Picture(activated(y, c.activation))
    }

    fn norm<const D: usize>(&mut self, model: &Model, i: usize, x: Tensor<D>) -> Tensor<D> {
        let (gamma, beta) = (self.leaf().one(), self.leaf().one());
        let epsilon = f64::from(EPSILON);
        if let Some((_, seen)) = &mut self.training {
            let y = batch_norm_train(x, gamma, beta, epsilon);
            let (mean, variance) = (values(y.mean), values(y.variance));
            seen.push((i, Statistics { mean, variance }));
            return y.output;
        }
        let Statistics { mean, variance } = model.running(i);
        let tensor =
            |v: &[f32]| Tensor::<1>::from_data(TensorData::new(v.to_vec(), [v.len()]), self.device);
        batch_norm(x, gamma, beta, tensor(mean), tensor(variance), epsilon)
    }

    fn dropout(&mut self, rate: f32, x: Flow) -> Flow {
        match &mut self.training {
            Some((masks, _)) if rate > 0.0 => match x {
                Flow::Row(x) => Flow::Row(masked(x, rate, masks, self.device)),
                Flow::Picture(x) => Flow::Picture(masked(x, rate, masks, self.device)),
            },
            _ => x,
        }
    }
}

fn masked<const D: usize>(
    x: Tensor<D>,
    rate: f32,
    masks: &mut Masks,
    device: &Device,
) -> Tensor<D> {
    let dims = x.dims();
    let mask = masks.draw(rate, dims.iter().product());
    x * Tensor::from_data(TensorData::new(mask, dims), device)
}

/// A window over a picture of that shape, with the padding spelt out: TFLite puts the
/// odd row and column at the end.
fn options(window: &Window, input: Shape, groups: usize) -> ConvOptions<2> {
    let pads = window.pads(input).map(|[before, behind]| (before, behind));
    ConvOptions::new_with_padding(window.stride, pads, [1, 1], groups)
}
