//! PNG: what a file says of itself, without what it tells of its maker, and its pixels.
//!
//! Layout and filters: W3C, Portable Network Graphics, third edition. Rows are made one after
//! the other from packed bytes, so that no more lies in memory than the pixels and two rows.
//!
//! Why no crate: `png` would add 44 kB and `zune-png` 29 kB (brotli, each with an inflater beside
//! the one for zips) to a page that is fetched whole; this is less than 7.

mod rows;

use lampyris_device::crc::crc32;

use super::{Head, check_size, cut_short, damaged, exif};
use crate::FormatError;

pub(super) const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What the first chunk says.
#[derive(Clone, Copy)]
struct Header {
    width: u32,
    height: u32,
    /// Bits a sample.
    depth: u8,
    colour: Colour,
    interlaced: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Colour {
    Grey,
    Rgb,
    Palette,
    GreyAlpha,
    Rgba,
}

impl Colour {
    fn channels(self) -> usize {
        match self {
            Self::Grey | Self::Palette => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// Size and orientation, and the file without anything but its picture.
///
/// # Errors
/// Cut short, damaged, too large.
pub(super) fn head(bytes: &[u8]) -> Result<Head, FormatError> {
    let mut chunks = Chunks::of(bytes);
    let first = chunks.next_chunk()?;
    if first.kind != *b"IHDR" {
        return Err(damaged("its header is missing"));
    }
    let header = header(first.body)?;
    let mut head = Head {
        width: header.width,
        height: header.height,
        orientation: 1,
        clean: MAGIC.to_vec(),
    };
    head.clean.extend_from_slice(first.whole);
    loop {
        let chunk = chunks.next_chunk()?;
        match &chunk.kind {
            b"eXIf" => head.orientation = exif::orientation(chunk.body),
            b"PLTE" | b"tRNS" | b"IDAT" => head.clean.extend_from_slice(chunk.whole),
            b"IEND" => {
                head.clean.extend_from_slice(chunk.whole);
                return Ok(head);
            }
            // A large first letter says that the picture can't be made without it.
            kind if kind[0].is_ascii_uppercase() => {
                return Err(damaged("it holds a part that no PNG has"));
            }
            _ => {}
        }
    }
}

fn header(body: &[u8]) -> Result<Header, FormatError> {
    let &[
        w3,
        w2,
        w1,
        w0,
        h3,
        h2,
        h1,
        h0,
        depth,
        colour,
        0,
        0,
        interlace,
    ] = body
    else {
        return Err(damaged("its header makes no sense"));
    };
    let width = u32::from_be_bytes([w3, w2, w1, w0]);
    let height = u32::from_be_bytes([h3, h2, h1, h0]);
    let colour = match (colour, depth) {
        (0, 1 | 2 | 4 | 8 | 16) => Colour::Grey,
        (2, 8 | 16) => Colour::Rgb,
        (3, 1 | 2 | 4 | 8) => Colour::Palette,
        (4, 8 | 16) => Colour::GreyAlpha,
        (6, 8 | 16) => Colour::Rgba,
        _ => return Err(damaged("no PNG has such colours")),
    };
    if interlace > 1 {
        return Err(damaged("its rows are in an unknown order"));
    }
    check_size(width, height)?;
    Ok(Header {
        width,
        height,
        depth,
        colour,
        interlaced: interlace == 1,
    })
}

/// `[height, width, 3]` of a clean file.
pub(super) fn pixels(clean: &[u8]) -> Result<Vec<u8>, FormatError> {
    let mut chunks = Chunks::of(clean);
    let header = header(chunks.next_chunk()?.body)?;
    let (mut palette, mut clear): (&[u8], &[u8]) = (&[], &[]);
    let mut packed = Vec::new();
    loop {
        let chunk = chunks.next_chunk()?;
        match &chunk.kind {
            b"PLTE" => palette = chunk.body,
            b"tRNS" => clear = chunk.body,
            b"IDAT" => packed.push(chunk.body),
            _ => break,
        }
    }
    rows::pixels(header, rows::Colours { palette, clear }, packed)
}

/// A chunk of a file.
struct Chunk<'a> {
    kind: [u8; 4],
    body: &'a [u8],
    /// With its length and its checksum.
    whole: &'a [u8],
}

struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// The chunks behind the magic.
    fn of(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes.get(MAGIC.len()..).unwrap_or_default(),
        }
    }

    fn next_chunk(&mut self) -> Result<Chunk<'a>, FormatError> {
        let (length, _) = self.rest.split_first_chunk().ok_or_else(cut_short)?;
        let length = u32::from_be_bytes(*length) as usize;
        if length > i32::MAX as usize {
            return Err(damaged("a part says that it is larger than any may be"));
        }
        let whole = self.rest.get(..length + 12).ok_or_else(cut_short)?;
        let (named, crc) = whole[4..].split_at(length + 4);
        if crc != crc32(&[named]).to_be_bytes() {
            return Err(damaged("a checksum disagrees with what it is of"));
        }
        let (kind, body) = named.split_first_chunk().ok_or_else(cut_short)?;
        self.rest = &self.rest[whole.len()..];
        Ok(Chunk {
            kind: *kind,
            body,
            whole,
        })
    }
}
