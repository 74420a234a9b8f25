//! The kinds of layers: one file each, with the same anatomy (What · Shapes ·
//! Quantisation · Source, the struct, `check`, `cost`, `init`, `forward`, bytes,
//! lowering, tests), and one row each in the enum and in the matches below. The
//! matches are exhaustive, so the compiler lists what a new kind still lacks.

pub(crate) mod add;
pub(crate) mod average_pool;
pub(crate) mod batch_norm;
pub(crate) mod conv1d;
pub(crate) mod conv2d;
pub(crate) mod dense;
pub(crate) mod depthwise_conv2d;
pub(crate) mod dropout;
pub(crate) mod flatten;
pub(crate) mod global_average_pool;
pub(crate) mod max_pool;

mod activation;

use oorandom::Rand32;

pub use activation::Activation;
pub use add::Add;
pub use average_pool::AveragePool;
pub use batch_norm::BatchNorm;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use dropout::Dropout;
pub use max_pool::MaxPool;

use activation::read as read_activation;

use crate::bytes::Reader;
use crate::lower::Lowering;
use crate::{LayerSpec, NetError, Range, Shape};

/// A layer with its weights.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// Fully connected.
    Dense(Dense),
    /// Present while training only.
    Dropout(Dropout),
    /// Filters that slide over time.
    Conv1d(Conv1d),
    /// Filters that slide over a picture.
    Conv2d(Conv2d),
    /// A filter a channel.
    DepthwiseConv2d(DepthwiseConv2d),
    /// The largest of each window.
    MaxPool(MaxPool),
    /// The mean of each window.
    AveragePool(AveragePool),
    /// Present while training, then folded into the layer above.
    BatchNorm(BatchNorm),
    /// The mean of each channel.
    GlobalAveragePool,
    /// The picture in one row.
    Flatten,
    /// The sum with an earlier layer.
    Add(Add),
}

/// What a layer may look back on: the features and every output above it.
pub(crate) struct Seen<'a> {
    pub(crate) features: &'a [f32],
    pub(crate) outputs: &'a [Vec<f32>],
}

impl<'a> Seen<'a> {
    /// The output of the layer `n` places above; beyond the first are the features.
    fn back(&self, n: usize) -> &'a [f32] {
        let at = self.outputs.len().checked_sub(n);
        at.map_or(self.features, |i| &self.outputs[i])
    }
}

impl Layer {
    /// Draws the weights of a layer that sees a picture of shape `input`.
    pub(crate) fn init(spec: &LayerSpec, input: Shape, random: &mut Rand32) -> Self {
        let window = || spec.window().expect("a layer with a window");
        let (c, inputs) = (input.channels, input.len());
        match spec {
            LayerSpec::Dense { units, activation } => {
                Layer::Dense(Dense::init(inputs, *units as usize, *activation, random))
            }
            LayerSpec::Dropout { rate } => Layer::Dropout(Dropout { rate: *rate }),
            LayerSpec::Conv1d {
                filters,
                activation,
                ..
            } => {
                let channels = conv1d::view(input).channels;
                let filters = *filters as usize;
                let conv = Conv2d::init(channels, filters, window(), *activation, random);
                Layer::Conv1d(Conv1d(conv))
            }
            LayerSpec::Conv2d {
                filters,
                activation,
                ..
            } => {
                let filters = *filters as usize;
                Layer::Conv2d(Conv2d::init(c, filters, window(), *activation, random))
            }
            LayerSpec::DepthwiseConv2d { activation, .. } => {
                Layer::DepthwiseConv2d(DepthwiseConv2d::init(c, window(), *activation, random))
            }
            LayerSpec::MaxPool { .. } => Layer::MaxPool(MaxPool { window: window() }),
            LayerSpec::AveragePool { .. } => Layer::AveragePool(AveragePool { window: window() }),
            LayerSpec::BatchNorm { activation } => {
                Layer::BatchNorm(BatchNorm::init(c, *activation))
            }
            LayerSpec::GlobalAveragePool => Layer::GlobalAveragePool,
            LayerSpec::Flatten => Layer::Flatten,
            LayerSpec::Add { back, activation } => Layer::Add(Add {
                back: *back as usize,
                activation: *activation,
            }),
        }
    }

