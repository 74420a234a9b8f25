//! What the chip part of a model for pictures may say.

use lampyris_dsp::Norm;

use crate::decision::Decision;
use crate::error::ChipError;

/// Input scale of a model for pictures; its zero point is 0.
pub const SCALE: f32 = 1.0 / 128.0;
/// Norm of each channel: a byte less 128 counts as that many steps of [`SCALE`].
pub const NORM: Norm = Norm {
    mean: 128.0,
    inverse_deviation: SCALE,
};

/// Checks the fields that say how a picture reaches the network.
pub(crate) fn check(
    mut norms: impl Iterator<Item = Norm>,
    input_scale: f32,
    input_zero_point: i8,
    hop: usize,
) -> Result<(), ChipError> {
    let fields = [
        ("norms", norms.all(|norm| norm == NORM)),
        ("input_scale", input_scale == SCALE),
        ("input_zero_point", input_zero_point == 0),
        ("hop", hop == 1),
    ];
    match fields.iter().find(|(_, good)| !good) {
        Some((name, _)) => Err(ChipError::Picture(name)),
        None => Ok(()),
    }
}

/// Checks that there is no gate: pictures have no level that it could look at.
pub(crate) fn check_decision(decision: &Decision) -> Result<(), ChipError> {
    if decision.gate.level == 0.0 {
        Ok(())
    } else {
        Err(ChipError::Picture("gate level"))
    }
}
