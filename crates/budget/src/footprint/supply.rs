//! Whether a battery can run a board at all: its voltage, and the current of a moment.

use super::year::{number, range};
use crate::{Battery, Board, Conditions};

/// What a battery is to a board.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Supply {
    /// Voltage and current suffice until it is empty.
    Runs,
    /// Not known, or not to its end: why, and the least share of its charge that can be used.
    Perhaps(String, f64),
    /// Not at all without more parts: why.
    Not(String),
}

/// What this battery is to this board, its radio included where it sends.
pub(super) fn supply(battery: &Battery, board: &Board, c: &Conditions) -> Supply {
    let name = battery.name;
    let radio = crate::radio(&c.radio).filter(|_| c.messages_a_day > 0.0);
    let peaks = [
        ("While computing it draws", Some(board.peak_ma)),
        ("While sending it draws", radio.map(|r| r.peak_ma)),
    ];
    let peaks = peaks.map(|(what, peak)| peak.map(|peak| (what, peak.range())));
    let volts = battery.volts.low().zip(battery.least_volts.low());
    let (volts, least, pulse) = (volts, board.least_volts.high(), battery.pulse_ma.low());
    let mut not = Vec::new();
    if let Some(((full, _), least)) = volts.zip(least)
        && least >= full
    {
        not.push(format!(
            "The board needs {} V; a {name} has {} V when new, so it takes a converter.",
            number(least),
            number(full)
        ));
    }
    for (what, peak) in peaks.iter().flatten() {
        if let Some(((low, high), pulse)) = peak.zip(pulse)
            && low > pulse
        {
            not.push(format!(
                "{what} {} mA at its peak; a {name} gives pulses of {} mA, so it takes a reservoir capacitor or another battery.",
                range(low, high),
                number(pulse)
            ));
        }
    }
    if !not.is_empty() {
        return Supply::Not(not.join(" "));
    }
    let Some(((full, empty), least)) = volts.zip(least) else {
        return Supply::Perhaps("At which voltage the board stops is not known.".into(), 0.0);
    };
    if peaks.iter().flatten().any(|(_, peak)| peak.is_none()) || pulse.is_none() {
        return Supply::Perhaps("What it draws at its peak is not known.".into(), 1.0);
    }
    if least > empty {
        let text = format!(
            "The board stops at {} V, before a {name} is empty at {} V: the end of its charge is lost.",
            number(least),
            number(empty)
        );
        // As if the voltage fell steadily, which it does late in its life.
        return Supply::Perhaps(text, (full - least) / (full - empty));
    }
    Supply::Runs
}

/// Whether the battery that the conditions name runs this board until it is empty.
pub(super) fn runs_on(board: &Board, c: &Conditions) -> bool {
    crate::battery(&c.battery).is_some_and(|b| supply(b, board, c) == Supply::Runs)
}
