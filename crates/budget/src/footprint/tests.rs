#![allow(clippy::unwrap_used)]

use super::*;
use crate::batteries::YEAR_S;
use crate::{BOARDS, Battery, Layer};

/// A gesture net of 33-20-10-4 on features of three axes.
fn gesture() -> Workload {
    let layer = |macs, outputs| Layer {
        operator: "FULLY_CONNECTED".into(),
        macs,
        outputs,
        reads: 33,
        rows: 1,
    };
    Workload {
        weights_bytes: 2_000,
        arena_bytes: 64,
        ring_bytes: 2 * 100 * 3 * 4,
        scratch_bytes: 1_300,
        features_bytes: 132,
        state_bytes: 200,
        camera_bytes: None,
        block: "spectral".into(),
        layers: vec![layer(660, 20), layer(200, 10), layer(40, 4)],
        feature_instructions: 40_000,
        streams: false,
        hop_ms: 1000.0,
    }
}

fn board(id: &str) -> &'static Board {
    crate::board(id).unwrap()
}

fn on(id: &str) -> Footprint {
    footprint(&gesture(), board(id), &Conditions::default())
}

fn near(value: Option<f64>, want: f64) {
    let value = value.unwrap();
    assert!((value - want).abs() < 1e-6 * want, "{value} is not {want}");
}

#[test]
fn memory_is_what_the_map_file_names() {
    let f = on("nano33ble");
    let names: Vec<&str> = f.ram.parts.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "lampyris_arena",
            "lampyris_ring",
            "lampyris_scratch",
            "lampyris_features",
            "lampyris_state"
        ]
    );
    let statics = 64.0 + 2400.0 + 1300.0 + 132.0 + 200.0;
    assert_eq!(f.ram.range(), Some((statics, statics)));
    let stack = f
        .ram_whole
        .parts
        .iter()
        .find(|p| p.name == "stack")
        .unwrap();
    near(f.ram_whole.high, statics + stack.high.unwrap());
    // What Arduino's own software keeps is not there for the model.
    assert_eq!(f.ram.limit, Some((256.0 - 64.0) * 1024.0));
    assert_eq!(f.flash.limit, Some((1024.0 - 176.0) * 1024.0));
    assert_eq!(f.verdict, Verdict::Fits);
    assert!(f.shrink.is_empty());
}

#[test]
fn time_goes_with_the_clock_and_energy_with_time() {
    let fast = on("stm32u385");
    let half = Conditions {
        clock_mhz: Some(48.0),
        ..Conditions::default()
    };
    let slow = footprint(&gesture(), board("stm32u385"), &half);
    near(slow.latency.high, 2.0 * fast.latency.high.unwrap());
    near(slow.energy.high, slow.latency.high.unwrap() * 2.06);
    near(fast.energy.low, fast.latency.low.unwrap() * 5.1);
    assert_eq!((fast.clock_mhz, slow.clock_mhz), (96.0, 48.0));
    let part = |f: &Footprint, i: usize| f.latency.parts[i].high.unwrap();
    near(fast.latency.high, part(&fast, 0) + part(&fast, 1));
}

