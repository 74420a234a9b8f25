//! Small graphs for the tests of this crate.

use crate::{Activation, DType, Graph, Node, Op, Quant, Tensor};

/// Numbers that look random and are the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    pub(crate) fn below(&mut self, n: u32) -> u32 {
        self.next() % n
    }

    pub(crate) fn byte(&mut self) -> i8 {
        self.next() as u8 as i8
    }
}

pub(crate) fn one_scale(scale: f32, zero_point: i32) -> Option<Quant> {
    Some(Quant {
        scale: vec![scale],
        zero_point: vec![zero_point],
        axis: 0,
    })
}

pub(crate) fn activation(name: &str, shape: &[usize], scale: f32, zero_point: i32) -> Tensor {
    Tensor {
        name: name.into(),
        shape: shape.to_vec(),
        dtype: DType::I8,
        quant: one_scale(scale, zero_point),
        data: None,
    }
}

/// Dense layers of these widths with ReLU between them, then a softmax.
pub(crate) fn chain(widths: &[usize]) -> Graph {
    let mut random = Random(7);
    let mut graph = Graph {
        name: "chain".into(),
        tensors: vec![activation("x", &[1, widths[0]], 0.05, 3)],
        inputs: vec![0],
        ..Graph::default()
    };
    let mut last = 0;
    for (layer, pair) in widths.windows(2).enumerate() {
        let (i, o) = (pair[0], pair[1]);
        let w = graph.tensors.len();
        graph.tensors.push(Tensor {
            name: format!("w{layer}"),
            shape: vec![o, i],
            dtype: DType::I8,
            quant: one_scale(0.01, 0),
            data: Some((0..o * i).map(|_| random.byte() as u8).collect()),
        });
        graph.tensors.push(Tensor {
            name: format!("b{layer}"),
            shape: vec![o],
            dtype: DType::I32,
            quant: one_scale(0.05 * 0.01, 0),
            data: Some(
                (0..o)
                    .flat_map(|_| (random.below(2000) as i32 - 1000).to_le_bytes())
                    .collect(),
            ),
        });
        graph
            .tensors
            .push(activation(&format!("y{layer}"), &[1, o], 0.05, -4));
        let relu = layer + 2 < widths.len();
        graph.nodes.push(Node {
            op: Op::FullyConnected {
                activation: if relu {
                    Activation::Relu
                } else {
                    Activation::None
                },
            },
            inputs: vec![Some(last), Some(w), Some(w + 1)],
            outputs: vec![w + 2],
        });
        last = w + 2;
    }
    let classes = widths[widths.len() - 1];
    graph
        .tensors
        .push(activation("p", &[1, classes], 1.0 / 256.0, -128));
    graph.outputs = vec![graph.tensors.len() - 1];
    graph.nodes.push(Node {
        op: Op::Softmax { beta: 1.0 },
        inputs: vec![Some(last)],
        outputs: graph.outputs.clone(),
    });
    graph
}

/// A chain of up to eight layers of up to 100 units.
pub(crate) fn random_chain(seed: u64) -> Graph {
    let mut random = Random(seed);
    let layers = 2 + random.below(7);
    let widths: Vec<usize> = (0..layers)
        .map(|_| 1 + random.below(100) as usize)
        .collect();
    chain(&widths)
}
