//! Sound files of other kinds, told by name.

use crate::FormatError;

/// Why a file of another kind of sound is refused; `None` where it is none that is known.
pub(crate) fn refusal(bytes: &[u8]) -> Option<FormatError> {
    let at = |offset: usize, mark: &[u8]| bytes.get(offset..offset + mark.len()) == Some(mark);
    let wave = at(8, b"WAVE");
    let kind = if at(0, b"RF64") || at(0, b"BW64") {
        "a WAV of the 64-bit kind (RF64)"
    } else if at(0, b"RIFX") && wave {
        "a WAV with its bytes turned round (RIFX)"
    } else if at(0, b"RIFF") && at(8, b"AVI ") {
        "a film (AVI)"
    } else if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) {
        "AIFF"
    } else if at(0, b"fLaC") {
        "FLAC"
    } else if at(0, b"OggS") {
        "Ogg (Vorbis or Opus)"
    } else if at(0, b"ID3") || is_mp3(bytes) {
        "MP3"
    } else if at(4, b"ftyp") {
        "MPEG-4 (m4a or a film)"
    } else if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
        "WebM or Matroska"
    } else if at(0, b"caff") {
        "Core Audio (CAF)"
    } else if at(0, b"#!AMR") {
        "AMR"
    } else if at(0, b".snd") {
        "Sun audio (AU)"
    } else {
        return None;
    };
    Some(FormatError::new(
        format!("this is {kind}, which is not read here"),
        "first bytes",
        "convert it to WAV, 16-bit PCM, for example with Audacity or `ffmpeg -i FILE out.wav`",
    ))
}

/// A frame of MPEG layer III without a tag before it: eleven set bits, a version,
/// the layer, and neither a forbidden bit rate nor a forbidden sampling rate.
fn is_mp3(bytes: &[u8]) -> bool {
    let [0xff, second, third, ..] = *bytes else {
        return false;
    };
    second & 0xe6 == 0xe2 && second & 0x18 != 0x08 && third >> 4 != 15 && third & 0x0c != 0x0c
}