/// The coin cell example: 1.2 M cycles of features and a net of at most 1 ms, each 2 s, on an
/// nRF52840 by itself.
#[test]
fn the_worked_coin_cell_example() {
    let nano = board("nano33ble");
    let ms = 1.2e6 / 64e3;
    let parts = vec![
        Term::told(time::FEATURES, Some((ms, ms)), "ms", "given".into()),
        Term::told("network", Some((0.0, 1.2)), "ms", "given".into()),
    ];
    let latency = Estimate::sum(parts, "ms", Some(2000.0), "");
    let mut c = Conditions {
        whole_board: false,
        hop_ms: 2000.0,
        ..Conditions::default()
    };
    let energy = energy::energy(&latency, nano, 64.0);
    assert!((energy.low.unwrap() - 186.0).abs() < 0.5, "{energy:?}");
    let net = energy.high.unwrap() - energy.low.unwrap();
    assert!((11.5..=12.0).contains(&net), "{net}");

    let work = gesture();
    let power = energy::power(&work, &latency, nano, &c);
    let part = |p: &Estimate, name: &str| {
        let part = p.parts.iter().find(|part| part.name == name);
        part.unwrap().high.unwrap()
    };
    assert!((part(&power, "computing") - 99.0).abs() < 0.1, "{power:?}");
    assert!((part(&power, "asleep, chip alone") - 4.5).abs() < 0.05);
    // An ideal cell gives all that its name says, and loses nothing.
    let ideal = Battery {
        usable: Figure::assumed(1.0, "an ideal cell for a test"),
        self_discharge: Figure::assumed(0.0, "an ideal cell for a test"),
        ..*crate::battery("cr2032").unwrap()
    };
    let years = |p: &Estimate| energy::battery_life(p, Some(&ideal), None).low.unwrap() / 365.25;
    assert!((years(&power) - 0.75).abs() < 0.01, "{}", years(&power));
    let answer = year::year(&work, &power, nano, &c);
    assert_eq!(answer.possible, Some(false), "{}", answer.text);

    // Behind a gate that is open a twentieth of the time.
    c.awake_share = 0.05;
    let gated = energy::power(&work, &latency, nano, &c);
    assert!((9.0..10.5).contains(&gated.high.unwrap()), "{gated:?}");
    assert!(years(&gated) > 7.0, "{}", years(&gated));
    let answer = year::year(&work, &gated, nano, &c);
    assert_eq!(answer.possible, Some(true), "{}", answer.text);
    // The real cell lasts years too, then limited by its ageing.
    let real = energy::battery_life(&gated, crate::battery(&c.battery), None);
    assert!(
        (4.0 * 365.25..7.0 * 365.25).contains(&real.low.unwrap()),
        "{real:?}"
    );
}

#[test]
fn power_is_the_sum_of_its_five_parts() {
    let c = Conditions {
        hop_ms: 500.0,
        awake_share: 0.25,
        messages_a_day: 24.0,
        radio: "ble".into(),
        sensor: "imu".into(),
        ..Conditions::default()
    };
    let f = footprint(&gesture(), board("stm32u385"), &c);
    let high = |i: usize| f.power.parts[i].high.unwrap();
    let busy = 0.25 * f.latency.high.unwrap() / 500.0;
    near(Some(high(0)), 5900.0 * busy);
    // Half a wake-up a second of at most 100 µs.
    let least_busy = 0.25 * f.latency.low.unwrap() / 500.0;
    near(
        Some(high(1)),
        5.9 * 100.0 * 0.5 / 1000.0 * (1.0 - least_busy),
    );
    near(Some(high(2)), 14.9 * (1.0 - least_busy));
    near(Some(high(3)), 0.25 * 486.0 + 0.75 * 78.0);
    near(Some(high(4)), 24.0 * 700.0 / 86_400.0);
    near(f.power.high, (0..5).map(high).sum());
    // Usable 80 %, and a loss of 1.5 % a year.
    let watt = f.power.high.unwrap() * 1e-6 + 2430.0 * 0.015 / YEAR_S;
    near(f.battery_life.low, 0.8 * 2430.0 / watt / 86_400.0);
}

#[test]
fn a_gate_saves_no_features_of_a_block_that_streams() {
    let streams = Workload {
        streams: true,
        ..gesture()
    };
    let gated = Conditions {
        awake_share: 0.0,
        ..Conditions::default()
    };
    let nano = board("nano33ble");
    let computing =
        |work: &Workload, c: &Conditions| footprint(work, nano, c).power.parts[0].high.unwrap();
    assert_eq!(computing(&gesture(), &gated), 0.0);
    let features = footprint(&streams, nano, &gated).latency.parts[0]
        .high
        .unwrap();
    near(Some(computing(&streams, &gated)), features * 9.92);
    // Each frame is computed once: half the hop is half the features.
    let faster = Conditions {
        hop_ms: 500.0,
        ..Conditions::default()
    };
    let half = footprint(&streams, nano, &faster).latency.parts[0].high;
    near(half, features / 2.0);
    let all = footprint(&gesture(), nano, &faster).latency.parts[0].high;
    near(all, features);
}

