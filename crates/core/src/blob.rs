//! The model as bytes: six sections of little-endian words behind a header.
//!
//! Every section starts on 16 bytes, counted from the blob's start, which lies
//! on 16 bytes itself; offsets of sections are u32 from the blob's start.
//!
//! | word of the header | holds |
//! |---|---|
//! | 0 | magic `LGRF` |
//! | 1 | version, now 2 |
//! | 2 | bytes of the whole blob, a multiple of 16 |
//! | 3 | bytes of arena that it needs |
//! | 4, 5 | *tensors*: offset, count. Eight words each: id; type, rank and place; offset; bytes; four dimensions |
//! | 6, 7 | *nodes*: offset, count. Eight words each: operator, params at, params count, inputs at, inputs count, outputs at, outputs count, id |
//! | 8, 9 | *list*: offset, count. Tensor indices: the graph's inputs, its outputs, then those of the nodes |
//! | 10, 11 | *params*: offset, count. Words that only the operator understands |
//! | 12, 13 | *data*: offset, bytes. Weights, biases, multipliers, each on 16 bytes |
//! | 14, 15 | how many inputs and outputs the graph has |
//! | 16 | how many of the nodes, from the first on, set the state: they run at the start and at a reset |
//! | 17 to 19 | 0 |
//!
//! The second word of a tensor is type + 256 · rank + 65536 · place. Types are
//! 0 i8 and 1 u8. Places are 0 the arena, 1 the arena for as long as the session
//! lives (the state of a streaming model), 2 the data: a constant that an operator
//! takes where it also takes an activation. Weights are reached through params.
//! Unused dimensions are 1. An id is the number that the host knows a tensor or a
//! node by.

use crate::error::{ModelError, Section};
use crate::node::{Node, Tensor};

/// The first four bytes.
pub const MAGIC: [u8; 4] = *b"LGRF";
/// The layout described here.
pub const VERSION: u32 = 2;
/// Sections, and the blob itself, lie on this many bytes.
pub const ALIGN: usize = 16;
/// Words of the header.
pub const HEADER_WORDS: usize = 20;
/// Words of a tensor.
pub const TENSOR_WORDS: usize = 8;
/// Words of a node.
pub const NODE_WORDS: usize = 8;
/// The most dimensions that a tensor can have.
pub const MAX_RANK: usize = 4;

/// The sections of a blob, in range and aligned; their content is not checked yet.
pub(crate) struct Blob<'a> {
    pub(crate) arena_bytes: usize,
    pub(crate) tensors: &'a [[u32; TENSOR_WORDS]],
    pub(crate) nodes: &'a [[u32; NODE_WORDS]],
    pub(crate) list: &'a [u32],
    pub(crate) params: &'a [u32],
    pub(crate) data: &'a [u8],
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) resets: usize,
}

/// The first words of a blob, once they are known to be a header.
struct Header<'a> {
    words: &'a [u32; HEADER_WORDS],
    bytes: &'a [u8],
}

