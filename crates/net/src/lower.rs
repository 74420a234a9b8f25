//! Float weights and ranges to an int8 graph.
//!
//! The arithmetic is TFLite's 8-bit quantization specification:
//! `real = (q − zero_point) · scale`; activations int8 asymmetric per tensor with
//! zero exactly representable, weights int8 symmetric, biases int32. Convolutions have
//! a weight scale a filter (axis 0 of CONV_2D, axis 3 of DEPTHWISE_CONV_2D).

use lampyris_graph::{DType, Graph, Node, Op, Quant, Tensor};

use crate::calibrate::not_finite;
use crate::{Layer, Net, NetError, Padding, Range, Ranges, Shape, Window};

/// Narrowest range that gets a scale of its own; narrower ones are widened, so
/// that no product of scales leaves the normal range of f32.
const NARROWEST: f32 = 1e-6;

/// The scale and zero point of an int8 activation: 255 steps over the range,
/// which is first widened to hold 0.
pub(crate) fn affine(range: Range) -> (f32, i8) {
    let min = range.min.min(0.0);
    let max = range.max.max(0.0);
    // Halves are taken first: the difference of two f32 may overflow.
    let scale = ((max / 2.0 - min / 2.0) / 127.5).max(NARROWEST / 255.0);
    let zero_point = (-128.0 - min / scale).round().clamp(-128.0, 127.0);
    (scale, zero_point as i8)
}

/// The float weights of a layer on their way into the graph.
pub(crate) struct Constants<'a> {
    /// In the order of `shape`.
    pub(crate) weights: &'a [f32],
    /// One an output.
    pub(crate) bias: &'a [f32],
    /// As TFLite has the weights.
    pub(crate) shape: Vec<usize>,
    /// Along which of its axes, the first or the last, each output has a scale of its
    /// own; `None` for one scale in all.
    pub(crate) axis: Option<usize>,
}

impl Constants<'_> {
    /// The output that weight `i` goes into.
    fn output(&self, i: usize) -> usize {
        match self.axis {
            Some(0) | None => i / (self.weights.len() / self.bias.len()),
            Some(_) => i % self.bias.len(),
        }
    }

    /// One scale, or one an output, by what the input is multiplied with.
    fn scales(&self, x_scale: f32) -> Vec<f32> {
        let groups = if self.axis.is_some() {
            self.bias.len()
        } else {
            1
        };
        let (mut weight, mut bias) = (vec![0.0_f32; groups], vec![0.0_f32; groups]);
        for (i, w) in self.weights.iter().enumerate() {
            let most = &mut weight[self.output(i) % groups];
            *most = most.max(w.abs());
        }
        for (o, b) in self.bias.iter().enumerate() {
            let most = &mut bias[o % groups];
            *most = most.max(b.abs());
        }
        let scale = |(weight, bias): (f32, f32)| {
            // A weight scale so small that the bias leaves int32 is widened: the
            // weights lose bits that next to such a bias could not matter.
            let needed = bias / x_scale / (1 << 30) as f32;
            let scale = (weight / 127.0).max(needed);
            // Below this, products of scales would leave the normal range of f32.
            if scale < 1e-18 { 1.0 } else { scale }
        };
        weight.into_iter().zip(bias).map(scale).collect()
    }
}

/// A graph being built front to back.
pub(crate) struct Lowering {
    graph: Graph,
    /// The tensors of the features and of every layer so far.
    given: Vec<usize>,
}

impl Lowering {
    /// The tensor that the layer `n` places above gave; beyond the first are the
    /// features.
    pub(crate) fn back(&self, n: usize) -> usize {
        self.given[self.given.len() - n]
    }

    /// Ends a layer: what it gives.
    pub(crate) fn give(&mut self, tensor: usize) {
        self.given.push(tensor);
    }

    /// The same values under another shape, through a RESHAPE where it is another.
    pub(crate) fn shaped(&mut self, tensor: usize, shape: Vec<usize>, name: &str) -> usize {
        self.reshaped(tensor, shape, format!("{name}/input"))
    }

