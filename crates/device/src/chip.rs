//! The chip part of a bundle: everything that a chip needs to run a model, in one
//! block of bytes that is read in place.
//!
//! All numbers are little-endian; `f32` is IEEE 754. Sections follow the header
//! without gaps but for zeros up to the next multiple of 16, in this order:
//!
//! ```text
//!  at  size  field
//!   0     8  magic "LAMPYRIS"
//!   8     2  version, 2
//!  10     2  block: number of the signal block
//!  12     4  length of the chip part in bytes, a multiple of 16
//!  16     4  CRC-32 of every byte but these four
//!  20     4  input_scale f32
//!  24     4  rate_hz f32
//!  28     4  threshold f32
//!  32     4  window, samples an axis
//!  36     4  hop, samples
//!  40     2  axes
//!  42     1  input_zero_point i8
//!  43     1  smoothing, windows averaged
//!  44     4  suppress_ms
//!  48     4  gate level f32
//!  52     4  gate hold_ms
//!  56     4  bytes of the graph
//!  60     4  settings of the block (f32 each)
//!  64     4  norms (mean f32, inverse_deviation f32 each), one a column of the features
//!  68     4  labels
//!  72     4  bytes of the labels
//!  76     4  0
//!  80        graph · settings · norms · labels
//! ```
//!
//! A label is a `u16`, its length in the lower 15 bits and "none of these" in the
//! highest, and its UTF-8.
//!
//! **Pictures.** Where the block is one for pictures, a window is one picture: window and
//! hop are 1, the axes are the channels, and rate_hz is pictures a second. What reaches
//! the network is fixed, each byte less 128, and the fields say so: every norm is of mean
//! 128 and inverse deviation 1/128, input_scale is 1/128 and input_zero_point 0. There is
//! no gate: its level is 0.
//!
//! Whatever follows the chip part (the host part of a bundle,
//! the rest of a flash page) is not looked at.
//!
//! The version is looked at before the checksum, so that a newer file is named as
//! such; the checksum before anything else, so that damage is never mistaken for a
//! strange model.

use lampyris_dsp::block::{self, Block, Framing, Layout, Signal};
use lampyris_dsp::{BLOCKS, Norm};

use crate::crc::crc32;
use crate::decision::{Decision, Gate};
use crate::error::ChipError;
use crate::frames::Frames;
use crate::settings::Settings;
use crate::{gate, picture};

pub use crate::settings::MAX_SETTINGS;

/// The version that this code writes and reads.
pub const VERSION: u16 = 2;
/// Alignment of the chip part and of its sections, in bytes.
pub const ALIGN: usize = 16;

pub(crate) const MAGIC: &[u8; 8] = b"LAMPYRIS";
pub(crate) const HEADER: usize = 80;
pub(crate) const CRC_AT: usize = 16;
pub(crate) const NORM_BYTES: usize = 8;
/// Mark of a label that means "none of these", in the number that holds its length.
pub(crate) const NONE: u16 = 1 << 15;

/// Memory that a [`crate::Classifier`] asks for, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Bytes of the network's arena.
    pub arena: usize,
    /// `f32`s of the window (or of one frame), of the gate, of the scores and of the
    /// smoothing's history; of the last two alone where the model is for pictures.
    pub ring: usize,
    /// `f32`s that the block works in.
    pub scratch: usize,
    /// `f32`s of features; none for pictures, which reach the network as they are.
    pub features: usize,
    /// Outputs of the network, as many as there are labels.
    pub outputs: usize,
}

impl Needs {
    /// All of it in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.arena + 4 * (self.ring + self.scratch + self.features)
    }
}

/// A checked view of a chip part.
#[derive(Clone, Copy, Debug)]
pub struct Chip<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) facts: Facts,
}

/// What [`Chip::parse`] has found out: plain values, and where the sections lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) graph: Place,
    pub(crate) norms: Place,
    pub(crate) labels: Place,
    pub(crate) settings: Settings,
    pub(crate) block: &'static Block,
    pub(crate) input_scale: f32,
    pub(crate) input_zero_point: i8,
    pub(crate) signal: Signal,
    pub(crate) hop: usize,
    /// Features, and values of the network's input.
    pub(crate) features: usize,
    /// Features of a frame, and norms.
    pub(crate) columns: usize,
    /// Rows and columns that the network sees of a picture.
    pub(crate) grid: Option<[usize; 2]>,
    pub(crate) decision: Decision,
    pub(crate) needs: Needs,
    /// How the window is cut, and what that needs, where a stream of frames will do.
    pub(crate) framed: Option<(Framing, Needs)>,
}

