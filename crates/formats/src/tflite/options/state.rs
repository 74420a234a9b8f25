//! The two operators that use a variable. Those that make one (VAR_HANDLE, CALL_ONCE)
//! are no part of a graph: see `state.rs` beside this folder.

use lampyris_graph::Op;

use super::super::schema::builtin;
use super::super::schema::options::{assign_variable, read_variable};
use super::{Row, Stated};

pub(super) static READ_VARIABLE: Row = Row {
    code: builtin::READ_VARIABLE,
    kind: read_variable::KIND,
    read: |_| Ok(Op::ReadVariable),
};

pub(super) fn write_read_variable() -> Stated {
    READ_VARIABLE.stated(1, vec![])
}

pub(super) static ASSIGN_VARIABLE: Row = Row {
    code: builtin::ASSIGN_VARIABLE,
    kind: assign_variable::KIND,
    read: |_| Ok(Op::AssignVariable),
};

pub(crate) fn write_assign_variable() -> Stated {
    ASSIGN_VARIABLE.stated(1, vec![])
}
