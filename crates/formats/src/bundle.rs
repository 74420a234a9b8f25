//! `model.lampyris`: one trained model in one file.
//!
//! ```text
//! chip part   what a chip runs, by lampyris_device; a multiple of 16 bytes
//! host part   magic "LAMPHOST" · version u32 · length u32 · CRC-32 u32 · sections u32
//!             a row a section: name (4 bytes) · offset u32 · length u32
//!             sections, each on 16 bytes: TFLT · REPT · GOLD · CARD
//! ```
//!
//! In flash the host part is cut off. Its numbers are little-endian, its offsets
//! count from its own start, its CRC-32 (IEEE 802.3) covers all of it but the
//! four bytes that hold it. Sections with other names are passed over, so that a
//! later version may add some.
//!
//! `GOLD` is the number of vectors, then for each: length of the label, of the
//! window, the features and the outputs (u32), then label (UTF-8), window (f32),
//! features and outputs (i8).

#[cfg(test)]
mod tests;

use lampyris_device::{Chip, ChipError};
use lampyris_graph::AlignedBytes;
use sha2::{Digest, Sha256};

use crate::FormatError;
use lampyris_device::crc::crc32;

const MAGIC: &[u8; 8] = b"LAMPHOST";
const VERSION: u32 = 1;
const HEADER: usize = 24;
const ROW: usize = 12;
const CRC_AT: usize = 16;
const AGAIN: &str = "export or download the model again";

/// A window with the bytes that a chip must give for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Golden {
    /// What it shows.
    pub label: String,
    /// Samples as the block takes them, `[window, axes]`.
    pub window: Vec<f32>,
    /// What reaches the network.
    pub features: Vec<i8>,
    /// What the network answers.
    pub outputs: Vec<i8>,
}

/// What a chip doesn't need.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Host {
    /// The same network as a `.tflite` file: with scales and names.
    pub tflite: Vec<u8>,
    /// All figures, as in `report.json`.
    pub report_json: String,
    /// Windows with the answers to expect.
    pub golden: Vec<Golden>,
    /// What a person should know before using the model.
    pub card: String,
}

/// A bundle that was read.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The chip part; copy it into [`AlignedBytes`] to run it.
    pub chip: Vec<u8>,
    /// Absent where the file was cut to its chip part.
    pub host: Option<Host>,
    /// SHA-256 of the chip part in hex: the model's name everywhere.
    pub sha256: String,
}

/// The bundle of a chip part and what goes with it; the same bytes for the same content.
pub fn write(chip_part: &[u8], host: &Host) -> Vec<u8> {
    let golden = write_golden(&host.golden);
    let sections: [(&[u8; 4], &[u8]); 4] = [
        (b"TFLT", &host.tflite),
        (b"REPT", host.report_json.as_bytes()),
        (b"GOLD", &golden),
        (b"CARD", host.card.as_bytes()),
    ];
    let mut rows = Vec::new();
    let mut body = Vec::new();
    let start = (HEADER + ROW * sections.len()).next_multiple_of(16);
    for (name, bytes) in sections {
        rows.extend(name);
        rows.extend(word(start + body.len()));
        rows.extend(word(bytes.len()));
        body.extend(bytes);
        body.resize(body.len().next_multiple_of(16), 0);
    }
    let mut part = MAGIC.to_vec();
    part.extend(VERSION.to_le_bytes());
    part.extend(word(start + body.len()));
    part.extend([0; 4]);
    part.extend(word(sections.len()));
    part.extend(rows);
    part.resize(start, 0);
    part.extend(body);
    let crc = checksum(&part);
    part[CRC_AT..CRC_AT + 4].copy_from_slice(&crc.to_le_bytes());
    [chip_part, &part].concat()
}

fn word(n: usize) -> [u8; 4] {
    (n as u32).to_le_bytes()
}

fn write_golden(golden: &[Golden]) -> Vec<u8> {
    let mut out = word(golden.len()).to_vec();
    for g in golden {
        out.extend(word(g.label.len()));
        out.extend(word(g.window.len()));
        out.extend(word(g.features.len()));
        out.extend(word(g.outputs.len()));
        out.extend(g.label.as_bytes());
        out.extend(g.window.iter().flat_map(|v| v.to_le_bytes()));
        out.extend(g.features.iter().chain(&g.outputs).map(|&v| v as u8));
    }
    out
}

