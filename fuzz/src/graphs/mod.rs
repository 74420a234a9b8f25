//! Networks that nobody would draw, of every operator: small, mostly legal.
//!
//! A network grows node by node. What makes a node chooses its options at random and
//! works out the output's shape; where the graph is then refused, the node is taken
//! back. So what a maker gets wrong costs a node, and what is left is legal.

mod moves;
mod pictures;
mod values;

use lampyris_graph::{DType, Graph, Node, Op, Quant, Tensor, Variable};

use crate::random::Random;

/// Makes one node, or nothing where the tensor at hand doesn't suit it.
type Maker = fn(&mut Draft<'_>, usize) -> Option<()>;

/// The most values of an activation.
const MAX_VALUES: usize = 600;
/// The most nodes that are tried.
const MAX_NODES: usize = 10;

/// A network of up to ten nodes that the engine takes.
pub fn graph(random: &mut Random) -> Graph {
    let mut graph = Graph {
        name: "fuzz".into(),
        ..Graph::default()
    };
    let mut draft = Draft {
        random,
        graph: &mut graph,
    };
    for _ in 0..draft.random.of(&[1, 1, 1, 2]) {
        let input = draft.input();
        draft.graph.inputs.push(input);
    }
    for _ in 0..draft.random.of(&[0, 0, 0, 1, 2]) {
        draft.variable();
    }
    graph.outputs = graph.inputs.clone();
    for _ in 0..random.between(1, MAX_NODES) {
        let mut longer = graph.clone();
        if grow(random, &mut longer).is_some() && longer.emit().is_ok() {
            graph = longer;
        }
    }
    graph
}

/// One more node, whose outputs become outputs of the graph.
fn grow(random: &mut Random, graph: &mut Graph) -> Option<()> {
    let makers = [pictures::MAKERS, values::MAKERS, moves::MAKERS];
    let family = random.of(&makers);
    let maker = random.of(family);
    // The newest most often, so that networks grow deep.
    let activations: Vec<usize> = (0..graph.tensors.len())
        .filter(|&t| graph.tensors[t].data.is_none() && !graph.is_variable(t))
        .collect();
    let x = match activations[..] {
        [.., last] if !random.once_in(3) => last,
        _ => random.of(&activations),
    };
    maker(&mut Draft { random, graph }, x)?;
    let node = graph.nodes.last()?;
    if !random.once_in(4) {
        graph.outputs.retain(|&t| !node.inputs.contains(&Some(t)));
    }
    graph.outputs.extend(&node.outputs);
    (!graph.outputs.is_empty()).then_some(())
}

/// A graph in the making.
struct Draft<'a> {
    random: &'a mut Random,
    graph: &'a mut Graph,
}