    /// Refuses weights that don't fit the settings or the picture that comes in.
    pub(crate) fn check(&self, input: Shape, place: &str) -> Result<(), NetError> {
        let fits = |wanted: usize, given: usize| {
            if wanted == given {
                return Ok(());
            }
            Err(NetError::new(
                format!("{wanted} inputs after {given} outputs"),
                place,
                "make each layer as wide as the one before it gives",
            ))
        };
        match self {
            Layer::Dense(l) => fits(l.inputs, input.len()).and_then(|()| l.check(place)),
            Layer::Conv1d(l) => {
                fits(l.0.channels, conv1d::view(input).channels).and_then(|()| l.check(place))
            }
            Layer::Conv2d(l) => fits(l.channels, input.channels).and_then(|()| l.check(place)),
            Layer::DepthwiseConv2d(l) => {
                fits(l.channels, input.channels).and_then(|()| l.check(place))
            }
            Layer::BatchNorm(l) => l.check(input.channels, place),
            Layer::Dropout(_)
            | Layer::MaxPool(_)
            | Layer::AveragePool(_)
            | Layer::GlobalAveragePool
            | Layer::Flatten
            | Layer::Add(_) => Ok(()),
        }
    }

    pub(crate) fn is_finite(&self) -> bool {
        let finite = |w: &[f32], b: &[f32]| w.iter().chain(b).all(|v| v.is_finite());
        match self {
            Layer::Dense(l) => finite(&l.weights, &l.bias),
            Layer::Conv1d(l) => finite(&l.0.weights, &l.0.bias),
            Layer::Conv2d(l) => finite(&l.weights, &l.bias),
            Layer::DepthwiseConv2d(l) => finite(&l.weights, &l.bias),
            Layer::BatchNorm(l) => l.is_finite(),
            Layer::Dropout(_)
            | Layer::MaxPool(_)
            | Layer::AveragePool(_)
            | Layer::GlobalAveragePool
            | Layer::Flatten
            | Layer::Add(_) => true,
        }
    }

