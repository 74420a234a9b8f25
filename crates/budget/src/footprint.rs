//! A workload on a board: what fits, how long it takes, what it draws.

mod advice;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::batteries::YEAR_S;
use crate::{Battery, Board, Figure, Workload};

/// One part of an estimate, as a tooltip shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Term {
    /// What it is, for example "weights".
    pub name: String,
    /// Least; `None` where unknown.
    pub low: Option<f64>,
    /// Most; `None` where unknown.
    pub high: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// Where it comes from; begins with "assumed:" or "unknown:" where it does not come from a source.
    pub source: String,
}

impl Term {
    /// A figure as a term.
    pub fn of(name: &str, figure: Figure, unit: &str) -> Self {
        let range = figure.range();
        Self {
            name: name.into(),
            low: range.map(|r| r.0),
            high: range.map(|r| r.1),
            unit: unit.into(),
            source: figure.source(),
        }
    }

    fn counted(name: &str, bytes: u64, source: &str) -> Self {
        Self {
            name: name.into(),
            low: Some(bytes as f64),
            high: Some(bytes as f64),
            unit: "B".into(),
            source: source.into(),
        }
    }
}

/// An estimate as a range, with all that went into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Estimate {
    /// Least; `None` where a part is unknown.
    pub low: Option<f64>,
    /// Most; `None` where a part is unknown.
    pub high: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// What the board has of it, in the same unit, where that is known and there is such a limit.
    pub limit: Option<f64>,
    /// What went into it.
    pub parts: Vec<Term>,
    /// How the parts make the whole, and what is not counted.
    pub note: String,
}

/// Whether a model runs on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verdict {
    /// With room to spare.
    Fits,
    /// It fits, but over 80 % of flash or RAM is used, or slow kernels would not keep up.
    Tight,
    /// Flash or RAM is too small, or even the best kernels don't keep up.
    DoesNotFit,
    /// A figure that decides is unknown.
    Unknown,
}

/// What a model costs on a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Footprint {
    /// Id of the board.
    pub board: String,
    /// Its name for people.
    pub board_name: String,
    /// Id of the battery.
    pub battery: String,
    /// Bytes of flash.
    pub flash: Estimate,
    /// Bytes of RAM.
    pub ram: Estimate,
    /// Milliseconds from a full window to a label.
    pub latency: Estimate,
    /// Microjoules of one inference with its features.
    pub energy: Estimate,
    /// Average microwatts of the processor.
    pub power: Estimate,
    /// Days on the battery.
    pub battery_life: Estimate,
    /// Whether it runs there.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub reason: String,
    /// What a year on the battery would take, where that can be told.
    pub year: Option<String>,
    /// What else to mind, for example a peak that the battery can't give.
    pub cautions: Vec<String>,
}

/// Puts a workload on a board with a battery.
pub fn footprint(work: &Workload, board: &Board, battery: &Battery) -> Footprint {
    let flash = flash(work, board);
    let ram = ram(work, board);
    let latency = latency(work, board);
    let energy = energy(&latency, board);
    let power = power(work, &latency, &energy, board);
    let battery_life = battery_life(&power, battery);
    let (verdict, reason) = advice::verdict(work, &flash, &ram, &latency);
    Footprint {
        board: board.id.into(),
        board_name: board.name.into(),
        battery: battery.id.into(),
        year: advice::year(work, &energy, &power, board, battery),
        cautions: advice::cautions(board, battery),
        flash,
        ram,
        latency,
        energy,
        power,
        battery_life,
        verdict,
        reason,
    }
}

/// Sum of the parts, unknown where one is.
fn sum(parts: Vec<Term>, unit: &str, limit: Option<f64>, note: &str) -> Estimate {
    Estimate {
        low: parts.iter().map(|p| p.low).sum(),
        high: parts.iter().map(|p| p.high).sum(),
        unit: unit.into(),
        limit,
        parts,
        note: note.into(),
    }
}

fn flash(work: &Workload, board: &Board) -> Estimate {
    let parts = vec![
        Term::counted(
            "model",
            work.weights_bytes,
            "counted: weights, biases, tables and labels",
        ),
        Term::of("code", work.code_bytes, "B"),
    ];
    let limit = board.flash_bytes.range().map(|r| r.0);
    sum(parts, "B", limit, "The sum; your own program comes on top.")
}

