//! What a network looks like, before it has weights.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::layers::{
    Activation, add, average_pool, batch_norm, conv1d, conv2d, dense, depthwise_conv2d, dropout,
    flatten, global_average_pool, max_pool,
};
use crate::{Layer, NetError, Padding, Shape, Window};

/// Most classes or units a layer may have, and most weights that go into one output. An accumulator of int32 holds this many int8 products and a bias
/// without overflow.
pub const MAX_UNITS: u32 = 16_384;

/// Most features that a network may take: a picture of 160 × 160 colours, and more.
pub const MAX_INPUTS: usize = 1 << 17;

/// Most weights and biases a network may have: far beyond any microcontroller,
/// and small enough that a slip of the hand can't fill a browser's memory.
pub const MAX_PARAMS: u64 = 8_000_000;

/// Most values that a layer may hand to the next, for the same reason.
pub const MAX_VALUES: usize = 1 << 20;

/// Most hidden layers.
const MAX_LAYERS: usize = 64;

/// One hidden layer as drawn. In JSON: `{"kind":"dense","units":32,"activation":"relu"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum LayerSpec {
    /// Every unit sees every input; a picture is flattened first.
    Dense {
        /// Outputs, 1..=[`MAX_UNITS`].
        units: u32,
        /// Applied to each output.
        #[serde(default)]
        activation: Activation,
    },
    /// Silences values at random while training; does nothing afterwards.
    Dropout {
        /// Share of values silenced, 0.0..=0.9.
        rate: f32,
    },
    /// Filters that slide over time: each sees all columns and channels of some frames.
    Conv1d {
        /// Outputs a frame, 1..=[`MAX_UNITS`].
        filters: u32,
        /// Frames that a filter sees, 1..=1024.
        kernel: u32,
        /// Frames from one place to the next, 1..=1024.
        #[serde(default = "one")]
        stride: u32,
        /// What lies before and behind.
        #[serde(default)]
        padding: Padding,
        /// Applied to each output.
        #[serde(default)]
        activation: Activation,
    },
    /// Filters that slide over a picture: each sees all channels of some pixels.
    Conv2d {
        /// Outputs a pixel, 1..=[`MAX_UNITS`].
        filters: u32,
        /// Height and width that a filter sees, 1..=1024 each.
        kernel: [u32; 2],
        /// Pixels from one place to the next, in height and width, 1..=1024 each.
        #[serde(default = "ones")]
        stride: [u32; 2],
        /// What lies around the picture.
        #[serde(default)]
        padding: Padding,
        /// Applied to each output.
        #[serde(default)]
        activation: Activation,
    },
    /// One filter a channel: channels stay apart.
    DepthwiseConv2d {
        /// Height and width that a filter sees, 1..=1024 each.
        kernel: [u32; 2],
        /// Pixels from one place to the next, in height and width, 1..=1024 each.
        #[serde(default = "ones")]
        stride: [u32; 2],
        /// What lies around the picture.
        #[serde(default)]
        padding: Padding,
        /// Applied to each output.
        #[serde(default)]
        activation: Activation,
    },
    /// Of each window the largest value, channel by channel; what doesn't fill a
    /// window is left out.
    MaxPool {
        /// Height and width of the window, 1..=1024 each.
        size: [u32; 2],
        /// Pixels from one window to the next; left out: as large as the window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        stride: Option<[u32; 2]>,
    },
    /// Of each window the mean, channel by channel; what doesn't fill a window is
    /// left out.
    AveragePool {
        /// Height and width of the window, 1..=1024 each.
        size: [u32; 2],
        /// Pixels from one window to the next; left out: as large as the window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        stride: Option<[u32; 2]>,
    },
    /// Gives each channel a mean and deviation that are learned. Stands right behind
    /// a dense or convolution layer without activation, into which it is folded.
    BatchNorm {
        /// Applied to each output.
        #[serde(default)]
        activation: Activation,
    },
    /// Of each channel the mean over the whole picture.
    GlobalAveragePool,
    /// The picture as one row of values.
    Flatten,
    /// Adds the output of an earlier layer, of the same shape.
    Add {
        /// Which: 1 is the layer right above (and no use), 2 the one above that; the
        /// position of this layer (the first being 1) means the features.
        back: u32,
        /// Applied to each sum.
        #[serde(default)]
        activation: Activation,
    },
}

fn one() -> u32 {
    1
}

fn ones() -> [u32; 2] {
    [1, 1]
}