impl Draft<'_> {
    fn push(&mut self, shape: &[usize], dtype: DType, quant: Option<Quant>) -> usize {
        let index = self.graph.tensors.len();
        self.graph.tensors.push(Tensor {
            name: format!("t{index}"),
            shape: shape.to_vec(),
            dtype,
            quant,
            data: None,
        });
        index
    }

    fn input(&mut self) -> usize {
        let rank = self.random.of(&[1, 2, 3, 4, 4, 4, 4, 5]);
        let mut shape: Vec<usize> = (0..rank).map(|_| self.random.between(1, 6)).collect();
        if !self.random.once_in(4) {
            shape[0] = 1;
        }
        let dtype = self
            .random
            .of(&[DType::I8, DType::I8, DType::I8, DType::U8]);
        let quant = self.any_scale(dtype);
        self.push(&shape, dtype, Some(quant))
    }

    fn variable(&mut self) {
        let tensor = self.input();
        let size = self.graph.tensors[tensor].elements();
        let initial = self.random.once_in(2).then(|| self.random.bytes(size));
        self.graph.variables.push(Variable {
            tensor,
            container: String::new(),
            shared_name: format!("v{tensor}"),
            initial,
        });
    }

    fn any_scale(&mut self, dtype: DType) -> Quant {
        let low = if dtype == DType::U8 { 0 } else { -128 };
        let zero = match self.random.below(4) {
            0 => low,
            1 => low + 128,
            _ => low + self.random.below(256) as i32,
        };
        let scale = self
            .random
            .of(&[0.02, 0.05, 0.11, 0.6, 1.0 / 256.0, 1e-4, 30.0]);
        one_scale(scale, zero)
    }

    fn shape(&self, tensor: usize) -> Vec<usize> {
        self.graph.tensors[tensor].shape.clone()
    }

    /// An activation of that shape with a scale of its own; `None` if it is too large.
    fn fresh(&mut self, shape: &[usize]) -> Option<usize> {
        let quant = self.any_scale(DType::I8);
        self.scaled(shape, quant)
    }

    fn scaled(&mut self, shape: &[usize], quant: Quant) -> Option<usize> {
        fits(shape)?;
        Some(self.push(shape, DType::I8, Some(quant)))
    }

    /// An activation of that shape with type and scale of `x`.
    fn alike(&mut self, shape: &[usize], x: usize) -> Option<usize> {
        fits(shape)?;
        let Tensor { dtype, quant, .. } = self.graph.tensors[x].clone();
        Some(self.push(shape, dtype, quant))
    }

    /// Constant int8 values.
    fn constant(&mut self, shape: &[usize], quant: Quant) -> Option<usize> {
        let size = fits(shape)?;
        let tensor = self.push(shape, DType::I8, Some(quant));
        self.graph.tensors[tensor].data = Some(self.random.bytes(size));
        Some(tensor)
    }

    /// Constant int32 values, now and then one too many or a strange one among them.
    fn words(&mut self, shape: &[usize], mut values: Vec<i32>) -> usize {
        if self.random.once_in(24) && !values.is_empty() {
            let at = self.random.below(values.len());
            values[at] = self.random.of(&[-1, 0, 1, 7, i32::MAX, i32::MIN]);
        }
        let tensor = self.push(shape, DType::I32, None);
        let bytes = values.into_iter().flat_map(i32::to_le_bytes);
        self.graph.tensors[tensor].data = Some(bytes.collect());
        tensor
    }

    fn list(&mut self, values: Vec<i32>) -> usize {
        self.words(&[values.len()], values)
    }

    fn node(&mut self, op: Op, inputs: &[usize], outputs: &[usize]) -> Option<()> {
        self.graph.nodes.push(Node {
            op,
            inputs: inputs.iter().copied().map(Some).collect(),
            outputs: outputs.to_vec(),
        });
        Some(())
    }

    /// A choice of options, now and then a strange one.
    fn near(&mut self, low: usize, high: usize) -> usize {
        match self.random.below(24) {
            0 => self.random.of(&[0, 7, 100, 1 << 20]),
            _ => self.random.between(low, high.max(low)),
        }
    }
}

fn one_scale(scale: f32, zero: i32) -> Quant {
    Quant {
        scale: vec![scale],
        zero_point: vec![zero],
        axis: 0,
    }
}

/// How many values that shape has, if they are not too many.
fn fits(shape: &[usize]) -> Option<usize> {
    let size = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d))?;
    (1..=MAX_VALUES).contains(&size).then_some(size)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lampyris_core::ops::ALL;

    use super::*;
    use crate::{blobs, promises};

    /// Every operator of the engine comes up, so that none goes untried.
    #[test]
    fn every_operator_is_drawn() {
        let mut drawn = BTreeMap::new();
        for seed in 0..2000 {
            let graph = graph(&mut Random::new(seed));
            for node in &graph.nodes {
                *drawn.entry(node.op.code()).or_insert(0) += 1;
            }
        }
        let missing: Vec<_> = ALL
            .iter()
            .filter(|op| !drawn.contains_key(&op.code) && op.name != "VAR_HANDLE")
            .map(|op| op.name)
            .collect();
        assert!(missing.is_empty(), "{missing:?}, of {drawn:?}");
    }

    /// They and what becomes of them under the mutator keep the engine's promise.
    #[test]
    fn what_is_drawn_runs() {
        let rounds = std::env::var("ROUNDS").map_or(100, |n| n.parse().expect("a number"));
        for seed in 0..rounds {
            let mut random = Random::new(seed);
            let graph = graph(&mut random);
            let [plain, fused] = [&graph, &graph.fused()].map(|g| g.emit().expect("legal"));
            promises::emitted(&plain, &fused);
            for _ in 0..20 {
                promises::engine(&blobs::vary(&fused, &mut random, 4096));
            }
        }
    }
}
