//! The state of a streaming model.
//!
//! In a file, VAR_HANDLE gives a number for a variable's two names, READ_VARIABLE and
//! ASSIGN_VARIABLE take that number, and CALL_ONCE runs, before anything else, a graph
//! that assigns constants. In ours a variable is a tensor, and of these four only
//! READ_VARIABLE and ASSIGN_VARIABLE are nodes.
//!
//! As in TFLite Micro, a variable is as large as what is assigned first, and holds that
//! tensor's zero point until then (`kernels/assign_variable.cc`).

use std::collections::{HashMap, HashSet};

use lampyris_graph::{Graph, Node, Op, Tensor, Variable};

use super::file::{File, Subgraph};
use super::options::{self, Stated};
use super::schema::options::{call_once, var_handle};
use super::schema::{self, builtin, subgraph, tensor_type};
use super::step::Step;
use super::tensor;
use super::tree::{Fields, Value};
use super::write::Output;
use crate::FormatError;

/// The two names of a variable: container and shared name.
type Names = (String, String);

/// What is known of a variable.
#[derive(Default)]
struct Found {
    /// Its first handle in the main graph.
    handle: Option<usize>,
    /// What is assigned first, in the main graph or else before the first run.
    like: Option<Tensor>,
    assigned_in_main: bool,
    initial: Option<Vec<u8>>,
    /// The first step that reads or assigns it in the main graph.
    used: Option<usize>,
}

/// The variables of a file by number, and which number each tensor is a handle of.
#[derive(Default)]
struct Variables {
    names: Vec<Names>,
    found: Vec<Found>,
    by_name: HashMap<Names, usize>,
    by_handle: HashMap<usize, usize>,
}

/// A variable with the tensor that holds it.
pub(super) type Held = (Variable, Tensor);

/// Finds the variables and takes the operators that make them out of the graph. Their
/// numbers of tensors are those of the file. Gives the graphs that were called, too.
pub(super) fn take(
    file: &File<'_>,
    main: &mut Subgraph<'_>,
) -> Result<(Vec<Held>, HashSet<usize>), FormatError> {
    let mut variables = Variables::default();
    let mut called = HashSet::from([0]);
    let mut used = false;
    for place in 0..main.steps.len() {
        match main.steps[place].code {
            builtin::VAR_HANDLE => {
                let (number, tensor) = variables.handle(&main.steps[place])?;
                variables.found[number].handle.get_or_insert(tensor);
                variables.by_handle.insert(tensor, number);
            }
            builtin::CALL_ONCE if used => {
                return Err(main.steps[place].refuse(
                    "comes after a variable was used",
                    "supported is one that comes first, to give variables their content",
                ));
            }
            builtin::CALL_ONCE => {
                called.insert(variables.call_once(file, &main.steps[place])?);
            }
            builtin::READ_VARIABLE | builtin::ASSIGN_VARIABLE => {
                used = true;
                variables.use_in(file, main, place)?;
            }
            _ => {}
        }
    }
    let held = variables.held(main)?;
    main.steps
        .retain(|s| !matches!(s.code, builtin::VAR_HANDLE | builtin::CALL_ONCE));
    Ok((held, called))
}

impl Variables {
    /// The number of the variable that a VAR_HANDLE names, and the handle's tensor.
    fn handle(&mut self, step: &Step<'_>) -> Result<(usize, usize), FormatError> {
        let names = match &step.options {
            Some((var_handle::KIND, table)) => (
                table.string(var_handle::CONTAINER)?,
                table.string(var_handle::SHARED_NAME)?,
            ),
            _ => Names::default(),
        };
        let &[tensor] = &step.outputs[..] else {
            return Err(step.refuse("has not exactly one output", "export the model again"));
        };
        if let Some(&number) = self.by_name.get(&names) {
            return Ok((number, tensor));
        }
        self.names.push(names.clone());
        self.found.push(Found::default());
        let number = self.found.len() - 1;
        self.by_name.insert(names, number);
        Ok((number, tensor))
    }

