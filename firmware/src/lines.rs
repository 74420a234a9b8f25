//! What the images with a classifier print, one line at a time.

use lampyris_device::Event;

use crate::board::{print, print_number};

/// Prints the mark, then two digits a byte.
pub fn print_bytes(mark: &str, bytes: &[i8]) {
    print(mark);
    let digit = |nibble: u8| {
        if nibble < 10 {
            b'0' + nibble
        } else {
            b'a' - 10 + nibble
        }
    };
    for part in bytes.chunks(100) {
        let mut text = [0; 200];
        for (to, byte) in text.as_chunks_mut().0.iter_mut().zip(part) {
            let byte = *byte as u8;
            *to = [digit(byte >> 4), digit(byte & 15)];
        }
        print(text.get(..part.len() * 2).unwrap_or(&[]));
    }
    print("\n");
}

/// Prints, in hexadecimal words, what was said at the `count`th reading or picture:
///
/// ```text
/// e <count> <label, ffffffff for none> <best> <2 awake + 1 fired> <averaged scores, f32>…
/// ```
pub fn print_event(count: u32, event: &Event, scores: &[f32]) {
    print("e");
    print_number(count);
    print_number(event.label.map_or(u32::MAX, |label| label as u32));
    print_number(event.best as u32);
    print_number(2 * u32::from(event.awake) + u32::from(event.fired));
    for score in scores {
        print_number(score.to_bits());
    }
    print("\n");
}