    /// The same under a name of its own.
    pub(crate) fn reshaped(&mut self, tensor: usize, shape: Vec<usize>, name: String) -> usize {
        let from = &self.graph.tensors[tensor];
        if from.shape == shape {
            return tensor;
        }
        let quant = from.quant.clone();
        let dims: Vec<i32> = shape.iter().map(|d| *d as i32).collect();
        let wanted = self.whole_numbers(format!("{name}/shape"), &dims);
        let y = self.tensor(name, shape, DType::I8, quant, None);
        self.node(Op::Reshape, vec![Some(tensor), Some(wanted)], y);
        y
    }

    /// A pool, whose output has the input's scale, and is given.
    pub(crate) fn pool(&mut self, name: &str, op: Op, [input, output]: [Shape; 2]) {
        let x = self.shaped(self.back(1), input.picture(), name);
        let quant = self.graph.tensors[x].quant.clone();
        let y = self.tensor(name.to_string(), output.picture(), DType::I8, quant, None);
        self.node(op, vec![Some(x)], y);
        self.give(y);
    }

    /// A convolution of pictures, whose output has the scale of its range, and is given.
    pub(crate) fn convolution(
        &mut self,
        name: &str,
        op: Op,
        [input, output]: [Shape; 2],
        range: Range,
        constants: &Constants<'_>,
    ) {
        let x = self.shaped(self.back(1), input.picture(), name);
        let (w, b) = self.constants(name, x, constants);
        let y = self.activation(name.to_string(), output.picture(), affine(range));
        self.node(op, vec![Some(x), Some(w), Some(b)], y);
        self.give(y);
    }

    /// Weights as int8 and biases as int32 for the input `x`.
    pub(crate) fn constants(
        &mut self,
        name: &str,
        x: usize,
        constants: &Constants<'_>,
    ) -> (usize, usize) {
        let x_scale = self.graph.tensors[x]
            .quant
            .as_ref()
            .map_or(1.0, |q| q.scale[0]);
        let scales = constants.scales(x_scale);
        let of = |output: usize| scales[output % scales.len()];
        let weights = constants.weights.iter().enumerate().map(|(i, w)| {
            let steps = w / of(constants.output(i));
            steps.round().clamp(-127.0, 127.0) as i8 as u8
        });
        let weights = weights.collect();
        let bias =
            constants.bias.iter().enumerate().map(|(o, b)| {
                (f64::from(*b) / (f64::from(x_scale) * f64::from(of(o)))).round() as i32
            });
        let bias = bias.flat_map(i32::to_le_bytes).collect();
        let quant = |scale: Vec<f32>, axis: usize| Quant {
            zero_point: vec![0; scale.len()],
            scale,
            axis,
        };
        let bias_quant = quant(scales.iter().map(|s| x_scale * s).collect(), 0);
        let w = self.tensor(
            format!("{name}/weights"),
            constants.shape.clone(),
            DType::I8,
            Some(quant(scales, constants.axis.unwrap_or(0))),
            Some(weights),
        );
        let b = self.tensor(
            format!("{name}/bias"),
            vec![constants.bias.len()],
            DType::I32,
            Some(bias_quant),
            Some(bias),
        );
        (w, b)
    }

    /// Constant int32 without scale: shapes and axes.
    pub(crate) fn whole_numbers(&mut self, name: String, values: &[i32]) -> usize {
        let data = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.tensor(name, vec![values.len()], DType::I32, None, Some(data))
    }

    /// Adds an int8 activation.
    pub(crate) fn activation(
        &mut self,
        name: String,
        shape: Vec<usize>,
        (scale, zero_point): (f32, i8),
    ) -> usize {
        let quant = Quant {
            scale: vec![scale],
            zero_point: vec![zero_point.into()],
            axis: 0,
        };
        self.tensor(name, shape, DType::I8, Some(quant), None)
    }

    /// Adds a step that writes `output`.
    pub(crate) fn node(&mut self, op: Op, inputs: Vec<Option<usize>>, output: usize) {
        self.graph.nodes.push(Node {
            op,
            inputs,
            outputs: vec![output],
        });
    }

