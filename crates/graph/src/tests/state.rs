//! Graphs that remember, over several runs and a reset.

use lampyris_core::{Session, arena_bytes, ops::ALL};

use super::case::{node, numbers};
use crate::fixture::activation;
use crate::*;

fn variable(tensor: usize, initial: Option<&[i8]>) -> Variable {
    Variable {
        tensor,
        container: String::new(),
        shared_name: format!("v{tensor}"),
        initial: initial.map(|v| v.iter().map(|&v| v as u8).collect()),
    }
}

fn session(graph: &Graph) -> Session<AlignedBytes, Vec<u8>> {
    let blob = AlignedBytes::from(graph.emit().expect("a sound graph"));
    let arena = vec![0x55u8; arena_bytes(blob.as_ref()).expect("an emitted blob")];
    Session::new(blob, arena, ALL).expect("an emitted blob")
}

fn step(session: &mut Session<AlignedBytes, Vec<u8>>, x: &[i8]) -> Vec<Vec<i8>> {
    session.input_mut(0).copy_from_slice(x);
    session.run();
    let outputs = session.arity().1;
    (0..outputs).map(|o| session.output(o).to_vec()).collect()
}

/// The last three frames of two values: what was held without its oldest frame, and x.
fn ring(initial: Option<&[i8]>) -> Graph {
    let tensors = vec![
        activation("x", &[1, 1, 2], 0.5, -9),
        activation("ring", &[1, 3, 2], 0.5, -9),
        activation("held", &[1, 3, 2], 0.5, -9),
        numbers(&[0, 1, 0]),
        numbers(&[1, 2, 2]),
        activation("kept", &[1, 2, 2], 0.5, -9),
        activation("full", &[1, 3, 2], 0.5, -9),
    ];
    let join = Op::Concatenation {
        axis: 1,
        activation: Activation::None,
    };
    Graph {
        tensors,
        nodes: vec![
            node(Op::ReadVariable, &[1], &[2]),
            node(Op::Slice, &[2, 3, 4], &[5]),
            node(join, &[5, 0], &[6]),
            node(Op::AssignVariable, &[1, 6], &[]),
        ],
        inputs: vec![0],
        outputs: vec![6],
        variables: vec![variable(1, initial)],
        ..Graph::default()
    }
}

#[test]
fn a_ring_holds_the_last_frames() {
    for initial in [None, Some(&[1i8, 2, 3, 4, 5, 6][..])] {
        let mut session = session(&ring(initial));
        let first = initial.unwrap_or(&[-9; 6]).to_vec();
        for _ in 0..2 {
            let mut held = first.clone();
            for t in 0..7i8 {
                held.drain(..2);
                held.extend([10 * t, 10 * t + 1]);
                let x = [10 * t, 10 * t + 1];
                assert_eq!(step(&mut session, &x), [held.clone()], "{initial:?} {t}");
            }
            session.reset();
        }
    }
}

/// y = what was held, z = what is held after x was assigned.
fn before_and_after(assigned_first: bool) -> Graph {
    let mut nodes = vec![
        node(Op::ReadVariable, &[1], &[2]),
        node(Op::AssignVariable, &[1, 0], &[]),
        node(Op::ReadVariable, &[1], &[3]),
    ];
    if assigned_first {
        nodes.swap(0, 1);
    }
    Graph {
        tensors: ["x", "v", "y", "z"]
            .map(|n| activation(n, &[1, 2], 0.5, 4))
            .to_vec(),
        nodes,
        inputs: vec![0],
        outputs: vec![2, 3],
        variables: vec![variable(1, None)],
        ..Graph::default()
    }
}

#[test]
fn a_read_sees_what_was_assigned_before_it_and_nothing_later() {
    let mut session = self::session(&before_and_after(false));
    assert_eq!(step(&mut session, &[7, 8]), [[4, 4], [7, 8]]);
    assert_eq!(step(&mut session, &[1, 2]), [[7, 8], [1, 2]]);
    session.reset();
    assert_eq!(step(&mut session, &[5, 6]), [[4, 4], [5, 6]]);
    let mut session = self::session(&before_and_after(true));
    assert_eq!(step(&mut session, &[7, 8]), [[7, 8], [7, 8]]);
}

#[test]
fn a_variable_may_be_assigned_twice() {
    let mut graph = before_and_after(false);
    graph.nodes.push(node(Op::AssignVariable, &[1, 2], &[]));
    let mut session = self::session(&graph);
    // What was held comes back at the end of each run.
    for _ in 0..3 {
        assert_eq!(step(&mut session, &[7, 8]), [[4, 4], [7, 8]]);
    }
}

#[test]
fn two_variables_keep_apart() {
    // b gets what a held, a gets x: the outputs are x of one and of two runs ago.
    let graph = Graph {
        tensors: ["x", "a", "b", "last", "older"]
            .map(|n| activation(n, &[1, 2], 0.5, 0))
            .to_vec(),
        nodes: vec![
            node(Op::ReadVariable, &[1], &[3]),
            node(Op::ReadVariable, &[2], &[4]),
            node(Op::AssignVariable, &[2, 3], &[]),
            node(Op::AssignVariable, &[1, 0], &[]),
        ],
        inputs: vec![0],
        outputs: vec![3, 4],
        variables: vec![variable(1, None), variable(2, Some(&[9, 9]))],
        ..Graph::default()
    };
    let mut session = session(&graph);
    assert_eq!(step(&mut session, &[1, 1]), [[0, 0], [9, 9]]);
    assert_eq!(step(&mut session, &[2, 2]), [[1, 1], [0, 0]]);
    assert_eq!(step(&mut session, &[3, 3]), [[2, 2], [1, 1]]);
}

#[test]
fn what_is_wrong_with_a_variable_is_said() {
    let refusal = |spoil: fn(&mut Graph)| {
        let mut graph = before_and_after(false);
        spoil(&mut graph);
        graph.emit().expect_err("spoiled").to_string()
    };
    let cases = [
        (
            "nothing assigns",
            refusal(|g| {
                g.nodes.remove(1);
            }),
        ),
        (
            "input 0 must be a variable",
            refusal(|g| g.nodes[0].inputs = vec![Some(0)]),
        ),
        (
            "only READ_VARIABLE and ASSIGN_VARIABLE take it",
            refusal(|g| g.nodes[1].inputs = vec![Some(1), Some(1)]),
        ),
        (
            "they must be as many of one type",
            refusal(|g| g.tensors[1].shape = vec![3]),
        ),
        ("no node writes", refusal(|g| g.outputs.push(1))),
        (
            "has no outputs",
            refusal(|g| {
                g.tensors.push(g.tensors[0].clone());
                g.nodes[1].outputs.push(4);
            }),
        ),
    ];
    for (needle, message) in cases {
        assert!(message.contains(needle), "{message:?} lacks {needle:?}");
    }
}
