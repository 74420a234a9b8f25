//! micro:bit CreateAI's data samples: a list of actions, each with recordings
//! of the accelerometer in g.
//!
//! Source: the published ml-trainer of the Micro:bit Educational Foundation
//! and its fixtures. The files carry no rate; the device samples each 20 ms,
//! so 50 Hz is taken where nothing else is stated, and said in the notes.

use lampyris_dataset::Axis;
use serde::Deserialize;

use crate::FormatError;
use crate::draft::Draft;

/// The device's period is 20 ms.
const RATE_HZ: f64 = 50.0;

#[derive(Deserialize)]
pub(crate) struct Action {
    name: String,
    recordings: Vec<Take>,
}

#[derive(Deserialize)]
struct Take {
    #[serde(rename = "createdAt")]
    created_at: Option<f64>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    x: Vec<f32>,
    y: Vec<f32>,
    z: Vec<f32>,
}

/// All recordings of a file; one that is broken refuses the whole file.
pub(crate) fn drafts(
    actions: Vec<Action>,
    rate_hz: Option<f64>,
) -> Result<Vec<Draft>, FormatError> {
    let mut drafts = Vec::new();
    for action in actions {
        for (i, take) in (1..).zip(action.recordings) {
            let place = || format!("\"{}\", recording {i}", action.name);
            let Data { x, y, z } = take.data;
            if x.len() != y.len() || x.len() != z.len() || x.is_empty() {
                return Err(FormatError::new(
                    format!(
                        "x, y and z have {}, {} and {} values",
                        x.len(),
                        y.len(),
                        z.len()
                    ),
                    place(),
                    "delete this recording in CreateAI and export again",
                ));
            }
            let values: Vec<f32> = (0..x.len()).flat_map(|k| [x[k], y[k], z[k]]).collect();
            if values.iter().any(|v| !v.is_finite()) {
                return Err(FormatError::new(
                    "a value is too large for a 32-bit float",
                    place(),
                    "delete this recording in CreateAI and export again",
                ));
            }
            let note = match rate_hz {
                Some(rate) => format!("rate of {rate} Hz as stated when importing"),
                None => format!("the file states no rate; {RATE_HZ} Hz is the device's own"),
            };
            drafts.push(Draft {
                part: Some(format!("{} {i}", action.name)),
                label: Some(action.name.clone()),
                axes: ["x", "y", "z"].map(axis).to_vec(),
                rate_hz: rate_hz.unwrap_or(RATE_HZ),
                values,
                created_ms: take.created_at,
                notes: vec![note],
                ..Draft::default()
            });
        }
    }
    if drafts.is_empty() {
        return Err(FormatError::new(
            "the file holds no recording",
            "top level",
            "record at least one sample of an action in CreateAI and export again",
        ));
    }
    Ok(drafts)
}

fn axis(name: &str) -> Axis {
    Axis {
        name: name.into(),
        unit: "g".into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(text: &str, rate: Option<f64>) -> Result<Vec<Draft>, FormatError> {
        drafts(serde_json::from_str(text).unwrap(), rate)
    }

    const TWO: &str = r#"[{"ID":1,"name":"Shake","recordings":[
        {"ID":2,"data":{"x":[1,2],"y":[3,4],"z":[5,6]}},
        {"id":"3","createdAt":17,"data":{"x":[1],"y":[2],"z":[3]}}]}]"#;

    #[test]
    fn old_and_new_files() {
        let got = read(TWO, None).unwrap();
        assert_eq!(got[0].values, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
        assert_eq!(got[1].part.as_deref(), Some("Shake 2"));
        assert_eq!((got[1].rate_hz, got[1].created_ms), (50.0, Some(17.0)));
        assert!(got[0].notes[0].contains("no rate"));
        assert_eq!(read(TWO, Some(25.0)).unwrap()[0].rate_hz, 25.0);
    }

    #[test]
    fn broken_recordings_are_named() {
        let text = TWO.replace("\"y\":[2]", "\"y\":[]");
        let e = read(&text, None).unwrap_err().to_string();
        assert!(e.contains("\"Shake\", recording 2"), "{e}");
        assert!(read("[]", None).unwrap_err().what.contains("no recording"));
    }
}
