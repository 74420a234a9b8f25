//! Variables there and back.

use lampyris_graph::{Activation, Graph, Node, Op, Variable};

use super::super::{Metadata, read, write};
use super::activation;

/// y = the sum of x and what was x in the run before. The variable's tensor says that it
/// begins with its zero point, 7; what is assigned has 3.
fn delayed(initial: Option<Vec<u8>>) -> Graph {
    let node = |op, inputs: &[usize], outputs: &[usize]| Node {
        op,
        inputs: inputs.iter().map(|&t| Some(t)).collect(),
        outputs: outputs.to_vec(),
    };
    Graph {
        name: "delayed".into(),
        tensors: vec![
            activation("x", &[1, 2], 0.5, 3),
            activation("last", &[1, 2], 0.5, 7),
            activation("before", &[1, 2], 0.5, 3),
            activation("y", &[1, 2], 0.5, 3),
        ],
        nodes: vec![
            node(Op::ReadVariable, &[1], &[2]),
            node(
                Op::Add {
                    activation: Activation::None,
                },
                &[0, 2],
                &[3],
            ),
            node(Op::AssignVariable, &[1, 0], &[]),
        ],
        inputs: vec![0],
        outputs: vec![3],
        variables: vec![Variable {
            tensor: 1,
            container: "box".into(),
            shared_name: "last".into(),
            initial,
        }],
    }
}

#[test]
fn a_variable_keeps_its_names_and_its_first_content() {
    let bytes = write(&delayed(Some(vec![1, 255])), &Metadata::default()).expect("sound");
    let (graph, metadata) = read(&bytes).expect("our own file");
    // It takes scale and zero point of what is assigned.
    let mut same = delayed(Some(vec![1, 255]));
    same.tensors[1].quant = same.tensors[0].quant.clone();
    assert_eq!(graph, same);
    let again = write(&graph, &metadata).expect("sound");
    assert_eq!(read(&again), Ok((graph, metadata)));
}

#[test]
fn a_zero_point_that_no_runtime_would_fill_in_is_written_as_content() {
    let bytes = write(&delayed(None), &Metadata::default()).expect("sound");
    let (graph, _) = read(&bytes).expect("our own file");
    assert_eq!(graph.variables[0].initial, Some(vec![7, 7]));
    // Where it is that of what is assigned, nothing needs to be said.
    let mut usual = delayed(None);
    usual.tensors[1].quant = usual.tensors[0].quant.clone();
    let bytes = write(&usual, &Metadata::default()).expect("sound");
    assert_eq!(read(&bytes).map(|(graph, _)| graph), Ok(usual));
}
