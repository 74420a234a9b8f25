//! Every operator of two values, with random shapes that broadcast.

use lampyris_core::{Session, arena_bytes, ops::ALL};

use super::requantize;
use crate::fixture::{Random, activation, one_scale};
use crate::*;

/// Scale and zero point.
type Scale = (f32, i32);

/// An operand: its shape, scale, values, and whether it is a constant.
#[derive(Clone, Debug)]
struct Operand {
    shape: Vec<usize>,
    scale: Scale,
    values: Vec<i8>,
    constant: bool,
}

#[derive(Clone, Debug)]
struct Problem {
    op: Op,
    operands: [Operand; 2],
    shape: Vec<usize>,
    y: Scale,
}

fn random_scale(r: &mut Random) -> Scale {
    let mantissa = 1.0 + r.below(1 << 20) as f32 / (1 << 20) as f32;
    (2f32.powi(-(r.below(10) as i32)) * mantissa, r.byte().into())
}

fn size(shape: &[usize]) -> usize {
    shape.iter().product()
}

impl Problem {
    /// Shapes of up to `most` dimensions, each of which is 1 in an operand now and then.
    fn random(r: &mut Random, op: Op, most: u32) -> Self {
        let rank = r.below(most + 1) as usize;
        let shape: Vec<usize> = (0..rank).map(|_| 1 + r.below(4) as usize).collect();
        let broadcasts = r.below(3) > 0;
        let first = r.below(3) as usize;
        let mut operands = [0, 1].map(|which| {
            let mut own = shape.clone();
            for n in own.iter_mut().filter(|_| broadcasts) {
                if r.below(3) == 0 {
                    *n = 1;
                }
            }
            let ones = own.iter().take_while(|&&n| n == 1).count();
            let lacking = r.below(1 + ones as u32) as usize;
            own.drain(..lacking);
            Operand {
                values: (0..size(&own)).map(|_| r.byte()).collect(),
                shape: own,
                scale: random_scale(r),
                constant: which == first,
            }
        });
        if operands[0].constant && operands[1].constant {
            operands[0].constant = false;
        }
        // What they give: where both are 1, so is the output.
        let at = |o: &Operand, i: usize| {
            let lacking = shape.len() - o.shape.len();
            i.checked_sub(lacking).map_or(1, |i| o.shape[i])
        };
        let given = (0..rank)
            .map(|i| at(&operands[0], i).max(at(&operands[1], i)))
            .collect();
        Self {
            op,
            shape: given,
            operands,
            y: random_scale(r),
        }
    }

    fn graph(&self) -> Graph {
        let mut tensors = vec![];
        let mut inputs = vec![];
        for (i, o) in self.operands.iter().enumerate() {
            let mut t = activation(["a", "b"][i], &o.shape, o.scale.0, o.scale.1);
            if o.constant {
                t.data = Some(o.values.iter().map(|&v| v as u8).collect());
            } else {
                inputs.push(i);
            }
            tensors.push(t);
        }
        tensors.push(activation("y", &self.shape, self.y.0, self.y.1));
        Graph {
            tensors,
            inputs,
            nodes: vec![Node {
                op: self.op.clone(),
                inputs: vec![Some(0), Some(1)],
                outputs: vec![2],
            }],
            outputs: vec![2],
            ..Graph::default()
        }
    }

    fn run(&self) -> Vec<i8> {
        let blob = AlignedBytes::from(self.graph().emit().expect("a sound graph"));
        let arena = vec![0u8; arena_bytes(blob.as_ref()).expect("an emitted blob")];
        let mut session = Session::new(blob, arena, ALL).expect("an emitted blob");
        let given = self.operands.iter().filter(|o| !o.constant);
        for (i, o) in given.enumerate() {
            session.input_mut(i).copy_from_slice(&o.values);
        }
        session.run();
        session.output(0).to_vec()
    }