    fn tensor(
        &mut self,
        name: String,
        shape: Vec<usize>,
        dtype: DType,
        quant: Option<Quant>,
        data: Option<Vec<u8>>,
    ) -> usize {
        self.graph.tensors.push(Tensor {
            name,
            shape,
            dtype,
            quant,
            data,
        });
        self.graph.tensors.len() - 1
    }
}

impl Window {
    /// As a convolution of the graph has it.
    pub(crate) fn lowered(&self) -> lampyris_graph::Window {
        lampyris_graph::Window {
            padding: self.padding.lowered(),
            stride: self.stride,
            dilation: [1, 1],
        }
    }

    /// As a pool of the graph has it.
    pub(crate) fn pooled(&self) -> lampyris_graph::Pool {
        lampyris_graph::Pool {
            padding: self.padding.lowered(),
            stride: self.stride,
            size: self.size,
        }
    }
}

impl Padding {
    fn lowered(self) -> lampyris_graph::Padding {
        match self {
            Padding::Same => lampyris_graph::Padding::Same,
            Padding::Valid => lampyris_graph::Padding::Valid,
        }
    }
}

impl Net {
    /// The int8 graph of this network, batch norms folded: a node for each layer that
    /// computes something, with its activation fused, a RESHAPE where a layer takes
    /// another shape, then SOFTMAX with a scale of 1/256 and zero point −128. Input
    /// `[1, inputs]` or `[1, height, width, channels]`, output `[1, classes]`.
    ///
    /// # Errors
    ///
    /// Refuses weights and ranges that aren't finite, and ranges of another network.
    pub fn lower(&self, ranges: &Ranges, name: &str) -> Result<Graph, NetError> {
        if ranges.layers.len() != self.layers().len() {
            return Err(NetError::new(
                format!(
                    "{} ranges for {} layers",
                    ranges.layers.len(),
                    self.layers().len()
                ),
                "calibration",
                "calibrate this very network",
            ));
        }
        let all = || ranges.layers.iter().chain([&ranges.input]);
        if !all().all(|r| r.min.is_finite() && r.max.is_finite()) {
            return Err(not_finite("a range"));
        }
        let net = self.folded();
        let names = self.names();
        let mut to = Lowering {
            graph: Graph {
                name: name.to_string(),
                ..Graph::default()
            },
            given: Vec::new(),
        };
        let features = net.features();
        let input = to.activation("features".into(), features, affine(ranges.input));
        to.graph.inputs = vec![input];
        to.give(input);
        for (i, (layer, range)) in net.layers().iter().zip(&ranges.layers).enumerate() {
            if !layer.is_finite() {
                return Err(not_finite(&format!("a weight in {}", names[i])));
            }
            let shapes = [net.input_of(i), net.output_of(i)];
            layer.lower(&names[i], shapes, *range, &mut to);
        }
        let logits = to.back(1);
        let scale = (1.0 / 256.0, -128);
        let scores = to.activation("scores".into(), vec![1, net.classes()], scale);
        to.node(Op::Softmax { beta: 1.0 }, vec![Some(logits)], scores);
        to.graph.outputs = vec![scores];
        Ok(to.graph)
    }

