//! Writing a chip part; its layout stands in [`crate::chip`].

use lampyris_dsp::Norm;

use crate::chip::{ALIGN, CRC_AT, Chip, HEADER, MAGIC, NONE, NORM_BYTES, VERSION, checksum, equal};
use crate::decision::Decision;
use crate::error::ChipError;

/// What goes into a chip part.
#[derive(Clone, Copy, Debug)]
pub struct ChipSpec<'a> {
    /// The network as `lampyris_core::Session` runs it: one int8 input of as many
    /// values as there are features, one int8 output of as many as there are labels,
    /// from a softmax (scale 1/256, zero point −128).
    pub graph: &'a [u8],
    /// Number of the signal block.
    pub block: u16,
    /// Its settings.
    pub settings: &'a [f32],
    /// One a column of the features ([`lampyris_dsp::Layout::columns`]).
    pub norms: &'a [Norm],
    /// Scale of the network's input, above 0.
    pub input_scale: f32,
    /// Zero point of the network's input.
    pub input_zero_point: i8,
    /// Samples per second.
    pub rate_hz: f32,
    /// Samples an axis in a window.
    pub window: u32,
    /// Samples from one window to the next, at least 1.
    pub hop: u32,
    /// Channels.
    pub axes: u16,
    /// What the outputs mean, in their order.
    pub labels: &'a [&'a str],
    /// Which of them mean "none of these" and are never an event: one a label, or none
    /// at all where no label does.
    pub none: &'a [bool],
    /// When a label is given, and when it is an event.
    pub decision: Decision,
}

impl ChipSpec<'_> {
    /// Bytes that [`ChipSpec::encode`] writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let labels = self.label_bytes();
        HEADER
            + padded(self.graph.len())
            + padded(self.settings.len() * 4)
            + padded(self.norms.len() * NORM_BYTES)
            + padded(labels)
    }

    /// Writes the chip part to the start of `out` and gives its length. What was
    /// written is then read back by [`Chip::parse`]'s own rules, so that nothing is
    /// ever exported that a chip would refuse.
    ///
    /// # Errors
    /// [`ChipError::Memory`] where `out` is shorter than [`ChipSpec::encoded_len`],
    /// [`ChipError::Field`] for a count beyond its field, and all of
    /// [`Chip::parse`]'s; `out` must begin at a multiple of 16.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, ChipError> {
        let needed = self.encoded_len();
        let found = out.len();
        let out = out.get_mut(..needed).ok_or(ChipError::Memory {
            what: "output",
            needed,
            found,
        })?;
        if !self.none.is_empty() {
            equal("none", self.labels.len(), self.none.len())?;
        }
        out.fill(0);
        let mut to = Writer { out, at: 0 };
        to.bytes(MAGIC);
        to.bytes(&VERSION.to_le_bytes());
        to.bytes(&self.block.to_le_bytes());
        to.bytes(&count("length", needed)?.to_le_bytes());
        to.bytes(&[0; 4]);
        for value in [self.input_scale, self.rate_hz, self.decision.threshold] {
            to.bytes(&value.to_le_bytes());
        }
        to.bytes(&self.window.to_le_bytes());
        to.bytes(&self.hop.to_le_bytes());
        to.bytes(&self.axes.to_le_bytes());
        to.bytes(&self.input_zero_point.to_le_bytes());
        to.bytes(&[self.decision.smoothing]);
        to.bytes(&self.decision.suppress_ms.to_le_bytes());
        to.bytes(&self.decision.gate.level.to_le_bytes());
        to.bytes(&self.decision.gate.hold_ms.to_le_bytes());
        to.bytes(&count("graph", self.graph.len())?.to_le_bytes());
        to.bytes(&count("settings", self.settings.len())?.to_le_bytes());
        to.bytes(&count("norms", self.norms.len())?.to_le_bytes());
        to.bytes(&count("labels", self.labels.len())?.to_le_bytes());
        to.bytes(&count("labels", self.label_bytes())?.to_le_bytes());
        to.align();
        to.bytes(self.graph);
        to.align();
        for value in self.settings {
            to.bytes(&value.to_le_bytes());
        }
        to.align();
        for norm in self.norms {
            to.bytes(&norm.mean.to_le_bytes());
            to.bytes(&norm.inverse_deviation.to_le_bytes());
        }
        to.align();
        let none = self.none.iter().copied().chain(core::iter::repeat(false));
        for (label, none) in self.labels.iter().zip(none) {
            let len = u16::try_from(label.len()).ok().filter(|len| *len < NONE);
            let len = len.ok_or(ChipError::Field("labels"))?;
            let mark = if none { NONE } else { 0 };
            to.bytes(&(len | mark).to_le_bytes());
            to.bytes(label.as_bytes());
        }
        let crc = checksum(out);
        Writer { out, at: CRC_AT }.bytes(&crc.to_le_bytes());
        Chip::parse(out)?;
        Ok(needed)
    }

    fn label_bytes(&self) -> usize {
        self.labels.iter().map(|label| 2 + label.len()).sum()
    }
}

fn padded(len: usize) -> usize {
    len.next_multiple_of(ALIGN)
}

fn count(field: &'static str, n: usize) -> Result<u32, ChipError> {
    u32::try_from(n).map_err(|_| ChipError::Field(field))
}

/// Writes one piece after the other; `out` has room for all of them.
struct Writer<'a> {
    out: &'a mut [u8],
    at: usize,
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: &[u8]) {
        for (to, from) in self.out.iter_mut().skip(self.at).zip(bytes) {
            *to = *from;
        }
        self.at += bytes.len();
    }

    fn align(&mut self) {
        self.at = padded(self.at);
    }
}
