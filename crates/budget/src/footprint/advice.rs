//! What the numbers mean, in words.

use super::{Estimate, Verdict};
use crate::{Battery, Board, Workload};

/// Above this share of flash or RAM it is called tight: the maker's own
/// program, a sensor's driver and perhaps a radio want room too.
const TIGHT: f64 = 0.8;

pub(super) fn verdict(
    work: &Workload,
    flash: &Estimate,
    ram: &Estimate,
    latency: &Estimate,
) -> (Verdict, String) {
    // Time first where it is known to fail, since more memory would not help.
    if latency.low.is_some_and(|ms| ms > work.hop_ms) {
        let text = format!(
            "Even the best known kernels need {:.1} ms, but a window comes each {} ms.",
            latency.low.unwrap_or_default(),
            work.hop_ms
        );
        return (Verdict::DoesNotFit, text);
    }
    let share = |e: &Estimate| Some(e.high? / e.limit?);
    let rows = [("flash", share(flash)), ("RAM", share(ram))];
    if let Some((name, Some(used))) = rows.iter().find(|(_, s)| s.is_some_and(|s| s > 1.0)) {
        let text = format!("It needs {:.0} % of the {name}.", used * 100.0);
        return (Verdict::DoesNotFit, text);
    }
    if let Some((name, _)) = rows.iter().find(|(_, s)| s.is_none()) {
        let text = format!("The {name} of this board or of this model is unknown.");
        return (Verdict::Unknown, text);
    }
    if latency.high.is_some_and(|ms| ms > work.hop_ms) {
        let text =
            "Plain portable kernels may not keep up: the next inference is due before one is done."
                .into();
        return (Verdict::Tight, text);
    }
    let (name, used) = rows
        .iter()
        .filter_map(|(name, s)| s.map(|s| (*name, s)))
        .fold(("flash", 0.0), |a, b| if b.1 > a.1 { b } else { a });
    let text = format!("It uses at most {:.1} % of the {name}.", used * 100.0);
    if used > TIGHT {
        (Verdict::Tight, text)
    } else {
        (Verdict::Fits, text)
    }
}

/// What a year on the battery takes, from the energy of one inference and the
/// power of sleeping.
pub(super) fn year(
    work: &Workload,
    energy: &Estimate,
    power: &Estimate,
    board: &Board,
    battery: &Battery,
) -> Option<String> {
    let allowed = battery.sustains_uw(1.0)?;
    let (sleep_low, sleep_high) = board.sleep_uw.range()?;
    let (e_low, e_high) = (energy.low?, energy.high?);
    let name = battery.name;
    if power.high? <= allowed {
        return Some(format!(
            "A year on a {name} allows {allowed:.0} µW; this stays below, the sensor not counted."
        ));
    }
    if sleep_low >= allowed {
        return Some(format!(
            "A year on a {name} allows {allowed:.0} µW, and this board alone draws {sleep_low:.0} µW asleep: it takes another board or a larger battery."
        ));
    }
    // Seconds between inferences that the allowance leaves room for.
    let every = |e_uj: f64, sleep: f64| e_uj / (allowed - sleep);
    let best = every(e_low, sleep_low);
    let hop_s = work.hop_ms / 1000.0;
    let gate = |s: f64| (hop_s / s * 100.0).min(100.0);
    if sleep_high >= allowed {
        return Some(format!(
            "A year on a {name} allows {allowed:.0} µW: only the bare chip ({sleep_low:.1} µW asleep) can, not the whole board ({sleep_high:.0} µW), with an inference each {best:.1} s at best."
        ));
    }
    let worst = every(e_high, sleep_high);
    Some(format!(
        "A year on a {name} allows {allowed:.0} µW: an inference each {best:.1} to {worst:.1} s, or these {hop_s} s windows behind a wake-on-motion gate that is open {:.0} to {:.0} % of the time; the sensor not counted.",
        gate(worst),
        gate(best)
    ))
}

pub(super) fn cautions(board: &Board, battery: &Battery) -> Vec<String> {
    let mut out = Vec::new();
    let peak = board
        .active_mw
        .range()
        .zip(board.volts.range())
        .map(|(mw, volts)| mw.1 / volts.0);
    if let (Some(peak), Some((pulse, _))) = (peak, battery.pulse_ma.range())
        && peak > pulse
    {
        out.push(format!(
            "While computing it draws {peak:.1} mA; a {} gives pulses of {pulse} mA, so it takes a reservoir capacitor or another battery.",
            battery.name
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::{Figure, Verdict, Workload, footprint};

    fn work(hop_ms: f64, arena: u64, feature_instructions: u64) -> Workload {
        Workload {
            weights_bytes: 2_000,
            arena_bytes: arena,
            ring_bytes: 1_000,
            scratch_bytes: 1_000,
            camera_bytes: None,
            stack_bytes: Figure::assumed(1_000.0, "a round figure for a test"),
            code_bytes: Figure::assumed(20_000.0, "a round figure for a test"),
            macs: 900,
            layers: 4,
            feature_instructions,
            hop_ms,
        }
    }

    fn on(board: &str, work: &Workload) -> crate::Footprint {
        let cell = crate::battery("cr2032").unwrap();
        footprint(work, crate::board(board).unwrap(), cell)
    }

    #[test]
    fn verdicts() {
        let kib = 1024;
        assert_eq!(
            on("stm32u385", &work(1000.0, 64, 1000)).verdict,
            Verdict::Fits
        );
        assert_eq!(
            on("stm32u385", &work(1000.0, 230 * kib, 1000)).verdict,
            Verdict::Tight
        );
        let full = on("stm32u385", &work(1000.0, 300 * kib, 1000));
        assert_eq!(full.verdict, Verdict::DoesNotFit);
        assert!(full.reason.contains("RAM"), "{}", full.reason);
        // 10 M operations each 200 ms: 104 ms at best, over a second at worst.
        assert_eq!(
            on("stm32u385", &work(200.0, 64, 10_000_000)).verdict,
            Verdict::Tight
        );
        let late = on("stm32u385", &work(100.0, 64, 10_000_000));
        assert_eq!(late.verdict, Verdict::DoesNotFit);
        assert!(late.reason.contains("each 100 ms"));
    }

    #[test]
    fn what_a_year_takes() {
        let good = on("stm32u385", &work(10_000.0, 64, 10_000)).year.unwrap();
        assert!(good.contains("stays below"), "{good}");
        let busy = on("stm32u385", &work(100.0, 64, 100_000)).year.unwrap();
        assert!(busy.contains("wake-on-motion"), "{busy}");
        let board = on("nano33ble", &work(1000.0, 64, 100_000)).year.unwrap();
        assert!(board.contains("bare chip"), "{board}");
    }

    #[test]
    fn peaks_are_tested_too() {
        assert!(on("stm32u385", &work(1000.0, 64, 1000)).cautions.is_empty());
        let caution = &on("esp32c3", &work(1000.0, 64, 1000)).cautions[0];
        assert!(caution.contains("26.8 mA"), "{caution}");
    }
}