fn ram(work: &Workload, board: &Board) -> Estimate {
    let mut parts = vec![Term::counted(
        "arena",
        work.arena_bytes,
        "counted: peak of the activations",
    )];
    match work.camera_bytes {
        // A picture reaches the arena as it is seen: no samples, no features.
        Some(camera) => parts.extend([
            Term::counted("scores", work.ring_bytes, "counted: what is averaged"),
            Term::of("camera", camera, "B"),
        ]),
        None => parts.extend([
            Term::counted(
                "ring buffer",
                work.ring_bytes,
                "counted: one window of samples",
            ),
            Term::counted(
                "feature scratch",
                work.scratch_bytes,
                "counted: work space of the block and its features",
            ),
        ]),
    }
    parts.push(Term::of("stack", work.stack_bytes, "B"));
    let limit = board.ram_bytes.range().map(|r| r.0);
    sum(
        parts,
        "B",
        limit,
        "The sum; your own program and a radio come on top.",
    )
}

fn latency(work: &Workload, board: &Board) -> Estimate {
    let part = |name: &str, count: u64, each: Figure| {
        let ms = |cycles: f64, mhz: f64| count as f64 * cycles / (mhz * 1000.0);
        let clock = board.clock_mhz.range();
        let both = each.range().zip(clock);
        Term {
            name: name.into(),
            low: both.map(|(c, mhz)| ms(c.0, mhz.1)),
            high: both.map(|(c, mhz)| ms(c.1, mhz.0)),
            unit: "ms".into(),
            source: match each.range() {
                Some((low, high)) => {
                    format!("{count} × {low} to {high} cycles; {}", each.source())
                }
                None => each.source(),
            },
        }
    };
    let parts = vec![
        part(
            "features",
            work.feature_instructions,
            board.cycles_per_feature_instruction,
        ),
        part("multiply-accumulates", work.macs, board.cycles_per_mac),
        part("layers", work.layers, board.cycles_per_layer),
    ];
    sum(
        parts,
        "ms",
        Some(work.hop_ms),
        "The sum at the board's clock, from the best known kernels to plain portable ones; the limit is the time between inferences.",
    )
}

fn energy(latency: &Estimate, board: &Board) -> Estimate {
    let active = board.active_mw.range();
    let parts = vec![
        Term::of("power while computing", board.active_mw, "mW"),
        Term {
            name: "latency".into(),
            low: latency.low,
            high: latency.high,
            unit: "ms".into(),
            source: "the latency above".into(),
        },
    ];
    // mW · ms = µJ.
    Estimate {
        low: active.zip(latency.low).map(|(a, ms)| a.0 * ms),
        high: active.zip(latency.high).map(|(a, ms)| a.1 * ms),
        unit: "µJ".into(),
        limit: None,
        parts,
        note: "Power while computing, times latency.".into(),
    }
}

fn power(work: &Workload, latency: &Estimate, energy: &Estimate, board: &Board) -> Estimate {
    // What does not fit between two inferences computes all the time, each as long as it takes.
    let computing =
        |energy_uj: Option<f64>, ms: Option<f64>| Some(energy_uj? / work.hop_ms.max(ms?) * 1000.0);
    let asleep = |ms: Option<f64>, sleep_uw: Option<f64>| {
        Some((1.0 - ms? / work.hop_ms).max(0.0) * sleep_uw?)
    };
    let sleep = board.sleep_uw.range();
    let parts = vec![
        Term {
            name: "computing".into(),
            low: computing(energy.low, latency.low),
            high: computing(energy.high, latency.high),
            unit: "µW".into(),
            source: format!("energy of one inference each {} ms", work.hop_ms),
        },
        Term {
            name: "asleep".into(),
            low: asleep(latency.high, sleep.map(|s| s.0)),
            high: asleep(latency.low, sleep.map(|s| s.1)),
            unit: "µW".into(),
            source: board.sleep_uw.source(),
        },
    ];
    sum(
        parts,
        "µW",
        None,
        "The sum, of the processor alone: the sensor, waking for each sample and a radio are not counted.",
    )
}

