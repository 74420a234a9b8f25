//! Pictures: JPEG and PNG into pixels, and into what is kept of them.
//!
//! ```text
//! file ─▶ header: size, orientation ─▶ limits ─▶ pixels ─▶ upright ─▶ [`decode`]
//!                                                  └─▶ smaller ─▶ upright ─▶ JPEG ─┐
//!      └─▶ upright and small already: the same file without what tells of its maker ┴▶ [`kept`]
//! ```
//!
//! The same file gives the same bytes on every machine: nothing here asks for the instructions
//! of a processor, and all arithmetic is in whole numbers.
//!
//! What a camera wrote beside the pixels (EXIF with place and time, XMP, colour profiles,
//! thumbnails, comments) is never kept. Colours are taken as sRGB; a colour that is partly
//! transparent is laid over white.

mod encode;
mod exif;
mod foreign;
mod jpeg;
mod png;

use lampyris_dataset::picture::{Picture, PictureLook, smaller};

use crate::FormatError;
use foreign::foreign;
pub(crate) use foreign::{claims, is_other_picture};

/// Most pixels of a picture.
pub const MOST_PIXELS: u64 = 50_000_000;
/// Most pixels of one side of a picture.
pub const MOST_SIDE: u32 = 16_384;
/// The shorter side, in pixels, of a picture that is made smaller to be kept: more than any
/// model of a small chip is shown.
pub const KEPT_SIDE: u32 = 320;

/// The pixels of a picture, upright.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `[height, width, 3]`: red, green, blue.
    pub rgb: Vec<u8>,
}

/// What is kept of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The file, and what it looks like.
    pub picture: Picture,
    /// Its width and height in pixels.
    pub size: [u32; 2],
    /// What was done to it, where its pixels are not those of the file.
    pub note: Option<String>,
}

/// What a file says of itself before any pixel is made, and the file without all that is
/// not needed to make them.
struct Head {
    width: u32,
    height: u32,
    /// As EXIF counts it, 1 (upright) to 8.
    orientation: u8,
    clean: Vec<u8>,
}

/// The two kinds of file that are read.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Jpeg,
    Png,
}

/// Whether these are the first bytes of a JPEG or a PNG.
pub(crate) fn is_picture(bytes: &[u8]) -> bool {
    kind(bytes).is_some()
}

/// The ending of the name of a picture's file: `jpg` or `png`.
pub(crate) fn ending(encoded: &[u8]) -> &'static str {
    match kind(encoded) {
        Some(Kind::Png) => "png",
        Some(Kind::Jpeg) | None => "jpg",
    }
}

fn kind(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(jpeg::MAGIC) {
        Some(Kind::Jpeg)
    } else if bytes.starts_with(png::MAGIC) {
        Some(Kind::Png)
    } else {
        None
    }
}

fn head(bytes: &[u8]) -> Result<(Kind, Head), FormatError> {
    let kind = kind(bytes).ok_or_else(|| foreign(bytes).unwrap_or_else(unknown))?;
    let head = match kind {
        Kind::Jpeg => jpeg::head(bytes)?,
        Kind::Png => png::head(bytes)?,
    };
    Ok((kind, head))
}

/// Whether a picture of this size is read.
fn check_size(width: u32, height: u32) -> Result<(), FormatError> {
    if width == 0 || height == 0 {
        return Err(damaged("it says that it has no pixel"));
    }
    if width > MOST_SIDE || height > MOST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS
    {
        return Err(FormatError::new(
            format!("{width} × {height} pixels are too many"),
            "size",
            format!(
                "make it smaller first: a picture may have {} million pixels, and {MOST_SIDE} a side",
                MOST_PIXELS / 1_000_000
            ),
        ));
    }
    Ok(())
}

fn pixels(kind: Kind, head: &Head) -> Result<Vec<u8>, FormatError> {
    match kind {
        Kind::Jpeg => jpeg::pixels(head),
        Kind::Png => png::pixels(&head.clean),
    }
}

/// The pixels of a JPEG or PNG file.
///
/// # Errors
/// Another kind of file (named by its first bytes), one that is cut short, damaged, too large,
/// or of a rare kind: arithmetic or lossless JPEG, 12 bits a colour, inks for print.
pub fn decode(bytes: &[u8]) -> Result<Decoded, FormatError> {
    let (kind, head) = head(bytes)?;
    let rgb = pixels(kind, &head)?;
    Ok(upright(head.width, head.height, rgb, head.orientation))
}

