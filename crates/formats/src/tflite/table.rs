//! A bounds-checked view of a flatbuffer.
//!
//! A table begins with how far back its vtable lies; the vtable holds its own
//! size, the table's, and for each field where in the table it is (0: absent).
//! Strings, vectors and tables are reached through offsets, forward from where
//! the offset stands. Nothing is believed: each step stays within the bytes, and
//! all steps together are bounded by the file's size, however often it points to
//! the same place.

use std::cell::Cell;

use crate::FormatError;

/// Why a step failed: what makes no sense, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    what: &'static str,
    at: usize,
}

impl From<Broken> for FormatError {
    fn from(broken: Broken) -> Self {
        Self::new(
            format!("the file is damaged: {}", broken.what),
            format!("byte {}", broken.at),
            "download or export it again",
        )
    }
}

type Result<T> = std::result::Result<T, Broken>;

fn broken<T>(what: &'static str, at: usize) -> Result<T> {
    Err(Broken { what, at })
}

/// How often the lists of a file may be read, taken together. Sound files are read
/// once; some share the bytes of equal constants.
const READINGS: usize = 16;

/// The bytes of a file, and how many of them may still be read.
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    left: Cell<usize>,
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            left: Cell::new(bytes.len().saturating_mul(READINGS)),
        }
    }

    /// The table that the file begins with.
    pub(super) fn root(&'a self) -> Result<Table<'a>> {
        Table::follow(self, 0)
    }

    fn array<const N: usize>(&self, at: usize) -> Result<[u8; N]> {
        let found = self.bytes.get(at..).and_then(|rest| rest.first_chunk());
        found
            .copied()
            .map_or_else(|| broken("it ends early", at), Ok)
    }

    /// Where the offset at `slot` leads: forward, so that no file can lead in circles.
    fn target(&self, slot: usize) -> Result<usize> {
        let offset = u32::from_le_bytes(self.array(slot)?);
        let at = slot.saturating_add(offset as usize);
        match offset.cast_signed() {
            0 => broken("an offset leads to itself", slot),
            ..0 => broken("an offset leads backwards", slot),
            _ if at >= self.bytes.len() => broken("an offset leads out of it", slot),
            _ => Ok(at),
        }
    }
}

/// One table.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    source: &'a Source<'a>,
    at: usize,
    vtable: &'a [u8],
}

impl<'a> Table<'a> {
    /// The table that the offset at `slot` leads to.
    fn follow(source: &'a Source<'a>, slot: usize) -> Result<Self> {
        let at = source.target(slot)?;
        let back = i64::from(i32::from_le_bytes(source.array(at)?));
        let Ok(start) = usize::try_from(at as i64 - back) else {
            return broken("a table's list of fields lies before it", at);
        };
        let size = usize::from(u16::from_le_bytes(source.array(start)?));
        let vtable = start
            .checked_add(size)
            .and_then(|end| source.bytes.get(start..end))
            .filter(|v| v.len() >= 4 && v.len().is_multiple_of(2));
        vtable.map_or_else(
            || broken("a table's list of fields has an impossible size", start),
            |vtable| Ok(Self { source, at, vtable }),
        )
    }

    /// Entry `i` of the vtable; 0 where it is shorter.
    fn entry(&self, i: usize) -> usize {
        let entry = self.vtable.get(2 * i..).and_then(|rest| rest.first_chunk());
        entry.map_or(0, |&e| usize::from(u16::from_le_bytes(e)))
    }

    /// Where a field's value of so many bytes stands, if the table has it.
    fn field(&self, field: u16, bytes: usize) -> Result<Option<usize>> {
        match self.entry(2 + usize::from(field)) {
            0 => Ok(None),
            offset if offset >= 4 && offset + bytes <= self.entry(1) => Ok(Some(self.at + offset)),
            _ => broken("a field lies outside of its table", self.at),
        }
    }

    fn scalar<const N: usize, T>(
        &self,
        field: u16,
        default: T,
        read: impl Fn([u8; N]) -> T,
    ) -> Result<T> {
        self.field(field, N)?
            .map_or(Ok(default), |at| Ok(read(self.source.array(at)?)))
    }

    pub(super) fn has(&self, field: u16) -> bool {
        self.entry(2 + usize::from(field)) != 0
    }

    pub(super) fn byte(&self, field: u16) -> Result<i8> {
        self.scalar(field, 0, i8::from_le_bytes)
    }

    pub(super) fn int(&self, field: u16) -> Result<i32> {
        self.scalar(field, 0, i32::from_le_bytes)
    }

    pub(super) fn uint(&self, field: u16) -> Result<u32> {
        self.scalar(field, 0, u32::from_le_bytes)
    }

    pub(super) fn float(&self, field: u16) -> Result<f32> {
        self.scalar(field, 0.0, f32::from_le_bytes)
    }

    pub(super) fn table(&self, field: u16) -> Result<Option<Self>> {
        self.field(field, 4)?
            .map(|slot| Self::follow(self.source, slot))
            .transpose()
    }

    /// Where a vector's first element stands, and how many there are of `size` bytes.
    fn vector(&self, field: u16, size: usize) -> Result<(usize, usize)> {
        let Some(slot) = self.field(field, 4)? else {
            return Ok((0, 0));
        };
        let at = self.source.target(slot)?;
        let count = u32::from_le_bytes(self.source.array(at)?) as usize;
        let room = self.source.bytes.len().saturating_sub(at + 4);
        let Some(len) = count.checked_mul(size).filter(|&len| len <= room) else {
            return broken("a list is longer than the file", at);
        };
        match self.source.left.get().checked_sub(len) {
            Some(left) => self.source.left.set(left),
            None => return broken("it points to the same bytes over and over", at),
        }
        Ok((at + 4, count))
    }

    /// A vector of bytes; empty where the table has none.
    pub(super) fn bytes(&self, field: u16) -> Result<&'a [u8]> {
        let (at, count) = self.vector(field, 1)?;
        Ok(&self.source.bytes[at..at + count])
    }

    /// A string; empty where the table has none.
    pub(super) fn string(&self, field: u16) -> Result<String> {
        Ok(String::from_utf8_lossy(self.bytes(field)?).into_owned())
    }

    fn scalars<const N: usize, T>(&self, field: u16, read: fn([u8; N]) -> T) -> Result<Vec<T>> {
        let (at, count) = self.vector(field, N)?;
        let (chunks, _) = self.source.bytes[at..at + count * N].as_chunks();
        Ok(chunks.iter().map(|&chunk| read(chunk)).collect())
    }

    pub(super) fn ints(&self, field: u16) -> Result<Vec<i32>> {
        self.scalars(field, i32::from_le_bytes)
    }

    pub(super) fn longs(&self, field: u16) -> Result<Vec<i64>> {
        self.scalars(field, i64::from_le_bytes)
    }

    pub(super) fn floats(&self, field: u16) -> Result<Vec<f32>> {
        self.scalars(field, f32::from_le_bytes)
    }

    pub(super) fn tables(&self, field: u16) -> Result<Vec<Self>> {
        let (at, count) = self.vector(field, 4)?;
        (0..count)
            .map(|i| Self::follow(self.source, at + 4 * i))
            .collect()
    }
}
