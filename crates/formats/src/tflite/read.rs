//! From a file to a graph.

use std::collections::HashSet;

use lampyris_graph::{Graph, Node, Tensor};

use super::file::{File, Subgraph};
use super::schema::{tensor as tensor_fields, tensor_type};
use super::state::{self, Held};
use super::step::Step;
use super::table::Source;
use super::{Metadata, Numbers, edges, foreign, metadata, names, options, refused, tensor};
use crate::FormatError;

pub(super) fn read(bytes: &[u8]) -> Result<(Graph, Metadata, Numbers), FormatError> {
    foreign::check(bytes)?;
    let source = Source::new(bytes);
    let file = File::open(&source)?;
    let metadata = metadata::read(&file, bytes)?;
    let (mut graph, written) = as_written(&file)?;
    let nodes = graph.fold().map_err(refused)?;
    let tensors = drop_unused(&mut graph);
    let of = |list: &[usize], kept: Vec<usize>| kept.into_iter().map(|i| list[i]).collect();
    let numbers = Numbers {
        operators: of(&written.operators, nodes),
        tensors: of(&written.tensors, tensors),
    };
    Ok((graph, metadata, numbers))
}

/// The file's graph without what only files have: float edges, handles of variables.
fn as_written(file: &File<'_>) -> Result<(Graph, Numbers), FormatError> {
    let mut main = file.subgraph(0)?.ok_or_else(|| {
        FormatError::new("the file holds no graph", "its head", "export it again")
    })?;
    edges::strip(&mut main);
    let (held, called) = state::take(file, &mut main)?;
    let graph = assemble(file, &main, held)?;
    match (0..file.graphs()).find(|graph| !called.contains(graph)) {
        None => Ok(graph),
        Some(other) => Err(FormatError::new(
            format!("the file holds {} graphs", file.graphs()),
            format!("graph {other}, which nothing calls"),
            "export a model with exactly one graph, without loops and branches",
        )),
    }
}

/// Tensors, nodes and variables of a graph of a file. Tensors that nothing uses are left
/// out; the others keep their order.
fn assemble(
    file: &File<'_>,
    main: &Subgraph<'_>,
    held: Vec<Held>,
) -> Result<(Graph, Numbers), FormatError> {
    let mut used = vec![false; main.tensors.len()];
    let mut mark = |tensor: usize, place: &dyn Fn() -> String| match used.get_mut(tensor) {
        Some(used) => {
            *used = true;
            Ok(())
        }
        None => Err(FormatError::new(
            format!(
                "tensor {tensor} is used, and the file has {}",
                main.tensors.len()
            ),
            place(),
            "the file is damaged: download or export it again",
        )),
    };
    for (list, place) in [
        (&main.inputs, "the graph's inputs"),
        (&main.outputs, "the graph's outputs"),
    ] {
        for &tensor in list {
            mark(tensor, &|| place.to_owned())?;
        }
    }
    let variables: HashSet<usize> = held.iter().map(|(v, _)| v.tensor).collect();
    let mut ops = Vec::with_capacity(main.steps.len());
    for step in &main.steps {
        let mut elements = Vec::new();
        for &tensor in step.inputs.iter().flatten().chain(&step.outputs) {
            mark(tensor, &|| step.place())?;
            if !variables.contains(&tensor) {
                elements.push((tensor, main.element(tensor).unwrap_or(-1)));
            }
        }
        check_elements(step, &elements)?;
        ops.push(options::read(step)?);
    }
    let mut place = vec![0; main.tensors.len()];
    let mut tensors = Vec::new();
    let numbers = Numbers {
        operators: main.steps.iter().map(|step| step.index).collect(),
        tensors: (0..main.tensors.len()).filter(|&t| used[t]).collect(),
    };
    let mut variables = Vec::with_capacity(held.len());
    let mut held = held.into_iter().peekable();
    for &index in &numbers.tensors {
        place[index] = tensors.len();
        if let Some((mut variable, tensor)) = held.next_if(|(v, _)| v.tensor == index) {
            variable.tensor = tensors.len();
            variables.push(variable);
            tensors.push(tensor);
        } else {
            tensors.push(read_tensor(file, main, index)?);
        }
    }
    let node = |(step, op): (&Step<'_>, _)| Node {
        op,
        inputs: step.inputs.iter().map(|i| i.map(|t| place[t])).collect(),
        outputs: step.outputs.iter().map(|&t| place[t]).collect(),
    };
    let graph = Graph {
        name: main.name.clone(),
        nodes: main.steps.iter().zip(ops).map(node).collect(),
        inputs: main.inputs.iter().map(|&t| place[t]).collect(),
        outputs: main.outputs.iter().map(|&t| place[t]).collect(),
        tensors,
        variables,
    };
    Ok((graph, numbers))
}