/// The model's name: SHA-256 of its chip part in hex.
pub fn name(chip_part: &[u8]) -> String {
    Sha256::digest(chip_part)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The parts of a bundle, each checked.
///
/// # Errors
/// The bytes are no bundle, were cut or changed, or are of a newer version.
pub fn read(bytes: &[u8]) -> Result<Bundle, FormatError> {
    let aligned = AlignedBytes::new(bytes);
    let chip = Chip::parse(aligned.as_ref()).map_err(|e| chip_error(&e))?;
    let chip = chip.bytes().to_vec();
    let rest = &bytes[chip.len()..];
    let host = match rest {
        [] => None,
        part => Some(read_host(part)?),
    };
    Ok(Bundle {
        host,
        sha256: name(&chip),
        chip,
    })
}

pub(crate) fn chip_error(error: &ChipError) -> FormatError {
    let remedy = match error {
        ChipError::Magic => "choose a model.lampyris file",
        ChipError::Version { .. } => "open it with the version that wrote it, or a newer one",
        _ => AGAIN,
    };
    FormatError::new(error.to_string(), "the chip part", remedy)
}

fn broken(what: impl Into<String>) -> FormatError {
    FormatError::new(what, "the host part", AGAIN)
}

fn read_host(part: &[u8]) -> Result<Host, FormatError> {
    if part.first_chunk() != Some(MAGIC) {
        return Err(broken("unknown bytes follow the chip part"));
    }
    let mut head = Cursor(part.get(MAGIC.len()..).unwrap_or(&[]));
    let version = head.word()?;
    if version as u32 != VERSION {
        return Err(FormatError::new(
            format!("version {version} is unknown; this build reads version {VERSION}"),
            "the host part",
            "open it with the version that wrote it, or a newer one",
        ));
    }
    let length = head.word()?;
    if length != part.len() {
        return Err(broken(format!(
            "it says {length} bytes and has {}",
            part.len()
        )));
    }
    if head.word()? as u32 != checksum(part) {
        return Err(broken("the checksum disagrees: it was damaged"));
    }
    let mut host = Host::default();
    for _ in 0..head.word()? {
        let name = head.take(4)?;
        let (at, len) = (head.word()?, head.word()?);
        let content = part
            .get(at..)
            .and_then(|rest| rest.get(..len))
            .ok_or_else(|| broken("a section lies beyond its end"))?;
        match name {
            b"TFLT" => host.tflite = content.to_vec(),
            b"REPT" => host.report_json = text(content)?,
            b"GOLD" => host.golden = read_golden(content)?,
            b"CARD" => host.card = text(content)?,
            _ => {}
        }
    }
    Ok(host)
}

fn read_golden(bytes: &[u8]) -> Result<Vec<Golden>, FormatError> {
    let mut from = Cursor(bytes);
    let mut golden = Vec::new();
    for _ in 0..from.word()? {
        let (label, window) = (from.word()?, from.word()?);
        let (features, outputs) = (from.word()?, from.word()?);
        let label = text(from.take(label)?)?;
        let window = from.take(window.saturating_mul(4))?;
        let (window, _) = window.as_chunks();
        let ints = |bytes: &[u8]| bytes.iter().map(|&v| v as i8).collect();
        golden.push(Golden {
            label,
            window: window.iter().map(|&v| f32::from_le_bytes(v)).collect(),
            features: ints(from.take(features)?),
            outputs: ints(from.take(outputs)?),
        });
    }
    Ok(golden)
}

fn text(bytes: &[u8]) -> Result<String, FormatError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| broken("a text in it is not UTF-8"))
}

/// Bytes that are taken from the front.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], FormatError> {
        self.0
            .split_off(..len)
            .ok_or_else(|| broken("it ends early"))
    }

    fn word(&mut self) -> Result<usize, FormatError> {
        let word = self.take(4)?.first_chunk().copied().unwrap_or_default();
        Ok(u32::from_le_bytes(word) as usize)
    }
}

/// CRC-32 of the host part without the four bytes that hold it.
fn checksum(part: &[u8]) -> u32 {
    let (before, rest) = part.split_at(CRC_AT.min(part.len()));
    let after = rest.get(4..).unwrap_or(&[]);
    crc32(&[before, after])
}
