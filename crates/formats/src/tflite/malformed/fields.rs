//! Reaching into the tree of a file.

use super::super::schema::{model, operator as op, subgraph as graph};
use super::super::tree::{Fields, Value};

/// Sets a field, or adds it.
pub(super) fn put(fields: &mut Fields, field: u16, value: Value) {
    fields.retain(|(number, _)| *number != field);
    fields.push((field, value));
}

/// The tables of a vector.
fn tables(fields: &mut Fields, field: u16) -> &mut Vec<Fields> {
    let found = fields.iter_mut().find(|(number, _)| *number == field);
    match found {
        Some((_, Value::Tables(list))) => list,
        _ => panic!("no vector of tables in field {field}"),
    }
}

/// Graph `at` of the file.
pub(super) fn subgraph(root: &mut Fields, at: usize) -> &mut Fields {
    &mut tables(root, model::SUBGRAPHS)[at]
}

/// Tensor `at` of the main graph.
pub(super) fn tensor(root: &mut Fields, at: usize) -> &mut Fields {
    &mut tables(subgraph(root, 0), graph::TENSORS)[at]
}

/// The operators of the main graph.
pub(super) fn operators(root: &mut Fields) -> &mut Vec<Fields> {
    tables(subgraph(root, 0), graph::OPERATORS)
}

/// Operator `at` of the main graph.
pub(super) fn operator(root: &mut Fields, at: usize) -> &mut Fields {
    &mut operators(root)[at]
}

/// The options of operator `at`.
pub(super) fn options(root: &mut Fields, at: usize) -> &mut Fields {
    let fields = operator(root, at).iter_mut();
    match fields
        .into_iter()
        .find(|(number, _)| *number == op::OPTIONS)
    {
        Some((_, Value::Table(options))) => options,
        _ => panic!("operator {at} has no options"),
    }
}

/// The operator codes of the file.
pub(super) fn codes(root: &mut Fields) -> &mut Vec<Fields> {
    tables(root, model::OPERATOR_CODES)
}

/// The buffers of the file.
pub(super) fn buffers(root: &mut Fields) -> &mut Vec<Fields> {
    tables(root, model::BUFFERS)
}

/// The graphs of the file.
pub(super) fn graphs(root: &mut Fields) -> &mut Vec<Fields> {
    tables(root, model::SUBGRAPHS)
}
