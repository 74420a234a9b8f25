//! How Burn computes a network.
//!
//! Burn's pictures are `[N, C, H, W]`, `net`'s are `[H, W, C]` a window. What is held as rows
//! of values or as pixels is in the order of `net`; pictures are turned where they become
//! the one or the other.
//!
//! Convolutions are matrix products over pixels (of what their windows cover): Burn's own
//! way to the gradient of filters takes several times as long. What the first covers is
//! gathered before it is a tensor, as its input wants no gradient.

use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, batch_norm, batch_norm_train, conv2d, linear, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Int, Tensor, TensorData};
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
    /// `[N·H·W, C]`, and the shape of one picture.
    Pixels(Tensor<2>, Shape),
}

impl Flow {
    /// As a row in `net`'s order.
    fn row(self) -> Tensor<2> {
        match self {
            Flow::Row(x) => x,
            Flow::Pixels(x, shape) => {
                let values = x.dims().iter().product::<usize>();
                x.reshape([values / shape.len(), shape.len()])
            }
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

    /// As pixels of such pictures.
    fn pixels(self, shape: Shape) -> Tensor<2> {
        match self {
            Flow::Pixels(x, own) if own == shape => x,
            other => {
                let x = other.row();
                let values = x.dims().iter().product::<usize>();
                x.reshape([values / shape.channels, shape.channels])
            }
        }
    }

    fn activated(self, activation: Activation) -> Self {
        match self {
            Flow::Row(x) => Flow::Row(activated(x, activation)),
            Flow::Picture(x) => Flow::Picture(activated(x, activation)),
            Flow::Pixels(x, shape) => Flow::Pixels(activated(x, activation), shape),
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
        let mut flow = self.begin(model, x);
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

    /// The features, or what the windows of a first convolution cover.
    fn begin(&self, model: &Model, x: Vec<f32>) -> Flow {
        let input = self.net.input();
        let (conv, view) = match &self.net.layers()[0] {
            Layer::Conv1d(c) if model.is_product(0) => (&c.0, framed(input)),
            Layer::Conv2d(c) if model.is_product(0) => (c, input),
            _ => {
                let dims = [x.len() / input.len(), input.len()];
                let x = TensorData::new(x, dims);
                return Flow::Row(Tensor::from_data(x, self.device));
            }
        };
        let (covered, taps) = covered(conv, view, self.net.output_of(0), &x);
        let covered = TensorData::new(covered, [x.len() / input.len() * taps[0], taps[1]]);
        let places = Shape {
            channels: taps[1],
            ..self.net.output_of(0)
        };
        Flow::Pixels(Tensor::from_data(covered, self.device), places)
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
            Layer::Conv1d(c) => self.conv(model, i, &c.0, framed(input), x),
            Layer::Conv2d(c) => self.conv(model, i, c, input, x),
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
                let (c, pixels) = (input.channels, input.height * input.width);
                Flow::Row(match x {
                    Flow::Picture(x) => {
                        let n = x.dims()[0];
                        x.reshape([n, c, pixels]).mean_dim(2).reshape([n, c])
                    }
                    x => {
                        let x = x.row();
                        let n = x.dims()[0];
                        x.reshape([n, pixels, c]).mean_dim(1).reshape([n, c])
                    }
                })
            }
            Layer::BatchNorm(b) => {
                let y = match x {
                    Flow::Row(x) => Flow::Row(self.norm_rows(model, i, x)),
                    Flow::Picture(x) => Flow::Picture(self.norm(model, i, x)),
                    Flow::Pixels(x, shape) => Flow::Pixels(self.norm_rows(model, i, x), shape),
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
                    Flow::Pixels(x, shape) => Flow::Pixels(x + other.pixels(shape), shape),
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

    fn conv(&mut self, model: &Model, i: usize, c: &Conv2d, input: Shape, x: Flow) -> Flow {
        let weight = self.leaf();
        let bias = model.is_biased(i).then(|| self.leaf().one());
        if model.is_product(i) {
            let output = self.net.output_of(i);
            let inputs = Shape {
                channels: c.taps(),
                ..output
            };
            let pixel = c.window.size == [1, 1] && c.window.stride == [1, 1];
            let x = if i == 0 || pixel {
                x.pixels(inputs)
            } else {
                self.gathered(c, input, output, x.pixels(input))
            };
            let y = linear(x, weight.two(), bias);
            return Flow::Pixels(y, output).activated(c.activation);
        }
        let weight = weight.four();
        let options = options(&c.window, input, 1);
        let y = conv2d(x.picture(input), weight, bias, options);
        Flow::Picture(activated(y, c.activation))
    }

    /// As [`covered`], of pixels that want a gradient: `[N·places, taps·channels]`.
    fn gathered(&self, conv: &Conv2d, input: Shape, output: Shape, x: Tensor<2>) -> Tensor<2> {
        let (pixels, places) = (input.height * input.width, output.height * output.width);
        let (all, taps) = (x.dims()[0], conv.taps() / input.channels);
        // One more pixel, of zeros, stands for those beside the pictures.
        let beside = all as i32;
        let mut indices = vec![beside; all / pixels * places * taps];
        let pictures = indices.chunks_exact_mut(places * taps);
        for (indices, first) in pictures.zip((0..).step_by(pixels)) {
            conv.window.walk(input, |place, pixel, tap| {
                indices[place * taps + tap] = (first + pixel) as i32;
            });
        }
        let len = [indices.len()];
        let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, len), self.device);
        let zeros = Tensor::zeros([1, input.channels], self.device);
        let covered = Tensor::cat(vec![x, zeros], 0).select(0, indices);
        covered.reshape([all / pixels * places, conv.taps()])
    }

    /// A norm over rows: without turning them, as Burn's own does, it takes half the time.
    fn norm_rows(&mut self, model: &Model, i: usize, x: Tensor<2>) -> Tensor<2> {
        if self.training.is_none() {
            return self.norm(model, i, x);
        }
        let (gamma, beta) = (self.leaf().one(), self.leaf().one());
        let mean = x.clone().mean_dim(0);
        let centred = x - mean.clone();
        let variance = (centred.clone() * centred.clone()).mean_dim(0);
        if let Some((_, seen)) = &mut self.training {
            let (mean, variance) = (values(mean), values(variance.clone()));
            seen.push((i, Statistics { mean, variance }));
        }
        let inverse = (variance + f64::from(EPSILON)).sqrt().recip();
        centred * (inverse * gamma.unsqueeze()) + beta.unsqueeze()
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
                Flow::Pixels(x, shape) => Flow::Pixels(masked(x, rate, masks, self.device), shape),
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

/// A picture as a convolution over time sees it.
fn framed(input: Shape) -> Shape {
    Shape::new(input.height, 1, input.width * input.channels)
}

/// Of every place of a window the values that it covers, `[N·places, taps·channels]`, zeros
/// beside the picture; and these two sizes, without N.
fn covered(conv: &Conv2d, input: Shape, output: Shape, x: &[f32]) -> (Vec<f32>, [usize; 2]) {
    let (places, taps, c) = (output.height * output.width, conv.taps(), input.channels);
    let mut covered = vec![0.0; x.len() / input.len() * places * taps];
    let windows = x.chunks_exact(input.len());
    for (x, covered) in windows.zip(covered.chunks_exact_mut(places * taps)) {
        conv.window.walk(input, |place, pixel, tap| {
            let from = &x[pixel * c..(pixel + 1) * c];
            covered[place * taps + tap * c..][..c].copy_from_slice(from);
        });
    }
    (covered, [places, taps])
}

/// A window over a picture of that shape, with the padding spelt out: TFLite puts the
/// odd row and column at the end.
fn options(window: &Window, input: Shape, groups: usize) -> ConvOptions<2> {
    let pads = window.pads(input).map(|[before, behind]| (before, behind));
    ConvOptions::new_with_padding(window.stride, pads, [1, 1], groups)
}
