//! Pictures that C hands over.

use lampyris_dsp::{Pixels, View};

use crate::memory::{value, values};

/// How the pixels of a picture lie in memory, row by row from the top, without gaps.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LampyrisPixels {
    /// One byte a pixel, 0 black to 255 white.
    LampyrisPixelsGrey = 0,
    /// Red, green, blue: three bytes a pixel.
    LampyrisPixelsRgb,
    /// Red, green, blue and a byte that is not looked at: four bytes a pixel.
    LampyrisPixelsRgba,
    /// Two bytes a pixel, the higher one first: five bits of red, six of green, five of blue.
    LampyrisPixelsRgb565,
}

/// A picture in the caller's memory, of any size: the model's block makes it as large as the
/// network's input.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct LampyrisPicture {
    /// Pixels in a row, at least 1.
    pub width: u32,
    /// Rows, at least 1; width times height is at most 16777216.
    pub height: u32,
    /// One of LampyrisPixels.
    pub pixels: u32,
    /// The first byte of the first row.
    pub bytes: *const u8,
    /// Bytes of the picture: width times height times those of a pixel, exactly.
    pub byte_count: u32,
}

/// The picture, where its sizes agree.
///
/// # Safety
/// `picture` is NULL or points to a picture whose `bytes` are NULL or point to `byte_count`
/// bytes; neither is written to during `'a`.
pub(crate) unsafe fn view<'a>(picture: *const LampyrisPicture) -> Option<View<'a>> {
    // SAFETY: the caller's word, as above.
    let picture = unsafe { value(picture) }.ok()?;
    // SAFETY: the same.
    let bytes = unsafe { values(picture.bytes, picture.byte_count) }.ok()?;
    let pixels = match picture.pixels {
        0 => Pixels::Grey,
        1 => Pixels::Rgb,
        2 => Pixels::Rgba,
        3 => Pixels::Rgb565,
        _ => return None,
    };
    View::new(
        picture.width as usize,
        picture.height as usize,
        pixels,
        bytes,
    )
}
