//! Which sensor a model was trained on, and which sketch reads one like it.

use serde::Deserialize;

use super::super::Source;
use super::super::c_source::comment;

/// One standard gravity in m/s².
const GRAVITY: f32 = 9.80665;
/// From this rate on a single axis is taken for sound.
const SOUND_HZ: f32 = 4000.0;
/// How far the length of a reading at rest may be from one gravity: motion adds to it, and
/// sensors differ.
const AROUND: f32 = 1.6;

/// What the recordings are of.
pub(super) struct Sensor {
    kind: Kind,
    /// Names of the axes in their order, empty where the file does not say.
    axes: Vec<String>,
}

enum Kind {
    Picture,
    Sound,
    /// An accelerometer with a gyroscope behind it, or without.
    Motion {
        gyroscope: bool,
        unit: Unit,
    },
    /// Anything else.
    Lines,
}

/// The unit of acceleration that the readings are in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    MetresPerSecondSquared,
    Gravity,
    Milligravity,
    Unknown,
}

/// What this needs of the settings that a `.tflite` carries.
#[derive(Default, Deserialize)]
struct Carried {
    axes: Vec<String>,
}

impl Sensor {
    /// That of a model: by its grid, the names of its axes and its golden windows.
    pub(super) fn of(source: &Source<'_>) -> Self {
        let chip = &source.chip;
        let axes = names(source);
        let kind = match chip.axes() {
            _ if chip.grid().is_some() => Kind::Picture,
            1 if chip.rate_hz() >= SOUND_HZ => Kind::Sound,
            count @ (3 | 6) if is_motion(&axes, count) => Kind::Motion {
                gyroscope: count == 6,
                unit: Unit::of(source, count),
            },
            _ => Kind::Lines,
        };
        Self { kind, axes }
    }

    /// Name of the sketch and of its template.
    pub(super) fn sketch(&self) -> &'static str {
        match self.kind {
            Kind::Picture => "Camera",
            Kind::Sound => "Sound",
            Kind::Motion { .. } => "Motion",
            Kind::Lines => "Lines",
        }
    }

    /// What the model looks at, to end a sentence with.
    pub(super) fn what(&self) -> &'static str {
        match self.kind {
            Kind::Picture => "a camera's pictures",
            Kind::Sound => "a microphone's sound",
            Kind::Motion { .. } => "a motion sensor's readings",
            Kind::Lines => "a sensor's readings",
        }
    }

    /// What the sketches' templates call it.
    pub(super) fn values(&self) -> Vec<(&'static str, String)> {
        let names: Vec<String> = self.axes.iter().map(|name| comment(name)).collect();
        let names = if names.is_empty() {
            "which the model does not name".to_owned()
        } else {
            names.join(", ")
        };
        let (gyroscope, unit) = match self.kind {
            Kind::Motion { gyroscope, unit } => (gyroscope, unit),
            _ => (false, Unit::Unknown),
        };
        let wait = if gyroscope {
            "  if (!IMU.accelerationAvailable() || !IMU.gyroscopeAvailable()) return;"
        } else {
            "  if (!IMU.accelerationAvailable()) return;"
        };
        let read = if gyroscope {
            "  IMU.readAcceleration(reading[0], reading[1], reading[2]);\n  \
             IMU.readGyroscope(reading[3], reading[4], reading[5]);  // degrees a second"
        } else {
            "  IMU.readAcceleration(reading[0], reading[1], reading[2]);"
        };
        vec![
            ("AXIS_NAMES", names),
            ("UNIT_SAID", unit.said().to_owned()),
            ("ONE_G_SAID", unit.one_g_said().to_owned()),
            ("ONE_G", unit.one_g().to_owned()),
            ("WAIT", wait.to_owned()),
            ("READ", read.to_owned()),
        ]
    }
}

