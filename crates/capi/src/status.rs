//! Why a model is refused.

use core::ffi::{CStr, c_char};

use lampyris_core::ModelError;
use lampyris_device::ChipError;
use lampyris_device::chip::VERSION;

/// What came of starting or checking a model. `lampyris_reason` says it in words.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LampyrisStatus {
    /// All is well; the only one that lets a classifier run.
    LampyrisOk = 0,
    /// The bytes do not begin as a chip part does.
    LampyrisNoModel,
    /// The chip part is of a newer version than this library reads.
    LampyrisNewerVersion,
    /// The chip part is of an older version than this library reads.
    LampyrisOlderVersion,
    /// There are fewer bytes than the chip part says it has.
    LampyrisCutShort,
    /// The checksum disagrees with the content.
    LampyrisDamaged,
    /// The chip part does not begin at an address that is a multiple of 16.
    LampyrisMisaligned,
    /// The checksum is right, but a field, the block's settings or the network are not what
    /// any exporter writes.
    LampyrisMalformed,
    /// The model's signal block is not in the table of blocks.
    LampyrisLacksBlock,
    /// The model's network has an operator that is not in the table of operators.
    LampyrisLacksOperator,
    /// A buffer, or the state, is too small.
    LampyrisTooLittleMemory,
    /// A pointer is NULL that must not be.
    LampyrisNull,
    /// The state does not begin at a multiple of 8, or floats or a table at a multiple of 4.
    LampyrisMisalignedMemory,
    /// Two ranges of memory share bytes, or one runs over the end of all addresses.
    LampyrisOverlapping,
    /// `lampyris_start_streaming` was called, and the model's windows cannot be made frame by
    /// frame.
    LampyrisNotStreaming,
}

use LampyrisStatus::*;

impl From<ChipError> for LampyrisStatus {
    fn from(error: ChipError) -> Self {
        match error {
            ChipError::Magic => LampyrisNoModel,
            ChipError::Version { found } if found > VERSION => LampyrisNewerVersion,
            ChipError::Version { .. } => LampyrisOlderVersion,
            ChipError::Truncated { .. } => LampyrisCutShort,
            ChipError::Damaged => LampyrisDamaged,
            ChipError::Misaligned => LampyrisMisaligned,
            ChipError::UnknownBlock(_) => LampyrisLacksBlock,
            ChipError::Model(ModelError::UnknownOperator { .. }) => LampyrisLacksOperator,
            ChipError::Memory { .. } => LampyrisTooLittleMemory,
            ChipError::NotStreaming => LampyrisNotStreaming,
            _ => LampyrisMalformed,
        }
    }
}

/// A status in English, with the remedy: a text in flash that ends with a zero byte, never
/// NULL. Firmware that does not call this does not hold the texts.
#[unsafe(no_mangle)]
pub extern "C" fn lampyris_reason(status: u32) -> *const c_char {
    TEXTS
        .iter()
        .find(|(one, _)| *one as u32 == status)
        .map_or(
            c"unknown status: use the library and the header of one export",
            |(_, text)| text,
        )
        .as_ptr()
}

/// What each status means to whoever reads a serial console.
const TEXTS: [(LampyrisStatus, &CStr); 15] = [
    (LampyrisOk, c"ok"),
    (
        LampyrisNoModel,
        c"no model: the bytes do not begin as a Lampyris model does, flash the chip part again",
    ),
    (
        LampyrisNewerVersion,
        c"model of a newer format version: build with the library of the export that the model is of",
    ),
    (
        LampyrisOlderVersion,
        c"model of an older format version: export it again with this version of Lampyris",
    ),
    (
        LampyrisCutShort,
        c"model cut short: there are fewer bytes than it says it has, see whether it fits into flash and flash it again",
    ),
    (
        LampyrisDamaged,
        c"model damaged: its checksum disagrees with its content, flash it again",
    ),
    (
        LampyrisMisaligned,
        c"model misaligned: put its first byte at an address that is a multiple of 16",
    ),
    (
        LampyrisMalformed,
        c"model malformed: a field holds what is not allowed, export it again",
    ),
    (
        LampyrisLacksBlock,
        c"the model's signal block is not in the table of blocks: use the table of its export",
    ),
    (
        LampyrisLacksOperator,
        c"an operator of the model is not in the table of operators: use the table of its export",
    ),
    (
        LampyrisTooLittleMemory,
        c"too little memory: give each buffer the size that the export states",
    ),
    (
        LampyrisNull,
        c"a pointer is NULL: give the model, its tables, the memory and where to put the classifier",
    ),
    (
        LampyrisMisalignedMemory,
        c"memory misaligned: the state must lie at a multiple of 8, floats and tables at a multiple of 4",
    ),
    (
        LampyrisOverlapping,
        c"buffers overlap: give each range of memory bytes of its own",
    ),
    (
        LampyrisNotStreaming,
        c"this model needs whole windows: call lampyris_start",
    ),
];
