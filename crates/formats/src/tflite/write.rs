//! From a graph to a file.

use lampyris_graph::Graph;

use super::options::{self, Call, Stated};
use super::schema::{
    MODEL_ID, SCHEMA_VERSION, buffer, builtin, model, operator, operator_code, subgraph,
};
use super::tree::{Fields, Value, flatten};
use super::{Metadata, labels, metadata, refused, state, tensor, unfuse};
use crate::FormatError;

pub(super) fn write(graph: &Graph, meta: &Metadata) -> Result<Vec<u8>, FormatError> {
    graph.emit().map_err(refused)?;
    labels::check(graph, &meta.labels)?;
    labels::append(flatten(&tree(graph, meta)?, *MODEL_ID), &meta.labels)
}

/// The parts of a file that operators and tensors refer to.
pub(super) struct Output {
    buffers: Vec<Fields>,
    codes: Vec<(u32, i32)>,
}

impl Output {
    fn new() -> Self {
        Self {
            // Buffer 0 is empty, for tensors without content.
            buffers: vec![vec![]],
            codes: Vec::new(),
        }
    }

    /// A buffer of these bytes; gives its number.
    pub(super) fn store(&mut self, bytes: Vec<u8>) -> u32 {
        self.buffers.push(vec![(buffer::DATA, Value::Bytes(bytes))]);
        self.buffers.len() as u32 - 1
    }

    /// An operator; its code is added where it isn't there yet.
    pub(super) fn operator(
        &mut self,
        stated: Stated,
        inputs: &[Option<usize>],
        outputs: &[usize],
    ) -> Fields {
        let code = (stated.code, stated.version);
        let place = self.codes.iter().position(|&c| c == code);
        let place = place.unwrap_or_else(|| {
            self.codes.push(code);
            self.codes.len() - 1
        });
        let inputs = inputs.iter().map(|i| i.map_or(-1, |t| t as i32));
        let mut fields = vec![
            (operator::OPCODE_INDEX, Value::UInt(place as u32)),
            (operator::INPUTS, Value::Ints(inputs.collect())),
            (operator::OUTPUTS, indices(outputs)),
        ];
        if stated.kind != 0 {
            fields.push((operator::OPTIONS_TYPE, Value::UByte(stated.kind)));
            fields.push((operator::OPTIONS, Value::Table(stated.options)));
        }
        fields
    }
}

/// The whole file but for the labels behind it.
pub(super) fn tree(graph: &Graph, meta: &Metadata) -> Result<Fields, FormatError> {
    let graph = &*unfuse::plain(graph)?;
    let mut file = Output::new();
    let mut tensors = Vec::new();
    for (index, t) in graph.tensors.iter().enumerate() {
        let handle = state::write_tensor(graph, index);
        tensors.push(handle.unwrap_or_else(|| {
            let buffer = t.data.clone().map_or(0, |data| file.store(data));
            tensor::write(t, buffer)
        }));
    }
    let entries = metadata::write(graph, meta, &mut file);
    let (mut operators, init) = state::write(graph, &mut file);
    for node in &graph.nodes {
        let stated = options::write(&Call { graph, node });
        operators.push(file.operator(stated, &node.inputs, &node.outputs));
    }
    let main = vec![
        (subgraph::TENSORS, Value::Tables(tensors)),
        (subgraph::INPUTS, indices(&graph.inputs)),
        (subgraph::OUTPUTS, indices(&graph.outputs)),
        (subgraph::OPERATORS, Value::Tables(operators)),
        (subgraph::NAME, Value::Str(graph.name.clone())),
    ];
    let codes = file.codes.into_iter().map(write_code).collect();
    let graphs = std::iter::once(main).chain(init).collect();
    Ok(vec![
        (model::VERSION, Value::UInt(SCHEMA_VERSION)),
        (model::OPERATOR_CODES, Value::Tables(codes)),
        (model::SUBGRAPHS, Value::Tables(graphs)),
        (model::DESCRIPTION, Value::Str(meta.description.clone())),
        (model::BUFFERS, Value::Tables(file.buffers)),
        (model::METADATA, Value::Tables(entries)),
    ])
}

fn indices(list: &[usize]) -> Value {
    Value::Ints(list.iter().map(|&t| t as i32).collect())
}

fn write_code((code, version): (u32, i32)) -> Fields {
    // Readers from before 2020 know only the byte; 127 there means a greater number.
    let old = code.min(builtin::GREATER);
    vec![
        (operator_code::DEPRECATED_BUILTIN, Value::Byte(old as i8)),
        (operator_code::VERSION, Value::Int(version)),
        (operator_code::BUILTIN, Value::Int(code as i32)),
    ]
}