    /// What it makes of a picture of shape `input`, the last that `seen` holds.
    pub(crate) fn forward(&self, input: Shape, seen: &Seen<'_>) -> Vec<f32> {
        let x = seen.back(1);
        match self {
            Layer::Dense(l) => l.forward(x),
            Layer::Conv1d(l) => l.forward(input, x),
            Layer::Conv2d(l) => l.forward(input, x),
            Layer::DepthwiseConv2d(l) => l.forward(input, x),
            Layer::MaxPool(l) => l.forward(input, x),
            Layer::AveragePool(l) => l.forward(input, x),
            Layer::BatchNorm(l) => l.forward(x),
            Layer::GlobalAveragePool => global_average_pool::forward(input, x),
            Layer::Add(l) => l.forward(x, seen.back(l.back)),
            Layer::Dropout(_) | Layer::Flatten => x.to_vec(),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(self.tag());
        match self {
            Layer::Dense(l) => l.write(out),
            Layer::Dropout(l) => l.write(out),
            Layer::Conv1d(l) => l.write(out),
            Layer::Conv2d(l) => l.write(out),
            Layer::DepthwiseConv2d(l) => l.write(out),
            Layer::MaxPool(l) => l.write(out),
            Layer::AveragePool(l) => l.write(out),
            Layer::BatchNorm(l) => l.write(out),
            Layer::Add(l) => l.write(out),
            Layer::GlobalAveragePool | Layer::Flatten => {}
        }
    }

    /// Its byte in a saved network.
    fn tag(&self) -> u8 {
        match self {
            Layer::Dense(_) => dense::TAG,
            Layer::Dropout(_) => dropout::TAG,
            Layer::Conv1d(_) => conv1d::TAG,
            Layer::Conv2d(_) => conv2d::TAG,
            Layer::DepthwiseConv2d(_) => depthwise_conv2d::TAG,
            Layer::MaxPool(_) => max_pool::TAG,
            Layer::AveragePool(_) => average_pool::TAG,
            Layer::BatchNorm(_) => batch_norm::TAG,
            Layer::GlobalAveragePool => global_average_pool::TAG,
            Layer::Flatten => flatten::TAG,
            Layer::Add(_) => add::TAG,
        }
    }

    /// Reads a layer that sees a picture of shape `input`.
    pub(crate) fn read(r: &mut Reader<'_>, input: Shape) -> Result<Self, NetError> {
        let at = r.at();
        match r.u8()? {
            dense::TAG => Dense::read(r, input.len()).map(Layer::Dense),
            dropout::TAG => Dropout::read(r).map(Layer::Dropout),
            conv1d::TAG => Conv1d::read(r, input).map(Layer::Conv1d),
            conv2d::TAG => Conv2d::read(r, input.channels).map(Layer::Conv2d),
            depthwise_conv2d::TAG => {
                DepthwiseConv2d::read(r, input.channels).map(Layer::DepthwiseConv2d)
            }
            max_pool::TAG => MaxPool::read(r).map(Layer::MaxPool),
            average_pool::TAG => AveragePool::read(r).map(Layer::AveragePool),
            batch_norm::TAG => BatchNorm::read(r, input.channels).map(Layer::BatchNorm),
            global_average_pool::TAG => Ok(Layer::GlobalAveragePool),
            flatten::TAG => Ok(Layer::Flatten),
            add::TAG => Add::read(r).map(Layer::Add),
            other => Err(NetError::new(
                format!("a layer of unknown kind {other}"),
                format!("byte {at}"),
                "the file is damaged or newer than this version; train again",
            )),
        }
    }

    /// Adds its nodes; `shapes` are those of its input and output.
    pub(crate) fn lower(&self, name: &str, shapes: [Shape; 2], range: Range, to: &mut Lowering) {
        match self {
            Layer::Dense(l) => l.lower(name, range, to),
            Layer::Conv1d(l) => l.lower(name, shapes, range, to),
            Layer::Conv2d(l) => l.lower(name, shapes, range, to),
            Layer::DepthwiseConv2d(l) => l.lower(name, shapes, range, to),
            Layer::MaxPool(l) => l.lower(name, shapes, to),
            Layer::AveragePool(l) => l.lower(name, shapes, to),
            Layer::GlobalAveragePool => global_average_pool::lower(name, shapes[0], range, to),
            Layer::Flatten => flatten::lower(name, shapes[0], to),
            Layer::Add(l) => l.lower(name, shapes[1], range, to),
            // Dropout does nothing after training; a batch norm has been folded.
            Layer::Dropout(_) | Layer::BatchNorm(_) => to.give(to.back(1)),
        }
    }
}

/// `n` first weights; `fans` are how many values go into an output and how many
/// outputs a value goes into. See `dense.rs` for the source.
fn first_weights(
    n: usize,
    fans: [usize; 2],
    activation: Activation,
    random: &mut Rand32,
) -> Vec<f32> {
    let limit = match activation {
        Activation::Relu | Activation::Relu6 => (6.0 / fans[0] as f32).sqrt(),
        Activation::None => (6.0 / (fans[0] + fans[1]) as f32).sqrt(),
    };
    (0..n)
        .map(|_| (random.rand_float() * 2.0 - 1.0) * limit)
        .collect()
}

fn wrong_number(
    weights: &[f32],
    bias: &[f32],
    wanted: usize,
    outputs: usize,
    place: &str,
) -> NetError {
    NetError::new(
        format!(
            "{} weights and {} biases where {wanted} and {outputs} belong",
            weights.len(),
            bias.len()
        ),
        place,
        "give a weight for each tap and output, and one bias an output",
    )
}
