//! What must hold of every row.

use super::*;
use crate::{BATTERIES, RADIOS, SENSORS};

/// Words by which a reader finds a document: a site, or a project's or a maker's name with the
/// name of the document.
const DOCUMENTS: [&str; 31] = [
    "MLPerf Tiny v1.",
    "PlatformIO board",
    "Zephyr board documentation",
    "Zephyr, nrf5340_cpuapp",
    "RIOT board documentation",
    "RIOT and Zephyr board documentation",
    "embedded-nn guide",
    "embedwise",
    "Arduino forum",
    "Arduino data sheet, UNO R4 Minima",
    "Edge Impulse power blog",
    "Nordic Infocenter",
    "Seeed forum",
    "os.mbed.com",
    "robdobson.com",
    "lucidar.me",
    "ESP-IDF, esp32s3_light_sleep.inc",
    "esp32.com",
    "MicroPython commit",
    "jeffgeerling.com",
    "nhasbun/pico_power_saving",
    "redferne/adi-adxl362-library",
    "embeddedcomputing.com",
    "Adafruit product 1578",
    "Adafruit 1200 mAh battery",
    "Adafruit deep-sleep guide",
    "encyc.org",
    "lygte-info.dk",
    "Wikipedia, CR2032",
    "community.st.com",
    "glenn20/",
];

/// Others, of batteries, radios and sensors.
const MORE: [&str; 8] = [
    "Arduino docs-content",
    "Raspberry Pi forum",
    "Rayovac",
    "hdp-power.com",
    "PowerStream",
    "materialparts.com",
    "element14",
    "pailab.io",
];

/// Every figure of every table: of what, its name, the figure.
fn all() -> Vec<(String, String, Figure)> {
    let mut all = Vec::new();
    let mut add = |of: &str, name: &str, figure| all.push((of.into(), name.into(), figure));
    for b in BOARDS {
        b.figures()
            .iter()
            .for_each(|(name, _, f)| add(b.id, name, *f));
    }
    for b in BATTERIES {
        b.figures()
            .iter()
            .for_each(|(name, _, f)| add(b.id, name, *f));
    }
    for r in RADIOS {
        r.figures()
            .iter()
            .for_each(|(name, _, f)| add(r.id, name, *f));
    }
    for s in SENSORS {
        s.figures()
            .iter()
            .for_each(|(name, _, f)| add(s.id, name, *f));
    }
    all
}

/// What is wrong with a figure, if anything.
fn wrong(figure: &Figure) -> Option<&'static str> {
    let text = figure.text();
    if let Some((low, high)) = figure.range()
        && !(low >= 0.0 && low <= high && high.is_finite())
    {
        return Some("no range");
    }
    match figure {
        Figure::Sourced { .. } => {
            let named = DOCUMENTS.iter().chain(&MORE).any(|d| text.contains(d));
            let unsure = ["UNSOURCED", "believed", "assumed"];
            if unsure.iter().any(|word| text.contains(word)) {
                Some("a source that is none")
            } else if !named {
                Some("a source without a document")
            } else if text.len() < 12 {
                Some("a source too short")
            } else {
                None
            }
        }
        Figure::Assumed { .. } | Figure::Unknown { .. } => {
            (text.len() < 12).then_some("a reason too short")
        }
    }
}

#[test]
fn every_figure_is_sourced_or_marked() {
    for (of, name, figure) in all() {
        assert_eq!(wrong(&figure), None, "{of}: {name}: {}", figure.text());
    }
}

#[test]
fn a_figure_without_a_source_is_found() {
    for text in [
        "",
        "a data sheet",
        "its product specification 1.1",
        "README of a driver",
        "somebody in a forum said so",
        "Zephyr",
    ] {
        assert!(wrong(&Figure::sourced(1.0, text)).is_some(), "{text}");
    }
    assert!(
        wrong(&Figure::sourced(
            1.0,
            "[UNSOURCED] Zephyr board documentation"
        ))
        .is_some()
    );
    assert!(wrong(&Figure::assumed(1.0, "why")).is_some());
    assert!(wrong(&Figure::unknown("")).is_some());
    assert!(wrong(&Figure::between(2.0, 1.0, "Zephyr board documentation")).is_some());
    assert_eq!(
        wrong(&Figure::sourced(1.0, "Zephyr board documentation")),
        None
    );
}