    /// The value of an operand at a position of the output.
    fn value(&self, which: usize, position: &[usize]) -> i64 {
        let o = &self.operands[which];
        let lacking = position.len() - o.shape.len();
        let at = o.shape.iter().zip(&position[lacking..]);
        let at = at.fold(0, |at, (&n, &p)| at * n + if n == 1 { 0 } else { p });
        i64::from(o.values[at])
    }

    fn reference(&self) -> Vec<i8> {
        (0..size(&self.shape))
            .map(|mut index| {
                let mut position = vec![0; self.shape.len()];
                for (p, &n) in position.iter_mut().zip(&self.shape).rev() {
                    (*p, index) = (index % n, index / n);
                }
                self.definition(self.value(0, &position), self.value(1, &position))
            })
            .collect()
    }

    fn definition(&self, a: i64, b: i64) -> i8 {
        let [sa, sb] = self.operands.each_ref().map(|o| f64::from(o.scale.0));
        let [za, zb] = self.operands.each_ref().map(|o| i64::from(o.scale.1));
        let (sy, zy) = (f64::from(self.y.0), i64::from(self.y.1));
        let times = |value: i64, real: f64| {
            let m = quantize_multiplier(real).expect("a small factor");
            requantize(value, m.significand, m.shift)
        };
        let sum = |sign: i64| {
            let common = 2.0 * sa.max(sb);
            let a = times((a - za) << 20, sa / common);
            let b = times((b - zb) << 20, sb / common);
            times(a + sign * b, common / (f64::from(1 << 20) * sy)) + zy
        };
        let (value, activation) = match self.op {
            Op::Add { activation } => (sum(1), activation),
            Op::Sub { activation } => (sum(-1), activation),
            Op::Mul { activation } => {
                let product = times((a - za) * (b - zb), sa * sb / sy);
                (product + zy, activation)
            }
            Op::Maximum => (a.max(b), Activation::None),
            Op::Minimum => (a.min(b), Activation::None),
            Op::Prelu if a >= za => (times(a - za, sa / sy) + zy, Activation::None),
            Op::Prelu => {
                let product = times((a - za) * (b - zb), sa * sb / sy);
                (product + zy, Activation::None)
            }
            _ => panic!("an operator of two values"),
        };
        let (low, high) = activation_range(activation, self.y.0, self.y.1);
        value.clamp(low.into(), high.into()) as i8
    }
}

fn operators(r: &mut Random) -> [Op; 6] {
    let activation = [
        Activation::None,
        Activation::Relu,
        Activation::Relu6,
        Activation::ReluN1To1,
    ][r.below(4) as usize];
    [
        Op::Add { activation },
        Op::Sub { activation },
        Op::Mul { activation },
        Op::Maximum,
        Op::Minimum,
        Op::Prelu,
    ]
}

#[test]
fn every_operator_equals_its_definition() {
    let mut r = Random(21);
    let (mut different, mut in_place) = (0, 0);
    for round in 0..400 {
        for op in operators(&mut r) {
            let most = if op == Op::Prelu { 4 } else { 6 };
            let problem = Problem::random(&mut r, op, most);
            assert_eq!(
                problem.run(),
                problem.reference(),
                "round {round}: {problem:?}"
            );
            let [a, b] = &problem.operands;
            different += usize::from(a.shape != b.shape);
            // Where an operand is not broadcast, the output needs no room of its own.
            let plan = problem.graph().plan().expect("a sound graph");
            let live = problem.operands.iter().filter(|o| !o.constant);
            let live: usize = live.clone().map(|o| o.values.len()).sum();
            let whole = |o: &Operand| !o.constant && o.values.len() == size(&problem.shape);
            if problem.operands.iter().any(whole) {
                assert_eq!(plan.live_bytes, [live], "{problem:?}");
                in_place += 1;
            } else {
                assert_eq!(
                    plan.live_bytes,
                    [live + size(&problem.shape)],
                    "{problem:?}"
                );
            }
        }
    }
    assert!(
        different > 1000 && in_place > 1000,
        "{different} {in_place}"
    );
}

