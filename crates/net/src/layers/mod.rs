//! The kinds of layers: one file each, with the same anatomy (What · Shapes ·
//! Source, the struct, `check`, `cost`, `init`, `forward`, bytes, lowering, tests),
//! and one row each in the enum and in the matches below. The matches are
//! exhaustive, so the compiler lists what a new kind still lacks.

pub(crate) mod dense;
pub(crate) mod dropout;

use oorandom::Rand32;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use dense::Dense;
pub use dropout::Dropout;

use crate::bytes::Reader;
use crate::lower::Lowering;
use crate::{LayerSpec, NetError, Range};

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
}

/// A layer with its weights.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// Fully connected.
    Dense(Dense),
    /// Present while training only.
    Dropout(Dropout),
}

impl Layer {
    /// Draws the weights of a layer that sees `inputs` values.
    pub(crate) fn init(spec: &LayerSpec, inputs: usize, random: &mut Rand32) -> Self {
        match spec {
            LayerSpec::Dense { units, activation } => {
                Layer::Dense(Dense::init(inputs, *units as usize, *activation, random))
            }
            LayerSpec::Dropout { rate } => Layer::Dropout(Dropout {
                units: inputs,
                rate: *rate,
            }),
        }
    }

    /// Values in.
    pub fn inputs(&self) -> usize {
        match self {
            Layer::Dense(l) => l.inputs,
            Layer::Dropout(l) => l.units,
        }
    }

    /// Values out.
    pub fn outputs(&self) -> usize {
        match self {
            Layer::Dense(l) => l.units,
            Layer::Dropout(l) => l.units,
        }
    }

    pub(crate) fn check(&self, place: &str) -> Result<(), NetError> {
        match self {
            Layer::Dense(l) => l.check(place),
            Layer::Dropout(l) => dropout::check(l.rate, place),
        }
    }

    pub(crate) fn is_finite(&self) -> bool {
        match self {
            Layer::Dense(l) => l.is_finite(),
            Layer::Dropout(_) => true,
        }
    }

    pub(crate) fn forward(&self, x: &[f32]) -> Vec<f32> {
        match self {
            Layer::Dense(l) => l.forward(x),
            Layer::Dropout(_) => x.to_vec(),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Layer::Dense(l) => {
                out.push(dense::TAG);
                l.write(out);
            }
            Layer::Dropout(l) => {
                out.push(dropout::TAG);
                l.write(out);
            }
        }
    }

    pub(crate) fn read(r: &mut Reader<'_>, inputs: usize) -> Result<Self, NetError> {
        let at = r.at();
        match r.u8()? {
            dense::TAG => Dense::read(r, inputs).map(Layer::Dense),
            dropout::TAG => Dropout::read(r, inputs).map(Layer::Dropout),
            other => Err(NetError::new(
                format!("a layer of unknown kind {other}"),
                format!("byte {at}"),
                "the file is damaged or newer than this version; train again",
            )),
        }
    }

    pub(crate) fn lower(
        &self,
        name: &str,
        range: Range,
        to: &mut Lowering,
    ) -> Result<(), NetError> {
        match self {
            Layer::Dense(l) => l.lower(name, range, to),
            Layer::Dropout(_) => Ok(()),
        }
    }
}
