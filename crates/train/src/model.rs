//! The network's parameters as they train, and one step of fitting them.
//!
//! Dense weights are `[inputs, units]`, those of convolutions `[KH·KW·I, O]`, depthwise ones
//! `[KH·KW, C]`; `net` has `[units, inputs]`, `[O, KH, KW, I]`, `[KH, KW, C]`. They are turned
//! on the way in and on the way out, and live as plain values in between: each batch makes
//! one tensor of a layer's, so that nothing but the way to the gradients is Burn's.

use lampyris_net::{Conv1d, Conv2d, Dense, DepthwiseConv2d, Layer, MOMENTUM, Net, Shape};

use crate::adam::Adam;
#[cfg(not(feature = "ndarray"))]
use crate::flow::{Pass, logits};
use crate::loss::{Loss, Score};
#[cfg(feature = "ndarray")]
use crate::plain::{Pass, logits};
use crate::random::Masks;

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
}

/// What a network's fit consists of while it trains.
#[derive(Clone)]
pub(crate) struct Model {
    parameters: Vec<Parameter>,
    /// The layers, for their shapes and settings; their weights are those of the
    /// beginning.
    net: Net,
    /// How they are computed.
    #[cfg(any(test, not(feature = "ndarray")))]
    kernels: crate::flow::Kernels,
    /// The running statistics, of each layer; empty where it is no norm.
    running: Vec<Statistics>,
    /// Which layers take what a sum wants again.
    summands: Vec<bool>,
}

/// What a batch has to say about the parameters.
struct Step {
    /// Of each layer that has parameters, one behind the other.
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
            let drawn = drawn(layer).into_iter();
            parameters.extend(drawn.map(|(role, values)| Parameter {
                layer: i,
                role,
                values,
            }));
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
            #[cfg(any(test, not(feature = "ndarray")))]
            kernels: crate::flow::Kernels::of(net),
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
            put_back(&mut layers[p.layer], p.role, &p.values);
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

    /// The layers, for their shapes and settings.
    pub(crate) fn net(&self) -> &Net {
        &self.net
    }

    /// How the layers are computed.
    #[cfg(any(test, not(feature = "ndarray")))]
    pub(crate) fn kernels(&self) -> &crate::flow::Kernels {
        &self.kernels
    }

    /// The parameters of a layer.
    fn of_layer(&self, layer: usize) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |p| p.layer == layer)
    }

    /// Whether it has any.
    pub(crate) fn has_parameters(&self, layer: usize) -> bool {
        self.of_layer(layer).next().is_some()
    }

    /// Their values, one behind the other.
    pub(crate) fn parameters_of(&self, layer: usize) -> Vec<f32> {
        let values = self.of_layer(layer).map(|p| &p.values[..]);
        values.collect::<Vec<_>>().concat()
    }

    /// Whether a sum wants again what the layer takes.
    pub(crate) fn is_summand(&self, layer: usize) -> bool {
        self.summands[layer]
    }

    /// Values that the widest layer gives or takes; at least 1.
    pub(crate) fn widest(&self) -> usize {
        let outputs = (0..self.net.layers().len()).map(|i| self.net.output_of(i).len());
        outputs.fold(self.net.inputs(), usize::max)
    }

    /// An optimiser for these parameters.
    pub(crate) fn adam(&self) -> Adam {
        Adam::new(self.parameters.iter().map(|p| p.values.len()))
    }

    /// The gradients of one batch, its score, and what its norms have seen; none where the
    /// loss is no finite number.
    fn gradients(&self, batch: Batch, loss: &Loss, masks: &mut Masks) -> (Score, Option<Step>) {
        let mut pass = Pass::new(self, batch.x, masks);
        let mut gradient = pass.logits();
        let score = loss.gradient(&mut gradient, &batch.y);
        if !score.loss.is_finite() {
            return (score, None);
        }
        let seen = std::mem::take(&mut pass.seen);
        let gradients = pass.back(gradient);
        (score, Some(Step { gradients, seen }))
    }

    /// One step at that rate, unless the loss is no finite number.
    pub(crate) fn fit(
        &mut self,
        batch: Batch,
        (loss, masks): (&Loss, &mut Masks),
        adam: &mut Adam,
        (rate, decay): (f32, f32),
    ) -> Score {
        let (score, step) = self.gradients(batch, loss, masks);
        if let Some(Step { gradients, seen }) = step {
            // Those of a layer lie one behind the other, as its parameters do.
            let mut gradients = gradients.iter();
            let mut left: &[f32] = &[];
            let parameters = self.parameters.iter_mut().map(|p| {
                if left.is_empty() {
                    left = gradients.next().map_or(&[], Vec::as_slice);
                }
                let (gradient, rest) = left.split_at(p.values.len());
                left = rest;
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
    pub(crate) fn evaluate(&self, batch: Batch, loss: &Loss) -> Score {
        loss.scores(&mut logits(self, batch.x), &batch.y)
    }
}

/// Moves values towards others, keeping that share of themselves.
fn approach(values: &mut [f32], others: &[f32], kept: f32) {
    for (own, new) in values.iter_mut().zip(others) {
        *own = *own * kept + new * (1.0 - kept);
    }
}

/// A picture as a convolution over time sees it.
pub(crate) fn framed(input: Shape) -> Shape {
    Shape::new(input.height, 1, input.width * input.channels)
}

/// The parameters of a layer, weights first.
fn drawn(layer: &Layer) -> Vec<(Role, Vec<f32>)> {
    match layer {
        Layer::Dense(d) => vec![
            (Role::Weight, turn(&d.weights, d.units, d.inputs)),
            (Role::Bias, d.bias.clone()),
        ],
        Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c) => vec![
            (Role::Weight, turn(&c.weights, c.filters, c.taps())),
            (Role::Bias, c.bias.clone()),
        ],
        Layer::DepthwiseConv2d(c) => vec![
            (Role::Weight, c.weights.clone()),
            (Role::Bias, c.bias.clone()),
        ],
        Layer::BatchNorm(b) => vec![(Role::Gamma, b.gamma.clone()), (Role::Beta, b.beta.clone())],
        Layer::Dropout(_)
        | Layer::MaxPool(_)
        | Layer::AveragePool(_)
        | Layer::GlobalAveragePool
        | Layer::Flatten
        | Layer::Add(_) => Vec::new(),
    }
}

/// Puts a parameter back where [`drawn`] took it from.
fn put_back(layer: &mut Layer, role: Role, values: &[f32]) {
    match (layer, role) {
        (Layer::Dense(d), Role::Weight) => d.weights = turn(values, d.inputs, d.units),
        (Layer::Conv1d(Conv1d(c)) | Layer::Conv2d(c), Role::Weight) => {
            c.weights = turn(values, c.taps(), c.filters);
        }
        (Layer::DepthwiseConv2d(c), Role::Weight) => c.weights.copy_from_slice(values),
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

/// `[rows, columns]` to `[columns, rows]`.
fn turn(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns)
        .flat_map(|c| (0..rows).map(move |r| values[r * columns + c]))
        .collect()
}

#[cfg(test)]
#[path = "tests/model.rs"]
mod tests;
