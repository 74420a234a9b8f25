//! Convolutions and pools of random shapes against their definitions.

use super::{divide, requantize, run};
use crate::fixture::{Random, activation, one_scale};
use crate::*;

/// One operator with a window and random everything else.
struct Case {
    kind: Kind,
    batches: usize,
    size: [usize; 2],
    channels: usize,
    outputs: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: Padding,
    groups: usize,
    zeros: [i32; 2],
    scales: [f32; 2],
    weight_scales: Vec<f32>,
    weights: Vec<i8>,
    bias: Option<Vec<i32>>,
    activation: Activation,
    x: Vec<i8>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Conv,
    Depthwise,
    Transposed,
    Average,
    Max,
}

impl Case {
    fn random(kind: Kind, seed: u64) -> Self {
        let mut r = Random(seed);
        let mut upto = |n: u32| 1 + r.below(n) as usize;
        let batches = upto(2);
        let size = [upto(7), upto(7)];
        let groups = if kind == Kind::Conv { upto(3) } else { 1 };
        let channels = groups * upto(5);
        let outputs = match kind {
            Kind::Conv => groups * upto(6),
            Kind::Depthwise => channels * upto(3),
            Kind::Transposed => upto(6),
            Kind::Average | Kind::Max => channels,
        };
        let kernel = [upto(4), upto(4)];
        let stride = [upto(3), upto(3)];
        let wide = matches!(kind, Kind::Conv | Kind::Depthwise);
        let dilation = if wide { [upto(2), upto(3)] } else { [1, 1] };
        let fits = |a: usize| size[a] > (kernel[a] - 1) * dilation[a];
        let valid = upto(2) == 2 && (kind == Kind::Transposed || (fits(0) && fits(1)));
        let depth = match kind {
            Kind::Depthwise => 1,
            _ => channels / groups,
        };
        let scale = |r: &mut Random| {
            2f32.powi(-(r.below(6) as i32) - 4) * (1.0 + r.below(999) as f32 / 1000.0)
        };
        let count = if r.below(3) == 0 { 1 } else { outputs };
        let zero = i32::from(r.byte());
        let scales = [scale(&mut r), scale(&mut r)];
        let pool = matches!(kind, Kind::Average | Kind::Max);
        Self {
            kind,
            batches,
            size,
            channels,
            outputs,
            kernel,
            stride,
            dilation,
            padding: if valid { Padding::Valid } else { Padding::Same },
            groups,
            zeros: [zero, if pool { zero } else { i32::from(r.byte()) }],
            scales: [scales[0], if pool { scales[0] } else { 4.0 * scales[1] }],
            weight_scales: (0..count).map(|_| scale(&mut r)).collect(),
            weights: (0..kernel[0] * kernel[1] * depth * outputs)
                .map(|_| r.byte())
                .collect(),
            bias: (r.below(3) > 0).then(|| (0..outputs).map(|_| r.next() as i32 >> 18).collect()),
            activation: [Activation::None, Activation::Relu, Activation::Relu6]
                [r.below(3) as usize],
            x: (0..batches * size[0] * size[1] * channels)
                .map(|_| r.byte())
                .collect(),
        }
    }

    /// Rows, columns, and what is padded or cut before them, by TFLite's rules.
    fn outcome(&self) -> [(usize, usize); 2] {
        [0, 1].map(|a| {
            let (n, k, s) = (self.size[a], self.kernel[a], self.stride[a]);
            let extent = (k - 1) * self.dilation[a] + 1;
            match (self.kind, self.padding) {
                (Kind::Transposed, Padding::Valid) => ((n - 1) * s + k, 0),
                (Kind::Transposed, _) => (n * s, ((n - 1) * s + k).saturating_sub(n * s) / 2),
                (_, Padding::Valid) => ((n - extent) / s + 1, 0),
                _ => {
                    let out = n.div_ceil(s);
                    (out, ((out - 1) * s + extent).saturating_sub(n) / 2)
                }
            }
        })
    }

