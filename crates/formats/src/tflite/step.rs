//! One operator as a file has it.

use super::names;
use super::schema::{builtin, model, operator, operator_code, subgraph};
use super::table::Table;
use crate::FormatError;

/// An operator of a file: its number, its tensors, its options.
#[derive(Clone)]
pub(super) struct Step<'a> {
    /// TFLite's number.
    pub(super) code: u32,
    /// Numbers of the tensors read; `None` is an input left out.
    pub(super) inputs: Vec<Option<usize>>,
    /// Numbers of the tensors written.
    pub(super) outputs: Vec<usize>,
    /// The options' number in their union, and they.
    pub(super) options: Option<(u8, Table<'a>)>,
    /// A custom operator's own name.
    custom: Option<String>,
    /// Place in its graph, and that graph's in the file.
    pub(super) index: usize,
    graph: usize,
}

impl Step<'_> {
    /// TFLite's name, or the custom operator's own.
    pub(super) fn name(&self) -> String {
        match &self.custom {
            Some(name) => format!("custom {name}"),
            None => names::operator(self.code),
        }
    }

    /// An operator with these options and no tensors.
    #[cfg(test)]
    pub(super) fn of<'a>(code: u32, kind: u8, options: Table<'a>) -> Step<'a> {
        Step {
            code,
            inputs: Vec::new(),
            outputs: Vec::new(),
            options: Some((kind, options)),
            custom: None,
            index: 0,
            graph: 0,
        }
    }

    pub(super) fn is_custom(&self) -> bool {
        self.custom.is_some()
    }

    /// Where it stands, for people.
    pub(super) fn place(&self) -> String {
        match self.graph {
            0 => format!("operator {}", self.index),
            graph => format!("operator {} of graph {graph}", self.index),
        }
    }

    pub(super) fn refuse(&self, what: impl AsRef<str>, remedy: impl Into<String>) -> FormatError {
        FormatError::new(
            format!("{} {}", self.name(), what.as_ref()),
            self.place(),
            remedy,
        )
    }
}

/// The numbers of tensors in a list; −1 is one left out.
pub(super) fn indices(table: &Table<'_>, field: u16) -> Result<Vec<Option<usize>>, FormatError> {
    let index = |i: i32| match i {
        -1 => Ok(None),
        i => usize::try_from(i).map(Some).map_err(|_| {
            FormatError::new(
                format!("a tensor has number {i}"),
                "a list of tensors",
                "numbers count from 0: the file is damaged, download or export it again",
            )
        }),
    };
    table.ints(field)?.into_iter().map(index).collect()
}

/// All operators of a graph of the file, in their order.
pub(super) fn steps<'a>(
    root: &Table<'a>,
    main: &Table<'a>,
    graph: usize,
) -> Result<Vec<Step<'a>>, FormatError> {
    let codes = root.tables(model::OPERATOR_CODES)?;
    let mut steps = Vec::new();
    for (index, op) in main.tables(subgraph::OPERATORS)?.iter().enumerate() {
        let place = op.uint(operator::OPCODE_INDEX)? as usize;
        let code = codes.get(place).ok_or_else(|| {
            FormatError::new(
                format!(
                    "an operator is number {place} of {} operator codes",
                    codes.len()
                ),
                format!("operator {index}"),
                "the file is damaged: download or export it again",
            )
        })?;
        // Old files have the number in one byte, new ones in a word, some in both.
        let old = u32::try_from(code.byte(operator_code::DEPRECATED_BUILTIN)?).unwrap_or(0);
        let number = old.max(code.uint(operator_code::BUILTIN)?);
        let custom = match number {
            builtin::CUSTOM => Some(code.string(operator_code::CUSTOM)?),
            _ => None,
        };
        let kind = op.byte(operator::OPTIONS_TYPE)?.cast_unsigned();
        steps.push(Step {
            code: number,
            inputs: indices(op, operator::INPUTS)?,
            outputs: indices(op, operator::OUTPUTS)?
                .into_iter()
                .flatten()
                .collect(),
            options: op.table(operator::OPTIONS)?.map(|table| (kind, table)),
            custom,
            index,
            graph,
        });
    }
    Ok(steps)
}