#[test]
fn unknown_stays_unknown() {
    let f = on("esp32s3");
    let figures = (f.latency.low, f.energy.high, f.power.low);
    assert_eq!(figures, (None, None, None));
    assert_eq!((f.battery_life.low, f.flash.low), (None, None));
    assert_eq!(f.verdict, Verdict::Unknown);
    assert_eq!(f.year.possible, None);
    assert!(f.year.by.is_empty() && f.year.text.starts_with("Unknown"));
    let told = |p: &Term| p.source.starts_with("unknown:");
    assert!(f.latency.parts.iter().any(told));
    assert!(f.cautions.iter().any(|c| c.contains("no library")), "{f:?}");
    // The Uno's latency can be told, its energy can't.
    let f = on("unor4");
    assert!(f.latency.high.is_some());
    assert_eq!((f.energy.low, f.power.high), (None, None));
    assert_eq!(f.verdict, Verdict::Fits);
}

#[test]
fn ranges_are_in_order() {
    for board in BOARDS {
        let f = on(board.id);
        for e in [
            &f.flash,
            &f.ram,
            &f.ram_whole,
            &f.latency,
            &f.energy,
            &f.power,
            &f.battery_life,
        ] {
            assert_eq!(e.low.is_some(), e.high.is_some(), "{}", board.id);
            assert!(e.low <= e.high, "{}: {e:?}", board.id);
        }
    }
}

#[test]
fn what_can_t_keep_up_draws_no_more_than_the_chip_does() {
    let mut slow = gesture();
    slow.layers[0].macs = 10_000_000_000;
    let nano = board("nano33ble");
    let f = footprint(&slow, nano, &Conditions::default());
    assert!(f.latency.low.unwrap() > 1000.0);
    near(f.power.parts[0].high, 9920.0);
    // Never asleep, never woken.
    assert_eq!(f.power.parts[1].high, Some(0.0));
    assert_eq!(f.power.parts[2].high, Some(0.0));
    assert_eq!(f.verdict, Verdict::DoesNotFit);
    assert!(
        f.shrink
            .iter()
            .any(|s| s.contains("smaller network preset")),
        "{f:?}"
    );
}

#[test]
fn the_camera_s_own_picture_counts_apart() {
    let camera = Workload {
        camera_bytes: Some(Figure::assumed(30_000.0, "a round figure for a test")),
        ..gesture()
    };
    let with = footprint(&camera, board("nano33ble"), &Conditions::default());
    let without = on("nano33ble");
    assert_eq!(with.ram.low, without.ram.low);
    let more = with.ram_whole.low.unwrap() - without.ram_whole.low.unwrap();
    assert_eq!(more, 30_000.0);
}

#[test]
fn verdicts_and_what_to_shrink() {
    let with = |change: fn(&mut Workload)| {
        let mut work = gesture();
        change(&mut work);
        footprint(&work, board("stm32u385"), &Conditions::default())
    };
    assert_eq!(with(|_| ()).verdict, Verdict::Fits);
    let tight = with(|w| w.arena_bytes = 230 * 1024);
    assert_eq!(tight.verdict, Verdict::Tight);
    assert!(
        tight.shrink[0].contains("lampyris_arena (230.0 kB)"),
        "{tight:?}"
    );
    let full = with(|w| w.ring_bytes = 300 * 1024);
    assert_eq!(full.verdict, Verdict::DoesNotFit);
    assert!(full.reason.contains("RAM"), "{}", full.reason);
    assert!(full.shrink[0].contains("to fit") && full.shrink[0].contains("shorter window"));
    let large = with(|w| w.weights_bytes = 2 * 1024 * 1024);
    assert!(large.shrink[0].starts_with("Flash:") && large.shrink[0].contains("model"));
    // The same on a board whose flash and RAM are larger.
    let roomy = footprint(
        &Workload {
            ring_bytes: 300 * 1024,
            ..gesture()
        },
        board("stm32u575"),
        &Conditions::default(),
    );
    assert_eq!(roomy.verdict, Verdict::Fits);
}