/// A section's place in the chip part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    start: usize,
    len: usize,
}

impl Place {
    pub(crate) fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let rest = bytes.get(self.start..);
        rest.and_then(|rest| rest.get(..self.len)).unwrap_or(&[])
    }
}

impl Facts {
    /// The norms in the chip part that these facts are of.
    pub(crate) fn norms<'a>(
        &self,
        bytes: &'a [u8],
    ) -> impl ExactSizeIterator<Item = Norm> + use<'a> {
        read_norms(self.norms.of(bytes))
    }

    /// Which labels mean "none of these", in the chip part that these facts are of.
    pub(crate) fn none<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = bool> + use<'a> {
        let mut rest = self.labels.of(bytes);
        core::iter::from_fn(move || {
            let label = split_label(rest)?;
            rest = label.rest;
            Some(label.none)
        })
    }
}

impl<'a> Chip<'a> {
    /// Reads and checks a chip part with every block of this build at hand. Bytes
    /// after the chip part are allowed and left alone.
    ///
    /// # Errors
    /// A [`ChipError`] for anything but a whole, undamaged chip part of this version
    /// whose counts agree with each other.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ChipError> {
        Self::parse_with(bytes, BLOCKS)
    }

    /// [`Chip::parse`] with chosen blocks, so that a firmware links only those.
    ///
    /// # Errors
    /// As [`Chip::parse`]; [`ChipError::UnknownBlock`] for a block not among `blocks`.
    pub fn parse_with(
        bytes: &'a [u8],
        blocks: &'static [&'static Block],
    ) -> Result<Self, ChipError> {
        let bytes = whole(bytes)?;
        let mut at = HEADER;
        let graph = section(bytes, &mut at, u32_at(bytes, 56), 1)?;
        let settings = section(bytes, &mut at, u32_at(bytes, 60), 4)?;
        let settings = Settings::read(settings.of(bytes))?;
        let norms = section(bytes, &mut at, u32_at(bytes, 64), NORM_BYTES)?;
        let label_count = u32_at(bytes, 68) as usize;
        let labels = section(bytes, &mut at, u32_at(bytes, 72), 1)?;
        if at != bytes.len() {
            return Err(ChipError::Field("length"));
        }
        if u32_at(bytes, 76) != 0 {
            return Err(ChipError::Field("reserved"));
        }
        check_labels(labels.of(bytes), label_count)?;
        check_norms(norms.of(bytes))?;

        let code = u16_at(bytes, 10);
        let block = block::by_code(blocks, code).ok_or(ChipError::UnknownBlock(code))?;
        let signal = Signal {
            rate_hz: f32_at(bytes, 24),
            samples: u32_at(bytes, 32) as usize,
            axes: u16_at(bytes, 40).into(),
        };
        let layout = (block.check)(&signal, settings.as_slice())?;
        equal("norms", layout.columns(), norms.len / NORM_BYTES)?;
        let [smoothing] = field(bytes, 43);
        let decision = Decision {
            smoothing,
            threshold: f32_at(bytes, 28),
            suppress_ms: u32_at(bytes, 44),
            gate: Gate {
                level: f32_at(bytes, 48),
                hold_ms: u32_at(bytes, 52),
            },
        };
        decision.check()?;
        let hop = u32_at(bytes, 36) as usize;
        let input_scale = f32_at(bytes, 20);
        let input_zero_point = i8::from_le_bytes(field(bytes, 42));
        check_fields(input_scale, hop)?;
        if block.see.is_some() {
            let norms = read_norms(norms.of(bytes));
            picture::check(norms, input_scale, input_zero_point, hop)?;
            picture::check_decision(&decision)?;
        }
        let needs = needs(
            graph.of(bytes),
            &signal,
            block,
            layout,
            decision,
            label_count,
        )?;
        let framed = layout.framing.and_then(|framing| {
            let frame = (block.check)(&signal.frame(&framing), settings.as_slice()).ok()?;
            let suits = Frames::suit(&framing, signal.samples, hop);
            (suits && frame.features == layout.columns()).then(|| {
                let needs = Needs {
                    ring: needs.ring - (signal.samples - framing.length) * signal.axes,
                    scratch: frame.scratch,
                    ..needs
                };
                (framing, needs)
            })
        });
        let facts = Facts {
            graph,
            norms,
            labels,
            settings,
            block,
            input_scale,
            input_zero_point,
            signal,
            hop,
            features: layout.features,
            columns: layout.columns(),
            grid: layout.grid,
            decision,
            needs,
            framed,
        };
        Ok(Self { bytes, facts })
    }

    /// The chip part itself, without what follows it. Its SHA-256 is the model's name.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The network's bytes, at an address that is a multiple of 16.
    #[must_use]
    pub fn graph(&self) -> &'a [u8] {
        self.facts.graph.of(self.bytes)
    }

    /// The signal block.
    #[must_use]
    pub fn block(&self) -> &'static Block {
        self.facts.block
    }

    /// The signal block's settings.
    #[must_use]
    pub fn settings(&self) -> &[f32] {
        self.facts.settings.as_slice()
    }

    /// One a column of the features, in their order: each is for that column of every frame.
    pub fn norms(&self) -> impl ExactSizeIterator<Item = Norm> + use<'a> {
        self.facts.norms(self.bytes)
    }

    /// Scale of the network's input.
    #[must_use]
    pub fn input_scale(&self) -> f32 {
        self.facts.input_scale
    }

    /// Zero point of the network's input.
    #[must_use]
    pub fn input_zero_point(&self) -> i8 {
        self.facts.input_zero_point
    }

    /// Rate, samples an axis and axes of a window.
    #[must_use]
    pub fn signal(&self) -> Signal {
        self.facts.signal
    }

    /// Samples per second.
    #[must_use]
    pub fn rate_hz(&self) -> f32 {
        self.facts.signal.rate_hz
    }

    /// Samples an axis in a window.
    #[must_use]
    pub fn window(&self) -> usize {
        self.facts.signal.samples
    }

    /// Samples from one window to the next.
    #[must_use]
    pub fn hop(&self) -> usize {
        self.facts.hop
    }

    /// Channels.
    #[must_use]
    pub fn axes(&self) -> usize {
        self.facts.signal.axes
    }

    /// Features, and values of the network's input.
    #[must_use]
    pub fn features(&self) -> usize {
        self.facts.features
    }

    /// Rows and columns of what the network sees, where the model is for pictures; its
    /// channels are the axes.
    #[must_use]
    pub fn grid(&self) -> Option<[usize; 2]> {
        self.facts.grid
    }

    /// When a label is given, and when it is an event.
    #[must_use]
    pub fn decision(&self) -> Decision {
        self.facts.decision
    }

    /// What the outputs mean, in their order.
    #[must_use]
    pub fn labels(&self) -> Labels<'a> {
        Labels {
            rest: self.facts.labels.of(self.bytes),
        }
    }

    /// Whether each label means "none of these" (background, silence, unknown words):
    /// such a label is given, but is never an event.
    pub fn none(&self) -> impl Iterator<Item = bool> + use<'a> {
        self.facts.none(self.bytes)
    }

    /// Memory that running this model takes with [`crate::Classifier::new`].
    #[must_use]
    pub fn needs(&self) -> Needs {
        self.facts.needs
    }

    /// The less of both: what a device takes.
    #[must_use]
    pub fn least_needs(&self) -> Needs {
        self.streaming_needs().unwrap_or(self.needs())
    }

    /// Memory that it takes with [`crate::Classifier::streaming`], which is far less
    /// where windows are long; `None` where the block's features are of the window as a
    /// whole, or the hop is no multiple of the stride between frames.
    #[must_use]
    pub fn streaming_needs(&self) -> Option<Needs> {
        self.facts.framed.map(|(_, needs)| needs)
    }
}

