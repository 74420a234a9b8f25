//! From a graph to a file.

use lampyris_core::ops::{FULLY_CONNECTED, RESHAPE, SOFTMAX};
use lampyris_graph::{Activation, DType, Graph, Node, Op, Tensor};

use super::schema::{
    METADATA_NAME, MODEL_ID, SCHEMA_VERSION, SETTINGS_NAME, buffer, fully_connected, metadata,
    model, operator, operator_code, quantization, reshape, softmax, subgraph, tensor, tensor_type,
};
use super::tree::{Fields, Value, flatten};
use super::{Metadata, labels};
use crate::FormatError;

pub(super) fn write(graph: &Graph, meta: &Metadata) -> Result<Vec<u8>, FormatError> {
    graph.emit().map_err(|e| {
        FormatError::new(
            e.message.clone(),
            e.node
                .map_or("the graph".into(), |n| format!("operator {n}")),
            "only what the engine runs is written",
        )
    })?;
    labels::check(graph, &meta.labels)?;
    // Buffer 0 is empty, for tensors without content.
    let mut buffers: Vec<Fields> = vec![vec![]];
    let mut store = |bytes: Vec<u8>| {
        buffers.push(vec![(buffer::DATA, Value::Bytes(bytes))]);
        buffers.len() as u32 - 1
    };
    let tensors = graph
        .tensors
        .iter()
        .map(|t| write_tensor(t, t.data.clone().map_or(0, &mut store)))
        .collect();
    let mut entries: Vec<Fields> = Vec::new();
    let mut entry = |name: &str, bytes: Vec<u8>| {
        entries.push(vec![
            (metadata::NAME, Value::Str(name.into())),
            (metadata::BUFFER, Value::UInt(store(bytes))),
        ]);
    };
    if !meta.labels.is_empty() {
        entry(METADATA_NAME, labels::table(graph, meta));
    }
    if !meta.settings_json.is_empty() {
        entry(SETTINGS_NAME, meta.settings_json.clone().into_bytes());
    }
    let mut codes: Vec<(u32, i32)> = Vec::new();
    let operators = graph
        .nodes
        .iter()
        .map(|node| write_operator(graph, node, &mut codes))
        .collect();
    let main = vec![
        (subgraph::TENSORS, Value::Tables(tensors)),
        (subgraph::INPUTS, indices(&graph.inputs)),
        (subgraph::OUTPUTS, indices(&graph.outputs)),
        (subgraph::OPERATORS, Value::Tables(operators)),
        (subgraph::NAME, Value::Str(graph.name.clone())),
    ];
    let codes = codes.into_iter().map(write_code).collect();
    let root = vec![
        (model::VERSION, Value::UInt(SCHEMA_VERSION)),
        (model::OPERATOR_CODES, Value::Tables(codes)),
        (model::SUBGRAPHS, Value::Tables(vec![main])),
        (model::DESCRIPTION, Value::Str(meta.description.clone())),
        (model::BUFFERS, Value::Tables(buffers)),
        (model::METADATA, Value::Tables(entries)),
    ];
    labels::append(flatten(&root, *MODEL_ID), &meta.labels)
}

fn indices(list: &[usize]) -> Value {
    Value::Ints(list.iter().map(|&t| t as i32).collect())
}

fn write_tensor(t: &Tensor, buffer: u32) -> Fields {
    let dtype = match t.dtype {
        DType::I8 => tensor_type::INT8,
        DType::U8 => tensor_type::UINT8,
        DType::I32 => tensor_type::INT32,
    };
    let shape = t.shape.iter().map(|&d| d as i32).collect();
    let mut fields = vec![
        (tensor::SHAPE, Value::Ints(shape)),
        (tensor::TYPE, Value::Byte(dtype)),
        (tensor::BUFFER, Value::UInt(buffer)),
        (tensor::NAME, Value::Str(t.name.clone())),
    ];
    if let Some(q) = &t.quant {
        let zeros = q.zero_point.iter().map(|&z| i64::from(z)).collect();
        fields.push((
            tensor::QUANTIZATION,
            Value::Table(vec![
                (quantization::SCALE, Value::Floats(q.scale.clone())),
                (quantization::ZERO_POINT, Value::Longs(zeros)),
                (quantization::AXIS, Value::Int(q.axis as i32)),
            ]),
        ));
    }
    fields
}

/// The operator; its code is added to `codes` where it isn't there yet.
fn write_operator(graph: &Graph, node: &Node, codes: &mut Vec<(u32, i32)>) -> Fields {
    let output = node.outputs.first().and_then(|&t| graph.tensors.get(t));
    let rank = output.map_or(0, |t| t.shape.len());
    let (code, version, kind, options) = match node.op {
        Op::FullyConnected { activation } => {
            let fused = match activation {
                Activation::None => 0,
                Activation::Relu => 1,
                Activation::ReluN1To1 => 2,
                Activation::Relu6 => 3,
            };
            let mut options = vec![(fully_connected::ACTIVATION, Value::Byte(fused))];
            if rank != 2 {
                options.push((fully_connected::KEEP_NUM_DIMS, Value::Bool(true)));
            }
            // 4 brought int8, 5 the kept dimensions, 6 the missing bias.
            let version = match (node.inputs.get(2).copied().flatten(), rank) {
                (None, _) => 6,
                (Some(_), 2) => 4,
                (Some(_), _) => 5,
            };
            let kind = fully_connected::OPTIONS_TYPE;
            (FULLY_CONNECTED.code, version, kind, options)
        }
        Op::Softmax { beta } => {
            let options = vec![(softmax::BETA, Value::Float(beta))];
            (SOFTMAX.code, 2, softmax::OPTIONS_TYPE, options)
        }
        Op::Reshape => {
            let shape = output.map_or_else(Vec::new, |t| t.shape.clone());
            let options = vec![(reshape::NEW_SHAPE, indices(&shape))];
            (RESHAPE.code, 1, reshape::OPTIONS_TYPE, options)
        }
        _ => unreachable!("the reader knows no others yet"),
    };
    let place = codes.iter().position(|&c| c == (code, version));
    let place = place.unwrap_or_else(|| {
        codes.push((code, version));
        codes.len() - 1
    });
    let inputs = node.inputs.iter().map(|i| i.map_or(-1, |t| t as i32));
    vec![
        (operator::OPCODE_INDEX, Value::UInt(place as u32)),
        (operator::INPUTS, Value::Ints(inputs.collect())),
        (operator::OUTPUTS, indices(&node.outputs)),
        (operator::OPTIONS_TYPE, Value::UByte(kind)),
        (operator::OPTIONS, Value::Table(options)),
    ]
}

fn write_code((code, version): (u32, i32)) -> Fields {
    vec![
        // Readers from before 2020 know only this field.
        (operator_code::DEPRECATED_BUILTIN, Value::Byte(code as i8)),
        (operator_code::VERSION, Value::Int(version)),
        (operator_code::BUILTIN, Value::Int(code as i32)),
    ]
}