/// Width and height of a JPEG or PNG file, upright, by its header alone.
///
/// # Errors
/// As [`decode`], but for damage of the pixels.
pub(crate) fn size(bytes: &[u8]) -> Result<[u32; 2], FormatError> {
    let (_, head) = head(bytes)?;
    Ok(if head.orientation > 4 {
        [head.height, head.width]
    } else {
        [head.width, head.height]
    })
}

/// What is kept of a JPEG or PNG file: the file itself, without what it tells beside its pixels,
/// where it is upright and its shorter side has no more than [`KEPT_SIDE`] pixels; else a JPEG
/// of it, upright and that small. What is kept of `picture.encoded` is `picture.encoded`.
///
/// # Errors
/// As [`decode`].
pub fn kept(bytes: &[u8]) -> Result<Kept, FormatError> {
    let (kind, head) = head(bytes)?;
    let rgb = pixels(kind, &head)?;
    let short = head.width.min(head.height);
    if head.orientation == 1 && short <= KEPT_SIDE {
        return Ok(Kept {
            picture: Picture {
                look: PictureLook::of(head.width, head.height, &rgb),
                encoded: head.clean,
            },
            size: [head.width, head.height],
            note: None,
        });
    }
    let (mut width, mut height, mut rgb) = (head.width, head.height, rgb);
    let mut note = "turned upright".to_owned();
    if short > KEPT_SIDE {
        let side = |n: u32| {
            let (n, short) = (u64::from(n), u64::from(short));
            ((n * u64::from(KEPT_SIDE) + short / 2) / short).max(1) as u32
        };
        let to = [side(width), side(height)];
        rgb = smaller([width, height], &rgb, to);
        let [w, h] = if head.orientation > 4 {
            [height, width]
        } else {
            [width, height]
        };
        note = format!("made smaller from {w} × {h}");
        [width, height] = to;
    }
    let now = upright(width, height, rgb, head.orientation);
    // What is looked at is what will be read again, not what it was made from.
    let again = jpeg::head(&encode::jpeg(now.width, now.height, &now.rgb)?)?;
    let rgb = jpeg::pixels(&again)?;
    Ok(Kept {
        picture: Picture {
            look: PictureLook::of(again.width, again.height, &rgb),
            encoded: again.clean,
        },
        size: [again.width, again.height],
        note: Some(note),
    })
}

/// The picture as it is meant to be seen.
///
/// Source: EXIF 2.32, tag 0x0112, by where the first row and the first column belong.
fn upright(width: u32, height: u32, rgb: Vec<u8>, orientation: u8) -> Decoded {
    if orientation == 1 {
        return Decoded { width, height, rgb };
    }
    let (w, h) = (width as usize, height as usize);
    let (to_w, to_h) = if orientation > 4 { (h, w) } else { (w, h) };
    let mut out = Vec::with_capacity(rgb.len());
    for y in 0..to_h {
        for x in 0..to_w {
            let (from_x, from_y) = match orientation {
                2 => (w - 1 - x, y),
                3 => (w - 1 - x, h - 1 - y),
                4 => (x, h - 1 - y),
                5 => (y, x),
                6 => (y, h - 1 - x),
                7 => (w - 1 - y, h - 1 - x),
                _ => (w - 1 - y, x),
            };
            let at = (from_y * w + from_x) * 3;
            out.extend_from_slice(&rgb[at..at + 3]);
        }
    }
    Decoded {
        width: to_w as u32,
        height: to_h as u32,
        rgb: out,
    }
}

fn cut_short() -> FormatError {
    FormatError::new(
        "the picture is cut short",
        "end of file",
        "copy or download it again: its end is missing",
    )
}

fn damaged(how: &str) -> FormatError {
    FormatError::new(
        format!("the picture is damaged: {how}"),
        "",
        "copy or download it again, or open it in another program and save it anew",
    )
}

fn unknown() -> FormatError {
    FormatError::new(
        "this is no picture that is known here",
        "first bytes",
        SAVE_AS,
    )
}

/// What helps with a picture of another kind.
const SAVE_AS: &str = "open it in another program and save it as JPEG or PNG";

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