/// The labels of a [`Chip`], in the order of the outputs.
#[derive(Clone, Debug)]
pub struct Labels<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let label = split_label(self.rest)?;
        self.rest = label.rest;
        Some(label.text)
    }
}

/// The first label of the section, and what follows it.
struct Label<'a> {
    text: &'a str,
    none: bool,
    rest: &'a [u8],
}

/// `None` where there is no whole, non-empty label in UTF-8.
fn split_label(bytes: &[u8]) -> Option<Label<'_>> {
    let (number, rest) = bytes.split_first_chunk::<2>()?;
    let number = u16::from_le_bytes(*number);
    let (text, rest) = rest.split_at_checked((number & !NONE).into())?;
    let text = core::str::from_utf8(text).ok()?;
    let none = number & NONE != 0;
    (!text.is_empty()).then_some(Label { text, none, rest })
}

/// The chip part at the start of `bytes`: magic, version, length, alignment and
/// checksum are right. At least the header is there.
fn whole(bytes: &[u8]) -> Result<&[u8], ChipError> {
    let known = bytes.len().min(MAGIC.len());
    if bytes.get(..known) != MAGIC.get(..known) {
        return Err(ChipError::Magic);
    }
    let truncated = |needed| ChipError::Truncated {
        needed,
        found: bytes.len(),
    };
    if bytes.len() < HEADER {
        return Err(truncated(HEADER));
    }
    let version = u16_at(bytes, 8);
    if version != VERSION {
        return Err(ChipError::Version { found: version });
    }
    let length = u32_at(bytes, 12) as usize;
    if length < HEADER || !length.is_multiple_of(ALIGN) {
        return Err(ChipError::Field("length"));
    }
    let bytes = bytes.get(..length).ok_or(truncated(length))?;
    if checksum(bytes) != u32_at(bytes, CRC_AT) {
        return Err(ChipError::Damaged);
    }
    if bytes.as_ptr().align_offset(ALIGN) != 0 {
        return Err(ChipError::Misaligned);
    }
    Ok(bytes)
}