impl<'a> Header<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, ModelError> {
        if !(bytes.as_ptr() as usize).is_multiple_of(ALIGN) {
            return Err(ModelError::Misaligned);
        }
        let head = bytes
            .get(..HEADER_WORDS * 4)
            .ok_or(ModelError::TooShort { given: bytes.len() })?;
        let words: &[u32; HEADER_WORDS] = bytemuck::try_cast_slice(head)
            .ok()
            .and_then(|words: &[u32]| words.try_into().ok())
            .ok_or(ModelError::Misaligned)?;
        if words[0] != u32::from_le_bytes(MAGIC) {
            return Err(ModelError::NotAModel);
        }
        if words[1] != VERSION {
            return Err(ModelError::Version { found: words[1] });
        }
        if words[2] as usize != bytes.len() || !bytes.len().is_multiple_of(ALIGN) {
            return Err(ModelError::Length {
                stated: words[2] as usize,
                given: bytes.len(),
            });
        }
        Ok(Self { words, bytes })
    }

    /// The bytes of a section of `count` items of `size` bytes.
    fn section(
        &self,
        section: Section,
        offset: u32,
        count: u32,
        size: usize,
    ) -> Result<&'a [u8], ModelError> {
        let start = offset as usize;
        if !start.is_multiple_of(ALIGN) {
            return Err(ModelError::SectionMisaligned { section });
        }
        (count as usize)
            .checked_mul(size)
            .and_then(|len| start.checked_add(len))
            .filter(|_| start >= HEADER_WORDS * 4)
            .and_then(|end| self.bytes.get(start..end))
            .ok_or(ModelError::SectionOutOfRange { section })
    }

    fn words(&self, section: Section, offset: u32, count: u32) -> Result<&'a [u32], ModelError> {
        bytemuck::try_cast_slice(self.section(section, offset, count, 4)?)
            .map_err(|_| ModelError::SectionMisaligned { section })
    }
}

impl<'a> Blob<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let header = Header::parse(bytes)?;
        let [
            _,
            _,
            _,
            arena,
            ta,
            tn,
            na,
            nn,
            la,
            ln,
            pa,
            pn,
            da,
            dn,
            inputs,
            outputs,
            resets,
            ..,
        ] = *header.words;
        let records = |section, offset, count: u32| {
            let words = count
                .checked_mul(8)
                .ok_or(ModelError::SectionOutOfRange { section })?;
            Ok(header.words(section, offset, words)?.as_chunks::<8>().0)
        };
        Ok(Self {
            arena_bytes: arena as usize,
            tensors: records(Section::Tensors, ta, tn)?,
            nodes: records(Section::Nodes, na, nn)?,
            list: header.words(Section::List, la, ln)?,
            params: header.words(Section::Params, pa, pn)?,
            data: header.section(Section::Data, da, dn, 1)?,
            inputs: inputs as usize,
            outputs: outputs as usize,
            resets: resets as usize,
        })
    }

    /// The tensor with that index, as its record states it.
    pub(crate) fn tensor(&self, index: u32) -> Option<Tensor<'a>> {
        self.tensors.get(index as usize).map(Tensor)
    }

    /// The graph's inputs, as tensor indices.
    pub(crate) fn inputs(&self) -> Option<&'a [u32]> {
        self.list.get(..self.inputs)
    }

    /// The graph's outputs, as tensor indices.
    pub(crate) fn outputs(&self) -> Option<&'a [u32]> {
        self.list.get(self.inputs..)?.get(..self.outputs)
    }

    /// The node with that index.
    pub(crate) fn node(&'a self, index: usize) -> Option<Node<'a>> {
        let &[code, pa, pn, ia, inn, oa, on, id] = self.nodes.get(index)?;
        let cut = |words: &'a [u32], at: u32, n: u32| words.get(at as usize..)?.get(..n as usize);
        Some(Node {
            blob: self,
            code,
            id,
            params: cut(self.params, pa, pn)?,
            inputs: cut(self.list, ia, inn)?,
            outputs: cut(self.list, oa, on)?,
        })
    }
}

/// The bytes of arena that a model needs.
///
/// Only the header and the sections' places are checked here: it is for sizing
/// the arena that [`crate::Session::new`] is then given.
///
/// # Errors
/// When the bytes are no model, are damaged, or don't start on 16 bytes.
pub fn arena_bytes(model: &[u8]) -> Result<usize, ModelError> {
    Ok(Blob::parse(model)?.arena_bytes)
}

/// The operators' numbers in the order that they run, for whoever links an image:
/// it then holds those operators and no others.
///
/// # Errors
/// When the bytes are no model, are damaged, or don't start on 16 bytes.
pub fn codes(model: &[u8]) -> Result<impl Iterator<Item = u32> + '_, ModelError> {
    Ok(Blob::parse(model)?.nodes.iter().map(|node| node[0]))
}
