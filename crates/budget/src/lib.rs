//! Boards, and what a model costs on them: flash, RAM, latency, energy, average
//! power, battery life.
//!
//! * [`figure`]: a number that knows where it comes from, or that it is unknown.
//! * [`mod@boards`], [`mod@batteries`], [`mod@radios`] and [`mod@sensors`]: one row each, every
//!   figure with its source.
//! * [`workload`]: what a model asks of any board.
//! * [`conditions`]: where and how it is used.
//! * [`latency`]: cycles of a network and its features; [`calibration`]: engines that are not ours.
//! * [`code`]: bytes of code that are linked, and of stack.
//! * [`mod@footprint`]: all of it put together, as ranges with all their parts.
//! * [`info`]: the tables as a face lists them.
//!
//! Three rules hold throughout. A figure is sourced, assumed (and says why) or
//! unknown; what is computed from an unknown is unknown, never a guess. An
//! estimate is a range from the best known kernels to plain portable ones.
//! Every estimate carries its parts, so that a page can show the sum.

pub mod batteries;
pub mod boards;
pub mod calibration;
pub mod code;
pub mod conditions;
pub mod core;
pub mod figure;
pub mod footprint;
pub mod info;
pub mod latency;
pub mod radios;
pub mod sensors;
pub mod workload;

pub use batteries::{BATTERIES, Battery};
pub use boards::{BOARDS, Board, Clock};
pub use conditions::Conditions;
pub use core::Core;
pub use figure::Figure;
pub use footprint::{
    Change, Compared, Estimate, Footprint, Lever, Term, Verdict, Year, compare, footprint,
};
pub use info::{
    BatteryInfo, BoardInfo, DEFAULT_BATTERY, DEFAULT_BOARD, PartInfo, batteries, battery_ids,
    board_ids, boards, radio_ids, radios, sensor_ids, sensors,
};
pub use latency::Engine;
pub use radios::{RADIOS, Radio};
pub use sensors::{SENSORS, Sensor};
pub use workload::{Layer, Workload};

/// The board of that id.
pub fn board(id: &str) -> Option<&'static Board> {
    BOARDS.iter().find(|b| b.id == id)
}

/// The battery of that id.
pub fn battery(id: &str) -> Option<&'static Battery> {
    BATTERIES.iter().find(|b| b.id == id)
}

/// The radio of that id.
pub fn radio(id: &str) -> Option<&'static Radio> {
    RADIOS.iter().find(|r| r.id == id)
}

/// The sensor of that id.
pub fn sensor(id: &str) -> Option<&'static Sensor> {
    SENSORS.iter().find(|s| s.id == id)
}
