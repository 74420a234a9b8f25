//! Bytes as text, with a refusal that a person understands.

use crate::FormatError;

/// The text of a file, without a byte order mark.
///
/// # Errors
/// Empty files, UTF-16, other encodings, and what is no text at all.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, FormatError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(FormatError::new(
            "the text is UTF-16",
            "first bytes",
            "save the file as UTF-8",
        ));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FormatError::new(
            "the file is empty",
            "",
            "export or record it again",
        ));
    }
    let start = &bytes[..bytes.len().min(4096)];
    if start.contains(&0) {
        return Err(FormatError::new(
            "this is not a text file",
            "",
            "import JPEG, PNG, WAV, Edge Impulse JSON, CSV, micro:bit CreateAI JSON, or a zip of these",
        ));
    }
    std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes[..e.valid_up_to()]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        FormatError::new(
            "the text is not UTF-8",
            format!("line {line}"),
            "save the file as UTF-8",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_text() {
        assert_eq!(decode(b"\xef\xbb\xbft,x\n"), Ok("t,x\n"));
        assert_eq!(decode("µ".as_bytes()), Ok("µ"));
    }

    #[test]
    fn bad_text() {
        let what = |bytes: &[u8]| {
            decode(bytes)
                .map(str::len)
                .expect_err("refused")
                .to_string()
        };
        assert!(what(b"").contains("empty"));
        assert!(what(b" \r\n").contains("empty"));
        assert!(what(b"\xff\xfet\0,\0").contains("UTF-16"));
        assert!(what(b"a\nb\xb5c").contains("not UTF-8 (line 2)"));
        assert!(what(b"RIFF\0\0").contains("not a text file"));
    }
}
