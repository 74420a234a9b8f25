//! The chunks of a WAV, and what `fmt ` says.

use super::RATES;
use crate::FormatError;

/// How a sample is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Whole numbers; one byte is unsigned, more are signed.
    Pcm,
    /// IEEE 754.
    Float,
}

/// What `fmt ` says, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) coding: Coding,
    /// At least 1.
    pub(super) channels: usize,
    /// Within [`RATES`].
    pub(super) rate_hz: u32,
    /// Bytes of one sample of one channel: 1 to 4 for PCM, 4 or 8 for floats.
    pub(super) width: usize,
}

/// The two chunks that matter.
pub(super) struct Chunks<'a> {
    pub(super) format: &'a [u8],
    pub(super) data: &'a [u8],
    /// Told where the length of `data` seems not to be true.
    pub(super) note: Option<String>,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Walks the chunks behind `RIFF`, its length and `WAVE`. That length is not
/// read: recorders that stream leave it at 0 or at its greatest value.
pub(super) fn find(bytes: &[u8]) -> Result<Chunks<'_>, FormatError> {
    let mut at = 12;
    let mut format = None;
    let mut data = None;
    while let Some(head) = bytes.get(at..at + 8) {
        let rest = &bytes[at + 8..];
        let claim = u32_at(head, 4);
        let length = usize::try_from(claim).unwrap_or(usize::MAX);
        let there = rest.len().min(length);
        match &head[..4] {
            b"fmt " if format.is_none() => format = Some(&rest[..there]),
            b"data" if data.is_none() => {
                // A recorder that streams fills the length in at the end, if it gets there.
                let open = claim == u32::MAX || (claim == 0 && !is_chunk(rest));
                if open && !rest.is_empty() {
                    data = Some((rest, None));
                    break;
                }
                let note = if there < length {
                    Some(format!(
                        "the file ends early: {there} of {length} bytes of sound are there"
                    ))
                } else {
                    // Chunks begin at even bytes, but for writers that forget it.
                    let after = &rest[there..];
                    let even = after.get(length % 2..).unwrap_or_default();
                    let stray = stray(after).min(stray(even));
                    (stray > 0).then(|| format!(
                        "the file holds {stray} bytes after its sound that are no chunk: the header may state too short a length"
                    ))
                };
                data = Some((&rest[..there], note));
            }
            _ => {}
        }
        at += 8 + there;
        // Chunks begin at even bytes; some writers forget so before `data`.
        if length % 2 == 1 && !bytes[at..].starts_with(b"data") {
            at += 1;
        }
    }
    let missing = |what: &str, remedy| Err(FormatError::new(what, "chunks", remedy));
    match (format, data) {
        (Some(format), Some((data, note))) => Ok(Chunks { format, data, note }),
        (None, _) => missing(
            "there is no chunk \"fmt \", which says how samples are coded",
            "the file is damaged: export or record it again",
        ),
        (_, None) => missing(
            "there is no chunk \"data\": the file ends before its samples",
            "copy or download the file again, or record it again",
        ),
    }
}

/// Bytes behind the last chunk that look like none; 0 where they are zeros or few.
fn stray(mut rest: &[u8]) -> usize {
    while is_chunk(rest) {
        let length = u32_at(rest, 4) as usize;
        rest = rest.get(8 + length + length % 2..).unwrap_or_default();
    }
    // A chunk that is cut off begins with a name, too.
    let named = |b: &u8| b.is_ascii_alphanumeric() || *b == b' ';
    let few = rest.len() < 16 || rest.iter().all(|b| *b == 0);
    if few || rest[..4].iter().all(named) {
        return 0;
    }
    rest.len()
}

/// Whether something that looks like a chunk fills the rest, so that a length of 0 is true.
fn is_chunk(rest: &[u8]) -> bool {
    rest.len() >= 8
        && rest[..4].iter().all(|b| b.is_ascii_graphic() || *b == b' ')
        && u32_at(rest, 4) as usize <= rest.len() - 8
}

impl Format {
    /// Reads a `fmt ` chunk.
    pub(super) fn parse(chunk: &[u8]) -> Result<Self, FormatError> {
        let refuse = |what: String, remedy: &str| Err(FormatError::new(what, "chunk fmt", remedy));
        const DAMAGED: &str =
            "the file is damaged or its writer at fault: export it again as WAV, 16-bit PCM";
        if chunk.len() < 16 {
            return refuse(format!("it has {} bytes, not 16", chunk.len()), DAMAGED);
        }
        let mut tag = u16_at(chunk, 0);
        // WAVE_FORMAT_EXTENSIBLE: the real tag begins the sub-format's id.
        if tag == 0xfffe {
            if chunk.len() < 26 {
                return refuse(
                    format!("an extensible format of {} bytes, not 40", chunk.len()),
                    DAMAGED,
                );
            }
            tag = u16_at(chunk, 24);
        }
        let coding = match tag {
            1 => Coding::Pcm,
            3 => Coding::Float,
            other => {
                return refuse(
                    format!(
                        "the samples are coded as {}, not as PCM",
                        coding_name(other)
                    ),
                    "convert it to WAV, 16-bit PCM, for example with Audacity or `ffmpeg -i in.wav -c:a pcm_s16le out.wav`",
                );
            }
        };
        let channels = usize::from(u16_at(chunk, 2));
        let rate_hz = u32_at(chunk, 4);
        let frame = usize::from(u16_at(chunk, 12));
        let bits = u16_at(chunk, 14);
        if channels == 0 {
            return refuse("it has no channel".into(), DAMAGED);
        }
        if !RATES.contains(&rate_hz) {
            return refuse(
                format!("a rate of {rate_hz} Hz"),
                "export it at a rate of 1000 to 384000 Hz, for example 16000",
            );
        }
        let width = usize::from(bits).div_ceil(8);
        let known = match coding {
            Coding::Pcm => (1..=4).contains(&width),
            Coding::Float => bits == 32 || bits == 64,
        };
        if !known {
            return refuse(
                format!(
                    "samples of {bits} bits as {}",
                    match coding {
                        Coding::Pcm => "whole numbers",
                        Coding::Float => "floats",
                    }
                ),
                "export it as WAV, 16-bit PCM",
            );
        }
        if frame != width * channels {
            return refuse(
                format!("{channels} channels of {bits} bits don't make frames of {frame} bytes"),
                DAMAGED,
            );
        }
        Ok(Self {
            coding,
            channels,
            rate_hz,
            width,
        })
    }
}

/// Names of the codings that are met in WAVs (`mmreg.h`).
fn coding_name(tag: u16) -> String {
    match tag {
        0x0002 => "Microsoft ADPCM".into(),
        0x0006 => "A-law".into(),
        0x0007 => "µ-law".into(),
        0x0011 => "IMA ADPCM".into(),
        0x0031 => "GSM 6.10".into(),
        0x0050 => "MPEG".into(),
        0x0055 => "MP3".into(),
        0x0092 => "AC-3".into(),
        0x00ff | 0x1600 | 0x1610 => "AAC".into(),
        0x0161 => "Windows Media Audio".into(),
        0x674f | 0x6771 => "Vorbis".into(),
        0x704f => "Opus".into(),
        0xf1ac => "FLAC".into(),
        other => format!("number {other:#06x}"),
    }
}