    fn graph(&self) -> Graph {
        let [(oh, _), (ow, _)] = self.outcome();
        let [h, w] = self.size;
        let [kh, kw] = self.kernel;
        let shape = match self.kind {
            Kind::Depthwise => vec![1, kh, kw, self.outputs],
            _ => vec![self.outputs, kh, kw, self.channels / self.groups],
        };
        let constant = |name: &str, shape, dtype, scale: Vec<f32>, axis, data| Tensor {
            name: name.into(),
            shape,
            dtype,
            quant: Some(Quant {
                zero_point: vec![0; scale.len()],
                scale,
                axis,
            }),
            data: Some(data),
        };
        let axis = if self.kind == Kind::Depthwise { 3 } else { 0 };
        let weights = self.weights.iter().map(|&w| w as u8).collect();
        let words = |v: &[i32]| v.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>();
        let bias = self.bias.as_deref().unwrap_or(&[0]);
        let tensors = vec![
            activation(
                "x",
                &[self.batches, h, w, self.channels],
                self.scales[0],
                self.zeros[0],
            ),
            activation(
                "y",
                &[self.batches, oh, ow, self.outputs],
                self.scales[1],
                self.zeros[1],
            ),
            constant(
                "w",
                shape,
                DType::I8,
                self.weight_scales.clone(),
                axis,
                weights,
            ),
            constant("b", vec![bias.len()], DType::I32, vec![1.0], 0, words(bias)),
        ];
        let (window, activation) = (
            Window {
                padding: self.padding,
                stride: self.stride,
                dilation: self.dilation,
            },
            self.activation,
        );
        let pool = Pool {
            padding: self.padding,
            stride: self.stride,
            size: self.kernel,
        };
        let bias = self.bias.as_ref().map(|_| 3);
        let (op, inputs) = match self.kind {
            Kind::Conv => (
                Op::Conv2d { window, activation },
                vec![Some(0), Some(2), bias],
            ),
            Kind::Depthwise => (
                Op::DepthwiseConv2d { window, activation },
                vec![Some(0), Some(2), bias],
            ),
            Kind::Transposed => (
                Op::TransposeConv {
                    padding: self.padding,
                    stride: self.stride,
                    activation,
                },
                vec![None, Some(2), Some(0), bias],
            ),
            Kind::Average => (Op::AveragePool2d { pool, activation }, vec![Some(0)]),
            Kind::Max => (Op::MaxPool2d { pool, activation }, vec![Some(0)]),
        };
        Graph {
            name: "case".into(),
            tensors,
            nodes: vec![Node {
                op,
                inputs,
                outputs: vec![1],
            }],
            inputs: vec![0],
            outputs: vec![1],
            variables: Vec::new(),
        }
    }

    /// The position of the picture that an output's tap sees, if it is in it.
    fn position(&self, axis: usize, output: usize, tap: usize, pad: usize) -> Option<usize> {
        let (output, tap, pad) = (output as i64, tap as i64, pad as i64);
        let (stride, dilation) = (self.stride[axis] as i64, self.dilation[axis] as i64);
        let at = if self.kind == Kind::Transposed {
            let shifted = output + pad - tap;
            (shifted % stride == 0).then_some(shifted / stride)?
        } else {
            output * stride + tap * dilation - pad
        };
        usize::try_from(at).ok().filter(|&at| at < self.size[axis])
    }

    /// Straight from the definitions: every output asks every tap.
    fn reference(&self) -> Vec<i8> {
        let [(oh, top), (ow, left)] = self.outcome();
        let (low, high) = activation_range(self.activation, self.scales[1], self.zeros[1]);
        let mut y = Vec::new();
        for n in 0..self.batches {
            for row in 0..oh {
                for column in 0..ow {
                    for o in 0..self.outputs {
                        let mut taps = Vec::new();
                        for i in 0..self.kernel[0] {
                            for j in 0..self.kernel[1] {
                                let r = self.position(0, row, i, top);
                                let c = self.position(1, column, j, left);
                                if let Some((r, c)) = r.zip(c) {
                                    taps.push((i, j, (n * self.size[0] + r) * self.size[1] + c));
                                }
                            }
                        }
                        let value = self.output(o, &taps);
                        y.push(value.clamp(i64::from(low), i64::from(high)) as i8);
                    }
                }
            }
        }
        y
    }

