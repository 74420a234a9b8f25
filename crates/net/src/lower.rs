//! Float weights and ranges to an int8 graph.
//!
//! The arithmetic is TFLite's 8-bit quantization specification:
//! `real = (q − zero_point) · scale`; activations int8 asymmetric per tensor with
//! zero exactly representable, weights int8 symmetric, biases int32.

use lampyris_graph::{DType, Graph, Node, Op, Quant, Tensor};

use crate::calibrate::not_finite;
use crate::{Net, NetError, Range, Ranges};

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

/// A graph being built front to back.
pub(crate) struct Lowering {
    graph: Graph,
    /// Index and scale of the activation that the next layer reads.
    current: (usize, f32),
}

impl Lowering {
    /// Index and scale of what the next layer reads.
    pub(crate) fn current(&self) -> (usize, f32) {
        self.current
    }

    /// Adds a constant of zero point 0.
    pub(crate) fn constant(
        &mut self,
        name: String,
        shape: Vec<usize>,
        dtype: DType,
        scale: f32,
        data: Vec<u8>,
    ) -> usize {
        self.tensor(name, shape, dtype, scale, 0, Some(data))
    }

    /// Adds an int8 activation of shape `[1, units]` and makes it the current one.
    pub(crate) fn activation(
        &mut self,
        name: String,
        units: usize,
        scale: f32,
        zero_point: i8,
    ) -> usize {
        let index = self.tensor(
            name,
            vec![1, units],
            DType::I8,
            scale,
            zero_point.into(),
            None,
        );
        self.current = (index, scale);
        index
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
        scale: f32,
        zero_point: i32,
        data: Option<Vec<u8>>,
    ) -> usize {
        self.graph.tensors.push(Tensor {
            name,
            shape,
            dtype,
            quant: Some(Quant {
                scale: vec![scale],
                zero_point: vec![zero_point],
                axis: 0,
            }),
            data,
        });
        self.graph.tensors.len() - 1
    }
}

impl Net {
    /// The int8 graph of this network: one FULLY_CONNECTED a dense layer with its
    /// activation fused, then SOFTMAX with a scale of 1/256 and zero point −128.
    /// Input `[1, inputs]`, output `[1, classes]`.
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
        let names = self.names();
        let mut to = Lowering {
            graph: Graph {
                name: name.to_string(),
                ..Graph::default()
            },
            current: (0, 1.0),
        };
        let (scale, zero_point) = affine(ranges.input);
        let input = to.activation("features".into(), self.inputs(), scale, zero_point);
        to.graph.inputs = vec![input];
        for ((layer, range), name) in self.layers().iter().zip(&ranges.layers).zip(&names) {
            if !layer.is_finite() {
                return Err(not_finite(&format!("a weight in {name}")));
            }
            layer.lower(name, *range, &mut to)?;
        }
        let (logits, _) = to.current();
        let scores = to.activation("scores".into(), self.classes(), 1.0 / 256.0, -128);
        to.node(Op::Softmax { beta: 1.0 }, vec![Some(logits)], scores);
        to.graph.outputs = vec![scores];
        Ok(to.graph)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Dense, Layer, LayerSpec, NetSpec};

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
            input: 3,
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