fn battery_life(power: &Estimate, battery: &Battery) -> Estimate {
    let days = |uw: Option<f64>| {
        let joule = battery.usable_j()?;
        uw.filter(|uw| *uw > 0.0)
            .map(|uw| joule / (uw * 1e-6) / 86_400.0)
    };
    let parts = vec![
        Term::of("charge", battery.charge_mah, "mAh"),
        Term::of("voltage", battery.volts, "V"),
        Term::of("usable share", battery.usable, ""),
        Term {
            name: "average power".into(),
            low: power.low,
            high: power.high,
            unit: "µW".into(),
            source: "the average power above".into(),
        },
    ];
    Estimate {
        low: days(power.high),
        high: days(power.low),
        unit: "days".into(),
        limit: None,
        parts,
        note: format!(
            "Usable energy divided by average power. A year of {:.0} days.",
            YEAR_S / 86_400.0
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A gesture net of 33-20-10-4 on spectral features of three axes.
    fn gesture() -> Workload {
        Workload {
            weights_bytes: 2_000,
            arena_bytes: 64,
            ring_bytes: 2 * 100 * 3 * 4,
            scratch_bytes: 1_500,
            camera_bytes: None,
            stack_bytes: Figure::assumed(2_048.0, "a round figure for a test"),
            code_bytes: Figure::assumed(20_000.0, "a round figure for a test"),
            macs: 900,
            layers: 4,
            feature_instructions: 40_000,
            hop_ms: 1000.0,
        }
    }

    fn on(board: &str) -> Footprint {
        let cell = crate::battery("cr2032").unwrap();
        footprint(&gesture(), crate::board(board).unwrap(), cell)
    }

    fn near(value: Option<f64>, want: f64) {
        let value = value.unwrap();
        assert!((value - want).abs() < 1e-6 * want, "{value} is not {want}");
    }

    #[test]
    fn parts_add_up() {
        let f = on("nano33ble");
        near(f.flash.low, 22_000.0);
        near(f.ram.high, 64.0 + 2400.0 + 1500.0 + 2048.0);
        // (40000·1 + 900·1.8 + 4·900) cycles at 64 MHz.
        near(f.latency.low, (40_000.0 + 1_620.0 + 3_600.0) / 64e3);
        // At most (40000·3 + …): a chip with a floating-point unit.
        near(f.latency.high, (120_000.0 + 8_640.0 + 8_000.0) / 64e3);
        near(f.energy.low, 9.92 * 45_220.0 / 64e3);
        assert_eq!(f.verdict, Verdict::Fits);
        assert!(f.latency.parts.iter().all(|p| !p.source.is_empty()));
    }

    #[test]
    fn the_worked_example() {
        // 1.2 M cycles of features and a net of at most 12 µJ each 2 s on an nRF52840.
        let board = crate::board("nano33ble").unwrap();
        let pj_a_cycle = board.active_mw.range().unwrap().0 / 64.0 * 1000.0;
        let energy_uj = 1.2e6 * pj_a_cycle * 1e-6 + 12.0;
        assert!((energy_uj - 198.0).abs() < 0.5, "{energy_uj}");
        let power_uw = energy_uj / 2.0 + board.sleep_uw.range().unwrap().0;
        let cell = crate::battery("cr2032").unwrap();
        let years = cell.energy_j().unwrap() / (power_uw * 1e-6) / YEAR_S;
        assert!((years - 0.75).abs() < 0.01, "{years}");
    }

    #[test]
    fn unknown_stays_unknown() {
        let f = on("esp32c3");
        assert_eq!(
            (f.latency.low, f.energy.high, f.power.low),
            (None, None, None)
        );
        assert_eq!(f.battery_life.low, None);
        assert_eq!(f.verdict, Verdict::Unknown);
        assert_eq!(f.year, None);
        assert!(
            f.latency
                .parts
                .iter()
                .any(|p| p.source.starts_with("unknown:"))
        );
        // The Pico's latency can be told, its energy can't.
        let f = on("pico");
        assert!(f.latency.high.is_some());
        assert_eq!(f.energy.low, None);
        assert_eq!(f.verdict, Verdict::Fits);
    }

    #[test]
    fn ranges_are_in_order() {
        for board in crate::BOARDS {
            let f = on(board.id);
            for e in [
                &f.flash,
                &f.ram,
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
    fn power_is_computing_and_sleep() {
        let f = on("stm32l4r5");
        let busy = f.latency.high.unwrap() / 1000.0;
        near(f.power.parts[1].low, 6.0 * (1.0 - busy));
        near(
            f.power.high,
            f.power.parts[0].high.unwrap() + f.power.parts[1].high.unwrap(),
        );
        // 1944 J usable.
        near(
            f.battery_life.low,
            1944.0 / (f.power.high.unwrap() * 1e-6) / 86_400.0,
        );
    }

    #[test]
    fn what_can_t_keep_up_draws_no_more_than_the_chip_does() {
        let slow = Workload {
            macs: 1_000_000_000,
            ..gesture()
        };
        let board = crate::board("nano33ble").unwrap();
        let f = crate::footprint(&slow, board, crate::battery("cr2032").unwrap());
        let active = board.active_mw.range().unwrap();
        assert!(f.latency.low.unwrap() > slow.hop_ms);
        near(f.power.parts[0].high, active.1 * 1000.0);
        assert_eq!(f.power.parts[1].high, Some(0.0));
    }

    #[test]
    fn the_camera_s_own_picture_counts() {
        let camera = Workload {
            camera_bytes: Some(Figure::assumed(30_000.0, "a round figure for a test")),
            scratch_bytes: 0,
            ..gesture()
        };
        let board = crate::board("nano33ble").unwrap();
        let (with, without) = (ram(&camera, board), ram(&gesture(), board));
        assert_eq!(with.low.unwrap() - without.low.unwrap(), 30_000.0 - 1_500.0);
        let names: Vec<&str> = with.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["arena", "scores", "camera", "stack"]);
    }
}
