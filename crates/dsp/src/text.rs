//! Numbers in the names of features. By hand, for `core`'s formatting of floats would
//! put 10 KiB into every image that holds a block.

use core::fmt::{self, Write};

/// Writes a whole number.
pub(crate) fn write_whole(out: &mut dyn Write, number: usize) -> fmt::Result {
    let mut unit = 1;
    while unit <= number / 10 {
        unit *= 10;
    }
    while unit > 0 {
        let digit = number / unit % 10;
        out.write_char(char::from(b'0' + digit as u8))?;
        unit /= 10;
    }
    Ok(())
}

/// Writes a number of at least 0 with one decimal.
pub(crate) fn write_tenths(out: &mut dyn Write, x: f32) -> fmt::Result {
    let tenths = libm::roundf(x * 10.0) as u32 as usize;
    write_whole(out, tenths / 10)?;
    out.write_char('.')?;
    write_whole(out, tenths % 10)
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        for (number, expected) in [
            (0.0, "0.0"),
            (6.25, "6.3"),
            (10.0, "10.0"),
            (1234.56, "1234.6"),
        ] {
            let mut text = String::new();
            write_tenths(&mut text, number).expect("strings take all");
            assert_eq!(text, expected);
        }
        for number in [0, 9, 10, 99, 100, usize::MAX] {
            let mut text = String::new();
            write_whole(&mut text, number).expect("strings take all");
            assert_eq!(text, std::format!("{number}"));
        }
    }
}
