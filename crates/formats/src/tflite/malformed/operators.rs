//! Graphs and operators that make no sense, or that are not supported.

use super::super::schema::options::{call_once, concatenation, conv_2d, fully_connected, pool_2d};
use super::super::schema::{builtin, metadata, model, operator as op, operator_code, subgraph};
use super::super::tree::{Fields, Value};
use super::fields::{codes, graphs, operator, operators, options, put, tensor};
use super::{Case, spoiled};

fn ints(list: &[i32]) -> Value {
    Value::Ints(list.to_vec())
}

/// A case with a field of the main graph changed.
fn graph(name: &str, field: u16, list: &[i32]) -> Vec<u8> {
    spoiled(name, |root| put(&mut graphs(root)[0], field, ints(list)))
}

/// A case with a field of its first operator changed.
fn first(name: &str, field: u16, value: Value) -> Vec<u8> {
    spoiled(name, |root| put(operator(root, 0), field, value))
}

/// A case with an option of its first operator changed.
fn option(name: &str, field: u16, value: Value) -> Vec<u8> {
    spoiled(name, |root| put(options(root, 0), field, value))
}

/// A case whose first operator is another.
fn code(name: &str, number: u32) -> Vec<u8> {
    spoiled(name, |root| {
        put(
            &mut codes(root)[0],
            operator_code::DEPRECATED_BUILTIN,
            Value::Byte(0),
        );
        put(
            &mut codes(root)[0],
            operator_code::BUILTIN,
            Value::Int(number as i32),
        );
        put(
            &mut codes(root)[0],
            operator_code::CUSTOM,
            Value::Str("Mfcc".into()),
        );
    })
}

pub(super) fn cases() -> Vec<Case> {
    [whole_graphs(), single_operators(), variables()].concat()
}

fn whole_graphs() -> Vec<Case> {
    let version = |n| spoiled("conv", |root| put(root, model::VERSION, Value::UInt(n)));
    vec![
        ("has version 2 of the schema", version(2)),
        ("no graph", spoiled("conv", |root| graphs(root).clear())),
        (
            "the file holds 2 graphs",
            spoiled("conv", |root| graphs(root).push(vec![])),
        ),
        ("at least one input", graph("conv", subgraph::INPUTS, &[])),
        (
            "listed twice among the inputs",
            graph("conv", subgraph::INPUTS, &[0, 0]),
        ),
        (
            "that no node writes",
            graph("reshape", subgraph::OPERATORS, &[]),
        ),
        (
            "tensor 99 is used, and the file has 4 (the graph's inputs)",
            graph("conv", subgraph::INPUTS, &[99]),
        ),
        (
            "tensor 98 is used, and the file has 4 (operator 0)",
            first("conv", op::INPUTS, ints(&[98, 1, 2])),
        ),
        (
            "has number -7",
            first("conv", op::INPUTS, ints(&[-7, 1, 2])),
        ),
        (
            "input 0 must be",
            first("conv", op::INPUTS, ints(&[-1, 1, 2])),
        ),
        (
            "weights must be constant",
            first("conv", op::INPUTS, ints(&[0, 0, 2])),
        ),
        ("has 1 inputs", first("conv", op::INPUTS, ints(&[0]))),
        (
            "read before anything writes it",
            spoiled("branches", |root| operators(root).swap(1, 2)),
        ),
        (
            "read before anything writes it",
            first("conv", op::INPUTS, ints(&[3, 1, 2])),
        ),
        (
            "written a second time",
            spoiled("branches", |root| {
                put(operator(root, 5), op::OUTPUTS, ints(&[10]))
            }),
        ),
        (
            "an operator is number 9 of 1 operator codes",
            first("conv", op::OPCODE_INDEX, Value::UInt(9)),
        ),
        (
            "the weights are compressed",
            spoiled("conv", |root| {
                let name = Value::Str("COMPRESSION_METADATA".into());
                let entry = vec![(metadata::NAME, name)];
                put(root, model::METADATA, Value::Tables(vec![entry]));
            }),
        ),
    ]
}