    /// The shape of the graph's input: a row where the first layer that does anything
    /// takes one, so that no RESHAPE is needed.
    fn features(&self) -> Vec<usize> {
        let first = self
            .layers()
            .iter()
            .find(|l| !matches!(l, Layer::Dropout(_)));
        match first {
            Some(Layer::Dense(_) | Layer::Flatten) => vec![1, self.inputs()],
            _ => self.input().dims(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Dense, LayerSpec, NetSpec};

    #[test]
    fn zero_is_exactly_representable() {
        let range = |min, max| Range { min, max };
        assert_eq!(affine(range(0.0, 255.0)), (1.0, -128));
        assert_eq!(affine(range(-255.0, 0.0)), (1.0, 127));
        assert_eq!(affine(range(-128.0, 127.0)), (1.0, 0));
        // widened to hold 0
        assert_eq!(affine(range(10.0, 510.0)), (2.0, -128));
        let (scale, zero_point) = affine(range(0.0, 0.0));
        assert!(scale > 0.0 && zero_point == -128);
        let (scale, _) = affine(range(-f32::MAX, f32::MAX));
        assert!(scale.is_finite());
    }

    fn small() -> Net {
        Net::from_layers(
            2,
            vec![Layer::Dense(Dense {
                inputs: 2,
                units: 2,
                activation: Activation::None,
                weights: vec![1.27, -0.5, 0.004, 0.006],
                bias: vec![1.0, -2.0],
            })],
        )
        .expect("it fits")
    }

    fn ranges(layers: usize) -> Ranges {
        let range = Range {
            min: -128.0,
            max: 127.0,
        };
        Ranges {
            input: range,
            layers: vec![range; layers],
        }
    }

    #[test]
    fn weights_and_biases_are_rounded_by_hand() {
        let g = small().lower(&ranges(1), "small").expect("finite");
        let names: Vec<_> = g.tensors.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "features",
                "logits/weights",
                "logits/bias",
                "logits",
                "scores"
            ]
        );
        let w: Vec<i8> = g.tensors[1]
            .data
            .as_ref()
            .expect("constant")
            .iter()
            .map(|b| *b as i8)
            .collect();
        assert_eq!(w, [127, -50, 0, 1]);
        let scale = g.tensors[1].quant.as_ref().expect("quantized").scale[0];
        assert!((scale - 0.01).abs() < 1e-8);
        // bias 1.0 / (1.0 · 0.01) = 100
        assert_eq!(
            g.tensors[2].data.as_deref(),
            Some(&[100, 0, 0, 0, 0x38, 0xff, 0xff, 0xff][..])
        );
        let scores = g.tensors[4].quant.as_ref().expect("quantized");
        assert_eq!((scores.scale[0], scores.zero_point[0]), (1.0 / 256.0, -128));
        assert_eq!((g.inputs, g.outputs), (vec![0], vec![4]));
    }

    #[test]
    fn a_bias_beyond_int32_widens_the_weight_scale() {
        let mut layers = small().layers().to_vec();
        let Layer::Dense(d) = &mut layers[0] else {
            unreachable!("small() has one dense layer")
        };
        d.weights = vec![1e-9; 4];
        d.bias = vec![1000.0, -1000.0];
        let net = Net::from_layers(2, layers).expect("it fits");
        let g = net.lower(&ranges(1), "x").expect("finite");
        let data = g.tensors[2].data.as_ref().expect("constant");
        let first = i32::from_le_bytes([data[0], data[1], data[2], data[3]]);
        let scale = g.tensors[2].quant.as_ref().expect("quantized").scale[0];
        assert!((first as f32 * scale - 1000.0).abs() < 0.01);
    }

    #[test]
    fn weights_that_are_not_finite_are_refused() {
        let mut layers = small().layers().to_vec();
        let Layer::Dense(d) = &mut layers[0] else {
            unreachable!("small() has one dense layer")
        };
        d.weights[2] = f32::NAN;
        let net = Net::from_layers(2, layers).expect("shapes fit");
        let e = net.lower(&ranges(1), "x").expect_err("not a number");
        assert!(
            e.what.contains("logits") && e.remedy.contains("learning rate"),
            "{e}"
        );
        small()
            .lower(&ranges(2), "x")
            .expect_err("one range too many");
    }

    #[test]
    fn dropout_leaves_no_trace() {
        let spec = NetSpec {
            input: Shape::flat(3),
            classes: 2,
            hidden: vec![
                LayerSpec::Dense {
                    units: 4,
                    activation: Activation::Relu,
                },
                LayerSpec::Dropout { rate: 0.5 },
            ],
        };
        let net = Net::init(&spec, 1).expect("fine");
        let g = net.lower(&ranges(3), "x").expect("finite");
        assert_eq!(g.nodes.len(), 3);
        assert_eq!(g.nodes[1].inputs[0], Some(g.nodes[0].outputs[0]));
    }
}
