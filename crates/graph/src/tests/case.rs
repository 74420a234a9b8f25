//! Graphs of one node, and what must come of them.

use lampyris_core::{Session, arena_bytes, ops::ALL};

use crate::fixture::{Random, activation};
use crate::*;

/// Values by index.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<i8>,
}

impl Array {
    pub(super) fn new(shape: &[usize], mut value: impl FnMut(&[usize]) -> i8) -> Self {
        let size = shape.iter().product::<usize>();
        let mut index = vec![0; shape.len()];
        let mut values = Vec::with_capacity(size);
        for _ in 0..size {
            values.push(value(&index));
            for d in (0..shape.len()).rev() {
                index[d] += 1;
                if index[d] < shape[d] {
                    break;
                }
                index[d] = 0;
            }
        }
        Self {
            shape: shape.to_vec(),
            values,
        }
    }

    pub(super) fn random(r: &mut Random, shape: &[usize]) -> Self {
        Self::new(shape, |_| r.byte())
    }

    /// Of 1 to 6 dimensions of 1 to 5.
    pub(super) fn any(r: &mut Random) -> Self {
        let shape = shape(r, 6);
        Self::random(r, &shape)
    }

    pub(super) fn at(&self, index: &[usize]) -> i8 {
        let pairs = index.iter().zip(&self.shape);
        self.values[pairs.fold(0, |at, (i, n)| at * n + i)]
    }
}

/// A shape of 1 to `rank` dimensions of 1 to 5.
pub(super) fn shape(r: &mut Random, rank: u32) -> Vec<usize> {
    (0..1 + r.below(rank))
        .map(|_| 1 + r.below(5) as usize)
        .collect()
}

/// A graph of one node, whose inputs are the graph's or constants, and what it must make
/// of them.
pub(super) struct Case {
    pub(super) op: Op,
    pub(super) inputs: Vec<Input>,
    pub(super) wanted: Vec<Array>,
}

#[derive(Clone)]
pub(super) enum Input {
    Given(Array),
    Constant(Array),
    Numbers(Vec<i32>),
}

impl Case {
    pub(super) fn new(op: Op, inputs: Vec<Input>, wanted: Vec<Array>) -> Self {
        Self { op, inputs, wanted }
    }

    pub(super) fn graph(&self, dtype: DType) -> Graph {
        let mut graph = Graph::default();
        let mut read = Vec::new();
        for input in &self.inputs {
            let index = graph.tensors.len();
            let mut tensor = activation("t", &[], 0.5, 3);
            tensor.dtype = dtype;
            match input {
                Input::Given(x) => {
                    tensor.shape = x.shape.clone();
                    graph.inputs.push(index);
                }
                Input::Constant(x) => {
                    tensor.shape = x.shape.clone();
                    tensor.data = Some(x.values.iter().map(|&v| v as u8).collect());
                }
                Input::Numbers(n) => tensor = numbers(n),
            }
            graph.tensors.push(tensor);
            read.push(Some(index));
        }
        for y in &self.wanted {
            graph.outputs.push(graph.tensors.len());
            let mut tensor = activation("y", &y.shape, 0.5, 3);
            tensor.dtype = dtype;
            graph.tensors.push(tensor);
        }
        graph.nodes.push(Node {
            op: self.op.clone(),
            inputs: read,
            outputs: graph.outputs.clone(),
        });
        graph
    }

    pub(super) fn holds(&self, seed: u64) {
        for dtype in [DType::I8, DType::U8] {
            let graph = self.graph(dtype);
            let blob = graph.emit();
            let blob = AlignedBytes::from(blob.unwrap_or_else(|e| panic!("seed {seed}: {e}")));
            let arena = vec![0u8; arena_bytes(blob.as_ref()).expect("an emitted blob")];
            let mut session = Session::new(blob, arena, ALL).expect("an emitted blob");
            let mut place = 0;
            for input in &self.inputs {
                if let Input::Given(x) = input {
                    session.input_mut(place).copy_from_slice(&x.values);
                    place += 1;
                }
            }
            session.run();
            for (o, y) in self.wanted.iter().enumerate() {
                assert_eq!(session.output(o), y.values, "seed {seed}: {:?}", self.op);
            }
        }
    }

    pub(super) fn refusal(&self) -> String {
        let refused = self.graph(DType::I8).emit();
        refused.expect_err("a spoiled graph").to_string()
    }
}

pub(super) fn numbers(values: &[i32]) -> Tensor {
    Tensor {
        name: "n".into(),
        shape: vec![values.len()],
        dtype: DType::I32,
        quant: None,
        data: Some(values.iter().flat_map(|n| n.to_le_bytes()).collect()),
    }
}
