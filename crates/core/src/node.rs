//! What an operator sees of the model.

use crate::blob::Blob;

/// An activation's place and shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// The number that the host knows it by.
    pub id: u32,
    /// Element type; 0 is i8, the only one so far.
    pub(crate) kind: u32,
    /// How many of `dims` are used, 1 to 4.
    pub rank: usize,
    /// Bytes from the arena's start.
    pub offset: usize,
    /// Bytes.
    pub len: usize,
    /// Dimensions, outermost first; those beyond `rank` are 1.
    pub dims: [usize; 4],
}

impl Tensor {
    /// The innermost dimension: features of a vector, channels of a picture.
    pub fn depth(&self) -> usize {
        self.rank
            .checked_sub(1)
            .and_then(|last| self.dims.get(last))
            .copied()
            .unwrap_or(0)
    }

    /// Whether two tensors lie on exactly the same bytes.
    pub fn same_place(&self, other: &Tensor) -> bool {
        self.offset == other.offset && self.len == other.len
    }

    /// Whether two tensors share a byte.
    pub fn overlaps(&self, other: &Tensor) -> bool {
        self.offset < other.offset.saturating_add(other.len)
            && other.offset < self.offset.saturating_add(self.len)
    }

    /// Its values in the arena; `None` only before the check.
    pub fn read<'a>(&self, arena: &'a [u8]) -> Option<&'a [i8]> {
        let bytes = arena.get(self.offset..)?.get(..self.len)?;
        Some(bytemuck::must_cast_slice(bytes))
    }

    /// Its values in the arena, to be written.
    pub fn write<'a>(&self, arena: &'a mut [u8]) -> Option<&'a mut [i8]> {
        let bytes = arena.get_mut(self.offset..)?.get_mut(..self.len)?;
        Some(bytemuck::must_cast_slice_mut(bytes))
    }
}

/// One step of a model: its parameters, constants and tensors.
pub struct Node<'a> {
    pub(crate) blob: Blob<'a>,
    pub(crate) code: u32,
    pub(crate) params: &'a [u32],
    pub(crate) inputs: &'a [u32],
    pub(crate) outputs: &'a [u32],
}

impl<'a> Node<'a> {
    /// The operator's number, under TFLite's numbering.
    pub fn code(&self) -> u32 {
        self.code
    }

    /// The operator's own words, as many as it expects.
    pub fn params<const N: usize>(&self) -> Option<&'a [u32; N]> {
        self.params.try_into().ok()
    }

    /// How many tensors it reads and how many it writes.
    pub fn arity(&self) -> (usize, usize) {
        (self.inputs.len(), self.outputs.len())
    }

    /// The tensor that it reads at that place.
    pub fn input(&self, i: usize) -> Option<Tensor> {
        self.blob.tensor(*self.inputs.get(i)?)
    }

    /// The tensor that it writes at that place.
    pub fn output(&self, i: usize) -> Option<Tensor> {
        self.blob.tensor(*self.outputs.get(i)?)
    }

    /// `len` constant values from byte `at` of the data on.
    pub fn constant_i8(&self, at: u32, len: usize) -> Option<&'a [i8]> {
        let bytes = self.blob.data.get(at as usize..)?.get(..len)?;
        Some(bytemuck::must_cast_slice(bytes))
    }

    /// `len` constant values from byte `at` of the data on, a multiple of 4.
    pub fn constant_i32(&self, at: u32, len: usize) -> Option<&'a [i32]> {
        let bytes = self.blob.data.get(at as usize..)?;
        bytemuck::try_cast_slice(bytes.get(..len.checked_mul(4)?)?).ok()
    }
}

/// Cuts the arena into what is read and what is written; `None` where they overlap.
pub(crate) fn split<'a>(
    arena: &'a mut [u8],
    read: &Tensor,
    write: &Tensor,
) -> Option<(&'a [i8], &'a mut [i8])> {
    let range = |t: &Tensor| Some(t.offset..t.offset.checked_add(t.len)?);
    let [from, to] = arena.get_disjoint_mut([range(read)?, range(write)?]).ok()?;
    Some((
        bytemuck::must_cast_slice(from),
        bytemuck::must_cast_slice_mut(to),
    ))
}

/// Row by row: `n` values that are read beside `m` that are written. None where
/// either is 0. (Zipped `chunks_exact` would divide, and so could panic.)
pub(crate) fn rows<'a>(
    mut from: &'a [i8],
    n: usize,
    mut to: &'a mut [i8],
    m: usize,
) -> impl Iterator<Item = (&'a [i8], &'a mut [i8])> {
    core::iter::from_fn(move || {
        if n == 0 || m == 0 {
            return None;
        }
        from.split_off(..n).zip(to.split_off_mut(..m))
    })
}
