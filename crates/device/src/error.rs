//! Why a chip part is refused.

use core::fmt;

use lampyris_core::ModelError;
use lampyris_dsp::BlockError;

/// Why a chip part can't be written, read or run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ChipError {
    /// The bytes don't begin with the mark of a chip part.
    Magic,
    /// The chip part is of another version than this code reads.
    Version {
        /// The version found.
        found: u16,
    },
    /// Fewer bytes than the chip part says it has.
    Truncated {
        /// Bytes needed.
        needed: usize,
        /// Bytes given.
        found: usize,
    },
    /// The checksum disagrees with the content: it was damaged.
    Damaged,
    /// The bytes don't begin at an address that is a multiple of 16.
    Misaligned,
    /// A field holds what no chip part may hold; the field's name.
    Field(&'static str),
    /// A field holds what no model for pictures may hold; the field's name.
    Picture(&'static str),
    /// Two counts that must be equal are not; what they count.
    Mismatch {
        /// What is counted, for example `labels` against the network's outputs.
        what: &'static str,
        /// What the rest of the model asks for.
        expected: usize,
        /// What the field says.
        found: usize,
    },
    /// No block of this build bears this number.
    UnknownBlock(u16),
    /// The block refuses its settings or its window.
    Block(BlockError),
    /// Windows can't be made of a stream of frames.
    NotStreaming,
    /// The network was refused.
    Model(ModelError),
    /// A slice of memory is too small.
    Memory {
        /// Which: `output`, `arena`, `ring`, `scratch` or `features`.
        what: &'static str,
        /// Elements needed.
        needed: usize,
        /// Elements given.
        found: usize,
    },
}

impl fmt::Display for ChipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic => f.write_str(
                "no model: the bytes don't begin as a Lampyris model does, give a model.lampyris",
            ),
            Self::Version { found } => write!(
                f,
                "model of format version {found}: this build reads version {}, {}",
                crate::chip::VERSION,
                if *found > crate::chip::VERSION {
                    "take a newer Lampyris"
                } else {
                    "export the model again"
                }
            ),
            Self::Truncated { needed, found } => write!(
                f,
                "model cut short: {found} of {needed} bytes, copy the whole file again"
            ),
            Self::Damaged => f.write_str(
                "model damaged: its checksum disagrees with its content, copy the file again",
            ),
            Self::Misaligned => f.write_str(
                "model misaligned: put its first byte at an address that is a multiple of 16",
            ),
            Self::Field(name) => write!(
                f,
                "model field {name}: its value is not allowed, export the model again"
            ),
            Self::Picture(name) => write!(
                f,
                "model field {name}: a model for pictures takes each byte less 128, one picture at a time and without a gate, export the model again or switch the gate off"
            ),
            Self::Mismatch {
                what,
                expected,
                found,
            } => write!(
                f,
                "model {what}: {found} where the rest of the model asks for {expected}, export the model again"
            ),
            Self::UnknownBlock(code) => write!(
                f,
                "model wants signal block number {code}: this build has none of that number, take a newer Lampyris or link that block"
            ),
            Self::Block(error) => write!(f, "signal block: {error}"),
            Self::NotStreaming => f.write_str(
                "model without a stream of frames: use Classifier::new, or a block for sound and a hop that is a multiple of its stride",
            ),
            Self::Model(error) => write!(f, "network: {error}"),
            Self::Memory {
                what,
                needed,
                found,
            } => write!(
                f,
                "memory for {what}: {found} elements, give {needed} or more"
            ),
        }
    }
}

impl core::error::Error for ChipError {}

impl From<BlockError> for ChipError {
    fn from(error: BlockError) -> Self {
        Self::Block(error)
    }
}

impl From<ModelError> for ChipError {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}
