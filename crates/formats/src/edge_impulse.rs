//! Edge Impulse's acquisition format and its `info.labels`.
//!
//! Source: Edge Impulse's documentation, "Data acquisition format", and its
//! command line tools. Read: `payload.values` as rows or, for one axis, as a
//! flat list; `sensors` with units; a fractional `interval_ms`. Not verified:
//! `signature`, because the key that made it is not ours to have. Written: the
//! same, with `alg` "none" and a signature of zeros, as the format asks for
//! where nobody signs.

mod index;
mod values;

use std::borrow::Cow;

use lampyris_dataset::pcm::STEPS;
use lampyris_dataset::{Axis, Recording};
use serde::{Deserialize, Serialize};

use crate::FormatError;
use crate::draft::{Draft, tidy_rate};
use crate::wav;

pub(crate) use index::{Index, IndexFile, Labelled};
use values::Values;

/// Unit of a sensor whose readings are 16-bit steps of sound.
const WAV_UNIT: &str = "wav";

#[derive(Default, Deserialize, Serialize)]
pub(crate) struct Protected {
    #[serde(default)]
    ver: String,
    #[serde(default)]
    alg: String,
    /// Seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<f64>,
}

#[derive(Deserialize)]
pub(crate) struct Payload {
    device_name: Option<String>,
    device_type: Option<String>,
    interval_ms: Option<f64>,
    sensors: Option<Vec<Sensor>>,
    values: Option<Values>,
}

#[derive(Clone, Deserialize, Serialize)]
struct Sensor {
    name: String,
    #[serde(default)]
    units: String,
}

/// The recording in an acquisition file.
///
/// `group_by` may name `device_name` or `device_type`. A rate stated in the
/// options is not needed, since the file has one.
pub(crate) fn draft(
    protected: &Protected,
    payload: Payload,
    group_by: Option<&str>,
) -> Result<Draft, FormatError> {
    let sensors = payload.sensors.ok_or_else(|| missing("sensors"))?;
    let interval_ms = payload.interval_ms.ok_or_else(|| missing("interval_ms"))?;
    let values = payload.values.ok_or_else(|| missing("values"))?;
    if !interval_ms.is_finite() || interval_ms <= 0.0 {
        return Err(FormatError::new(
            format!("an interval of {interval_ms} ms gives no rate"),
            "payload.interval_ms",
            "put in the milliseconds between two readings, for example 10 for 100 Hz",
        ));
    }
    let width = values.width;
    if width != sensors.len() {
        return Err(FormatError::new(
            format!("{width} values a reading, but {} sensors", sensors.len()),
            "payload.values",
            "name one sensor for each value of a reading",
        ));
    }
    let group = match group_by {
        Some("device_name") => payload.device_name,
        Some("device_type") => payload.device_type,
        Some(_) | None => None,
    };
    // Sound comes as 16-bit steps, and its unit says so.
    let sound = matches!(sensors.as_slice(), [only] if only.units == WAV_UNIT);
    let (axes, values) = if sound {
        let shares = values.flat.iter().map(|v| v / STEPS).collect();
        (vec![wav::axis()], shares)
    } else {
        (sensors.into_iter().map(axis).collect(), values.flat)
    };
    Ok(Draft {
        group,
        axes,
        rate_hz: tidy_rate(1000.0 / interval_ms),
        values,
        created_ms: protected.iat.map(|s| s * 1000.0),
        ..Draft::default()
    })
}

fn missing(member: &str) -> FormatError {
    FormatError::new(
        format!("\"{member}\" is missing"),
        "payload",
        "export the file again; the acquisition format needs sensors, interval_ms and values",
    )
}

fn axis(sensor: Sensor) -> Axis {
    // "N/A" is how the data forwarder says that it was not told.
    let unit = if sensor.units == "N/A" {
        String::new()
    } else {
        sensor.units
    };
    Axis {
        name: sensor.name,
        unit,
    }
}

#[derive(Serialize)]
struct OutFile<'a> {
    protected: Protected,
    signature: &'a str,
    payload: OutPayload<'a>,
}

#[derive(Serialize)]
struct OutPayload<'a> {
    device_type: &'a str,
    interval_ms: f64,
    sensors: Vec<Sensor>,
    values: Vec<Cow<'a, [f32]>>,
}

