//! From a file to a graph.

use lampyris_graph::{Activation, DType, Graph, Node, Op, Quant, Tensor};

use super::schema::{
    MODEL_ID, SCHEMA_VERSION, SETTINGS_NAME, buffer, builtin, fully_connected, metadata, model,
    operator, operator_code, quantization, softmax, subgraph, tensor, tensor_type,
};
use super::table::Table;
use super::{Metadata, labels, names};
use crate::FormatError;

const SUPPORTED: &str = "supported are FULLY_CONNECTED, SOFTMAX and RESHAPE on int8";

pub(super) fn read(bytes: &[u8]) -> Result<(Graph, Metadata), FormatError> {
    if bytes.get(4..8) != Some(MODEL_ID) {
        return Err(FormatError::new(
            "this is not a TensorFlow Lite file",
            "byte 4, where \"TFL3\" should stand",
            "choose a .tflite file",
        ));
    }
    let (root, main, file) = open(bytes)?;
    let mut graph = file.without_float_edges()?.graph()?;
    graph.name = main.string(subgraph::NAME)?;
    Ok((graph, file.metadata(&root, bytes)?))
}

/// The root, its only graph, and that graph's parts.
fn open(bytes: &[u8]) -> Result<(Table<'_>, Table<'_>, File<'_>), FormatError> {
    let root = Table::root(bytes)?;
    let version = root.uint(model::VERSION)?;
    if version != SCHEMA_VERSION {
        return Err(FormatError::new(
            format!("the file has version {version} of the schema"),
            "its head",
            "convert the model again with a current TensorFlow; version 3 is supported",
        ));
    }
    let subgraphs = root.tables(model::SUBGRAPHS)?;
    let &[main] = &subgraphs[..] else {
        return Err(FormatError::new(
            format!("the file holds {} graphs", subgraphs.len()),
            "its list of subgraphs",
            "export a model with exactly one graph, without loops and branches",
        ));
    };
    let file = File {
        buffers: root.tables(model::BUFFERS)?,
        tensors: main.tables(subgraph::TENSORS)?,
        steps: steps(&root, &main)?,
        inputs: indices(&main, subgraph::INPUTS)?,
        outputs: indices(&main, subgraph::OUTPUTS)?,
    };
    Ok((root, main, file))
}

/// Each operator of a file that is supported by itself, as a graph of its own.
#[cfg(test)]
pub(super) fn single_steps(bytes: &[u8]) -> Vec<(usize, Graph)> {
    let Ok((_, _, file)) = open(bytes) else {
        return Vec::new();
    };
    let single = |step: &Step<'_>| {
        let alone = File {
            steps: vec![step.clone()],
            inputs: step.inputs.iter().take(1).copied().collect(),
            outputs: step.outputs.iter().copied().map(Some).collect(),
            ..file.clone()
        };
        let graph = alone.graph().ok()?;
        graph.emit().is_ok().then_some((step.index, graph))
    };
    file.steps.iter().filter_map(single).collect()
}

/// One operator as the file has it.
#[derive(Clone)]
struct Step<'a> {
    code: u32,
    /// TFLite's name, or the custom operator's own.
    name: String,
    inputs: Vec<Option<usize>>,
    outputs: Vec<usize>,
    options: Option<Table<'a>>,
    /// Place in the file.
    index: usize,
}

impl Step<'_> {
    fn refuse(&self, what: impl AsRef<str>, remedy: impl Into<String>) -> FormatError {
        FormatError::new(
            format!("{} {}", self.name, what.as_ref()),
            format!("operator {}", self.index),
            remedy,
        )
    }
}

/// The parts of a file that make the graph.
#[derive(Clone)]
struct File<'a> {
    buffers: Vec<Table<'a>>,
    tensors: Vec<Table<'a>>,
    steps: Vec<Step<'a>>,
    inputs: Vec<Option<usize>>,
    outputs: Vec<Option<usize>>,
}

/// Indices of tensors; −1 is an input left out.
fn indices(table: &Table<'_>, field: u16) -> Result<Vec<Option<usize>>, FormatError> {
    Ok(table
        .ints(field)?
        .into_iter()
        .map(|i| usize::try_from(i).ok())
        .collect())
}