/// Names of the axes as the `.tflite` carries them; none where it does not.
fn names(source: &Source<'_>) -> Vec<String> {
    let metadata = crate::tflite::read(&source.host.tflite).map(|(_, metadata)| metadata);
    let carried = metadata.map(|m| serde_json::from_str::<Carried>(&m.settings_json));
    let axes = carried.ok().and_then(Result::ok).unwrap_or_default().axes;
    if axes.len() == source.chip.axes() {
        axes
    } else {
        Vec::new()
    }
}

/// Whether the axes may be an accelerometer's three, with a gyroscope's three behind them
/// where there are six. Three without names are taken for an accelerometer's.
fn is_motion(axes: &[String], count: usize) -> bool {
    let turns = |name: &String| name.to_lowercase().contains("gy");
    match axes.split_at_checked(3) {
        None => count == 3,
        Some((first, rest)) => {
            let field = |name: &String| name.to_lowercase().contains("mag");
            !first.iter().any(|name| turns(name) || field(name)) && rest.iter().all(turns)
        }
    }
}

impl Unit {
    /// By how long a reading is as a rule: something at rest or moved by hand feels one
    /// gravity, more or less.
    fn of(source: &Source<'_>, axes: usize) -> Self {
        let windows = source.golden().iter();
        let readings = windows.flat_map(|golden| golden.window.chunks_exact(axes));
        Self::of_lengths(readings.map(|r| r.iter().take(3).map(|v| v * v).sum::<f32>()))
    }

    /// From the squares of the readings' lengths.
    fn of_lengths(squares: impl Iterator<Item = f32>) -> Self {
        let mut squares: Vec<f32> = squares.collect();
        squares.sort_by(f32::total_cmp);
        let Some(middle) = squares.get(squares.len() / 2) else {
            return Self::Unknown;
        };
        let near = |one: f32| (one / AROUND..one * AROUND).contains(&middle.sqrt());
        match () {
            () if near(GRAVITY) => Self::MetresPerSecondSquared,
            () if near(1.0) => Self::Gravity,
            () if near(1000.0) => Self::Milligravity,
            () => Self::Unknown,
        }
    }

    /// Behind the names of the axes.
    fn said(self) -> &'static str {
        match self {
            Self::MetresPerSecondSquared => " in m/s2, gravity included",
            Self::Gravity => " in g, gravity included",
            Self::Milligravity => " in thousandths of g, gravity included",
            Self::Unknown => "",
        }
    }

    fn one_g_said(self) -> &'static str {
        match self {
            Self::Unknown => {
                "One g in the unit of the recordings, which could not be told from the golden windows:\n\
                 // state it here, 1 for g, 9.80665 for m/s2, 1000 for mg. The sensor's libraries give g."
            }
            _ => {
                "One g in the unit of the recordings, as told from the length of their readings; the\n\
                 // sensor's libraries give g."
            }
        }
    }

    /// One g as a number of C.
    fn one_g(self) -> &'static str {
        match self {
            Self::MetresPerSecondSquared => "9.80665f",
            Self::Milligravity => "1000.0f",
            Self::Gravity | Self::Unknown => "1.0f",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Unit, is_motion};

    #[test]
    fn units_are_told_from_gravity() {
        let unit = |length: f32| Unit::of_lengths([0.1, length * length, 1e9].into_iter());
        assert_eq!(unit(9.5), Unit::MetresPerSecondSquared);
        assert_eq!(unit(1.2), Unit::Gravity);
        assert_eq!(unit(900.0), Unit::Milligravity);
        assert_eq!(unit(50.0), Unit::Unknown);
        assert_eq!(Unit::of_lengths([].into_iter()), Unit::Unknown);
    }

    #[test]
    fn axes_tell_the_sensor() {
        let named = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|&name| name.into()).collect();
            is_motion(&names, names.len())
        };
        assert!(named(&["x", "y", "z"]));
        assert!(named(&["accX", "accY", "accZ", "gyrX", "gyrY", "gyrZ"]));
        assert!(!named(&["gyrX", "gyrY", "gyrZ"]));
        assert!(!named(&["a", "b", "c", "d", "e", "f"]));
        assert!(is_motion(&[], 3) && !is_motion(&[], 6));
    }
}
