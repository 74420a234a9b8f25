//! The network's parameters as Burn wants them, and one step of fitting them.
//!
//! Burn's layouts are dense `[inputs, units]`, convolution `[O, I, KH, KW]`, depthwise
//! `[C, 1, KH, KW]`; `net` has `[units, inputs]`, `[O, KH, KW, I]`, `[KH, KW, C]`. They are
//! turned on the way in and on the way out (convolutions that are matrix products have
//! `[KH·KW·I, O]`; see `flow.rs`), and live as plain values in between: each
//! batch makes tensors of them, so that nothing but the gradients is Burn's.

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use lampyris_net::{Conv1d, Conv2d, Dense, DepthwiseConv2d, Layer, MOMENTUM, Net, Shape};

use crate::adam::Adam;
use crate::flow::Pass;
use crate::loss::{Loss, Score};
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

/// What a parameter is to its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Weight,
    Bias,
    Gamma,
    Beta,
}

/// One parameter of one layer.
#[derive(Clone, Debug, PartialEq)]
struct Parameter {
    layer: usize,
    role: Role,
    values: Vec<f32>,
    /// As Burn has it: 1, 2 or 4 dimensions.
    dims: Vec<usize>,
}

/// A parameter as a tensor that gradients can be asked of.
pub(crate) enum Leaf {
    One(Tensor<1>),
    Two(Tensor<2>),
    Four(Tensor<4>),
}

impl Leaf {
    pub(crate) fn one(&self) -> Tensor<1> {
        match self {
            Leaf::One(t) => t.clone(),
            _ => unreachable!("biases and norms have one dimension"),
        }
    }

    pub(crate) fn two(&self) -> Tensor<2> {
        match self {
            Leaf::Two(t) => t.clone(),
            _ => unreachable!("dense weights have two dimensions"),
        }
    }

    pub(crate) fn four(&self) -> Tensor<4> {
        match self {
            Leaf::Four(t) => t.clone(),
            _ => unreachable!("filters have four dimensions"),
        }
    }

    /// Keeping its gradient.
    fn tracked(self) -> Self {
        match self {
            Leaf::One(t) => Leaf::One(t.require_grad()),
            Leaf::Two(t) => Leaf::Two(t.require_grad()),
            Leaf::Four(t) => Leaf::Four(t.require_grad()),
        }
    }

    /// Its gradient, taken out of `grads`.
    fn gradient(&self, grads: &mut Gradients) -> Vec<f32> {
        let gradient = match self {
            Leaf::One(t) => t.grad_remove(grads).map(values),
            Leaf::Two(t) => t.grad_remove(grads).map(values),
            Leaf::Four(t) => t.grad_remove(grads).map(values),
        };
        gradient.expect("every parameter leads to the logits")
    }
}

/// What a network's fit consists of while it trains.
#[derive(Clone)]
pub(crate) struct Model {
    parameters: Vec<Parameter>,
    /// The layers, for their shapes and settings; their weights are those of the
    /// beginning.
    net: Net,
    /// The running statistics, of each layer; empty where it is no norm.
    running: Vec<Statistics>,
    /// Which layers take what a sum wants again.
    summands: Vec<bool>,
}

/// What a batch has to say about the parameters.
struct Step {
    /// In the order of the parameters.
    gradients: Vec<Vec<f32>>,
    /// The batch's statistics at each norm, with its layer.
    seen: Vec<(usize, Statistics)>,
}

/// What norms know of their values, a number a channel each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Statistics {
    pub(crate) mean: Vec<f32>,
    pub(crate) variance: Vec<f32>,
}

/// One batch on its way through the network.
pub(crate) struct Batch {
    /// `[windows, features]`.
    pub(crate) x: Vec<f32>,
    /// One label index a window.
    pub(crate) y: Vec<usize>,
}

