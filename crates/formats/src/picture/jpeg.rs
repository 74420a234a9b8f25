//! JPEG: what a file says of itself, without what it tells of its maker, and its pixels.
//!
//! Layout: ITU-T T.81, annex B (markers), and T.871 (JFIF); the marker of Adobe says how
//! three or four components are to be taken as colours.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Head, SAVE_AS, check_size, cut_short, damaged, exif};
use crate::FormatError;

pub(super) const MAGIC: &[u8] = b"\xff\xd8\xff";

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP14: u8 = 0xee;

/// JFIF 1.1, square pixels, no thumbnail.
const JFIF: [u8; 14] = *b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

/// Most passes over the picture that a progressive file may take: programs write about ten.
const MOST_SCANS: usize = 64;

/// Size and orientation, and the file without anything but its picture.
///
/// # Errors
/// Cut short, damaged, too large, or of a kind that is not read.
pub(super) fn head(bytes: &[u8]) -> Result<Head, FormatError> {
    let mut head = Head {
        width: 0,
        height: 0,
        orientation: 1,
        clean: vec![0xff, SOI],
    };
    let (mut at, mut scans) = (2, 0);
    loop {
        let marker;
        (marker, at) = next_marker(bytes, at)?;
        if marker == EOI {
            break;
        }
        // Restarts belong into a scan; a second start and the reserved ones nowhere.
        if matches!(marker, 0x00..=0x01 | 0xd0..=SOI) {
            return Err(damaged("a marker stands where none may"));
        }
        let length = bytes.get(at..at + 2).ok_or_else(cut_short)?;
        let length = usize::from(length[0]) << 8 | usize::from(length[1]);
        let body = bytes.get(at + 2..at + length.max(2));
        let body = body.ok_or_else(cut_short)?;
        let end = at + length.max(2);
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                if head.width != 0 {
                    return Err(damaged("it holds two pictures in one"));
                }
                (head.width, head.height) = frame(marker, body)?;
            }
            APP1 if head.orientation == 1 => {
                if let Some(tiff) = body.strip_prefix(b"Exif\0\0") {
                    head.orientation = exif::orientation(tiff);
                }
            }
            _ => {}
        }
        keep(marker, body, &mut head.clean);
        at = end;
        if marker == SOS {
            scans += 1;
            if head.width == 0 || scans > MOST_SCANS {
                return Err(damaged("its scans don't belong to a picture"));
            }
            let end = end_of_scan(bytes, at)?;
            head.clean.extend_from_slice(&bytes[at..end]);
            at = end;
        }
    }
    if scans == 0 {
        return Err(damaged("it holds no picture"));
    }
    head.clean.extend([0xff, EOI]);
    Ok(head)
}

/// The next marker's code, and where its content begins. Bytes between segments are passed over,
/// as every program does.
fn next_marker(bytes: &[u8], mut at: usize) -> Result<(u8, usize), FormatError> {
    while *bytes.get(at).ok_or_else(cut_short)? != 0xff {
        at += 1;
    }
    while *bytes.get(at).ok_or_else(cut_short)? == 0xff {
        at += 1;
    }
    Ok((bytes[at], at + 1))
}

/// Where the packed pixels end that begin at `at`: at the next marker that is no restart.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Result<usize, FormatError> {
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at += rest.iter().position(|b| *b == 0xff).ok_or_else(cut_short)?;
        match bytes.get(at + 1).ok_or_else(cut_short)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Ok(at),
        }
    }
}

/// Width and height.
fn frame(marker: u8, body: &[u8]) -> Result<(u32, u32), FormatError> {
    let rare = |what: &str| {
        Err(FormatError::new(
            format!("this is a JPEG of a rare kind: {what}"),
            "header",
            SAVE_AS,
        ))
    };
    let &[bits, h1, h0, w1, w0, components, ..] = body else {
        return Err(damaged("its header is too short"));
    };
    if !matches!(marker, 0xc0..=0xc2) {
        return rare("lossless, hierarchical or arithmetic");
    }
    if bits != 8 {
        return rare(&format!("{bits} bits a colour"));
    }
    match components {
        1 | 3 => {}
        4 => return rare("four inks for print (CMYK)"),
        _ => return rare(&format!("{components} components")),
    }
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    check_size(width.into(), height.into())?;
    Ok((width.into(), height.into()))
}

/// Writes what is needed to make the pixels: tables, frame and scan; and of the rest the two
/// notes that say how the components are colours, in their plainest form.
fn keep(marker: u8, body: &[u8], clean: &mut Vec<u8>) {
    let body = match marker {
        APP0 if body.starts_with(b"JFIF\0") => &JFIF,
        APP14 if body.starts_with(b"Adobe") && body.len() >= 12 => &body[..12],
        0xe0..=0xef | 0xfe => return,
        _ => body,
    };
    segment(marker, body, clean);
}

/// A marker with its content, which is shorter than 65,534 bytes.
pub(super) fn segment(marker: u8, body: &[u8], out: &mut Vec<u8>) {
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(body);
}

/// `[height, width, 3]` of a clean file.
pub(super) fn pixels(head: &Head) -> Result<Vec<u8>, FormatError> {
    // Safe: without the instructions of one processor or another, whose roundings differ.
    let options = DecoderOptions::new_safe()
        .set_max_width(head.width as usize)
        .set_max_height(head.height as usize)
        .set_strict_mode(true)
        .jpeg_set_max_scans(MOST_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&head.clean), options);
    let rgb = decoder
        .decode()
        .map_err(|_| damaged("its pixels make no sense"))?;
    let wanted = head.width as usize * head.height as usize * 3;
    if rgb.len() != wanted {
        return Err(damaged("it has another number of pixels than it says"));
    }
    Ok(rgb)
}