fn steps<'a>(root: &Table<'a>, main: &Table<'a>) -> Result<Vec<Step<'a>>, FormatError> {
    let codes = root.tables(model::OPERATOR_CODES)?;
    let mut steps = Vec::new();
    for (index, op) in main.tables(subgraph::OPERATORS)?.iter().enumerate() {
        let code = codes
            .get(op.uint(operator::OPCODE_INDEX)? as usize)
            .ok_or_else(|| {
                FormatError::new(
                    "an operator has no code",
                    format!("operator {index}"),
                    "the file is damaged: download or export it again",
                )
            })?;
        // Old files have the number in one byte, new ones in a word, some in both.
        let old = u32::try_from(code.byte(operator_code::DEPRECATED_BUILTIN)?).unwrap_or(0);
        let number = old.max(code.uint(operator_code::BUILTIN)?);
        let name = match number {
            builtin::CUSTOM => format!("custom {}", code.string(operator_code::CUSTOM)?),
            other => names::operator(other),
        };
        let outputs = indices(op, operator::OUTPUTS)?;
        steps.push(Step {
            code: number,
            name,
            inputs: indices(op, operator::INPUTS)?,
            outputs: outputs.into_iter().flatten().collect(),
            options: op.table(operator::OPTIONS)?,
            index,
        });
    }
    Ok(steps)
}

impl File<'_> {
    fn is_float(&self, tensor: usize) -> bool {
        self.tensors
            .get(tensor)
            .is_some_and(|t| t.byte(tensor::TYPE) == Ok(tensor_type::FLOAT32))
    }

    /// The file with its inputs behind QUANTIZE and its outputs before DEQUANTIZE.
    fn without_float_edges(&self) -> Result<Self, FormatError> {
        let mut inner = self.clone();
        for input in inner.inputs.iter_mut().flatten() {
            let reads = |s: &&Step<'_>| s.inputs.contains(&Some(*input));
            let readers: Vec<_> = self.steps.iter().filter(reads).collect();
            if let ([one], true) = (&readers[..], self.is_float(*input))
                && let (builtin::QUANTIZE, &[to]) = (one.code, &one.outputs[..])
            {
                *input = to;
                inner.steps.retain(|s| s.index != one.index);
            }
        }
        for output in inner.outputs.iter_mut().flatten() {
            let writer = self.steps.iter().find(|s| s.outputs.contains(output));
            if let (Some(one), true) = (writer, self.is_float(*output))
                && let (builtin::DEQUANTIZE, &[Some(from)]) = (one.code, &one.inputs[..])
            {
                *output = from;
                inner.steps.retain(|s| s.index != one.index);
            }
        }
        Ok(inner)
    }

    fn graph(&self) -> Result<Graph, FormatError> {
        let mut place = vec![None; self.tensors.len()];
        let mut tensors = Vec::new();
        for (index, table) in self.tensors.iter().enumerate() {
            if let Some(dtype) = dtype(table)? {
                place[index] = Some(tensors.len());
                tensors.push(self.tensor(index, table, dtype)?);
            }
        }
        let resolve = |tensor: usize, who: &str| {
            place.get(tensor).copied().flatten().ok_or_else(|| {
                FormatError::new(
                    format!("{who} is {}", self.describe(tensor)),
                    format!("tensor {tensor}"),
                    "quantize the model to int8, inputs and outputs too",
                )
            })
        };
        let ends = |list: &[Option<usize>], who: &str| {
            list.iter()
                .flatten()
                .map(|&t| resolve(t, who))
                .collect::<Result<Vec<_>, _>>()
        };
        let mut nodes = Vec::new();
        for step in &self.steps {
            let op = op(step)?;
            let who = format!("a tensor of operator {} ({})", step.index, step.name);
            let inputs = step
                .inputs
                .iter()
                .map(|i| i.map(|t| resolve(t, &who)).transpose())
                .collect::<Result<_, _>>()?;
            let outputs = step.outputs.iter().map(|&t| resolve(t, &who));
            nodes.push(Node {
                op,
                inputs,
                outputs: outputs.collect::<Result<_, _>>()?,
            });
        }
        Ok(Graph {
            name: String::new(),
            variables: Vec::new(),
            inputs: ends(&self.inputs, "an input of the graph")?,
            outputs: ends(&self.outputs, "an output of the graph")?,
            tensors,
            nodes,
        })
    }

    fn describe(&self, tensor: usize) -> String {
        match self.tensors.get(tensor).map(|t| t.byte(tensor::TYPE)) {
            Some(Ok(code)) => names::element(code),
            _ => "not in the file".to_owned(),
        }
    }

    fn tensor(&self, index: usize, table: &Table<'_>, dtype: DType) -> Result<Tensor, FormatError> {
        let name = table.string(tensor::NAME)?;
        let refuse = |what: &str, remedy: &str| {
            FormatError::new(what, format!("tensor {index} (\"{name}\")"), remedy)
        };
        let shape = table.ints(tensor::SHAPE)?;
        let shape: Option<Vec<usize>> = shape.iter().map(|&d| usize::try_from(d).ok()).collect();
        let shape = shape.ok_or_else(|| {
            refuse(
                "the shape is not known before the run",
                "export the model with fixed shapes",
            )
        })?;
        if table.has(tensor::SPARSITY) || table.byte(tensor::IS_VARIABLE)? != 0 {
            return Err(refuse(
                "sparse and variable tensors are not supported",
                "export a plain dense model without state",
            ));
        }
        let buffer = self.buffers.get(table.uint(tensor::BUFFER)? as usize);
        let data = buffer.map_or(Ok(&[][..]), |b| b.bytes(buffer::DATA))?;
        let data = (!data.is_empty()).then(|| data.to_vec());
        let tensor = Tensor {
            quant: quant(table)?,
            name: name.clone(),
            shape,
            dtype,
            data,
        };
        let width = match dtype {
            DType::I8 | DType::U8 => 1,
            DType::I32 => 4,
        };
        match &tensor.data {
            Some(data) if Some(data.len()) != tensor.elements().checked_mul(width) => Err(refuse(
                "the shape and the stored values don't agree",
                "the file is damaged: download or export it again",
            )),
            _ => Ok(tensor),
        }
    }

    fn metadata(&self, root: &Table<'_>, bytes: &[u8]) -> Result<Metadata, FormatError> {
        let mut settings_json = String::new();
        for entry in root.tables(model::METADATA)? {
            if entry.string(metadata::NAME)? == SETTINGS_NAME {
                let buffer = self.buffers.get(entry.uint(metadata::BUFFER)? as usize);
                let data = buffer.map_or(Ok(&[][..]), |b| b.bytes(buffer::DATA))?;
                settings_json = String::from_utf8_lossy(data).into_owned();
            }
        }
        Ok(Metadata {
            labels: labels::read(root, &self.buffers, bytes)?,
            settings_json,
            description: root.string(model::DESCRIPTION)?,
        })
    }
}

