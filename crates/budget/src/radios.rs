//! Radios, one row each: what a message costs.

use serde::Serialize;

use crate::Figure;

/// A way to send a message.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Radio {
    /// Short name for settings and links.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Energy in mJ of one message of some bytes, with all that is needed to be heard.
    pub message_mj: Figure,
    /// Largest current in mA while sending.
    pub peak_ma: Figure,
}

/// All radios. The first sends nothing.
pub static RADIOS: &[Radio] = &[
    Radio {
        id: "none",
        name: "None",
        message_mj: Figure::assumed(0.0, "nothing is sent"),
        peak_ma: Figure::assumed(0.0, "nothing is sent"),
    },
    Radio {
        id: "ble",
        name: "Bluetooth Low Energy, advertising",
        message_mj: Figure::assumed_between(
            0.17,
            0.7,
            "17.3 µJ an advertising event (1.2 ms at 4.8 mA and 3 V: embedwise nRF52 power \
             profiler), 10 to 40 of them so that a listener hears one",
        ),
        peak_ma: Figure::between(
            4.8,
            9.2,
            "sending at 0 dBm (embedwise nRF52 power profiler) to computing beside it (Nordic \
             Infocenter, nRF52832 product specification 1.1, IS0)",
        ),
    },
    Radio {
        id: "lora",
        name: "LoRa, an uplink",
        message_mj: Figure::assumed_between(
            8.0,
            250.0,
            "20 bytes are 57 ms in the air at SF7 and 1.5 s at SF12, at 30 to 45 mA and 3.3 V, and \
             two windows to listen",
        ),
        peak_ma: Figure::assumed_between(
            30.0,
            130.0,
            "sending at 13 to 20 dBm; no data sheet read",
        ),
    },
    Radio {
        id: "wifi",
        name: "Wi-Fi, joined for each message",
        message_mj: Figure::between(
            543.0,
            1706.0,
            "150.9 µWh (static address, MQTT) to 474 µWh (DHCP, HTTP), ESP32 measured: \
             glenn20/upy-esp32-experiments, ESPNowvsWifiEnergyUsage",
        ),
        peak_ma: Figure::between(
            160.0,
            240.0,
            "sending over Wi-Fi: pailab.io, ESP32 power management, typical currents",
        ),
    },
    Radio {
        id: "espnow",
        name: "ESP-NOW, to another ESP32",
        message_mj: Figure::between(
            38.5,
            77.0,
            "10.7 µWh (heard) to 21.4 µWh (not heard), ESP32 measured: \
             glenn20/upy-esp32-experiments, ESPNowvsWifiEnergyUsage",
        ),
        peak_ma: Figure::between(
            160.0,
            240.0,
            "sending over Wi-Fi: pailab.io, ESP32 power management, typical currents",
        ),
    },
];

impl Radio {
    /// Every figure with its name and its unit.
    pub fn figures(&self) -> [(&'static str, &'static str, Figure); 2] {
        [
            ("a message", "mJ", self.message_mj),
            ("largest current", "mA", self.peak_ma),
        ]
    }
}
