//! Sensors, one row each: what they draw beside the chip.

use serde::Serialize;

use crate::Figure;

/// A sensor, or none.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Sensor {
    /// Short name for settings and links.
    pub id: &'static str,
    /// Name for people, after "a".
    pub name: &'static str,
    /// What it senses: sensors of one word can stand for one another.
    pub senses: &'static str,
    /// Power in µW while it gives samples.
    pub active_uw: Figure,
    /// Power in µW while the chip sleeps until something happens: where a sensor wakes the chip,
    /// what it takes to watch; where the chip must look itself, all of it.
    pub watching_uw: Figure,
}

const MICROPHONE: Figure = Figure::between(
    1950.0,
    7500.0,
    "MP34DT05-A: 650 µA at 3 V alone (community.st.com 56437, quoting its data sheet), to 2.5 mA \
     with the nRF52's PDM receiver and its clock (devzone.nordicsemi.com 105386)",
);

/// All sensors. The first draws nothing.
pub static SENSORS: &[Sensor] = &[
    Sensor {
        id: "none",
        name: "Not counted",
        senses: "nothing",
        active_uw: Figure::assumed(0.0, "left out by choice"),
        watching_uw: Figure::assumed(0.0, "left out by choice"),
    },
    Sensor {
        id: "imu",
        name: "Accelerometer, low power",
        senses: "motion",
        active_uw: Figure::between(
            78.0,
            486.0,
            "26 µA at 52 Hz to 162 µA at 416 Hz, LSM6DS3TR-C measured by difference: Seeed forum \
             270801; at 3 V",
        ),
        watching_uw: Figure::between(
            18.0,
            78.0,
            "6 µA at 1.6 Hz to 26 µA at 52 Hz, waking on motion, LSM6DS3TR-C measured by \
             difference: Seeed forum 270801; at 3 V",
        ),
    },
    Sensor {
        id: "adxl362",
        name: "Accelerometer for coin cells (ADXL362)",
        senses: "motion",
        active_uw: Figure::between(
            3.6,
            9.0,
            "1.8 µA at 100 Hz and 2 V to 3 µA at 400 Hz, at 3 V: ADXL362, redferne/adi-adxl362-library \
             README and the features page of its data sheet",
        ),
        watching_uw: Figure::between(
            0.54,
            0.81,
            "270 nA waking on motion, at 2 to 3 V: ADXL362, redferne/adi-adxl362-library README",
        ),
    },
    Sensor {
        id: "imu6",
        name: "Accelerometer and gyroscope",
        senses: "motion",
        active_uw: Figure::sourced(
            1950.0,
            "BMI270: 0.65 mA with all six axes (materialparts.com, BMI270), at 3 V",
        ),
        watching_uw: Figure::between(
            18.0,
            78.0,
            "its accelerometer alone, as the LSM6DS3TR-C's 6 to 26 µA: Seeed forum 270801; at 3 V",
        ),
    },
    Sensor {
        id: "pdm",
        name: "PDM microphone",
        senses: "sound",
        active_uw: MICROPHONE,
        // The gate hears by what the microphone gives.
        watching_uw: MICROPHONE,
    },
    Sensor {
        id: "wakemic",
        name: "Microphone that wakes on sound",
        senses: "sound",
        active_uw: MICROPHONE,
        watching_uw: Figure::assumed_between(
            15.0,
            100.0,
            "5 to 30 µA at 3 V of microphones with an analogue detector; no data sheet read",
        ),
    },
    Sensor {
        id: "camera",
        name: "Small grey camera (HM01B0)",
        senses: "pictures",
        active_uw: Figure::between(
            1000.0,
            2000.0,
            "HM01B0: 1 to 2 mW (element14, ralphjy, September 2021)",
        ),
        watching_uw: Figure::assumed_between(
            100.0,
            1000.0,
            "standby between pictures; no data sheet read",
        ),
    },
    Sensor {
        id: "camera7670",
        name: "Colour camera (OV7670)",
        senses: "pictures",
        active_uw: Figure::between(
            50_000.0,
            60_000.0,
            "OV7670: 50 to 60 mW (element14, ralphjy, September 2021)",
        ),
        watching_uw: Figure::assumed_between(
            60.0,
            3300.0,
            "switched off by its pin, to 1 mA in standby (forums.openmv.io 910, another sensor)",
        ),
    },
];

impl Sensor {
    /// Every figure with its name and its unit.
    pub fn figures(&self) -> [(&'static str, &'static str, Figure); 2] {
        [
            ("power at work", "µW", self.active_uw),
            ("power watching", "µW", self.watching_uw),
        ]
    }
}
