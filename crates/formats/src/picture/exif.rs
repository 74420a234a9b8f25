//! The one thing that is read of EXIF: which way up the picture is.
//!
//! Layout: TIFF 6.0, section 2: byte order, then a list of entries of 12 bytes each.

/// Which way up, 1 (upright) to 8; 1 where nothing legal is said. `tiff` begins with the byte order.
pub(super) fn orientation(tiff: &[u8]) -> u8 {
    said(tiff).filter(|o| (1..=8).contains(o)).unwrap_or(1) as u8
}

fn said(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        b"II\x2a\0" => true,
        b"MM\0\x2a" => false,
        _ => return None,
    };
    let half = |at: usize| -> Option<u16> {
        let bytes = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let (a, b) = (usize::from(half(4)?), usize::from(half(6)?));
    let list = if little { b << 16 | a } else { a << 16 | b };
    let count = usize::from(half(list)?);
    let mut entries = (0..count).map(|i| list + 2 + 12 * i);
    // Tag 0x0112 of type 3 (16 bits): its value stands in the entry's first two value bytes.
    let at = entries.find(|at| half(*at) == Some(0x0112) && half(at + 2) == Some(3))?;
    half(at + 8)
}

#[cfg(test)]
pub(super) mod testing {
    /// EXIF that says one thing.
    pub(in crate::picture) fn tiff(orientation: u16, little: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let half = |n: u16| {
            if little {
                n.to_le_bytes()
            } else {
                n.to_be_bytes()
            }
        };
        let word = |n: u32| {
            if little {
                n.to_le_bytes()
            } else {
                n.to_be_bytes()
            }
        };
        out.extend(if little { b"II" } else { b"MM" });
        out.extend(half(42));
        out.extend(word(8));
        out.extend(half(1));
        out.extend(half(0x0112));
        out.extend(half(3));
        out.extend(word(1));
        out.extend(half(orientation));
        out.extend(half(0));
        out.extend(word(0));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::testing::tiff;
    use super::*;

    #[test]
    fn both_byte_orders_are_read_and_nonsense_is_upright() {
        for value in 1..=8u16 {
            assert_eq!(u16::from(orientation(&tiff(value, true))), value);
            assert_eq!(u16::from(orientation(&tiff(value, false))), value);
        }
        assert_eq!(orientation(&tiff(9, true)), 1);
        assert_eq!(orientation(&tiff(0, true)), 1);
        let whole = tiff(6, false);
        for end in 0..whole.len() {
            assert!(matches!(orientation(&whole[..end]), 1 | 6));
        }
        let mut far = tiff(6, true);
        far[4..8].fill(0xff);
        assert_eq!(orientation(&far), 1);
    }
}