/// A whole network as drawn. A dense layer of `classes` units without
/// activation, and a softmax, follow the hidden layers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetSpec {
    /// Features of one window.
    pub input: Shape,
    /// Labels to tell apart, at least 2.
    pub classes: usize,
    /// Layers between features and classes.
    pub hidden: Vec<LayerSpec>,
}

/// What one layer of the lowered network costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LayerCost {
    /// As in the drawing and in the graph, for example `dense_1`.
    pub name: String,
    /// TFLite's name of the operator; `-` for a layer that vanishes.
    pub operator: String,
    /// Shape of the output, batch first: `[1, units]` or `[1, height, width, channels]`.
    pub output_shape: Vec<u32>,
    /// Weights and biases, counted one by one.
    #[ts(type = "number")]
    pub params: u64,
    /// Multiply-accumulates.
    #[ts(type = "number")]
    pub macs: u64,
    /// Bytes of int8 weights and int32 biases.
    #[ts(type = "number")]
    pub bytes: u64,
}

impl LayerCost {
    /// A layer without weights.
    pub(crate) fn of(name: String, operator: &str, output: Vec<usize>) -> Self {
        Self {
            name,
            operator: operator.into(),
            output_shape: output.iter().map(|d| *d as u32).collect(),
            params: 0,
            macs: 0,
            bytes: 0,
        }
    }

    /// The same layer with so many weights, each used `uses` times, and biases.
    pub(crate) fn weighing(mut self, weights: usize, uses: usize, biases: usize) -> Self {
        let [weights, uses, biases] = [weights, uses, biases].map(|n| n as u64);
        self.params = weights + biases;
        self.macs = weights * uses;
        self.bytes = weights + 4 * biases;
        self
    }
}

impl NetSpec {
    /// Refuses networks that can't be built, naming the layer.
    ///
    /// # Errors
    ///
    /// Settings out of range, windows larger than their picture, sums of unlike
    /// shapes, a batch norm with nothing to fold it into, and networks too large.
    pub fn check(&self) -> Result<(), NetError> {
        self.outputs().map(|_| ())
    }

    /// Refuses layers that no input could make sense of; what depends on the shape
    /// of the features, [`NetSpec::check`] says.
    ///
    /// # Errors
    ///
    /// Too many layers, and settings out of range.
    pub fn check_layers(hidden: &[LayerSpec]) -> Result<(), NetError> {
        if hidden.len() > MAX_LAYERS {
            return Err(NetError::new(
                format!("{} hidden layers", hidden.len()),
                "network",
                format!("use at most {MAX_LAYERS}"),
            ));
        }
        for (i, layer) in hidden.iter().enumerate() {
            layer.check(&place(i))?;
            match layer {
                LayerSpec::BatchNorm { .. } => batch_norm::check(hidden, i, &place(i))?,
                LayerSpec::Add { back, .. } => add::check(hidden, i, *back, &place(i))?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The shape that each layer gives, `logits` included.
    ///
    /// # Errors
    ///
    /// As [`NetSpec::check`].
    pub fn outputs(&self) -> Result<Vec<Shape>, NetError> {
        let max = MAX_UNITS as usize;
        if self.input.is_empty() || self.input.len() > MAX_INPUTS {
            return Err(NetError::new(
                format!("a network of {} input features", self.input.len()),
                "input",
                format!("choose windows and block settings that give 1 to {MAX_INPUTS} features"),
            ));
        }
        if self.classes < 2 || self.classes > max {
            return Err(NetError::new(
                format!("a network for {} label(s)", self.classes),
                "output",
                format!("record 2 to {max} different labels"),
            ));
        }
        Self::check_layers(&self.hidden)?;
        // What each layer may look back on: the features, then every output.
        let mut shapes = vec![self.input];
        let mut params = 0;
        for (i, (name, layer)) in self.named().enumerate() {
            let input = shapes[i];
            let output = layer.output(&shapes, &place(i))?;
            if output.len() > MAX_VALUES {
                return Err(NetError::new(
                    format!("a layer that gives {output} values"),
                    place(i),
                    format!(
                        "use fewer filters or a larger stride; at most {MAX_VALUES} values fit"
                    ),
                ));
            }
            params += layer.cost(name, input, output).params;
            shapes.push(output);
        }
        if params > MAX_PARAMS {
            return Err(NetError::new(
                format!("a network of {params} parameters"),
                "network",
                format!("use fewer units or features; at most {MAX_PARAMS} parameters fit"),
            ));
        }
        shapes.remove(0);
        Ok(shapes)
    }

    /// What each layer will cost once lowered, the final softmax included; nothing
    /// for a network that [`NetSpec::check`] refuses.
    pub fn costs(&self) -> Vec<LayerCost> {
        let Ok(outputs) = self.outputs() else {
            return Vec::new();
        };
        let inputs = [self.input].into_iter().chain(outputs.iter().copied());
        let layers = self.named().zip(inputs).zip(&outputs);
        let scores = LayerCost::of("scores".into(), "SOFTMAX", vec![1, self.classes]);
        layers
            .map(|(((name, layer), input), &output)| layer.cost(name, input, output))
            .chain([scores])
            .collect()
    }

    /// All layers with their names, the final dense layer (`logits`) included.
    pub(crate) fn named(&self) -> impl Iterator<Item = (String, LayerSpec)> + '_ {
        let last = LayerSpec::Dense {
            units: self.classes as u32,
            activation: Activation::None,
        };
        self.hidden
            .iter()
            .enumerate()
            .map(|(i, layer)| (format!("{}_{}", layer.kind(), i + 1), layer.clone()))
            .chain(std::iter::once(("logits".to_string(), last)))
    }
}

/// What errors call layer `i`.
pub(crate) fn place(i: usize) -> String {
    format!("layer {}", i + 1)
}

impl LayerSpec {
    /// The kind as written in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            LayerSpec::Dense { .. } => dense::KIND,
            LayerSpec::Dropout { .. } => dropout::KIND,
            LayerSpec::Conv1d { .. } => conv1d::KIND,
            LayerSpec::Conv2d { .. } => conv2d::KIND,
            LayerSpec::DepthwiseConv2d { .. } => depthwise_conv2d::KIND,
            LayerSpec::MaxPool { .. } => max_pool::KIND,
            LayerSpec::AveragePool { .. } => average_pool::KIND,
            LayerSpec::BatchNorm { .. } => batch_norm::KIND,
            LayerSpec::GlobalAveragePool => global_average_pool::KIND,
            LayerSpec::Flatten => flatten::KIND,
            LayerSpec::Add { .. } => add::KIND,
        }
    }