impl Model {
    pub(crate) fn of(net: &Net) -> Self {
        let layers = net.layers();
        let mut summands = vec![false; layers.len()];
        let mut parameters = Vec::new();
        for (i, layer) in layers.iter().enumerate() {
            if let Layer::Add(a) = layer {
                summands[i + 1 - a.back] = true;
            }
            parameters.extend(drawn(layer, is_product(net, i)).into_iter().map(
                |(role, values, dims)| Parameter {
                    layer: i,
                    role,
                    values,
                    dims,
                },
            ));
        }
        let running = layers.iter().map(|layer| match layer {
            Layer::BatchNorm(b) => Statistics {
                mean: b.mean.clone(),
                variance: b.variance.clone(),
            },
            _ => Statistics::default(),
        });
        let mut model = Self {
            parameters: Vec::new(),
            net: net.clone(),
            running: running.collect(),
            summands,
        };
        parameters.retain(|p| p.role != Role::Bias || model.is_biased(p.layer));
        model.parameters = parameters;
        model
    }

    /// The network with the weights of this model.
    pub(crate) fn to_net(&self) -> Net {
        let mut layers = self.net.layers().to_vec();
        for p in &self.parameters {
            let product = self.is_product(p.layer);
            put_back(&mut layers[p.layer], product, p.role, &p.values);
        }
        for (layer, running) in layers.iter_mut().zip(&self.running) {
            if let Layer::BatchNorm(norm) = layer {
                norm.mean.clone_from(&running.mean);
                norm.variance.clone_from(&running.variance);
            }
        }
        Net::from_layers(self.net.input(), layers).expect("the shapes are those of a checked net")
    }

    /// Whether the layer has a bias: before a norm, which takes the mean away, it would
    /// do nothing.
    pub(crate) fn is_biased(&self, layer: usize) -> bool {
        !matches!(self.net.layers().get(layer + 1), Some(Layer::BatchNorm(_)))
    }

    /// Whether the layer is a convolution that is computed as a matrix product.
    pub(crate) fn is_product(&self, layer: usize) -> bool {
        is_product(&self.net, layer)
    }

    /// Whether a sum wants again what the layer takes.
    pub(crate) fn is_summand(&self, layer: usize) -> bool {
        self.summands[layer]
    }