    /// Takes the first content from the graph that a CALL_ONCE runs; gives its number.
    fn call_once(&mut self, file: &File<'_>, call: &Step<'_>) -> Result<usize, FormatError> {
        let index = match &call.options {
            Some((call_once::KIND, table)) => table.int(call_once::INIT_SUBGRAPH_INDEX)?,
            _ => 0,
        };
        let index = usize::try_from(index).unwrap_or(0);
        let Some(graph) = file.subgraph(index)?.filter(|_| index != 0) else {
            return Err(call.refuse(
                format!("calls graph {index} of {}", file.graphs()),
                "the file is damaged: download or export it again",
            ));
        };
        let mut handles = HashMap::new();
        for step in &graph.steps {
            match step.code {
                builtin::VAR_HANDLE => {
                    let (number, tensor) = self.handle(step)?;
                    handles.insert(tensor, number);
                }
                builtin::ASSIGN_VARIABLE => {
                    let (handle, value) = assigned(step)?;
                    let Some(&number) = handles.get(&handle) else {
                        return Err(no_handle(step));
                    };
                    let value = assigned_tensor(file, &graph, step, value)?;
                    let found = &mut self.found[number];
                    found.initial = value.data.clone();
                    if found.initial.is_none() {
                        return Err(step.refuse(
                            "assigns a computed value before the first run",
                            "supported are constants",
                        ));
                    }
                    found.like.get_or_insert(value);
                }
                _ => {
                    return Err(step.refuse(
                        "is not supported in a graph that CALL_ONCE runs",
                        "supported are VAR_HANDLE and ASSIGN_VARIABLE with constants",
                    ));
                }
            }
        }
        Ok(index)
    }

    /// A READ_VARIABLE or an ASSIGN_VARIABLE of the main graph: its handle becomes the
    /// first one of the variable.
    fn use_in(
        &mut self,
        file: &File<'_>,
        main: &mut Subgraph<'_>,
        place: usize,
    ) -> Result<(), FormatError> {
        let step = &main.steps[place];
        let handle = step.inputs.first().copied().flatten();
        let Some(&number) = handle.and_then(|h| self.by_handle.get(&h)) else {
            return Err(no_handle(step));
        };
        let found = &mut self.found[number];
        if step.code == builtin::ASSIGN_VARIABLE && !found.assigned_in_main {
            let (_, value) = assigned(step)?;
            found.like = Some(assigned_tensor(file, main, step, value)?);
            found.assigned_in_main = true;
        }
        found.used.get_or_insert(place);
        main.steps[place].inputs[0] = found.handle;
        Ok(())
    }

    /// The variables that the main graph uses, in the order of their tensors.
    fn held(self, main: &Subgraph<'_>) -> Result<Vec<Held>, FormatError> {
        let mut held = Vec::new();
        for ((container, shared_name), found) in self.names.into_iter().zip(self.found) {
            let (Some(handle), Some(place)) = (found.handle, found.used) else {
                continue;
            };
            let Some(like) = found.like else {
                return Err(main.steps[place].refuse(
                    format!("reads the variable \"{shared_name}\", which nothing assigns"),
                    "assign it, or give it a first content with CALL_ONCE",
                ));
            };
            let variable = Variable {
                tensor: handle,
                container,
                shared_name,
                initial: found.initial,
            };
            let name = match main.tensors.get(handle) {
                Some(table) => table.string(schema::tensor::NAME)?,
                None => String::new(),
            };
            let data = None;
            held.push((variable, Tensor { name, data, ..like }));
        }
        held.sort_by_key(|(variable, _)| variable.tensor);
        Ok(held)
    }
}

fn no_handle(step: &Step<'_>) -> FormatError {
    step.refuse(
        "uses a variable without a handle",
        "a VAR_HANDLE before it must name the variable; export the model again",
    )
}

/// Handle and value of an ASSIGN_VARIABLE.
fn assigned(step: &Step<'_>) -> Result<(usize, usize), FormatError> {
    match step.inputs[..] {
        [Some(handle), Some(value)] => Ok((handle, value)),
        _ => Err(step.refuse("needs a handle and a value", "export the model again")),
    }
}

/// The tensor that a step assigns.
fn assigned_tensor(
    file: &File<'_>,
    graph: &Subgraph<'_>,
    step: &Step<'_>,
    index: usize,
) -> Result<Tensor, FormatError> {
    let kind = graph.element(index).and_then(tensor::dtype);
    match (graph.tensors.get(index), kind) {
        (Some(table), Some(dtype)) => tensor::read(file, index, table, dtype),
        _ => Err(step.refuse(
            format!("assigns tensor {index}, which is not int8"),
            "supported is state of int8 and uint8",
        )),
    }
}

