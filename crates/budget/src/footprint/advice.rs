//! What the numbers mean, in words.

use super::supply::{Supply, supply};
use super::year::{number, range};
use super::{Estimate, Term, Verdict, time};
use crate::{Board, Conditions, Workload};

/// Above this share of flash or RAM it is called tight: the maker's own
/// program, a sensor's driver and perhaps a radio want room too.
const TIGHT: f64 = 0.8;

pub(super) fn verdict(flash: &Estimate, ram: &Estimate, latency: &Estimate) -> (Verdict, String) {
    let hop_ms = latency.limit.unwrap_or(f64::MAX);
    // Time first where it is known to fail, since more memory would not help.
    if let Some(ms) = latency.low.filter(|ms| *ms > hop_ms) {
        let text = format!(
            "Even the best known kernels need {} ms, but a window comes each {} ms.",
            number(ms),
            number(hop_ms)
        );
        return (Verdict::DoesNotFit, text);
    }
    let rows = [("flash", flash.share()), ("RAM", ram.share())];
    if let Some((name, Some(used))) = rows.iter().find(|(_, s)| s.is_some_and(|s| s > 1.0)) {
        let text = format!("It needs {:.0} % of the {name} that is left.", used * 100.0);
        return (Verdict::DoesNotFit, text);
    }
    if let Some((name, _)) = rows.iter().find(|(_, s)| s.is_none()) {
        let text = format!("The {name} of this board or of this model is unknown.");
        return (Verdict::Unknown, text);
    }
    let Some(ms) = latency.high else {
        let text = "It fits into flash and RAM, but its time on this board is unknown.";
        return (Verdict::Unknown, text.into());
    };
    if ms > hop_ms {
        let text =
            "Plain portable kernels may not keep up: the next inference is due before one is done.";
        return (Verdict::Tight, text.into());
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

/// What to shrink, and by how much, for each of flash, RAM and time that is full or nearly so.
pub(super) fn shrink(
    flash: &Estimate,
    ram: &Estimate,
    whole: &Estimate,
    latency: &Estimate,
) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(smaller("Flash", flash, &flash.parts));
    let mut memory = ram.parts.clone();
    memory.extend(whole.parts.iter().skip(1).cloned());
    out.extend(smaller("RAM", whole, &memory));
    out.extend(faster(latency));
    out
}

/// The largest part of what is too large, and how much must go to be at ease.
fn smaller(name: &str, whole: &Estimate, parts: &[Term]) -> Option<String> {
    let (high, limit) = (whole.high?, whole.limit?);
    if high <= TIGHT * limit {
        return None;
    }
    let most = |t: &Term| t.high.unwrap_or(0.0);
    let largest = parts.iter().max_by(|a, b| most(a).total_cmp(&most(b)))?;
    let (over, to) = if high > limit {
        (high - limit, "to fit")
    } else {
        (high - TIGHT * limit, "to leave a fifth free")
    };
    Some(format!(
        "{name}: {} less {to}. The largest part is {} ({}): {}.",
        bytes(over),
        largest.name,
        bytes(most(largest)),
        remedy(&largest.name)
    ))
}

/// What makes a part of flash or RAM smaller.
fn remedy(part: &str) -> &'static str {
    match part {
        "model" => "fewer or narrower layers, a smaller preset",
        "code" => "a network with fewer kinds of layers, or a block without an FFT",
        "lampyris_arena" => "narrower layers where the tensors are largest, or smaller pictures",
        "lampyris_ring" => {
            "a shorter window, a lower rate, or a hop that is a multiple of the block's stride, so that frames are kept instead of samples"
        }
        "lampyris_scratch" => "a shorter FFT or fewer filters in the block's settings",
        "lampyris_features" => "fewer features of each frame, or a longer stride",
        "camera" => "a camera that gives smaller or grey pictures",
        _ => "a board with more of it",
    }
}

/// What keeps it from being done in time, and what would help.
fn faster(latency: &Estimate) -> Option<String> {
    let (high, hop_ms) = (latency.high?, latency.limit?);
    if high <= hop_ms {
        return None;
    }
    let of = |features: bool| -> f64 {
        let parts = latency.parts.iter();
        let own = parts.filter(|p| (p.name == time::FEATURES) == features);
        own.filter_map(|p| p.high).sum()
    };
    let (features, network) = (of(true), of(false));
    let what = if features > network {
        "cheaper settings of the block or another block"
    } else {
        "a smaller network preset"
    };
    Some(format!(
        "Time: up to {} ms features and {} ms network each {} ms. A hop of {} ms is certain to suffice, or {what}.",
        number(features),
        number(network),
        number(hop_ms),
        number((high / 10.0).ceil() * 10.0)
    ))
}

/// Bytes for people: kB of 1024.
fn bytes(count: f64) -> String {
    if count < 1024.0 {
        format!("{count:.0} B")
    } else {
        format!("{:.1} kB", count / 1024.0)
    }
}

pub(super) fn cautions(
    work: &Workload,
    board: &Board,
    c: &Conditions,
    power: &Estimate,
) -> Vec<String> {
    let mut out = Vec::new();
    if c.whole_board && !board.sleep_uw(true).1 && board.sleep_chip_uw.range().is_some() {
        out.push("What the whole board draws asleep is unknown: power and battery life are those of its chip alone.".into());
    }
    if c.whole_board && board.sleep_uw(true).1 && !board.computing_whole {
        out.push("While computing, the power is that of the chip alone: what else is on the board comes on top, and is counted asleep only.".into());
    }
    if work.streams && c.awake_share < 1.0 {
        out.push("This model computes its features frame by frame: a gate saves the network, not the features.".into());
    }
    if board.library.is_none() {
        out.push(
            "There is no library for this board's core: the figures are a budget only.".into(),
        );
    }
    let Some(battery) = crate::battery(&c.battery) else {
        return out;
    };
    let name = battery.name;
    match supply(battery, board, c) {
        Supply::Runs => {}
        Supply::Perhaps(why, _) | Supply::Not(why) => out.push(why),
    }
    let radio = crate::radio(&c.radio).filter(|_| c.messages_a_day > 0.0);
    let peaks = [
        ("While computing it draws", Some(board.peak_ma)),
        ("While sending it draws", radio.map(|r| r.peak_ma)),
    ];
    // Where even the least is too much, it was said above.
    for (what, peak) in peaks {
        let known = peak.and_then(|p| p.range()).zip(battery.pulse_ma.low());
        if let Some(((low, high), pulse)) = known
            && (low..high).contains(&pulse)
        {
            out.push(format!(
                "{what} {} mA at its peak; a {name} gives pulses of {} mA: it may take a reservoir capacitor.",
                range(low, high),
                number(pulse)
            ));
        }
    }
    let mean_ma = power
        .high
        .zip(battery.volts.low())
        .map(|(uw, v)| uw / v / 1000.0);
    if let Some((mean, most)) = mean_ma
        .zip(battery.continuous_ma.low())
        .filter(|(mean, most)| mean > most)
    {
        out.push(format!(
            "On average it draws up to {} mA; a {name} is made for {} mA, above which it holds less charge.",
            number(mean),
            number(most)
        ));
    }
    out
}
