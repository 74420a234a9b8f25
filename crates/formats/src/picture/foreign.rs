//! Pictures of kinds that are not read, told by their first bytes, whatever their names say.

use super::SAVE_AS;
use crate::FormatError;

/// Why a file of another kind is refused, where it is known as a picture or a film.
pub(super) fn foreign(bytes: &[u8]) -> Option<FormatError> {
    let kind = by_magic(bytes)?;
    Some(FormatError::new(
        format!("this is {kind}, whatever its name says"),
        "first bytes",
        match kind {
            FILM => "take single pictures from it and save them as JPEG or PNG",
            _ => SAVE_AS,
        },
    ))
}

/// Whether a file holds a picture of a kind that is not read.
pub(crate) fn is_other_picture(bytes: &[u8]) -> bool {
    by_magic(bytes).is_some_and(|kind| kind != FILM)
}

/// Whether a name promises a picture.
pub(crate) fn claims(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.contains(&ending)
}

const ENDINGS: [&str; 20] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "bmp", "heic", "heif", "avif", "tif",
    "tiff", "svg", "psd", "ico", "dng", "cr2", "nef", "arw",
];

const FILM: &str = "a film";

fn by_magic(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, magic: &[u8]| bytes.get(from..).is_some_and(|b| b.starts_with(magic));
    Some(match bytes {
        [b'G', b'I', b'F', b'8', ..] => "a GIF picture",
        [b'R', b'I', b'F', b'F', ..] if at(8, b"WEBP") => "a WebP picture",
        [b'R', b'I', b'F', b'F', ..] if at(8, b"AVI ") => FILM,
        [b'B', b'M', ..] if at(6, &[0; 4]) => "a BMP picture",
        _ if at(4, b"ftyp") => brand(bytes.get(8..)?)?,
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] if at(8, b"CR") => RAW,
        [b'I', b'I', b'R', b'O' | b'S', ..] | [b'I', b'I', 0x55, 0, ..] => RAW,
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] => {
            "a TIFF picture, or a camera's raw picture"
        }
        _ if at(0, b"FUJIFILMCCD-RAW") => RAW,
        [b'8', b'B', b'P', b'S', ..] => "a Photoshop picture (PSD)",
        [0, 0, 1, 0, ..] => "an icon (ICO)",
        [0xff, 0x0a, ..] => "a JPEG XL picture",
        _ if at(0, b"\0\0\0\x0cJXL ") => "a JPEG XL picture",
        _ if at(0, b"\0\0\0\x0cjP  ") => "a JPEG 2000 picture",
        _ if at(0, b"%PDF") => "a PDF",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => FILM,
        _ if is_svg(bytes) => "a drawing (SVG)",
        _ => return None,
    })
}

const RAW: &str = "a camera's raw picture";

/// What the brand of a file of boxes (ISO 14496-12) says.
fn brand(brand: &[u8]) -> Option<&'static str> {
    Some(match brand.get(..4)? {
        b"avif" | b"avis" => "an AVIF picture",
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" => {
            "a HEIC picture, as phones take them"
        }
        b"crx " => RAW,
        // Sound in such boxes is told elsewhere.
        b"M4A " | b"M4B " => return None,
        _ => FILM,
    })
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let start = String::from_utf8_lossy(start);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("<svg") || (start.starts_with("<?xml") && start.contains("<svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        foreign(bytes).map_or(String::new(), |e| e.to_string())
    }

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        for (bytes, kind) in [
            (&b"GIF89a\x01\0\x01\0"[..], "GIF"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
            (b"RIFF\x10\0\0\0AVI LIST", "film"),
            (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", "BMP"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF"),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "film"),
            (b"II\x2a\0\x10\0\0\0CR\x02\0", "raw"),
            (b"II\x2a\0\x08\0\0\0\x01\0", "TIFF"),
            (b"MM\0\x2a\0\0\0\x08", "TIFF"),
            (b"8BPS\0\x01", "Photoshop"),
            (b"\0\0\x01\0\x01\0", "icon"),
            (b"\0\0\0\x0cJXL \r\n", "JPEG XL"),
            (b"\0\0\0\x0cjP  \r\n", "JPEG 2000"),
            (b"%PDF-1.7", "PDF"),
            (b"\x1a\x45\xdf\xa3\x01", "film"),
            (b" <svg xmlns='x'/>", "SVG"),
            (b"<?xml version='1.0'?>\n<svg/>", "SVG"),
        ] {
            let told = told(bytes);
            assert!(told.contains(kind), "{kind}: {told}");
            assert!(told.contains("JPEG or PNG"), "{told}");
        }
        for other in [
            &b"RIFF\x10\0\0\0WAVEfmt "[..],
            b"BM,1,2\n",
            b"t,x,y\n",
            b"",
            b"<?xml?>",
        ] {
            assert_eq!(told(other), "");
        }
    }

    #[test]
    fn names_that_promise_a_picture() {
        assert!(claims("a/b.JPG") && claims("x.heic") && claims("v.1.png"));
        assert!(!claims("a.csv") && !claims("jpg") && !claims("a.jpg/b"));
    }
}