    /// Values that the widest layer gives or takes; at least 1.
    pub(crate) fn widest(&self) -> usize {
        let layers = self.net.layers().iter().enumerate();
        let held = layers.map(|(i, layer)| match layer {
            Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c) if self.is_product(i) => {
                covered(c, self.net.output_of(i))
            }
            _ => self.net.output_of(i).len(),
        });
        held.fold(self.net.inputs(), usize::max)
    }

    /// An optimiser for these parameters.
    pub(crate) fn adam(&self) -> Adam {
        Adam::new(self.parameters.iter().map(|p| p.values.len()))
    }

    fn leaves(&self, device: &Device) -> Vec<Leaf> {
        let leaf = |p: &Parameter| {
            let data = TensorData::new(p.values.clone(), p.dims.clone());
            match p.dims.len() {
                1 => Leaf::One(Tensor::from_data(data, device)),
                2 => Leaf::Two(Tensor::from_data(data, device)),
                _ => Leaf::Four(Tensor::from_data(data, device)),
            }
        };
        self.parameters.iter().map(leaf).collect()
    }

    /// The gradients of one batch in the order of the parameters, its score, and what
    /// its norms have seen; none where the loss is no finite number. `device` records.
    fn gradients(
        &self,
        batch: Batch,
        loss: &Loss,
        masks: &mut Masks,
        device: &Device,
    ) -> (Score, Option<Step>) {
        let leaves = self.leaves(device);
        let leaves: Vec<Leaf> = leaves.into_iter().map(Leaf::tracked).collect();
        let pass = Pass::new(&self.net, device, &leaves, Some(masks));
        let (logits, seen) = pass.run(self, batch.x);
        let dims = logits.dims();
        let mut gradient = values(logits.clone());
        let score = loss.gradient(&mut gradient, &batch.y);
        if !score.loss.is_finite() {
            return (score, None);
        }
        let gradient = Tensor::<2>::from_data(TensorData::new(gradient, dims), device);
        let mut grads = (logits * gradient).sum().backward();
        let gradients = leaves.iter().map(|leaf| leaf.gradient(&mut grads));
        let gradients = gradients.collect();
        (score, Some(Step { gradients, seen }))
    }

    /// One step at that rate, unless the loss is no finite number.
    pub(crate) fn fit(
        &mut self,
        batch: Batch,
        (loss, masks): (&Loss, &mut Masks),
        adam: &mut Adam,
        (rate, decay): (f32, f32),
        device: &Device,
    ) -> Score {
        let (score, step) = self.gradients(batch, loss, masks, device);
        if let Some(Step { gradients, seen }) = step {
            let parameters = self.parameters.iter_mut().zip(gradients);
            let parameters = parameters.map(|(p, gradient)| {
                let decay = if p.role == Role::Weight { decay } else { 0.0 };
                (p.values.as_mut_slice(), gradient, decay)
            });
            adam.step(rate, parameters);
            self.see(seen);
        }
        score
    }

    /// Moves towards another model of the same network, keeping that share of itself.
    pub(crate) fn follow(&mut self, other: &Model, kept: f32) {
        let parameters = self.parameters.iter_mut().zip(&other.parameters);
        parameters.for_each(|(own, new)| approach(&mut own.values, &new.values, kept));
        for (own, new) in self.running.iter_mut().zip(&other.running) {
            approach(&mut own.mean, &new.mean, kept);
            approach(&mut own.variance, &new.variance, kept);
        }
    }

    /// Takes a batch into the running statistics.
    fn see(&mut self, seen: Vec<(usize, Statistics)>) {
        for (layer, batch) in seen {
            let running = &mut self.running[layer];
            let pairs = [
                (&mut running.mean, &batch.mean),
                (&mut running.variance, &batch.variance),
            ];
            for (running, batch) in pairs {
                approach(running, batch, MOMENTUM);
            }
        }
    }

    /// The running statistics of a norm.
    pub(crate) fn running(&self, layer: usize) -> &Statistics {
        &self.running[layer]
    }

    /// The score of one batch without dropout.
    pub(crate) fn evaluate(&self, batch: Batch, loss: &Loss, device: &Device) -> Score {
        loss.scores(&mut self.logits(batch.x, device), &batch.y)
    }

    /// `x` `[windows, features]` to logits `[windows, classes]`, as after training.
    fn logits(&self, x: Vec<f32>, device: &Device) -> Vec<f32> {
        let plain = device.clone().without_autodiff();
        let leaves = self.leaves(&plain);
        let pass = Pass::new(&self.net, &plain, &leaves, None);
        values(pass.run(self, x).0)
    }
}

/// Moves values towards others, keeping that share of themselves.
fn approach(values: &mut [f32], others: &[f32], kept: f32) {
    for (own, new) in values.iter_mut().zip(others) {
        *own = *own * kept + new * (1.0 - kept);
    }
}

/// Most values that the windows of a convolution may cover, before Burn's own way, which
/// needs less memory, is taken: those of 3 × 3 pixels over a picture of 96 × 96
/// colours, every second place.
const MAX_COVERED: usize = 1 << 16;

/// Values that the windows of a convolution cover.
fn covered(conv: &Conv2d, output: Shape) -> usize {
    output.height * output.width * conv.taps()
}

