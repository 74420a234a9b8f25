//! What is applied to each output of a layer.

use lampyris_graph as graph;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::NetError;
use crate::bytes::Reader;

/// What is applied to each output of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Activation {
    /// Nothing.
    None,
    /// max(0, x).
    #[default]
    Relu,
    /// min(max(0, x), 6).
    Relu6,
}

impl Activation {
    /// Its byte in a saved network.
    pub(crate) fn code(self) -> u8 {
        match self {
            Activation::None => 0,
            Activation::Relu => 1,
            Activation::Relu6 => 2,
        }
    }

    /// As the graph fuses it.
    pub(crate) fn lowered(self) -> graph::Activation {
        match self {
            Activation::None => graph::Activation::None,
            Activation::Relu => graph::Activation::Relu,
            Activation::Relu6 => graph::Activation::Relu6,
        }
    }

    /// Applies it to every value. A NaN stays one.
    pub(crate) fn apply(self, values: &mut [f32]) {
        let most = match self {
            Activation::None => return,
            Activation::Relu => f32::INFINITY,
            Activation::Relu6 => 6.0,
        };
        // Neither f32::max nor min, which would turn a NaN into a number and hide it.
        for v in values {
            *v = v.clamp(0.0, most);
        }
    }
}

pub(crate) fn read(r: &mut Reader<'_>) -> Result<Activation, NetError> {
    let at = r.at();
    match r.u8()? {
        0 => Ok(Activation::None),
        1 => Ok(Activation::Relu),
        2 => Ok(Activation::Relu6),
        other => Err(NetError::new(
            format!("an unknown activation {other}"),
            format!("byte {at}"),
            "the file is damaged or newer than this version; train again",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_and_nan_stays() {
        let cut = |activation: Activation| {
            let mut values = [-1.0, 3.0, 7.0];
            activation.apply(&mut values);
            values
        };
        assert_eq!(cut(Activation::None), [-1.0, 3.0, 7.0]);
        assert_eq!(cut(Activation::Relu), [0.0, 3.0, 7.0]);
        assert_eq!(cut(Activation::Relu6), [0.0, 3.0, 6.0]);
        let mut nan = [f32::NAN];
        Activation::Relu6.apply(&mut nan);
        assert!(nan[0].is_nan());
    }
}
