//! JSON from elsewhere: which of the known shapes a text has.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::FormatError;
use crate::edge_impulse::{Index, IndexFile, Payload, Protected};
use crate::microbit::Action;

/// A JSON text of a known shape.
pub(crate) enum Document {
    /// One recording in Edge Impulse's acquisition format.
    Acquisition(Protected, Payload),
    /// Edge Impulse's `info.labels`.
    Index(Index),
    /// micro:bit CreateAI's actions with their recordings.
    Actions(Vec<Action>),
    /// Edge Impulse's `bounding_boxes.labels`.
    Boxes,
}

/// The members by which objects are told apart.
#[derive(Deserialize)]
struct Object {
    protected: Option<Protected>,
    payload: Option<Payload>,
    files: Option<Vec<IndexFile>>,
    #[serde(rename = "boundingBoxes")]
    boxes: Option<IgnoredAny>,
}

/// Reads a text into one of the known shapes.
///
/// # Errors
/// Malformed JSON and unknown shapes, with line and column.
pub(crate) fn parse(text: &str) -> Result<Document, FormatError> {
    if text.trim_start().starts_with('[') {
        return Ok(Document::Actions(from_text(text)?));
    }
    if let Some((first, lines)) = text.split_once('\n')
        && first.contains("__ndjson")
    {
        return Ok(Document::Index(by_lines(lines)?));
    }
    let object: Object = from_text(text)?;
    match (object.payload, object.files) {
        (Some(payload), _) => Ok(Document::Acquisition(
            object.protected.unwrap_or_default(),
            payload,
        )),
        (None, Some(files)) => Ok(Document::Index(Index { files })),
        (None, None) if object.boxes.is_some() => Ok(Document::Boxes),
        (None, None) => Err(FormatError::new(
            "this JSON is no recording: it has neither \"payload\" nor \"files\"",
            "top level",
            "import Edge Impulse's acquisition format, its info.labels, or micro:bit CreateAI's data samples",
        )),
    }
}

/// An `info.labels` of a large export: behind a line that says so, each line is a file.
fn by_lines(lines: &str) -> Result<Index, FormatError> {
    let lines = (2..).zip(lines.lines());
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let files = lines.map(|(number, line)| {
        from_text(line).map_err(|e| FormatError::new(e.what, format!("line {number}"), e.remedy))
    });
    Ok(Index {
        files: files.collect::<Result<_, _>>()?,
    })
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, FormatError> {
    serde_json::from_str(text).map_err(|e| {
        let whole = e.to_string();
        let what = whole.split(" at line ").next().unwrap_or(&whole);
        let remedy = if e.is_eof() {
            "the file ends early: copy or download it again"
        } else if what.starts_with("number out of range") {
            "replace the number by one that a 64-bit float can hold"
        } else if e.is_data() {
            "export the file again from the tool that made it"
        } else {
            "JSON knows no NaN, no infinity, no comments and no commas at an end; export the file again"
        };
        FormatError::new(
            format!("malformed JSON: {what}"),
            format!("line {}, column {}", e.line(), e.column()),
            remedy,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn malformed_json_tells_line_and_column() {
        let got = refusal("{\n \"payload\": {,}\n}");
        assert!(
            got.contains("malformed JSON") && got.contains("line 2, column 14"),
            "{got}"
        );
        assert!(refusal("{\"payload\": ").contains("ends early"));
        assert!(refusal("[1, 2]").contains("line 1"));
        assert!(refusal("{\"x\": [1]}").contains("no recording"));
    }

    #[test]
    fn an_index_may_come_line_by_line() {
        let text =
            "{\"__ndjson\":true,\"version\":1}\n{\"path\":\"a.wav\"}\r\n\n{\"path\":\"b.wav\"}\n";
        let Ok(Document::Index(index)) = parse(text) else {
            panic!("an index");
        };
        let paths: Vec<&str> = index.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["a.wav", "b.wav"]);
        let cut = refusal(&text[..text.len() - 3]);
        assert!(
            cut.contains("ends early") && cut.contains("line 4"),
            "{cut}"
        );
    }

    #[test]
    fn deep_nesting_is_refused_without_a_crash() {
        let deep = "[".repeat(200_000);
        assert!(refusal(&deep).contains("malformed JSON"));
        let deep = format!("{{\"payload\":{{\"values\":{}", "[".repeat(200_000));
        assert!(refusal(&deep).contains("malformed JSON"));
        let deep = format!("{{\"other\":{}", "{\"a\":".repeat(200_000));
        assert!(refusal(&deep).contains("malformed JSON"));
    }
}
