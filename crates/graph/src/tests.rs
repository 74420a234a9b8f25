//! The emitted bytes, run by the engine and compared with plain arithmetic.

mod case;
mod moves;
mod one_value;
mod reductions;
mod two_values;
mod windows;

use lampyris_core::{Session, arena_bytes, ops::ALL};

use crate::fixture::{Random, activation, chain, one_scale, random_chain};
use crate::*;

/// Runs a graph of one input on `x` and gives every output.
fn run(graph: &Graph, x: &[i8]) -> Vec<Vec<i8>> {
    let blob = AlignedBytes::from(graph.emit().expect("a sound graph"));
    let arena = vec![0u8; arena_bytes(blob.as_ref()).expect("an emitted blob")];
    let mut session = Session::new(blob, arena, ALL).expect("an emitted blob");
    session.input_mut(0).copy_from_slice(x);
    session.run();
    (0..graph.outputs.len())
        .map(|i| session.output(i).to_vec())
        .collect()
}

/// One FULLY_CONNECTED with random everything.
struct Problem {
    x_zero: i32,
    y_zero: i32,
    scales: [f32; 2],
    weight_scales: Vec<f32>,
    weights: Vec<i8>,
    bias: Option<Vec<i32>>,
    x: Vec<i8>,
    rows: usize,
    inputs: usize,
    activation: Activation,
}

impl Problem {
    fn random(seed: u64) -> Self {
        let mut r = Random(seed);
        let inputs = 1 + r.below(70) as usize;
        let outputs = 1 + r.below(20) as usize;
        let rows = 1 + r.below(3) as usize;
        let scale = |r: &mut Random| {
            2f32.powi(-(r.below(12) as i32)) * (1.0 + r.below(999) as f32 / 1000.0)
        };
        let per_axis = r.below(2) == 1;
        Self {
            x_zero: i32::from(r.byte()),
            y_zero: i32::from(r.byte()),
            scales: [scale(&mut r), scale(&mut r)],
            weight_scales: (0..if per_axis { outputs } else { 1 })
                .map(|_| scale(&mut r))
                .collect(),
            weights: (0..inputs * outputs).map(|_| r.byte()).collect(),
            bias: (r.below(3) > 0).then(|| (0..outputs).map(|_| r.next() as i32 >> 12).collect()),
            x: (0..rows * inputs).map(|_| r.byte()).collect(),
            rows,
            inputs,
            activation: [Activation::None, Activation::Relu, Activation::Relu6]
                [r.below(3) as usize],
        }
    }

    fn outputs(&self) -> usize {
        self.weights.len() / self.inputs
    }

    fn graph(&self) -> Graph {
        let (i, o, n) = (self.inputs, self.outputs(), self.rows);
        let mut tensors = vec![
            activation("x", &[n, i], self.scales[0], self.x_zero),
            Tensor {
                name: "w".into(),
                shape: vec![o, i],
                dtype: DType::I8,
                quant: Some(Quant {
                    scale: self.weight_scales.clone(),
                    zero_point: vec![0; self.weight_scales.len()],
                    axis: 0,
                }),
                data: Some(self.weights.iter().map(|&w| w as u8).collect()),
            },
            activation("y", &[n, o], self.scales[1], self.y_zero),
        ];
        let bias = self.bias.as_ref().map(|b| Tensor {
            name: "b".into(),
            shape: vec![o],
            dtype: DType::I32,
            quant: one_scale(self.scales[0] * self.weight_scales[0], 0),
            data: Some(b.iter().flat_map(|v| v.to_le_bytes()).collect()),
        });
        tensors.extend(bias);
        Graph {
            variables: Vec::new(),
            name: "problem".into(),
            nodes: vec![Node {
                op: Op::FullyConnected {
                    activation: self.activation,
                },
                inputs: vec![Some(0), Some(1), self.bias.as_ref().map(|_| 3)],
                outputs: vec![2],
            }],
            tensors,
            inputs: vec![0],
            outputs: vec![2],
        }
    }

    /// The same in 64 bits, straight from the definition: nothing folded, the
    /// rounding written with division.
    fn reference(&self) -> Vec<i8> {
        let (low, high) = activation_range(self.activation, self.scales[1], self.y_zero);
        let mut y = Vec::new();
        for n in 0..self.rows {
            for o in 0..self.outputs() {
                let mut sum = self.bias.as_ref().map_or(0, |b| i64::from(b[o]));
                for i in 0..self.inputs {
                    let x = i64::from(self.x[n * self.inputs + i]) - i64::from(self.x_zero);
                    sum += x * i64::from(self.weights[o * self.inputs + i]);
                }
                let scale = self.weight_scales[o % self.weight_scales.len()];
                let real = f64::from(self.scales[0]) * f64::from(scale) / f64::from(self.scales[1]);
                let m = quantize_multiplier(real).expect("a small factor");
                let value = requantize(sum, m.significand, m.shift) + i64::from(self.y_zero);
                y.push(value.clamp(i64::from(low), i64::from(high)) as i8);
            }
        }
        y
    }
}

/// Nearest, ties away from zero, of a quotient by a positive number.
fn divide(a: i64, b: i64) -> i64 {
    let half = if a < 0 { -(b / 2) } else { b / 2 };
    (a + half) / b
}

fn requantize(sum: i64, significand: i32, shift: i32) -> i64 {
    // The left shift wraps at 32 bits, in TFLite Micro as here.
    let product = i64::from((sum << shift.max(0)) as i32) * i64::from(significand);
    // Here ties of negative products go up.
    let nudge = if product < 0 { 1 - (1 << 30) } else { 1 << 30 };
    let high = (product + nudge) / (1 << 31);
    divide(high, 1 << (-shift).max(0))
}