/// The resource tensor that stands for a variable in a file.
fn handle_tensor(name: &str) -> Fields {
    vec![
        (schema::tensor::SHAPE, Value::Ints(vec![1])),
        (schema::tensor::TYPE, Value::Byte(tensor_type::RESOURCE)),
        (schema::tensor::NAME, Value::Str(name.into())),
    ]
}

/// The VAR_HANDLE that gives a variable's number to that tensor.
fn var_handle_operator(file: &mut Output, variable: &Variable, tensor: usize) -> Fields {
    let stated = Stated {
        code: builtin::VAR_HANDLE,
        version: 1,
        kind: var_handle::KIND,
        options: vec![
            (
                var_handle::CONTAINER,
                Value::Str(variable.container.clone()),
            ),
            (
                var_handle::SHARED_NAME,
                Value::Str(variable.shared_name.clone()),
            ),
        ],
    };
    file.operator(stated, &[], &[tensor])
}

/// The handle's tensor of a graph's tensor, if that is a variable.
pub(super) fn write_tensor(graph: &Graph, tensor: usize) -> Option<Fields> {
    let found = graph.variables.iter().find(|v| v.tensor == tensor)?;
    Some(handle_tensor(&graph.tensors[found.tensor].name))
}

/// The operators that make the variables, to stand before all others, and the graph that
/// gives some of them their first content.
pub(super) fn write(graph: &Graph, file: &mut Output) -> (Vec<Fields>, Option<Fields>) {
    let init = write_init(graph, file);
    let mut operators = Vec::new();
    if init.is_some() {
        let stated = Stated {
            code: builtin::CALL_ONCE,
            version: 1,
            kind: call_once::KIND,
            options: vec![(call_once::INIT_SUBGRAPH_INDEX, Value::Int(1))],
        };
        operators.push(file.operator(stated, &[], &[]));
    }
    for variable in &graph.variables {
        operators.push(var_handle_operator(file, variable, variable.tensor));
    }
    (operators, init)
}

fn write_init(graph: &Graph, file: &mut Output) -> Option<Fields> {
    let (mut tensors, mut operators) = (Vec::new(), Vec::new());
    for variable in &graph.variables {
        let Some(content) = first_content(graph, variable) else {
            continue;
        };
        let tensor = &graph.tensors[variable.tensor];
        let handle = tensors.len();
        tensors.push(handle_tensor(&tensor.name));
        let buffer = file.store(content);
        tensors.push(tensor::write(tensor, buffer));
        operators.push(var_handle_operator(file, variable, handle));
        let stated = options::state::write_assign_variable();
        operators.push(file.operator(stated, &[Some(handle), Some(handle + 1)], &[]));
    }
    (!tensors.is_empty()).then(|| {
        vec![
            (subgraph::TENSORS, Value::Tables(tensors)),
            (subgraph::INPUTS, Value::Ints(vec![])),
            (subgraph::OUTPUTS, Value::Ints(vec![])),
            (subgraph::OPERATORS, Value::Tables(operators)),
            (subgraph::NAME, Value::Str("init".into())),
        ]
    })
}

/// What must be assigned before the first run: nothing where the runtime fills the
/// variable with the same zero point by itself, that of what is assigned first.
fn first_content(graph: &Graph, variable: &Variable) -> Option<Vec<u8>> {
    if variable.initial.is_some() {
        return variable.initial.clone();
    }
    let zero = |tensor: usize| graph.tensors[tensor].quant.as_ref()?.zero_point.first();
    let assigns = |node: &&Node| {
        node.op == Op::AssignVariable && node.inputs.first() == Some(&Some(variable.tensor))
    };
    let first = graph.nodes.iter().find(assigns)?;
    let assigned = first.inputs.get(1).copied().flatten()?;
    let (own, given) = (zero(variable.tensor)?, zero(assigned)?);
    let size = graph.tensors[variable.tensor].elements();
    (own != given).then(|| vec![*own as u8; size])
}