/// A recording as an acquisition file: no signature, `alg` "none".
///
/// The format knows no uneven times: where a recording has them, readings are
/// written in order at its mean rate. Labels go into the file's name or
/// `info.labels`, not into the file.
pub fn write(recording: &Recording) -> String {
    const NO_SIGNATURE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    let meta = &recording.meta;
    let sound = meta.is_sound();
    let sensors = meta.axes.iter().map(|a| Sensor {
        name: a.name.clone(),
        units: if sound {
            WAV_UNIT.into()
        } else if a.unit.is_empty() {
            "N/A".into()
        } else {
            a.unit.clone()
        },
    });
    let rows = recording.values.chunks(meta.axes.len().max(1));
    let rows = rows.map(|row| match *row {
        [share] if sound => Cow::Owned(vec![share * STEPS]),
        _ => Cow::Borrowed(row),
    });
    let file = OutFile {
        protected: Protected {
            ver: "v1".into(),
            alg: "none".into(),
            iat: meta.created_ms.map(|ms| (ms / 1000.0).floor()),
        },
        signature: NO_SIGNATURE,
        payload: OutPayload {
            device_type: "LAMPYRIS",
            interval_ms: 1000.0 / meta.rate_hz,
            sensors: sensors.collect(),
            values: rows.collect(),
        },
    };
    // Plain data with string keys can always be written.
    serde_json::to_string(&file).expect("plain data serialises")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::json::{self, Document};
    use lampyris_dataset::NewRecording;

    fn file(interval: &str, sensors: &str, values: &str) -> String {
        format!(
            r#"{{"protected":{{"ver":"v1","alg":"HS256","iat":1758902296}},"signature":"00",
            "payload":{{"device_type":"X","device_name":"ac:01","interval_ms":{interval},
            "sensors":{sensors},"values":{values}}}}}"#
        )
    }

    const XY: &str = r#"[{"name":"x","units":"m/s2"},{"name":"y","units":"N/A"}]"#;
    const X: &str = r#"[{"name":"x","units":"g"}]"#;

    fn read(text: &str, group_by: Option<&str>) -> Result<Draft, FormatError> {
        match json::parse(text)? {
            Document::Acquisition(protected, payload) => draft(&protected, payload, group_by),
            Document::Index(_) | Document::Actions(_) | Document::Boxes => panic!("another shape"),
        }
    }

    fn refusal(text: &str) -> String {
        read(text, None).unwrap_err().to_string()
    }

    #[test]
    fn rows() {
        let d = read(&file("9.615384615384615", XY, "[[1,2.5],[-3,4e-1]]"), None).unwrap();
        assert_eq!(d.values, [1.0, 2.5, -3.0, 0.4]);
        assert_eq!(d.rate_hz, 104.0);
        assert_eq!(
            (d.axes[0].unit.as_str(), d.axes[1].unit.as_str()),
            ("m/s2", "")
        );
        assert_eq!(d.created_ms, Some(1_758_902_296_000.0));
        assert_eq!(d.group, None);
    }

    #[test]
    fn a_flat_list_is_one_axis() {
        let d = read(&file("0.0625", X, "[1,2,3]"), Some("device_name")).unwrap();
        assert_eq!((d.values.len(), d.rate_hz), (3, 16_000.0));
        assert_eq!(d.group.as_deref(), Some("ac:01"));
    }

    #[test]
    fn sound_comes_in_steps_and_goes_out_in_steps() {
        let sensor = r#"[{"name":"audio","units":"wav"}]"#;
        let d = read(&file("0.0625", sensor, "[-32768,16384,1]"), None).unwrap();
        assert_eq!(d.values, [-1.0, 0.5, 1.0 / 32768.0]);
        assert_eq!(d.axes, [crate::wav::axis()]);
        let new = NewRecording {
            label: "l".into(),
            axes: d.axes.clone(),
            rate_hz: d.rate_hz,
            created_ms: d.created_ms,
            ..NewRecording::default()
        };
        let written = write(&Recording::new(new, d.values.clone(), None).unwrap());
        assert!(written.contains(r#""units":"wav""#) && written.contains("[16384.0]"));
        assert_eq!(read(&written, None).unwrap(), d);
    }

    #[test]
    fn refusals() {
        assert!(refusal(&file("0", XY, "[[1,2]]")).contains("0 ms gives no rate"));
        assert!(refusal(&file("-1", XY, "[[1,2]]")).contains("no rate"));
        assert!(refusal(&file("null", XY, "[[1,2]]")).contains("\"interval_ms\" is missing"));
        assert!(refusal(&file("10", XY, "[[1,2],[3]]")).contains("reading 2 has 1 values"));
        assert!(refusal(&file("10", XY, "[[1,2],3]")).contains("reading 2"));
        assert!(refusal(&file("10", X, "[[1,2]]")).contains("2 values a reading, but 1 sensors"));
        assert!(refusal(&file("10", XY, "[1,2]")).contains("1 values a reading, but 2 sensors"));
        assert!(refusal(&file("10", XY, "[[1,NaN]]")).contains("malformed JSON"));
        assert!(refusal(&file("10", XY, "[[1,1e999]]")).contains("out of range"));
        assert!(refusal(&file("10", XY, "[[1,1e300]]")).contains("reading 1"));
        assert!(refusal(&file("10", XY, "[[1,null]]")).contains("null"));
        assert!(refusal(&file("10", XY, "[[1,\"2\"]]")).contains("string"));
        assert!(refusal(&file("10", XY, "[]")).contains("no reading"));
        assert!(refusal(&file("10", "null", "[[1]]")).contains("\"sensors\" is missing"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = file("10", XY, "[[1,2.5],[-3,0.1]]");
        let d = read(&text, None).unwrap();
        let make = |d: Draft| {
            let new = NewRecording {
                name: "n".into(),
                label: "l".into(),
                axes: d.axes,
                rate_hz: d.rate_hz,
                source: "import".into(),
                created_ms: d.created_ms,
                ..NewRecording::default()
            };
            Recording::new(new, d.values, d.times_ms).unwrap()
        };
        let first = make(d);
        let written = write(&first);
        assert!(written.contains(r#""alg":"none""#) && written.contains(&"0".repeat(64)));
        assert_eq!(make(read(&written, None).unwrap()), first);
    }
}