/// CRC-32 of a chip part but for the four bytes that hold it.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    let before = bytes.get(..CRC_AT).unwrap_or(&[]);
    let after = bytes.get(CRC_AT + 4..).unwrap_or(&[]);
    crc32(&[before, after])
}

/// The section of `count` elements of `size` bytes at `at`, which moves behind it.
fn section(bytes: &[u8], at: &mut usize, count: u32, size: usize) -> Result<Place, ChipError> {
    let take = || {
        let len = (count as usize).checked_mul(size)?;
        let end = at.checked_add(len)?;
        let next = end.checked_next_multiple_of(ALIGN)?;
        let zeros = bytes.get(end..next)?.iter().all(|byte| *byte == 0);
        zeros.then_some((len, next))
    };
    let start = *at;
    let (len, next) = take().ok_or(ChipError::Field("sections"))?;
    *at = next;
    Ok(Place { start, len })
}

fn check_labels(mut labels: &[u8], count: usize) -> Result<(), ChipError> {
    let mut found = 0;
    while !labels.is_empty() {
        labels = split_label(labels).ok_or(ChipError::Field("labels"))?.rest;
        found += 1;
    }
    equal("labels", count, found)
}

fn read_norms(norms: &[u8]) -> impl ExactSizeIterator<Item = Norm> + use<'_> {
    let norms = norms.as_chunks::<NORM_BYTES>().0.iter();
    norms.map(|norm| Norm {
        mean: f32_at(norm, 0),
        inverse_deviation: f32_at(norm, 4),
    })
}

fn check_norms(norms: &[u8]) -> Result<(), ChipError> {
    let good = |norm: &[u8; NORM_BYTES]| {
        let inverse = f32_at(norm, 4);
        f32_at(norm, 0).is_finite() && inverse.is_finite() && inverse >= 0.0
    };
    if norms.as_chunks().0.iter().all(good) {
        Ok(())
    } else {
        Err(ChipError::Field("norms"))
    }
}

fn check_fields(input_scale: f32, hop: usize) -> Result<(), ChipError> {
    // A scale below the normal numbers could make a quotient of two finite ones infinite.
    if !(input_scale.is_normal() && input_scale > 0.0) {
        return Err(ChipError::Field("input_scale"));
    }
    if hop == 0 {
        return Err(ChipError::Field("hop"));
    }
    Ok(())
}

fn needs(
    graph: &[u8],
    signal: &Signal,
    block: &Block,
    layout: Layout,
    decision: Decision,
    outputs: usize,
) -> Result<Needs, ChipError> {
    let history = outputs.checked_mul(usize::from(decision.smoothing) + 1);
    let picture = block.see.is_some();
    let fixed = if picture {
        0
    } else {
        signal.values()? + gate::VALUES * signal.axes
    };
    let ring = history.and_then(|history| history.checked_add(fixed));
    Ok(Needs {
        arena: lampyris_core::arena_bytes(graph)?,
        ring: ring.ok_or(ChipError::Field("labels"))?,
        scratch: layout.scratch,
        features: if picture { 0 } else { layout.features },
        outputs,
    })
}

pub(crate) fn equal(what: &'static str, expected: usize, found: usize) -> Result<(), ChipError> {
    if expected == found {
        Ok(())
    } else {
        Err(ChipError::Mismatch {
            what,
            expected,
            found,
        })
    }
}

/// Fields are read only at places that [`whole`] or a section's size has made sure of;
/// anywhere else they would read 0.
fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.copied().unwrap_or([0; N])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(field(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(field(bytes, at))
}

fn f32_at(bytes: &[u8], at: usize) -> f32 {
    f32::from_le_bytes(field(bytes, at))
}
