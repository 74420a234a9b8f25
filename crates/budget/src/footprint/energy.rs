//! Energy of an inference, average power, battery life.
//!
//! Average power is a sum of five: computing (energy of each inference that is computed, over the
//! hop), waking for it, sleeping in between, the sensor, and the radio's messages. What a gate
//! lets sleep is `1 - awake_share` of all of it, but for the features of a block that streams.

use crate::batteries::YEAR_S;
use crate::footprint::supply::Supply;
use crate::footprint::time::FEATURES;
use crate::footprint::{Estimate, Term};
use crate::{Battery, Board, Conditions, Workload, radio, sensor};

const DAY_S: f64 = 86_400.0;

/// Microjoules of an inference: mW · ms.
pub(super) fn energy(latency: &Estimate, board: &Board, clock_mhz: f64) -> Estimate {
    let figure = board.active_mw(clock_mhz);
    let active = figure.range();
    let parts = vec![
        Term::of("power while computing", figure, "mW"),
        Term::told("latency", latency.range(), "ms", "the latency above".into()),
    ];
    let range = active
        .zip(latency.range())
        .map(|(mw, ms)| (mw.0 * ms.0, mw.1 * ms.1));
    Estimate {
        low: range.map(|r| r.0),
        high: range.map(|r| r.1),
        unit: "µJ".into(),
        limit: None,
        parts,
        note: "Power while computing, times latency.".into(),
    }
}

/// Share of the time that features and network compute, by how much of them is asleep.
fn busy(work: &Workload, latency: &Estimate, c: &Conditions) -> Option<(f64, f64)> {
    let awake = c.awake_share.clamp(0.0, 1.0);
    let mut sum = (0.0, 0.0);
    for part in &latency.parts {
        let always = work.streams && part.name == FEATURES;
        let share = if always { 1.0 } else { awake };
        sum.0 += share * part.low?;
        sum.1 += share * part.high?;
    }
    // What does not fit between two inferences computes all the time.
    let of_hop = |ms: f64| (ms / c.hop_ms).min(1.0);
    Some((of_hop(sum.0), of_hop(sum.1)))
}

/// Average microwatts.
pub(super) fn power(
    work: &Workload,
    latency: &Estimate,
    board: &Board,
    c: &Conditions,
) -> Estimate {
    let clock = board.clock(c.clock_mhz);
    let figure = board.active_mw(clock);
    let active = figure.range();
    let busy = busy(work, latency, c);
    let awake = c.awake_share.clamp(0.0, 1.0);
    // mW · 1000 = µW.
    let computing = active
        .zip(busy)
        .map(|(mw, share)| (mw.0 * 1000.0 * share.0, mw.1 * 1000.0 * share.1));
    let wakes_a_s = if work.streams { 1.0 } else { awake } * 1000.0 / c.hop_ms;
    let wake = board.wake_us.range();
    // mW · µs · 1/s = nW.
    let waking = active.zip(wake).zip(busy).map(|((mw, us), share)| {
        // What always computes has nothing to wake from.
        let each = |mw: f64, us: f64, busy: f64| mw * us * wakes_a_s / 1000.0 * (1.0 - busy);
        (each(mw.0, us.0, share.1), each(mw.1, us.1, share.0))
    });
    let (sleep, whole) = board.sleep_uw(c.whole_board);
    let asleep = sleep
        .range()
        .zip(busy)
        .map(|(uw, share)| ((1.0 - share.1) * uw.0, (1.0 - share.0) * uw.1));
    let parts = vec![
        Term::told(
            "computing",
            computing,
            "µW",
            format!(
                "{}; inferences each {} ms, {:.0} % of them computed",
                figure.source(),
                c.hop_ms,
                awake * 100.0
            ),
        ),
        Term::told(
            "waking",
            waking,
            "µW",
            format!("{}; {wakes_a_s:.3} times a second", board.wake_us.source()),
        ),
        Term::told(
            if whole {
                "asleep, whole board"
            } else {
                "asleep, chip alone"
            },
            asleep,
            "µW",
            sleep.source(),
        ),
        sensing(c, awake),
        messages(c),
    ];
    Estimate::sum(
        parts,
        "µW",
        None,
        "The sum, with one wake-up an inference: a sensor that wakes the chip for each sample, having no FIFO or DMA, costs more. A display, lights and a voltage regulator of your own are not counted.",
    )
}

/// The sensor: at work while awake, watching otherwise.
fn sensing(c: &Conditions, awake: f64) -> Term {
    let Some(sensor) = sensor(&c.sensor) else {
        return Term::told("sensor", Some((0.0, 0.0)), "µW", "none counted".into());
    };
    let range = sensor.active_uw.range().zip(sensor.watching_uw.range());
    let range = range.map(|(work, watch)| {
        let mean = |work: f64, watch: f64| awake * work + (1.0 - awake) * watch;
        (mean(work.0, watch.0), mean(work.1, watch.1))
    });
    let source = format!(
        "at work: {}; watching: {}",
        sensor.active_uw.source(),
        sensor.watching_uw.source()
    );
    Term::told("sensor", range, "µW", source)
}

fn messages(c: &Conditions) -> Term {
    let Some(radio) = radio(&c.radio) else {
        return Term::told("radio", Some((0.0, 0.0)), "µW", "none counted".into());
    };
    let a_day = c.messages_a_day.max(0.0);
    let each = radio.message_mj.range();
    let range =
        each.map(|(low, high)| (low * 1000.0 * a_day / DAY_S, high * 1000.0 * a_day / DAY_S));
    let source = format!("{a_day} messages a day; {}", radio.message_mj.source());
    Term::told("radio", range, "µW", source)
}

/// Days on a battery, its self-discharge included: unknown where it can't run the board.
pub(super) fn battery_life(
    power: &Estimate,
    battery: Option<&Battery>,
    supply: Option<&Supply>,
) -> Estimate {
    let (runs, share, why) = match supply {
        Some(Supply::Not(why)) => (false, 0.0, Some(why)),
        Some(Supply::Perhaps(why, share)) => (true, *share, Some(why)),
        Some(Supply::Runs) | None => (true, 1.0, None),
    };
    let days = |uw: Option<f64>| battery?.days(uw?).filter(|_| runs);
    let mut parts = Vec::new();
    if let Some(battery) = battery {
        parts.extend(
            battery
                .figures()
                .into_iter()
                .filter(|(name, ..)| {
                    ["charge", "voltage", "usable share", "self-discharge"].contains(name)
                })
                .map(|(name, unit, figure)| Term::of(name, figure, unit)),
        );
    }
    if let Some(why) = why {
        let range = runs.then_some((share, 1.0));
        let how = if runs { "assumed" } else { "unknown" };
        let source = format!("{how}: {why}");
        parts.push(Term::told(
            "share that the board can use",
            range,
            "",
            source,
        ));
    }
    parts.push(Term::told(
        "average power",
        power.range(),
        "µW",
        "the average power above".into(),
    ));
    Estimate {
        low: days(power.high).map(|days| days * share),
        high: days(power.low),
        unit: "days".into(),
        limit: None,
        parts,
        note: format!(
            "Usable energy, divided by average power and what the cell loses by itself. A year of {:.0} days.",
            YEAR_S / DAY_S
        ),
    }
}