    /// How its window moves, where it has one.
    pub(crate) fn window(&self) -> Option<Window> {
        match self {
            LayerSpec::Conv1d {
                kernel,
                stride,
                padding,
                ..
            } => Some(Window::new([*kernel, 1], [*stride, 1], *padding)),
            LayerSpec::Conv2d {
                kernel,
                stride,
                padding,
                ..
            }
            | LayerSpec::DepthwiseConv2d {
                kernel,
                stride,
                padding,
                ..
            } => Some(Window::new(*kernel, *stride, *padding)),
            LayerSpec::MaxPool { size, stride } | LayerSpec::AveragePool { size, stride } => {
                Some(Window::new(*size, stride.unwrap_or(*size), Padding::Valid))
            }
            LayerSpec::Dense { .. }
            | LayerSpec::Dropout { .. }
            | LayerSpec::BatchNorm { .. }
            | LayerSpec::GlobalAveragePool
            | LayerSpec::Flatten
            | LayerSpec::Add { .. } => None,
        }
    }

    /// Refuses settings out of range.
    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        if let Some(window) = self.window() {
            window.check(place)?;
        }
        match self {
            LayerSpec::Dense { units, .. } => dense::check(*units, place),
            LayerSpec::Dropout { rate } => dropout::check(*rate, place),
            LayerSpec::Conv1d { filters, .. } | LayerSpec::Conv2d { filters, .. } => {
                conv2d::check(*filters, place)
            }
            LayerSpec::DepthwiseConv2d { .. }
            | LayerSpec::MaxPool { .. }
            | LayerSpec::AveragePool { .. }
            | LayerSpec::BatchNorm { .. }
            | LayerSpec::GlobalAveragePool
            | LayerSpec::Flatten
            | LayerSpec::Add { .. } => Ok(()),
        }
    }

    /// The shape it gives; `shapes` are those of the features and of every layer
    /// above, the last its own input.
    pub(crate) fn output(&self, shapes: &[Shape], place: &str) -> Result<Shape, NetError> {
        let input = shapes[shapes.len() - 1];
        let windowed = |channels| {
            let window = self.window().expect("a layer with a window");
            let [height, width] = window.outputs(input, place)?;
            Ok(Shape::new(height, width, channels))
        };
        match self {
            LayerSpec::Dense { units, .. } => dense::output(input, *units, place),
            LayerSpec::Conv1d {
                filters, kernel, ..
            } => {
                let input = conv1d::view(input);
                conv2d::check_taps(input, [*kernel as usize, 1], place)?;
                let window = self.window().expect("a layer with a window");
                let [height, width] = window.outputs(input, place)?;
                Ok(Shape::new(height, width, *filters as usize))
            }
            LayerSpec::Conv2d {
                filters, kernel, ..
            } => {
                conv2d::check_taps(input, kernel.map(|k| k as usize), place)?;
                windowed(*filters as usize)
            }
            LayerSpec::DepthwiseConv2d { kernel, .. } => {
                conv2d::check_taps(Shape::flat(1), kernel.map(|k| k as usize), place)?;
                windowed(input.channels)
            }
            LayerSpec::MaxPool { .. } | LayerSpec::AveragePool { .. } => windowed(input.channels),
            LayerSpec::Dropout { .. } | LayerSpec::BatchNorm { .. } => Ok(input),
            LayerSpec::GlobalAveragePool => Ok(Shape::flat(input.channels)),
            LayerSpec::Flatten => Ok(Shape::flat(input.len())),
            LayerSpec::Add { back, .. } => add::output(shapes, *back as usize, place),
        }
    }

    /// What it costs between these shapes.
    fn cost(&self, name: String, input: Shape, output: Shape) -> LayerCost {
        match self {
            LayerSpec::Dense { .. } => dense::cost(name, input, output),
            LayerSpec::Dropout { .. } => dropout::cost(name, output),
            LayerSpec::Conv1d { kernel, .. } => {
                conv2d::cost(name, conv1d::view(input), [*kernel as usize, 1], output)
            }
            LayerSpec::Conv2d { kernel, .. } => {
                conv2d::cost(name, input, kernel.map(|k| k as usize), output)
            }
            LayerSpec::DepthwiseConv2d { kernel, .. } => {
                depthwise_conv2d::cost(name, kernel.map(|k| k as usize), output)
            }
            LayerSpec::MaxPool { .. } => max_pool::cost(name, output),
            LayerSpec::AveragePool { .. } => average_pool::cost(name, output),
            LayerSpec::BatchNorm { .. } => batch_norm::cost(name, output),
            LayerSpec::GlobalAveragePool => global_average_pool::cost(name, output),
            LayerSpec::Flatten => flatten::cost(name, input, output),
            LayerSpec::Add { .. } => add::cost(name, output),
        }
    }

    /// The drawing of a layer that has weights.
    pub(crate) fn of(layer: &Layer) -> Self {
        let sides = |pair: [usize; 2]| pair.map(|n| n as u32);
        match layer {
            Layer::Dense(d) => LayerSpec::Dense {
                units: d.units as u32,
                activation: d.activation,
            },
            Layer::Dropout(d) => LayerSpec::Dropout { rate: d.rate },
            Layer::Conv1d(c) => LayerSpec::Conv1d {
                filters: c.0.filters as u32,
                kernel: c.0.window.size[0] as u32,
                stride: c.0.window.stride[0] as u32,
                padding: c.0.window.padding,
                activation: c.0.activation,
            },
            Layer::Conv2d(c) => LayerSpec::Conv2d {
                filters: c.filters as u32,
                kernel: sides(c.window.size),
                stride: sides(c.window.stride),
                padding: c.window.padding,
                activation: c.activation,
            },
            Layer::DepthwiseConv2d(c) => LayerSpec::DepthwiseConv2d {
                kernel: sides(c.window.size),
                stride: sides(c.window.stride),
                padding: c.window.padding,
                activation: c.activation,
            },
            Layer::MaxPool(p) => LayerSpec::MaxPool {
                size: sides(p.window.size),
                stride: p.window.other_stride().map(sides),
            },
            Layer::AveragePool(p) => LayerSpec::AveragePool {
                size: sides(p.window.size),
                stride: p.window.other_stride().map(sides),
            },
            Layer::BatchNorm(b) => LayerSpec::BatchNorm {
                activation: b.activation,
            },
            Layer::GlobalAveragePool => LayerSpec::GlobalAveragePool,
            Layer::Flatten => LayerSpec::Flatten,
            Layer::Add(a) => LayerSpec::Add {
                back: a.back as u32,
                activation: a.activation,
            },
        }
    }
}

#[cfg(test)]
mod tests;