fn single_operators() -> Vec<Case> {
    let content = |name: &str, at: usize, values: &[i32]| {
        let words = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        spoiled(name, |root| {
            put(
                &mut super::fields::buffers(root)[at],
                0,
                Value::Bytes(words),
            );
        })
    };
    vec![
        ("LSTM is not supported", code("conv", 16)),
        ("operator 999 is not supported", code("conv", 999)),
        (
            "custom Mfcc is not supported",
            code("conv", builtin::CUSTOM),
        ),
        (
            "has stride 0",
            option("conv", conv_2d::STRIDE_W, Value::Int(0)),
        ),
        (
            "has stride -2",
            option("conv", conv_2d::STRIDE_H, Value::Int(-2)),
        ),
        (
            "has dilation 0",
            option("conv", conv_2d::DILATION_H, Value::Int(0)),
        ),
        (
            "has padding 7",
            option("conv", conv_2d::PADDING, Value::Byte(7)),
        ),
        (
            "has window size 0",
            option("max_pool", pool_2d::FILTER_H, Value::Int(0)),
        ),
        (
            "fused activation TANH",
            option("conv", conv_2d::ACTIVATION, Value::Byte(4)),
        ),
        (
            "fused activation number 77",
            option("conv", conv_2d::ACTIVATION, Value::Byte(77)),
        ),
        (
            "has options of kind 5",
            first("conv", op::OPTIONS_TYPE, Value::UByte(5)),
        ),
        (
            "shuffled weights",
            option("fc", fully_connected::WEIGHTS_FORMAT, Value::Byte(1)),
        ),
        (
            "don't take [1, 21]",
            spoiled("fc", |root| put(tensor(root, 0), 0, ints(&[1, 21]))),
        ),
        (
            "no axis 9",
            option("concatenation_channels", concatenation::AXIS, Value::Int(9)),
        ),
        (
            "CONCATENATION",
            option("concatenation_channels", concatenation::AXIS, Value::Int(1)),
        ),
        ("TRANSPOSE", content("transpose_0231", 1, &[0, 2, 2, 1])),
        ("no axis 7", content("transpose_0231", 1, &[0, 2, 7, 1])),
        (
            "must be equal",
            spoiled("reshape", |root| put(tensor(root, 2), 0, ints(&[3, 21]))),
        ),
    ]
}

/// Streaming models: VAR_HANDLE, READ_VARIABLE and ASSIGN_VARIABLE of two variables, and
/// a CALL_ONCE before those of one.
fn variables() -> Vec<Case> {
    let two = |spoil: &dyn Fn(&mut Fields)| spoiled("state_two_variables", spoil);
    let ring = |spoil: &dyn Fn(&mut Fields)| spoiled("state_ring_initialised", spoil);
    vec![
        (
            "READ_VARIABLE uses a variable without a handle",
            two(&|root| {
                operators(root).remove(0);
            }),
        ),
        (
            "reads the variable \"a\", which nothing assigns",
            two(&|root| {
                let last = operators(root).len() - 2;
                operators(root).remove(last);
            }),
        ),
        (
            "needs a handle and a value",
            two(&|root| {
                let last = operators(root).len() - 2;
                put(operator(root, last), op::INPUTS, ints(&[1]));
            }),
        ),
        (
            "has not exactly one output",
            two(&|root| put(operator(root, 0), op::OUTPUTS, ints(&[]))),
        ),
        (
            "calls graph 7 of 2",
            ring(&|root| {
                put(
                    options(root, 0),
                    call_once::INIT_SUBGRAPH_INDEX,
                    Value::Int(7),
                );
            }),
        ),
        (
            "comes after a variable was used",
            ring(&|root| {
                let call = operators(root).remove(0);
                operators(root).push(call);
            }),
        ),
        (
            "is not supported in a graph that CALL_ONCE runs",
            ring(&|root| {
                let last = operators(root).len() - 2;
                let step = Some(operators(root).remove(last));
                let init = &mut graphs(root)[1];
                put(
                    init,
                    subgraph::OPERATORS,
                    Value::Tables(step.into_iter().collect()),
                );
            }),
        ),
        (
            "uses a variable without a handle (operator 0 of graph 1)",
            ring(&|root| {
                let step = operators(root).pop();
                let init = &mut graphs(root)[1];
                put(
                    init,
                    subgraph::OPERATORS,
                    Value::Tables(step.into_iter().collect()),
                );
            }),
        ),
        (
            "assigns tensor 9, which is not int8",
            two(&|root| {
                let last = operators(root).len() - 2;
                put(operator(root, last), op::INPUTS, ints(&[1, 9]));
            }),
        ),
    ]
}