fn dtype(table: &Table<'_>) -> Result<Option<DType>, FormatError> {
    Ok(match table.byte(tensor::TYPE)? {
        tensor_type::INT8 => Some(DType::I8),
        tensor_type::INT32 => Some(DType::I32),
        _ => None,
    })
}

fn quant(table: &Table<'_>) -> Result<Option<Quant>, FormatError> {
    let Some(q) = table.table(tensor::QUANTIZATION)? else {
        return Ok(None);
    };
    let scale = q.floats(quantization::SCALE)?;
    if scale.is_empty() {
        return Ok(None);
    }
    // Zero points may be left out, and are then all 0.
    let mut zero_point: Vec<i32> = q
        .longs(quantization::ZERO_POINT)?
        .into_iter()
        .map(|z| i32::try_from(z).unwrap_or(i32::MAX))
        .collect();
    zero_point.resize(scale.len(), 0);
    Ok(Some(Quant {
        scale,
        zero_point,
        axis: usize::try_from(q.int(quantization::AXIS)?).unwrap_or(0),
    }))
}

fn op(step: &Step<'_>) -> Result<Op, FormatError> {
    use lampyris_core::ops::{FULLY_CONNECTED, RESHAPE, SOFTMAX};
    let options = step.options.as_ref();
    if step.code == FULLY_CONNECTED.code {
        let byte = |field| options.map_or(Ok(0), |o| o.byte(field));
        if byte(fully_connected::WEIGHTS_FORMAT)? != 0 {
            return Err(step.refuse("has shuffled weights", "export it with plain weights"));
        }
        Ok(Op::FullyConnected {
            activation: activation(step, byte(fully_connected::ACTIVATION)?)?,
        })
    } else if step.code == SOFTMAX.code {
        let beta = options.map_or(Ok(0.0), |o| o.float(softmax::BETA))?;
        Ok(Op::Softmax { beta })
    } else if step.code == RESHAPE.code {
        Ok(Op::Reshape)
    } else {
        Err(step.refuse("is not supported", SUPPORTED))
    }
}

/// `ActivationFunctionType`.
fn activation(step: &Step<'_>, code: i8) -> Result<Activation, FormatError> {
    match code {
        0 => Ok(Activation::None),
        1 => Ok(Activation::Relu),
        3 => Ok(Activation::Relu6),
        other => Err(step.refuse(
            format!("has fused activation {other}"),
            "supported are none, RELU and RELU6",
        )),
    }
}