#[test]
fn each_change_that_is_proposed_is_enough_and_no_more() {
    let c = Conditions {
        hop_ms: 100.0,
        whole_board: false,
        messages_a_day: 50.0,
        radio: "ble".into(),
        ..Conditions::default()
    };
    let work = gesture();
    let f = footprint(&work, board("nano33ble"), &c);
    assert_eq!(f.year.possible, Some(false), "{}", f.year.text);
    let levers: Vec<Lever> = f.year.by.iter().map(|change| change.lever).collect();
    for lever in [Lever::Gate, Lever::Hop, Lever::Battery] {
        assert!(levers.contains(&lever), "{lever:?} in {}", f.year.text);
    }
    for change in &f.year.by {
        let its = board(&change.conditions.board);
        let after = footprint(&work, its, &change.conditions);
        assert_eq!(after.year.possible, Some(true), "{}", change.text);
        assert!(f.year.text.contains(&change.text));
        // A little less of it is not enough.
        let mut less = change.conditions.clone();
        match change.lever {
            Lever::Hop => less.hop_ms *= 0.9,
            Lever::Gate => less.awake_share *= 1.1,
            _ => continue,
        }
        let not = footprint(&work, its, &less);
        assert_ne!(not.year.possible, Some(true), "{}", change.text);
    }
}

#[test]
fn a_board_that_sleeps_badly_is_told_so() {
    let f = on("nano33ble");
    assert_eq!(f.year.possible, Some(false));
    assert!(
        f.year
            .text
            .contains("the chip alone on a board of your own"),
        "{}",
        f.year.text
    );
    let other = f.year.by.iter().find(|c| c.lever == Lever::Board);
    assert!(other.is_some(), "{}", f.year.text);
    // The Xiao sleeps well as it is.
    assert_ne!(on("xiao52840").year.possible, Some(false));
}

#[test]
fn where_one_change_is_not_enough_pairs_are_proposed() {
    let c = Conditions {
        sensor: "imu".into(),
        ..Conditions::default()
    };
    let work = gesture();
    let f = footprint(&work, board("nano33ble"), &c);
    assert_eq!(f.year.possible, Some(false));
    let both = f
        .year
        .by
        .iter()
        .find(|change| change.lever == Lever::Sensor);
    let both = both.unwrap_or_else(|| panic!("{}", f.year.text));
    assert!(!both.conditions.whole_board && both.conditions.sensor == "adxl362");
    let after = footprint(&work, board("nano33ble"), &both.conditions);
    assert_eq!(after.year.possible, Some(true), "{}", both.text);
    // A microphone always at work leaves no year on a coin cell, and is named.
    let sound = Conditions {
        sensor: "pdm".into(),
        whole_board: false,
        ..Conditions::default()
    };
    let f = footprint(&work, board("stm32u385"), &sound);
    assert!(f.year.text.contains("sensor, is 1950"), "{}", f.year.text);
}

#[test]
fn a_slower_clock_is_proposed_where_it_helps() {
    // Power at 48 MHz is less than half of that at 96.
    let mut work = gesture();
    work.feature_instructions = 1;
    let u385 = board("stm32u385");
    let mut c = Conditions::default();
    let allowed = crate::battery("cr2032").unwrap().sustains_uw(1.0).unwrap();
    let high = |c: &Conditions| footprint(&work, u385, c).power.high.unwrap();
    // A hop at which the fast clock just fails.
    while high(&c) <= allowed {
        c.hop_ms *= 0.95;
    }
    let f = footprint(&work, u385, &c);
    let clock = f.year.by.iter().find(|change| change.lever == Lever::Clock);
    let clock = clock.unwrap_or_else(|| panic!("{}", f.year.text));
    assert_eq!(clock.conditions.clock_mhz, Some(48.0));
    assert!(
        clock.text.contains("48 MHz instead of 96"),
        "{}",
        clock.text
    );
}

