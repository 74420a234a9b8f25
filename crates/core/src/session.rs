//! A checked model with its arena.

use crate::arch::Prepared;
use crate::blob::Blob;
use crate::check::check;
use crate::error::ModelError;
use crate::node::Node;
use crate::ops::{self, Operator};

/// A model, its arena and the operators it may use.
///
/// Generic over how the bytes are held: `&'static [u8]` in flash and
/// `&mut [u8]` on a chip, owned buffers in the page. The model's bytes must lie
/// on 16 bytes; the arena needs no alignment.
pub struct Session<M: AsRef<[u8]>, A: AsRef<[u8]> + AsMut<[u8]>> {
    model: M,
    arena: A,
    ops: &'static [&'static Operator],
    prepared: Prepared,
}

/// What [`Session::run_with`] shows after each node.
pub struct Step<'a> {
    node: &'a Node<'a>,
    arena: &'a [u8],
}

impl<'a> Step<'a> {
    /// The operator's number, under TFLite's numbering.
    pub fn code(&self) -> u32 {
        self.node.code()
    }

    /// The host's number of the node.
    pub fn id(&self) -> u32 {
        self.node.id
    }

    /// What the node has written: the host's number of each tensor, and its values.
    pub fn outputs(&self) -> impl Iterator<Item = (u32, &'a [i8])> + '_ {
        (0..self.node.arity().1).filter_map(|i| {
            let t = self.node.output(i)?;
            Some((t.id(), t.read(self.arena)?))
        })
    }
}

impl<M: AsRef<[u8]>, A: AsRef<[u8]> + AsMut<[u8]>> Session<M, A> {
    /// Checks the model once and for all; nothing that follows can fail.
    ///
    /// `ops` holds the operators that the model may use: [`ops::ALL`], or on a
    /// chip only those it names. The arena's content does not matter to what the host
    /// emits; a made-up model may leave values of an output as they were.
    ///
    /// # Errors
    /// What is wrong with the model, or how many bytes the arena lacks.
    pub fn new(model: M, arena: A, ops: &'static [&'static Operator]) -> Result<Self, ModelError> {
        check(model.as_ref(), arena.as_ref().len(), ops)?;
        let mut session = Self {
            model,
            arena,
            ops,
            prepared: Prepared::new(),
        };
        session.reset();
        Ok(session)
    }

    /// Forgets what earlier runs have left in the state of a streaming model; others
    /// have none.
    pub fn reset(&mut self) {
        self.nodes(true, &mut |_, _| {});
    }

    /// How many inputs and outputs the graph has.
    pub fn arity(&self) -> (usize, usize) {
        Blob::parse(self.model.as_ref()).map_or((0, 0), |b| (b.inputs, b.outputs))
    }

    /// The values of input `i`; empty where there is no such input.
    ///
    /// They may be overwritten while the graph runs.
    pub fn input(&self, i: usize) -> &[i8] {
        Blob::parse(self.model.as_ref())
            .ok()
            .and_then(|b| b.tensor(*b.inputs()?.get(i)?)?.read(self.arena.as_ref()))
            .unwrap_or(&[])
    }

    /// The values of input `i`, to be written before each run; empty where there
    /// is no such input.
    pub fn input_mut(&mut self, i: usize) -> &mut [i8] {
        Blob::parse(self.model.as_ref())
            .ok()
            .and_then(|b| b.tensor(*b.inputs()?.get(i)?)?.write(self.arena.as_mut()))
            .unwrap_or(&mut [])
    }

    /// The values of output `i`, valid after a run; empty where there is no such output.
    pub fn output(&self, i: usize) -> &[i8] {
        Blob::parse(self.model.as_ref())
            .ok()
            .and_then(|b| b.tensor(*b.outputs()?.get(i)?)?.read(self.arena.as_ref()))
            .unwrap_or(&[])
    }

    /// Runs the graph on what the inputs hold.
    pub fn run(&mut self) {
        self.run_with(|_, _| {});
    }

    /// Runs the graph and calls `step` after each node with the node's index and
    /// what it wrote: for a look inside, and for timing. The index counts from the
    /// blob's first node, those that set the state included.
    pub fn run_with(&mut self, mut step: impl FnMut(usize, &Step<'_>)) {
        self.nodes(false, &mut step);
    }

    /// Runs the nodes that set the state, or all others.
    fn nodes(&mut self, resets: bool, step: &mut dyn FnMut(usize, &Step<'_>)) {
        let Ok(ref blob) = Blob::parse(self.model.as_ref()) else {
            return;
        };
        let range = if resets {
            0..blob.resets.min(blob.nodes.len())
        } else {
            blob.resets..blob.nodes.len()
        };
        let arena = self.arena.as_mut();
        for index in range {
            let Some(ref node) = blob.node(index) else {
                return;
            };
            if !self.prepared.run(blob, index, arena)
                && let Some(operator) = ops::find(self.ops, node.code())
            {
                (operator.eval)(node, arena);
            }
            step(index, &Step { node, arena });
        }
    }
}
