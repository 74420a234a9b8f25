//! Every operator's options there and back, and the versions that tensors ask for.

use std::collections::BTreeSet;

use lampyris_graph::{Activation, DType, Graph, Node, Op, Padding, Pool, Quant, Tensor, Window};

use super::super::names;
use super::super::schema::operator;
use super::super::step::Step;
use super::super::table::Source;
use super::super::tree::{Value, flatten};
use super::{Call, ROWS, Stated, read, write};

/// One of each, with options that are not the defaults.
fn every_operator() -> Vec<Op> {
    let activation = Activation::Relu6;
    let window = Window {
        padding: Padding::Valid,
        stride: [2, 3],
        dilation: [4, 5],
    };
    let pool = Pool {
        padding: Padding::Valid,
        stride: [2, 3],
        size: [4, 5],
    };
    vec![
        Op::Conv2d { window, activation },
        Op::DepthwiseConv2d { window, activation },
        Op::TransposeConv {
            padding: Padding::Valid,
            stride: [2, 3],
            activation,
        },
        Op::FullyConnected { activation },
        Op::AveragePool2d { pool, activation },
        Op::MaxPool2d { pool, activation },
        Op::Mean { keep_dims: true },
        Op::Sum { keep_dims: true },
        Op::ReduceMax { keep_dims: true },
        Op::Softmax { beta: 0.5 },
        Op::Reshape,
        Op::Squeeze { axes: vec![1, -1] },
        Op::ExpandDims,
        Op::Add { activation },
        Op::Sub { activation },
        Op::Mul { activation },
        Op::Maximum,
        Op::Minimum,
        Op::Pad,
        Op::PadV2,
        Op::Concatenation {
            axis: -1,
            activation: Activation::ReluN1To1,
        },
        Op::Split,
        Op::SplitV,
        Op::Slice,
        Op::StridedSlice {
            begin_mask: 1,
            end_mask: 2,
            ellipsis_mask: 4,
            new_axis_mask: 8,
            shrink_axis_mask: 1 << 31,
            offset: true,
        },
        Op::Transpose,
        Op::ResizeNearestNeighbor {
            align_corners: true,
            half_pixel_centers: true,
        },
        Op::Pack { axis: -2 },
        Op::Unpack { axis: -2 },
        Op::Shape,
        Op::Relu,
        Op::Relu6,
        Op::LeakyRelu { alpha: -0.25 },
        Op::Prelu,
        Op::Logistic,
        Op::Tanh,
        Op::HardSwish,
        Op::Abs,
        Op::Quantize,
        Op::ReadVariable,
        Op::AssignVariable,
    ]
}

fn tensor(shape: &[usize], dtype: DType, scale: f32) -> Tensor {
    Tensor {
        name: String::new(),
        shape: shape.to_vec(),
        dtype,
        quant: Some(Quant {
            scale: vec![scale],
            zero_point: vec![0],
            axis: 0,
        }),
        data: None,
    }
}

/// The operator on these inputs, the last of them its output, as it is written.
fn stated(op: Op, tensors: Vec<Tensor>) -> Stated {
    let y = tensors.len() - 1;
    let node = Node {
        op,
        inputs: (0..y).map(Some).collect(),
        outputs: vec![y],
    };
    let graph = Graph {
        tensors,
        ..Graph::default()
    };
    write(&Call {
        graph: &graph,
        node: &node,
    })
}

fn image(depth: usize) -> Tensor {
    tensor(&[1, 4, 4, depth], DType::I8, 0.5)
}

#[test]
fn every_operator_is_read_as_it_was_written() {
    let mut codes = BTreeSet::new();
    for op in every_operator() {
        let stated = stated(op.clone(), vec![image(2), image(2), image(2)]);
        assert_eq!(stated.code, op.code());
        codes.insert(stated.code);
        let fields = vec![
            (operator::OPTIONS_TYPE, Value::UByte(stated.kind)),
            (operator::OPTIONS, Value::Table(stated.options)),
        ];
        let bytes = flatten(&fields, *b"TEST");
        let source = Source::new(&bytes);
        let table = source.root().expect("a sound root");
        let options = table
            .table(operator::OPTIONS)
            .expect("sound")
            .expect("there");
        let step = Step::of(stated.code, stated.kind, options);
        assert_eq!(read(&step), Ok(op));
    }
    let rows: BTreeSet<u32> = ROWS.iter().map(|row| row.code).collect();
    assert_eq!(rows.len(), ROWS.len(), "two rows have one code");
    assert_eq!(codes, rows);
}

#[test]
fn the_version_is_the_lowest_that_the_tensors_allow() {
    let activation = Activation::None;
    let version = |op, tensors| stated(op, tensors).version;
    let five = || tensor(&[1, 2, 1, 2, 2], DType::I8, 0.5);
    let wide = || tensor(&[1, 1, 1, 1, 2], DType::I8, 0.5);
    let bytes = || tensor(&[1, 4], DType::U8, 0.5);
    let window = Window {
        padding: Padding::Same,
        stride: [1, 1],
        dilation: [1, 1],
    };
    let conv = Op::Conv2d { window, activation };
    assert_eq!(version(conv.clone(), vec![image(4), image(4), image(4)]), 3);
    assert_eq!(version(conv, vec![image(4), image(2), image(4)]), 6);
    let dense = Op::FullyConnected { activation };
    let flat = || tensor(&[1, 4], DType::I8, 0.5);
    assert_eq!(version(dense.clone(), vec![flat(), flat(), flat()]), 6);
    let bias = || tensor(&[4], DType::I32, 0.25);
    assert_eq!(
        version(dense.clone(), vec![flat(), flat(), bias(), flat()]),
        4
    );
    assert_eq!(version(dense, vec![image(4), flat(), bias(), image(4)]), 5);
    let mul = Op::Mul { activation };
    assert_eq!(version(mul.clone(), vec![image(1), image(1), image(1)]), 2);
    let fine = tensor(&[1, 4, 4, 1], DType::I8, 0.25);
    assert_eq!(version(mul, vec![image(1), image(1), fine]), 3);
    let sub = Op::Sub { activation };
    assert_eq!(version(sub.clone(), vec![five(), five(), five()]), 2);
    assert_eq!(version(sub, vec![five(), wide(), five()]), 3);
    assert_eq!(version(Op::Maximum, vec![five(), wide(), five()]), 3);
    assert_eq!(version(Op::Pad, vec![five(), five()]), 4);
    assert_eq!(version(Op::Slice, vec![five(), five()]), 5);
    assert_eq!(version(Op::Transpose, vec![five(), five()]), 4);
    assert_eq!(version(Op::Transpose, vec![image(1), image(1)]), 2);
    assert_eq!(version(Op::Split, vec![bytes(), bytes(), bytes()]), 1);
    assert_eq!(version(Op::Abs, vec![bytes(), bytes()]), 1);
    assert_eq!(version(Op::Quantize, vec![bytes(), image(1)]), 1);
}

#[test]
fn the_docs_name_every_operator() {
    let docs = include_str!("../../../../../docs/formats.md");
    let names: BTreeSet<&str> = docs
        .split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        .collect();
    for row in ROWS {
        let name = names::operator(row.code);
        assert!(names.contains(name.as_str()), "{name}");
    }
}