#[test]
fn all_pairs_of_values_equal_their_definition() {
    let mut r = Random(22);
    for op in operators(&mut r) {
        let values: Vec<i8> = (-128..=127).collect();
        let operand = |shape: &[usize], scale| Operand {
            shape: shape.to_vec(),
            scale,
            values: values.clone(),
            constant: false,
        };
        let problem = Problem {
            op,
            operands: [operand(&[256, 1], (0.05, -7)), operand(&[256], (0.03, 100))],
            shape: vec![256, 256],
            y: (0.04, 3),
        };
        assert!(problem.run() == problem.reference(), "{:?}", problem.op);
    }
}

#[test]
fn a_tensor_may_be_added_to_itself_in_place() {
    let operand = Operand {
        shape: vec![2, 5],
        scale: (0.5, 1),
        values: (0..10).map(|v| v * 11 - 50).collect(),
        constant: false,
    };
    let problem = Problem {
        op: Op::Add {
            activation: Activation::None,
        },
        operands: [operand.clone(), operand.clone()],
        shape: vec![2, 5],
        y: (1.0, 0),
    };
    let mut graph = problem.graph();
    graph.nodes[0].inputs[1] = Some(0);
    graph.inputs = vec![0];
    assert_eq!(graph.plan().map(|p| p.arena_bytes), Ok(10));
    assert_eq!(super::run(&graph, &operand.values), [problem.reference()]);
}

#[test]
fn constants_count_as_parameters() {
    let mut r = Random(23);
    let mut problem = Problem::random(&mut r, Op::Maximum, 0);
    problem.operands[1].constant = true;
    problem.operands[0].constant = false;
    let cost = &problem.graph().costs()[0];
    assert_eq!((cost.operator, cost.params, cost.bytes), ("MAXIMUM", 1, 1));
}

#[test]
fn refusals_say_what_is_supported() {
    let operand = |shape: &[usize]| Operand {
        shape: shape.to_vec(),
        scale: (0.5, 1),
        values: vec![],
        constant: false,
    };
    let add = Op::Add {
        activation: Activation::None,
    };
    let refusal = |op: &Op, a: &[usize], spoil: fn(&mut Graph)| {
        let mut graph = Problem {
            op: op.clone(),
            operands: [operand(a), operand(&[3])],
            shape: [&a[..a.len() - 1], &[3]].concat(),
            y: (0.5, 0),
        }
        .graph();
        spoil(&mut graph);
        graph.emit().expect_err("spoiled").to_string()
    };
    let none = |_: &mut Graph| {};
    for (needle, found) in [
        (
            "[2, 2] and [3] don't broadcast to [2, 3]",
            refusal(&add, &[2, 2], none),
        ),
        (
            "don't broadcast to [2, 4]",
            refusal(&add, &[2, 1], |g| g.tensors[2].shape = vec![2, 4]),
        ),
        (
            "7 dimensions; at most 6",
            refusal(&add, &[1, 1, 1, 1, 1, 1, 3], none),
        ),
        (
            "7 dimensions; at most 6",
            refusal(&Op::Prelu, &[2, 1, 1, 1, 1, 1, 3], none),
        ),
        (
            "2^19 or more times",
            refusal(&add, &[3], |g| g.tensors[0].quant = one_scale(3e5, 0)),
        ),
        (
            "must be int8",
            refusal(&add, &[3], |g| g.tensors[1].dtype = DType::U8),
        ),
        (
            "two operands",
            refusal(&add, &[3], |g| {
                g.nodes[0].inputs.pop();
            }),
        ),
        (
            "a scale above 0",
            refusal(&add, &[3], |g| {
                g.tensors[1].data = Some(vec![1, 2, 3]);
                g.tensors[1].quant = one_scale(-1.0, 0);
                g.inputs = vec![0];
            }),
        ),
        (
            "input 1 must be int8 values",
            refusal(&add, &[3], |g| {
                g.tensors[1].data = Some(vec![1, 2]);
                g.inputs = vec![0];
            }),
        ),
    ] {
        assert!(found.contains(needle), "{found:?} lacks {needle:?}");
    }
}
