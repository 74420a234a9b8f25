//! What is constant is computed once, and int32 values never reach the engine.

use super::case::{Array, Case, Input, node, numbers};
use crate::fixture::{Random, activation};
use crate::*;

/// An int32 tensor that a node computes.
fn computed(shape: &[usize]) -> Tensor {
    Tensor {
        name: "i".into(),
        shape: shape.to_vec(),
        dtype: DType::I32,
        quant: None,
        data: None,
    }
}

fn strided(shrink_axis_mask: u32) -> Op {
    Op::StridedSlice {
        begin_mask: 0,
        end_mask: 0,
        ellipsis_mask: 0,
        new_axis_mask: 0,
        shrink_axis_mask,
        offset: false,
    }
}

/// Keras's Flatten: the shape's first value, packed with a constant, is the new shape.
fn flatten() -> Graph {
    let tensors = vec![
        activation("x", &[2, 1, 3], 0.5, 1),
        computed(&[3]),
        numbers(&[0]),
        numbers(&[1]),
        numbers(&[1]),
        computed(&[]),
        Tensor {
            shape: Vec::new(),
            ..numbers(&[3])
        },
        computed(&[2]),
        activation("y", &[2, 3], 0.5, 1),
    ];
    Graph {
        tensors,
        nodes: vec![
            node(Op::Shape, &[0], &[1]),
            node(strided(1), &[1, 2, 3, 4], &[5]),
            node(Op::Pack { axis: 0 }, &[5, 6], &[7]),
            node(Op::Reshape, &[0, 7], &[8]),
        ],
        inputs: vec![0],
        outputs: vec![8],
        ..Graph::default()
    }
}

#[test]
fn a_computed_shape_becomes_a_constant() {
    let mut graph = flatten();
    let unfolded = graph.emit().expect_err("int32 activations").to_string();
    assert!(
        unfolded.contains("only where it can be computed"),
        "{unfolded}"
    );
    graph.fold().expect("all shapes are known");
    assert_eq!(graph.nodes, [node(Op::Reshape, &[0, 7], &[8])]);
    assert_eq!(graph.tensors[7].int32s(), Some(vec![2, 3]));
    assert_eq!(
        super::run(&graph, &[1, 2, 3, 4, 5, 6]),
        [[1, 2, 3, 4, 5, 6]]
    );
    let again = graph.clone();
    graph.fold().expect("nothing is left to do");
    assert_eq!(graph, again);
}

#[test]
fn int32_values_are_computed() {
    let none = Activation::None;
    let int32 = |op: Op, inputs: &[&[i32]], shape: &[usize]| {
        let mut graph = Graph {
            tensors: inputs.iter().map(|n| numbers(n)).collect(),
            ..Graph::default()
        };
        graph.tensors.push(computed(shape));
        let all: Vec<usize> = (0..inputs.len()).collect();
        graph.nodes.push(node(op, &all, &[inputs.len()]));
        graph.fold().map(|_| graph.tensors[inputs.len()].int32s())
    };
    let is = |op: Op, inputs: &[&[i32]], wanted: &[i32]| {
        let found = int32(op, inputs, &[wanted.len()]);
        assert_eq!(found, Ok(Some(wanted.to_vec())));
    };
    is(Op::Add { activation: none }, &[&[1, 2], &[10]], &[11, 12]);
    is(Op::Sub { activation: none }, &[&[1], &[10, 3]], &[-9, -2]);
    is(
        Op::Mul { activation: none },
        &[&[3, -4], &[5, 6]],
        &[15, -24],
    );
    is(
        Op::Concatenation {
            axis: 0,
            activation: none,
        },
        &[&[1, 2], &[-3]],
        &[1, 2, -3],
    );
    is(Op::Slice, &[&[7, 8, 9], &[1], &[-1]], &[8, 9]);
    is(strided(0), &[&[7, 8, 9], &[2], &[0], &[-1]], &[9, 8]);
    is(Op::Squeeze { axes: Vec::new() }, &[&[5]], &[5]);
    is(Op::ExpandDims, &[&[5], &[0]], &[5]);
    let refused = int32(Op::Add { activation: none }, &[&[1, 2], &[1, 2, 3]], &[3]);
    let message = refused.expect_err("don't fit").to_string();
    assert!(
        message.contains("2 and 3 int32 values don't fit"),
        "{message}"
    );
    let refused = int32(Op::Reshape, &[&[1, 2]], &[3]);
    let message = refused.expect_err("don't fit").to_string();
    assert!(message.contains("as many values of one type"), "{message}");
}

#[test]
fn the_shape_of_a_shape_is_its_rank() {
    let mut graph = flatten();
    graph.tensors.push(computed(&[1]));
    graph.nodes.push(node(Op::Shape, &[1], &[9]));
    graph.fold().expect("all shapes are known");
    assert_eq!(graph.tensors[9].int32s(), Some(vec![3]));
    let mut graph = flatten();
    graph.tensors[1].shape = vec![4];
    let message = graph.fold().expect_err("another rank").to_string();
    assert!(message.contains("node 0: SHAPE"), "{message}");
}

/// On the host as on the chip: each node is folded where its values are constant, and run
/// where they are not.
#[test]
fn constants_move_as_values_do() {
    for seed in 0..300 {
        let r = &mut Random(seed);
        let x = Array::random(r, &[2, 3, 4]);
        let n = |values: &[i32]| Input::Numbers(values.to_vec());
        let given = || Input::Constant(x.clone());
        let shape = |shape: &[usize]| Array::new(shape, |_| 0);
        let (op, inputs, wanted) = match seed % 6 {
            0 => (
                Op::Transpose,
                vec![given(), n(&[2, 0, 1])],
                vec![shape(&[4, 2, 3])],
            ),
            1 => (
                strided(0),
                vec![given(), n(&[1, 0, 3]), n(&[-9, 3, 0]), n(&[-1, 2, -2])],
                vec![shape(&[2, 2, 2])],
            ),
            2 => (
                Op::Split,
                vec![n(&[2]), given()],
                vec![shape(&[2, 3, 2]), shape(&[2, 3, 2])],
            ),
            3 => (
                Op::Pack { axis: 1 },
                vec![given(), Input::Constant(Array::random(r, &[2, 3, 4]))],
                vec![shape(&[2, 2, 3, 4])],
            ),
            4 => (
                Op::Unpack { axis: 0 },
                vec![given()],
                vec![shape(&[3, 4]); 2],
            ),
            _ => (Op::Reshape, vec![given()], vec![shape(&[6, 4])]),
        };
        let mut folded = Case::new(op.clone(), inputs.clone(), wanted).graph(DType::I8);
        let mut live = folded.clone();
        folded.fold().expect("constants");
        assert!(folded.nodes.is_empty(), "seed {seed}");
        live.inputs.clear();
        let mut values = Vec::new();
        for (tensor, input) in inputs.iter().enumerate() {
            if let Input::Constant(x) = input {
                live.tensors[tensor].data = None;
                live.inputs.push(tensor);
                values.push(x.values.clone());
            }
        }
        let before = live.clone();
        live.fold().expect("nothing to do");
        assert_eq!(live, before);
        let found = super::run_all(&live, &values);
        for (&output, found) in live.outputs.iter().zip(found) {
            let data: Vec<u8> = found.iter().map(|&v| v as u8).collect();
            assert_eq!(
                folded.tensors[output].data,
                Some(data),
                "seed {seed}: {op:?}"
            );
        }
    }
}
