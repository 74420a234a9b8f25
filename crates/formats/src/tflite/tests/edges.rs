//! Edges of float, and numbers of 64 bits.

use super::super::read;
use super::super::schema::options::softmax;
use super::super::schema::{
    buffer, builtin, model, operator, operator_code, quantization, subgraph, tensor, tensor_type,
};
use super::super::tree::{Fields, Value, flatten};

const SOFTMAX: u32 = 25;
const RESHAPE: u32 = 22;
const CODES: [u32; 4] = [builtin::QUANTIZE, SOFTMAX, builtin::DEQUANTIZE, RESHAPE];

fn values(element: i8, scale: f32, zero: i64) -> Fields {
    let q = vec![
        (quantization::SCALE, Value::Floats(vec![scale])),
        (quantization::ZERO_POINT, Value::Longs(vec![zero])),
    ];
    vec![
        (tensor::SHAPE, Value::Ints(vec![1, 2])),
        (tensor::TYPE, Value::Byte(element)),
        (tensor::QUANTIZATION, Value::Table(q)),
    ]
}

fn float() -> Fields {
    values(tensor_type::FLOAT32, 1.0, 0)
}

fn int8(scale: f32) -> Fields {
    values(tensor_type::INT8, scale, 0)
}

fn probability() -> Fields {
    values(tensor_type::INT8, 1.0 / 256.0, -128)
}

fn op(code: u32, inputs: &[i32], output: i32) -> Fields {
    let place = CODES.iter().position(|&c| c == code).expect("a known code");
    let beta = vec![(softmax::BETA, Value::Float(1.0))];
    vec![
        (operator::OPCODE_INDEX, Value::UInt(place as u32)),
        (operator::INPUTS, Value::Ints(inputs.to_vec())),
        (operator::OUTPUTS, Value::Ints(vec![output])),
        (operator::OPTIONS_TYPE, Value::UByte(softmax::KIND)),
        (operator::OPTIONS, Value::Table(beta)),
    ]
}

/// A file of these tensors and operators; buffer 1 holds the shape `[2, 1]` as int64.
fn file(tensors: Vec<Fields>, operators: Vec<Fields>, outputs: &[i32]) -> Vec<u8> {
    let main = vec![
        (subgraph::TENSORS, Value::Tables(tensors)),
        (subgraph::INPUTS, Value::Ints(vec![0])),
        (subgraph::OUTPUTS, Value::Ints(outputs.to_vec())),
        (subgraph::OPERATORS, Value::Tables(operators)),
    ];
    let codes = CODES.map(|c| vec![(operator_code::BUILTIN, Value::UInt(c))]);
    let shape = [2i64, 1].iter().flat_map(|n| n.to_le_bytes()).collect();
    let buffers = vec![vec![], vec![(buffer::DATA, Value::Bytes(shape))]];
    let root = vec![
        (model::VERSION, Value::UInt(3)),
        (model::OPERATOR_CODES, Value::Tables(codes.into())),
        (model::SUBGRAPHS, Value::Tables(vec![main])),
        (model::BUFFERS, Value::Tables(buffers)),
    ];
    flatten(&root, *b"TFL3")
}

#[test]
fn float_edges_are_left_out() {
    let bytes = file(
        vec![float(), int8(0.1), probability(), float()],
        vec![
            op(builtin::QUANTIZE, &[0], 1),
            op(SOFTMAX, &[1], 2),
            op(builtin::DEQUANTIZE, &[2], 3),
        ],
        &[3],
    );
    let (graph, _) = read(&bytes).expect("supported");
    assert_eq!((graph.tensors.len(), graph.nodes.len()), (2, 1));
    assert_eq!(
        (&graph.inputs[..], &graph.outputs[..]),
        (&[0][..], &[1][..])
    );
    assert!(graph.emit().is_ok());
}

/// x float, quantized twice, each for a SOFTMAX of its own.
fn quantized_twice(second: f32) -> Vec<u8> {
    file(
        vec![
            float(),
            int8(0.1),
            int8(second),
            probability(),
            probability(),
        ],
        vec![
            op(builtin::QUANTIZE, &[0], 1),
            op(builtin::QUANTIZE, &[0], 2),
            op(SOFTMAX, &[1], 3),
            op(SOFTMAX, &[2], 4),
        ],
        &[3, 4],
    )
}

#[test]
fn a_float_input_may_be_quantized_several_times_but_in_one_way() {
    let (graph, _) = read(&quantized_twice(0.1)).expect("the same scale");
    assert_eq!((graph.tensors.len(), graph.nodes.len()), (3, 2));
    assert_eq!(graph.nodes[0].inputs, graph.nodes[1].inputs);
    assert!(graph.emit().is_ok());
    let error = read(&quantized_twice(0.2))
        .expect_err("two scales")
        .to_string();
    assert!(error.contains("QUANTIZE computes in float32"), "{error}");
}

#[test]
fn float_in_the_middle_is_refused_with_the_first_operator() {
    let bytes = file(
        vec![int8(0.1), float(), float(), probability()],
        vec![
            op(builtin::DEQUANTIZE, &[0], 1),
            op(SOFTMAX, &[1], 2),
            op(builtin::QUANTIZE, &[2], 3),
        ],
        &[3],
    );
    let error = read(&bytes).expect_err("float").to_string();
    assert!(error.contains("DEQUANTIZE computes in float32"), "{error}");
    assert!(error.contains("(operator 0)"), "{error}");
}

#[test]
fn shapes_of_64_bits_become_32() {
    let mut view = int8(0.1);
    view[0] = (tensor::SHAPE, Value::Ints(vec![2, 1]));
    let shape = vec![
        (tensor::SHAPE, Value::Ints(vec![2])),
        (tensor::TYPE, Value::Byte(tensor_type::INT64)),
        (tensor::BUFFER, Value::UInt(1)),
    ];
    let mut reshape = op(RESHAPE, &[0, 1], 2);
    reshape.truncate(3);
    let bytes = file(vec![int8(0.1), shape, view], vec![reshape], &[2]);
    let (graph, _) = read(&bytes).expect("supported");
    assert_eq!(graph.tensors[1].int32s(), Some(vec![2, 1]));
    assert!(graph.emit().is_ok());
}