#[test]
fn fully_connected_equals_its_definition() {
    let mut saturated = 0;
    for seed in 0..2000 {
        let problem = Problem::random(seed);
        let got = run(&problem.graph(), &problem.x);
        assert_eq!(got, [problem.reference()], "seed {seed}");
        saturated += usize::from(got[0].iter().any(|&v| v == 127 || v == -128));
    }
    assert!((200..1900).contains(&saturated), "{saturated} saturate");
}

#[test]
fn tensors_are_known_by_the_hosts_numbers() {
    let graph = chain(&[6, 5, 3]);
    let blob = AlignedBytes::from(graph.emit().expect("a sound graph"));
    let arena = vec![0u8; arena_bytes(blob.as_ref()).expect("an emitted blob")];
    let mut session = Session::new(blob, arena, ALL).expect("an emitted blob");
    let mut seen = Vec::new();
    session.run_with(|node, step| seen.extend(step.outputs().map(|(id, v)| (node, id, v.len()))));
    assert_eq!(seen, [(0, 3, 5), (1, 6, 3), (2, 7, 3)]);
}

#[test]
fn every_chain_that_is_planned_runs() {
    for seed in 0..100 {
        let graph = random_chain(seed);
        let width = graph.tensors[0].shape[1];
        let y = run(&graph, &vec![17; width]);
        // Probabilities add up to 1 but for their own rounding.
        let sum: i32 = y[0].iter().map(|&v| i32::from(v) + 128).sum();
        assert!((sum - 256).abs() <= y[0].len() as i32, "seed {seed}: {sum}");
    }
}

#[test]
fn a_reshape_between_two_layers_changes_nothing() {
    let plain = chain(&[6, 4, 2]);
    let mut viewed = plain.clone();
    let mut view = viewed.tensors[3].clone();
    view.shape = vec![1, 2, 1, 1, 2];
    viewed.tensors.push(view);
    let to = viewed.tensors.len() - 1;
    viewed.nodes[1].inputs[0] = Some(to);
    viewed.nodes.insert(
        1,
        Node {
            op: Op::Reshape,
            inputs: vec![Some(3)],
            outputs: vec![to],
        },
    );
    let x = [1, -2, 3, -4, 5, -6];
    assert_eq!(run(&plain, &x), run(&viewed, &x));
    let arena = |g: &Graph| g.plan().map(|p| p.arena_bytes);
    assert_eq!(arena(&plain), arena(&viewed));
}

#[test]
fn costs_count_what_is_computed_and_stored() {
    let costs = chain(&[10, 5, 3]).costs();
    let got: Vec<_> = costs
        .iter()
        .map(|c| (c.operator, c.macs, c.params, c.bytes))
        .collect();
    assert_eq!(
        got,
        [
            ("FULLY_CONNECTED", 50, 55, 70),
            ("FULLY_CONNECTED", 15, 18, 27),
            ("SOFTMAX", 0, 0, 0),
        ]
    );
    assert_eq!(costs[1].output_shape, [1, 3]);
}

/// The message that a spoiled graph is refused with.
fn refusal(spoil: impl FnOnce(&mut Graph)) -> String {
    let mut graph = chain(&[4, 3]);
    spoil(&mut graph);
    graph.emit().expect_err("spoiled").to_string()
}

fn quant(graph: &mut Graph, tensor: usize) -> &mut Quant {
    graph.tensors[tensor].quant.as_mut().expect("has scales")
}

#[test]
fn what_no_operator_takes_is_refused_with_its_place() {
    let cases = [
        (
            "node 0: FULLY_CONNECTED: weights [3, 4] don't take [1, 5] to [1, 3]",
            refusal(|g| g.tensors[0].shape = vec![1, 5]),
        ),
        ("constant int8", refusal(|g| g.nodes[0].inputs[1] = Some(0))),
        (
            "hold 11 values",
            refusal(|g| {
                g.tensors[1].data = Some(vec![0; 11]);
            }),
        ),
        (
            "2 dimensions are supported",
            refusal(|g| g.tensors[1].shape = vec![3, 4, 1]),
        ),
        (
            "zero point must be 0",
            refusal(|g| quant(g, 1).zero_point = vec![1]),
        ),
        ("2 scales", refusal(|g| quant(g, 1).scale = vec![0.1, 0.2])),
        (
            "does not fit 3 outputs",
            refusal(|g| {
                g.tensors[2].data = Some(vec![0; 8]);
            }),
        ),
        (
            "the bias has scale",
            refusal(|g| quant(g, 2).scale = vec![0.5]),
        ),
        (
            "less than 2^30",
            refusal(|g| {
                g.nodes[0].inputs.pop();
                quant(g, 1).scale = vec![1e30];
            }),
        ),
        (
            "node 1: SOFTMAX: the output has scale",
            refusal(|g| quant(g, 4).scale = vec![0.1]),
        ),
        (
            "above 2^-26",
            refusal(|g| g.nodes[1].op = Op::Softmax { beta: 0.0 }),
        ),
        ("same shape", refusal(|g| g.tensors[4].shape = vec![3])),
        (
            "exactly one output",
            refusal(|g| {
                g.tensors.push(g.tensors[4].clone());
                g.nodes[1].outputs.push(5);
            }),
        ),
    ];
    for (needle, message) in cases {
        assert!(message.contains(needle), "{message:?} lacks {needle:?}");
    }
}
