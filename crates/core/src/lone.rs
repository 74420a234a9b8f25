//! A node on its own, for the tests of operators.

extern crate std;

use std::vec::Vec;

use crate::blob::{Blob, MAX_RANK};
use crate::{Fault, Node, Operator};

/// What a node is made of. Tensors are one row of values each.
#[derive(Clone, Default)]
pub(crate) struct Fixture<'a> {
    pub(crate) params: &'a [u32],
    /// Constants that params point to.
    pub(crate) data: &'a [u8],
    /// Values read, one tensor after another in the arena from 16 bytes on.
    pub(crate) inputs: &'a [&'a [i8]],
    /// Where the output begins, and how many values it has.
    pub(crate) output: (usize, usize),
}

impl Fixture<'_> {
    /// Checks the node, runs it, and gives the output.
    pub(crate) fn run(&self, operator: &Operator) -> Result<Vec<i8>, Fault> {
        let mut arena = std::vec![0u8; 16];
        let mut tensors = Vec::new();
        let mut tensor = |offset: usize, len: usize| {
            let len = len as u32;
            tensors.push([0, (MAX_RANK as u32) << 8, offset as u32, len, 1, 1, 1, len]);
        };
        for &input in self.inputs {
            tensor(arena.len(), input.len());
            arena.extend(bytemuck::cast_slice::<i8, u8>(input));
        }
        let (at, len) = self.output;
        tensor(at, len);
        arena.resize(arena.len().max(at + len), 0);
        let list: Vec<u32> = (0..tensors.len() as u32).collect();
        let (inputs, outputs) = list.split_at(self.inputs.len());
        let blob = Blob {
            arena_bytes: arena.len(),
            tensors: &tensors,
            nodes: &[],
            list: &list,
            params: self.params,
            data: self.data,
            inputs: 0,
            outputs: 0,
            resets: 0,
        };
        let node = Node {
            blob: &blob,
            code: operator.code,
            id: 0,
            params: self.params,
            inputs,
            outputs,
        };
        (operator.check)(&node)?;
        (operator.eval)(&node, &mut arena);
        Ok(bytemuck::cast_slice(&arena[at..at + len]).to_vec())
    }
}
