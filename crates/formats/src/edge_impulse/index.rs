//! `info.labels`: which file is labelled how, and kept for what.

use std::collections::BTreeMap;

use lampyris_dataset::{Span, Split};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::FormatError;

/// The whole index.
#[derive(Deserialize)]
pub(crate) struct Index {
    pub(crate) files: Vec<IndexFile>,
}

/// What the index says of one file.
#[derive(Clone, Deserialize)]
pub(crate) struct IndexFile {
    /// Relative to the index.
    pub(crate) path: String,
    pub(crate) name: Option<String>,
    category: Option<String>,
    label: Option<IndexLabel>,
    metadata: Option<BTreeMap<String, serde_json::Value>>,
    #[serde(rename = "boundingBoxes", default)]
    boxes: Vec<IgnoredAny>,
}

#[derive(Clone, Deserialize)]
struct IndexLabel {
    #[serde(rename = "type")]
    kind: String,
    label: Option<String>,
    labels: Option<Vec<IndexSpan>>,
}

/// `end_index` is the last sample, not one past it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IndexSpan {
    start_index: u32,
    end_index: u32,
    label: String,
}

/// The label as far as the index knows it.
#[derive(Clone)]
pub(crate) enum Labelled {
    /// One label for the whole file.
    Whole(String),
    /// Stretches.
    Spans(Vec<Span>),
    /// The index does not say.
    Unsaid,
}

impl IndexFile {
    /// What the file is kept for; categories that are no part say nothing.
    pub(crate) fn split(&self) -> Split {
        match self.category.as_deref() {
            Some("training") => Split::Train,
            Some("testing") => Split::Test,
            Some("validation") => Split::Validation,
            Some(_) | None => Split::Auto,
        }
    }

    /// The label that the index gives to the file.
    ///
    /// # Errors
    /// Where it says that there is none, or in a form that is not supported.
    pub(crate) fn labelled(&self) -> Result<Labelled, FormatError> {
        let place = || format!("info.labels, {}", self.path);
        let Some(label) = &self.label else {
            return Ok(Labelled::Unsaid);
        };
        match (label.kind.as_str(), &label.label, &label.labels) {
            ("label", Some(one), _) => Ok(Labelled::Whole(one.clone())),
            ("multi-label", _, Some(spans)) => Ok(Labelled::Spans(
                spans
                    .iter()
                    .map(|s| Span {
                        start: s.start_index,
                        end: s.end_index.saturating_add(1),
                        label: s.label.clone(),
                    })
                    .collect(),
            )),
            ("unlabeled", _, _) => Err(FormatError::new(
                "there is no label: the index says \"unlabeled\"",
                place(),
                "label it in Edge Impulse and export again, or state a label when importing",
            )),
            (other, _, _) => Err(FormatError::new(
                format!("a label of the type \"{other}\" is not supported"),
                place(),
                "use one label or a multi-label, or state a label when importing",
            )),
        }
    }

    /// What the index says of the file that is not read; empty where it is all read.
    pub(crate) fn notes(&self) -> String {
        match self.boxes.len() {
            0 => String::new(),
            1 => "1 bounding box was not read".into(),
            n => format!("{n} bounding boxes were not read"),
        }
    }

    /// All metadata, as text.
    pub(crate) fn metadata(&self) -> BTreeMap<String, String> {
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let all = self.metadata.iter().flatten();
        all.map(|(key, value)| (key.clone(), text(value))).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn file(rest: &str) -> IndexFile {
        serde_json::from_str(&format!(r#"{{"path":"testing/a.json"{rest}}}"#)).unwrap()
    }

    #[test]
    fn one_label() {
        let f = file(r#","category":"testing","label":{"type":"label","label":"idle"}"#);
        assert_eq!(f.split(), Split::Test);
        assert!(matches!(f.labelled(), Ok(Labelled::Whole(l)) if l == "idle"));
        assert_eq!(file("").split(), Split::Auto);
        assert!(matches!(file("").labelled(), Ok(Labelled::Unsaid)));
    }

    #[test]
    fn stretches_end_with_their_last_sample() {
        let f = file(
            r#","label":{"type":"multi-label","labels":[
            {"startIndex":0,"endIndex":9,"label":"a"},{"startIndex":10,"endIndex":19,"label":"b"}]}"#,
        );
        let Ok(Labelled::Spans(spans)) = f.labelled() else {
            panic!("spans");
        };
        assert_eq!((spans[0].end, spans[1].start, spans[1].end), (10, 10, 20));
    }

    #[test]
    fn no_label_and_unknown_types_are_told() {
        let told = |rest| file(rest).labelled().err().unwrap().to_string();
        assert!(told(r#","label":{"type":"unlabeled"}"#).contains("no label"));
        assert!(told(r#","label":{"type":"keyvalue-labels"}"#).contains("keyvalue-labels"));
    }

    #[test]
    fn metadata_as_text() {
        let f = file(r#","metadata":{"person":"Al","run":3}"#);
        let got = f.metadata();
        assert_eq!((got["person"].as_str(), got["run"].as_str()), ("Al", "3"));
        assert!(file("").metadata().is_empty());
    }
}