/// Whether a layer is a convolution that is computed as a matrix product.
fn is_product(net: &Net, layer: usize) -> bool {
    let (Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c)) = &net.layers()[layer] else {
        return false;
    };
    // A sum with the features needs them as they are.
    let summand = |(i, l): (usize, &Layer)| matches!(l, Layer::Add(a) if a.back == i + 1);
    let apart = layer > 0 || !net.layers().iter().enumerate().any(summand);
    let pixel = c.window.size == [1, 1] && c.window.stride == [1, 1];
    pixel || (apart && covered(c, net.output_of(layer)) <= MAX_COVERED)
}

/// The parameters of a layer, with their dimensions as Burn has them; `product`: as a
/// matrix product.
fn drawn(layer: &Layer, product: bool) -> Vec<(Role, Vec<f32>, Vec<usize>)> {
    let bias = |b: &[f32]| (Role::Bias, b.to_vec(), vec![b.len()]);
    match layer {
        Layer::Dense(d) => {
            let turned = turn(&d.weights, d.units, d.inputs);
            let weight = (Role::Weight, turned, vec![d.inputs, d.units]);
            vec![weight, bias(&d.bias)]
        }
        Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c) if product => {
            let turned = turn(&c.weights, c.filters, c.taps());
            let weight = (Role::Weight, turned, vec![c.taps(), c.filters]);
            vec![weight, bias(&c.bias)]
        }
        Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c) => {
            let [kh, kw] = c.window.size;
            let filters = c.weights.chunks_exact(c.taps());
            let turned = filters.flat_map(|f| turn(f, kh * kw, c.channels));
            let dims = vec![c.filters, c.channels, kh, kw];
            vec![(Role::Weight, turned.collect(), dims), bias(&c.bias)]
        }
        Layer::DepthwiseConv2d(c) => {
            let [kh, kw] = c.window.size;
            let turned = turn(&c.weights, kh * kw, c.channels);
            let weight = (Role::Weight, turned, vec![c.channels, 1, kh, kw]);
            vec![weight, bias(&c.bias)]
        }
        Layer::BatchNorm(b) => vec![
            (Role::Gamma, b.gamma.clone(), vec![b.gamma.len()]),
            (Role::Beta, b.beta.clone(), vec![b.beta.len()]),
        ],
        Layer::Dropout(_)
        | Layer::MaxPool(_)
        | Layer::AveragePool(_)
        | Layer::GlobalAveragePool
        | Layer::Flatten
        | Layer::Add(_) => Vec::new(),
    }
}

/// Puts a parameter back where [`drawn`] took it from.
fn put_back(layer: &mut Layer, product: bool, role: Role, values: &[f32]) {
    match (layer, role) {
        (Layer::Dense(d), Role::Weight) => d.weights = turn(values, d.inputs, d.units),
        (Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c), Role::Weight) if product => {
            c.weights = turn(values, c.taps(), c.filters);
        }
        (Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c), Role::Weight) => {
            let [kh, kw] = c.window.size;
            let filters = values.chunks_exact(c.taps());
            c.weights = filters.flat_map(|f| turn(f, c.channels, kh * kw)).collect();
        }
        (Layer::DepthwiseConv2d(c), Role::Weight) => {
            let [kh, kw] = c.window.size;
            c.weights = turn(values, c.channels, kh * kw);
        }
        (Layer::Dense(Dense { bias, .. }), Role::Bias)
        | (Layer::Conv1d(Conv1d(Conv2d { bias, .. })), Role::Bias)
        | (Layer::Conv2d(Conv2d { bias, .. }), Role::Bias)
        | (Layer::DepthwiseConv2d(DepthwiseConv2d { bias, .. }), Role::Bias) => {
            bias.copy_from_slice(values);
        }
        (Layer::BatchNorm(b), Role::Gamma) => b.gamma.copy_from_slice(values),
        (Layer::BatchNorm(b), Role::Beta) => b.beta.copy_from_slice(values),
        (layer, role) => unreachable!("a layer {layer:?} has no {role:?}"),
    }
}

/// The values of a tensor, row-major.
pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
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
#[path = "tests/model.rs"]
mod tests;