    /// Output `o` of the taps (i, j, pixel) that lie in the picture.
    fn output(&self, o: usize, taps: &[(usize, usize, usize)]) -> i64 {
        let x = |pixel: usize, k: usize| i64::from(self.x[pixel * self.channels + k]);
        match self.kind {
            Kind::Max => taps.iter().map(|t| x(t.2, o)).max().expect("a tap"),
            Kind::Average => {
                let sum: i64 = taps.iter().map(|t| x(t.2, o)).sum();
                divide(sum, taps.len() as i64)
            }
            Kind::Conv | Kind::Depthwise | Kind::Transposed => {
                let mut sum = self.bias.as_ref().map_or(0, |b| i64::from(b[o]));
                let depth = self.channels / self.groups;
                let group = o / (self.outputs / self.groups);
                for &(i, j, pixel) in taps {
                    let tap = i * self.kernel[1] + j;
                    if self.kind == Kind::Depthwise {
                        let k = o / (self.outputs / self.channels);
                        let w = i64::from(self.weights[tap * self.outputs + o]);
                        sum += w * (x(pixel, k) - i64::from(self.zeros[0]));
                        continue;
                    }
                    for k in 0..depth {
                        let at = (o * self.kernel[0] * self.kernel[1] + tap) * depth + k;
                        let value = x(pixel, group * depth + k) - i64::from(self.zeros[0]);
                        sum += i64::from(self.weights[at]) * value;
                    }
                }
                let scale = self.weight_scales[o % self.weight_scales.len()];
                let real = f64::from(self.scales[0]) * f64::from(scale) / f64::from(self.scales[1]);
                let m = quantize_multiplier(real).expect("a small factor");
                requantize(sum, m.significand, m.shift) + i64::from(self.zeros[1])
            }
        }
    }
}

#[test]
fn windows_equal_their_definitions() {
    let (mut overlaid, mut varied) = (0, 0);
    for kind in [
        Kind::Conv,
        Kind::Depthwise,
        Kind::Transposed,
        Kind::Average,
        Kind::Max,
    ] {
        for seed in 0..600 {
            let case = Case::random(kind, seed);
            let graph = case.graph();
            let want = case.reference();
            assert_eq!(run(&graph, &case.x), [&want[..]], "{kind:?} seed {seed}");
            let plan = graph.plan().expect("a sound graph");
            overlaid += usize::from(plan.arena_bytes < case.x.len() + want.len());
            varied += usize::from(want.iter().any(|v| *v != want[0]));
        }
    }
    assert!(overlaid > 1000 && varied > 1500, "{overlaid} {varied}");
}

/// x → PAD → CONV_2D (VALID) → RELU, as some converters leave it.
#[test]
fn what_is_fused_keeps_its_bytes() {
    let mut kept = 0;
    for seed in 0..300 {
        let mut case = Case::random(
            if seed % 2 == 0 {
                Kind::Conv
            } else {
                Kind::Depthwise
            },
            seed,
        );
        case.activation = Activation::None;
        case.padding = Padding::Valid;
        let mut r = Random(seed);
        let pads = [0; 4].map(|_| r.below(3) as i32);
        let inner = case.size;
        case.size[0] += (pads[0] + pads[1]) as usize;
        case.size[1] += (pads[2] + pads[3]) as usize;
        let fits = |a: usize| case.size[a] > (case.kernel[a] - 1) * case.dilation[a];
        if !fits(0) || !fits(1) {
            continue;
        }
        kept += 1;
        let mut graph = case.graph();
        let padded = graph.tensors[0].clone();
        graph.tensors[0].shape[1..3].copy_from_slice(&inner);
        let words = [0, 0, pads[0], pads[1], pads[2], pads[3], 0, 0];
        let added = graph.tensors.len();
        graph.tensors.push(padded);
        graph.tensors.push(Tensor {
            name: "paddings".into(),
            shape: vec![4, 2],
            dtype: DType::I32,
            quant: None,
            data: Some(words.iter().flat_map(|v| v.to_le_bytes()).collect()),
        });
        let mut clamped = graph.tensors[1].clone();
        clamped.quant = one_scale(case.scales[1], case.zeros[1]);
        graph.tensors.push(clamped);
        graph.nodes[0].inputs[0] = Some(added);
        graph.nodes.insert(
            0,
            Node {
                op: Op::Pad,
                inputs: vec![Some(0), Some(added + 1)],
                outputs: vec![added],
            },
        );
        graph.nodes.push(Node {
            op: Op::Relu,
            inputs: vec![Some(1)],
            outputs: vec![added + 2],
        });
        graph.outputs = vec![added + 2];
        let fused = graph.fused();
        assert_eq!(fused.nodes.len(), 1, "seed {seed}");
        let x: Vec<i8> = (0..graph.tensors[0].elements()).map(|_| r.byte()).collect();
        assert_eq!(run(&fused, &x), run(&graph, &x), "seed {seed}");
    }
    assert!(kept > 100, "{kept}");
}
