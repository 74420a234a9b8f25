//! Numbers as text, for the names of features.

use core::fmt::{self, Write};

/// Writes a number with one decimal. By hand, for `core`'s formatting of floats would
/// put 10 KiB into every image that holds the block.
pub(crate) fn write_tenths(out: &mut dyn Write, x: f32) -> fmt::Result {
    let tenths = libm::roundf(x * 10.0) as u32;
    let mut unit = 10;
    while unit <= tenths / 10 {
        unit *= 10;
    }
    while unit > 0 {
        let digit = tenths / unit % 10;
        out.write_char(char::from(b'0' + digit as u8))?;
        if unit == 10 {
            out.write_char('.')?;
        }
        unit /= 10;
    }
    Ok(())
}

/// Writes a whole number.
pub(crate) fn write_whole(out: &mut dyn Write, x: usize) -> fmt::Result {
    let mut unit = 1;
    while unit <= x / 10 {
        unit *= 10;
    }
    while unit > 0 {
        out.write_char(char::from(b'0' + (x / unit % 10) as u8))?;
        unit /= 10;
    }
    Ok(())
}