/// A tensor that is an input or an output, or of an operator whose elements were checked.
fn read_tensor(file: &File<'_>, main: &Subgraph<'_>, index: usize) -> Result<Tensor, FormatError> {
    let table = &main.tensors[index];
    let kind = table.byte(tensor_fields::TYPE)?;
    let dtype = tensor::dtype(kind).ok_or_else(|| {
        FormatError::new(
            format!(
                "an input or output of the graph is {}",
                names::element(kind)
            ),
            format!("tensor {index}"),
            "quantize the model to int8, inputs and outputs too",
        )
    })?;
    tensor::read(file, index, table, dtype)
}

/// Refuses an operator with tensors of a type that is not supported. The list is of
/// tensors and their types.
fn check_elements(step: &Step<'_>, elements: &[(usize, i8)]) -> Result<(), FormatError> {
    if step.is_custom() {
        return Err(step.refuse("is not supported", options::supported()));
    }
    let strange = |&&(_, kind): &&(usize, i8)| tensor::dtype(kind).is_none();
    let Some(&(at, kind)) = elements.iter().find(strange) else {
        return Ok(());
    };
    let int8_weights = elements.iter().any(|&(_, k)| k == tensor_type::INT8);
    let (what, remedy) = match kind {
        tensor_type::FLOAT32 if int8_weights => (
            "computes in float32 with int8 weights".to_owned(),
            "this is dynamic-range quantization: quantize with a representative dataset, so that activations, inputs and outputs are int8 too",
        ),
        tensor_type::FLOAT32 => (
            "computes in float32".to_owned(),
            "quantize the model to int8, inputs and outputs too",
        ),
        tensor_type::INT16 => (
            "computes in int16".to_owned(),
            "quantize the model with int8 activations, not 16x8",
        ),
        other => (
            format!("works on {}", names::element(other)),
            "supported are int8, uint8 for what isn't computed with, and int32 for shapes and biases",
        ),
    };
    Err(step.refuse(format!("{what} (tensor {at})"), remedy))
}

/// Leaves out tensors that nothing uses any more; the others keep their order. Gives the
/// former indices of those that stay.
fn drop_unused(graph: &mut Graph) -> Vec<usize> {
    let mut used = vec![false; graph.tensors.len()];
    let nodes = &graph.nodes;
    nodes
        .iter()
        .flat_map(|n| n.inputs.iter().flatten().chain(&n.outputs))
        .chain(&graph.inputs)
        .chain(&graph.outputs)
        .chain(graph.variables.iter().map(|v| &v.tensor))
        .for_each(|&t| used[t] = true);
    let mut place = vec![0; used.len()];
    let mut next = 0;
    for (place, &used) in place.iter_mut().zip(&used) {
        *place = next;
        next += usize::from(used);
    }
    let stays = (0..used.len()).filter(|&t| used[t]).collect();
    let mut keep = used.into_iter();
    graph.tensors.retain(|_| keep.next().unwrap_or(true));
    let nodes = graph.nodes.iter_mut();
    nodes
        .flat_map(|n| n.inputs.iter_mut().flatten().chain(&mut n.outputs))
        .chain(&mut graph.inputs)
        .chain(&mut graph.outputs)
        .chain(graph.variables.iter_mut().map(|v| &mut v.tensor))
        .for_each(|t| *t = place[*t]);
    stays
}
