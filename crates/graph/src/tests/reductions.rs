//! Reductions over every set of axes.

use super::{divide, requantize, run};
use crate::fixture::{Random, activation};
use crate::*;

/// A reduction of random shape over random axes.
#[derive(Debug)]
struct Problem {
    op: Op,
    keep_dims: bool,
    shape: Vec<usize>,
    axes: Vec<i32>,
    x: (f32, i32),
    y: (f32, i32),
    values: Vec<i8>,
}

fn random_scale(r: &mut Random) -> (f32, i32) {
    let mantissa = 1.0 + r.below(1 << 20) as f32 / (1 << 20) as f32;
    (2f32.powi(-(r.below(6) as i32)) * mantissa, r.byte().into())
}

impl Problem {
    fn random(r: &mut Random) -> Self {
        let rank = 1 + r.below(5);
        let shape: Vec<usize> = (0..rank).map(|_| 1 + r.below(5) as usize).collect();
        let axes = (0..1 + r.below(rank))
            .map(|_| r.below(2 * rank) as i32 - rank as i32)
            .collect();
        let keep_dims = r.below(2) == 1;
        let x = random_scale(r);
        let (op, y) = match r.below(3) {
            0 => (Op::Mean { keep_dims }, random_scale(r)),
            1 => (Op::Sum { keep_dims }, random_scale(r)),
            _ => (Op::ReduceMax { keep_dims }, x),
        };
        Self {
            values: (0..shape.iter().product()).map(|_| r.byte()).collect(),
            op,
            keep_dims,
            shape,
            axes,
            x,
            y,
        }
    }

    fn goes(&self, dim: usize) -> bool {
        let rank = self.shape.len() as i32;
        self.axes.iter().any(|a| a.rem_euclid(rank) == dim as i32)
    }

    fn graph(&self) -> Graph {
        let dims = self.shape.iter().enumerate();
        let y: Vec<usize> = dims
            .filter(|&(i, _)| !self.goes(i) || self.keep_dims)
            .map(|(i, &n)| if self.goes(i) { 1 } else { n })
            .collect();
        Graph {
            tensors: vec![
                activation("x", &self.shape, self.x.0, self.x.1),
                activation("y", &y, self.y.0, self.y.1),
                Tensor {
                    name: "axes".into(),
                    shape: vec![self.axes.len()],
                    dtype: DType::I32,
                    quant: None,
                    data: Some(self.axes.iter().flat_map(|a| a.to_le_bytes()).collect()),
                },
            ],
            nodes: vec![Node {
                op: self.op.clone(),
                inputs: vec![Some(0), Some(2)],
                outputs: vec![1],
            }],
            inputs: vec![0],
            outputs: vec![1],
            ..Graph::default()
        }
    }

    /// The values behind each output, found by counting through the input.
    fn groups(&self) -> Vec<Vec<i64>> {
        let dims = || self.shape.iter().enumerate();
        let outputs = dims().filter(|&(i, _)| !self.goes(i)).map(|(_, &n)| n);
        let mut groups = vec![vec![]; outputs.product()];
        for (at, &value) in self.values.iter().enumerate() {
            let (mut rest, mut step, mut group) = (at, 1, 0);
            for (i, &n) in dims().rev() {
                if !self.goes(i) {
                    group += rest % n * step;
                    step *= n;
                }
                rest /= n;
            }
            groups[group].push(value.into());
        }
        groups
    }

    fn definition(&self, group: &[i64]) -> i8 {
        let n = group.len() as i64;
        let sum = group.iter().sum::<i64>() - i64::from(self.x.1) * n;
        let real = f64::from(self.x.0) / f64::from(self.y.0);
        let m = quantize_multiplier(real).expect("a small factor");
        let value = match self.op {
            Op::ReduceMax { .. } => return *group.iter().max().expect("a value") as i8,
            Op::Sum { .. } => requantize(sum, m.significand, m.shift),
            _ => {
                // As many doublings of the significand as the count has.
                let up = 63 - n.leading_zeros();
                let significand = (i64::from(m.significand) << up) / n;
                requantize(sum, significand as i32, m.shift - up as i32)
            }
        };
        (value + i64::from(self.y.1)).clamp(-128, 127) as i8
    }
}

#[test]
fn every_reduction_equals_its_definition() {
    let mut r = Random(31);
    for round in 0..3000 {
        let problem = Problem::random(&mut r);
        let want: Vec<i8> = problem
            .groups()
            .iter()
            .map(|g| problem.definition(g))
            .collect();
        let graph = problem.graph();
        assert_eq!(run(&graph, &problem.values), [want], "{round}: {problem:?}");
        // The output lies where the input lay.
        let plan = graph.plan().expect("a sound graph");
        assert_eq!(plan.arena_bytes, problem.values.len(), "{problem:?}");
    }
}

#[test]
fn a_mean_is_near_the_real_one() {
    let mut problem = Problem::random(&mut Random(32));
    problem.op = Op::Mean { keep_dims: false };
    problem.keep_dims = false;
    problem.shape = vec![1, 7, 9, 3];
    problem.axes = vec![1, 2];
    problem.values = (0..189).map(|v| (v * 37 % 256 - 128) as i8).collect();
    problem.y = problem.x;
    let got = &run(&problem.graph(), &problem.values)[0];
    for (group, &got) in problem.groups().iter().zip(got) {
        let mean = divide(group.iter().sum(), 63);
        assert!((mean - i64::from(got)).abs() <= 1, "{mean} {got}");
    }
}

#[test]
fn refusals_say_what_is_supported() {
    let refusal = |spoil: fn(&mut Graph)| {
        let problem = Problem {
            op: Op::ReduceMax { keep_dims: false },
            keep_dims: false,
            shape: vec![2, 3],
            axes: vec![1],
            x: (0.5, 1),
            y: (0.5, 1),
            values: vec![0; 6],
        };
        let mut graph = problem.graph();
        spoil(&mut graph);
        graph.emit().expect_err("spoiled").to_string()
    };
    for (needle, found) in [
        (
            "no axis 2; the input has 2 dimensions",
            refusal(|g| g.tensors[2].data = Some(vec![2, 0, 0, 0])),
        ),
        (
            "names no axis",
            refusal(|g| g.tensors[2].data = Some(vec![])),
        ),
        (
            "axes must be constant int32",
            refusal(|g| g.nodes[0].inputs[1] = Some(0)),
        ),
        (
            "[2, 3] becomes [2], not [2, 1]",
            refusal(|g| g.tensors[1].shape = vec![2, 1]),
        ),
        (
            "the same type, scale and zero point",
            refusal(|g| g.tensors[1].quant.as_mut().expect("a scale").scale = vec![1.0]),
        ),
        (
            "at most 5",
            refusal(|g| g.tensors[0].shape = vec![1, 1, 1, 1, 2, 3]),
        ),
    ] {
        assert!(found.contains(needle), "{found:?} lacks {needle:?}");
    }
}