#[test]
fn there_are_enough_boards_of_each_kind() {
    assert!(BOARDS.len() >= 12);
    let cores = [
        Core::CortexM0Plus,
        Core::CortexM4,
        Core::CortexM33,
        Core::CortexM7,
        Core::Rv32Imc,
        Core::XtensaLx7,
    ];
    for core in cores {
        assert!(BOARDS.iter().any(|b| b.core == core), "{core:?}");
    }
}

#[test]
fn ids_are_unique_and_plain() {
    for ids in [
        BOARDS.iter().map(|b| b.id).collect::<Vec<_>>(),
        BATTERIES.iter().map(|b| b.id).collect(),
        RADIOS.iter().map(|r| r.id).collect(),
        SENSORS.iter().map(|s| s.id).collect(),
    ] {
        for (i, id) in ids.iter().enumerate() {
            let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
            assert!(!id.is_empty() && id.bytes().all(plain), "{id}");
            assert!(!ids[..i].contains(id), "{id} is there twice");
        }
    }
    assert!(crate::board("none").is_none());
    let names = BOARDS.iter().map(|b| b.name).collect::<Vec<_>>();
    assert!((1..names.len()).all(|i| !names[..i].contains(&names[i])));
}

#[test]
fn libraries_are_those_of_the_core() {
    for b in BOARDS {
        let of_core: &[&str] = match b.core {
            Core::CortexM0Plus => &["thumbv6m"],
            Core::CortexM4 | Core::CortexM7 => {
                &["thumbv7em-soft", "thumbv7em-softfp", "thumbv7em-hard"]
            }
            Core::CortexM33 => &["thumbv8m-main", "thumbv8m-main-dsp"],
            Core::Rv32Imc => &["riscv32imc"],
            Core::XtensaLx7 => &[],
        };
        let its = b.library.is_none_or(|l| of_core.contains(&l));
        assert!(its && b.library.is_some() != of_core.is_empty(), "{}", b.id);
    }
}

#[test]
fn clocks_rise_and_a_wish_leads_to_one_of_them() {
    for b in BOARDS {
        let clocks = b.clocks_mhz();
        assert_eq!(clocks.len(), b.clocks.len(), "{}: a clock is unknown", b.id);
        assert!(clocks.is_sorted() && !clocks.is_empty(), "{}", b.id);
        let (slowest, fastest) = (clocks[0], clocks[clocks.len() - 1]);
        assert_eq!(b.clock(None), fastest);
        assert_eq!(b.clock(Some(0.0)), slowest);
        assert_eq!(b.clock(Some(f64::NAN)), fastest);
        for (i, mhz) in clocks.iter().enumerate() {
            assert_eq!(b.active_mw(*mhz), b.clocks[i].active_mw, "{}", b.id);
            assert_eq!(b.clock(Some(mhz + 0.1)), *mhz, "{}", b.id);
        }
    }
    let c3 = crate::board("esp32c3").expect("it is in the table");
    assert_eq!((c3.clock(Some(45.0)), c3.clock(Some(48.0))), (10.0, 80.0));
    // Nobody published what lies between.
    assert_eq!(c3.active_mw(48.0).range(), None);
}

#[test]
fn the_chip_alone_where_the_board_is_not_known() {
    let nano = crate::board("nano33ble").expect("it is in the table");
    assert_eq!(nano.sleep_uw(true).0.low(), Some(750.0));
    assert_eq!(nano.sleep_uw(false).0.low(), Some(4.5));
    let nucleo = crate::board("stm32u385").expect("it is in the table");
    assert!(!nucleo.sleep_uw(true).1);
}