#[test]
fn peaks_averages_and_voltages_are_tested() {
    let cautions =
        |id: &str, c: &Conditions| footprint(&gesture(), board(id), c).cautions.join(" ");
    let c = Conditions::default();
    assert!(!cautions("stm32u385", &c).contains("peak"));
    assert!(cautions("esp32c3", &c).contains("34.4 mA"));
    assert!(cautions("unor4", &c).contains("needs 4.5 V"));
    let wifi = Conditions {
        radio: "wifi".into(),
        messages_a_day: 1.0,
        ..c.clone()
    };
    assert!(cautions("stm32u385", &wifi).contains("160 to 240 mA"));
    let busy = Conditions { hop_ms: 10.0, ..c };
    assert!(cautions("nano33ble", &busy).contains("On average"));
}

#[test]
fn all_boards_at_once() {
    let c = Conditions {
        clock_mhz: Some(100.0),
        ..Conditions::default()
    };
    let rows = compare(&gesture(), &c);
    assert_eq!(rows.len(), BOARDS.len());
    let row = |id: &str| rows.iter().find(|r| r.board == id).unwrap();
    assert_eq!(row("nano33ble").verdict, Verdict::Fits);
    assert!(row("nano33ble").years_low.unwrap() < 0.2);
    assert_eq!(row("esp32s3").latency_low_ms, None);
    assert!(row("stm32u385").ram_share.unwrap() < 0.1);
}

#[test]
fn a_battery_that_can_t_run_the_board_is_no_yes() {
    let c = Conditions {
        battery: "aa2".into(),
        whole_board: false,
        hop_ms: 10_000.0,
        ..Conditions::default()
    };
    // The energy would suffice, the voltage does from the first day on not.
    let f = footprint(&gesture(), board("esp32c3"), &c);
    assert!(f.power.high.unwrap() <= f.year.allowed_uw.unwrap());
    assert_eq!(f.year.possible, Some(false));
    assert!(
        f.year.text.starts_with("No. The board needs 3 V"),
        "{}",
        f.year.text
    );
    assert_eq!(f.battery_life.range(), None);
    // Nor does a coin cell that can't give the current.
    let coin = Conditions {
        battery: "cr2032".into(),
        hop_ms: 60_000.0,
        ..c.clone()
    };
    let f = footprint(&gesture(), board("stm32l4r5"), &coin);
    assert_eq!(f.year.possible, Some(false));
    assert!(f.year.text.contains("11 mA"), "{}", f.year.text);
    // An end that is lost makes life shorter and the answer unsure.
    let lipo = Conditions {
        battery: "lipo1200".into(),
        ..coin
    };
    let life = |board: &Board| footprint(&gesture(), board, &lipo);
    let u385 = board("stm32u385");
    let early = Board {
        least_volts: Figure::assumed(3.35, "halfway, for a test"),
        ..*u385
    };
    near(
        life(&early).battery_life.low,
        life(u385).battery_life.low.unwrap() / 2.0,
    );
    assert_eq!(life(&early).year.possible, None);
    // What is not known is not taken for good.
    let silent = Board {
        peak_ma: Figure::unknown("for a test"),
        ..*board("stm32u385")
    };
    let f = footprint(&gesture(), &silent, &lipo);
    assert_eq!(f.year.possible, None, "{}", f.year.text);
}

#[test]
fn another_battery_gives_what_the_radio_draws() {
    let c = Conditions {
        radio: "wifi".into(),
        messages_a_day: 1.0,
        whole_board: false,
        hop_ms: 10_000.0,
        ..Conditions::default()
    };
    let f = footprint(&gesture(), board("stm32u385"), &c);
    assert_eq!(f.year.possible, Some(false), "{}", f.year.text);
    let other = f
        .year
        .by
        .iter()
        .find(|change| change.lever == Lever::Battery);
    let other = other.unwrap_or_else(|| panic!("{}", f.year.text));
    let battery = crate::battery(&other.conditions.battery).unwrap();
    assert!(battery.pulse_ma.low() >= crate::radio("wifi").unwrap().peak_ma.high());
}

#[test]
fn what_is_counted_of_the_chip_alone_is_said() {
    let said = |id: &str| on(id).cautions.iter().any(|c| c.contains("chip alone"));
    assert!(said("xiao52840") && said("nano33ble") && !said("pico"));
}
