//! Pictures as the model sees them: decoded one at a time, when a row is wanted.
//!
//! A set of thousands is never in memory decoded. What the model sees of each is small, and
//! wanted again with each move of a slider, so the first of them are kept within a bound;
//! the others are decoded again. Nothing is thrown out for what comes later: whoever walks
//! through more pictures than fit would find none of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use lampyris_dataset::Recording;
use lampyris_device::picture::NORM;
use lampyris_dsp::picture::{Pixels, View};
use lampyris_formats::picture::decode;
use lampyris_net::Range;

use crate::LabError;
use crate::signals::Plan;

/// Most bytes of rows that are kept.
const MOST_BYTES: usize = 32 << 20;

/// What the model sees of a picture: `[height, width, channels]`, 0 to 255.
pub(crate) type Seen = Arc<[u8]>;

/// Rows by the picture that they are of.
#[derive(Default)]
pub(crate) struct Pictures {
    /// Block and settings that the rows were made with.
    made_with: Option<(u16, Vec<f32>)>,
    kept: BTreeMap<String, Seen>,
    bytes: usize,
}

impl Pictures {
    /// Forgets all rows.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets the row of one picture.
    pub(crate) fn forget(&mut self, id: &str) {
        if let Some(row) = self.kept.remove(id) {
            self.bytes -= row.len();
        }
    }

    /// The row of a recording, made where it is not kept.
    pub(crate) fn seen(&mut self, plan: &Plan, recording: &Recording) -> Result<Seen, LabError> {
        let with = (plan.block.code, plan.values.clone());
        if self.made_with.as_ref() != Some(&with) {
            self.clear();
            self.made_with = Some(with);
        }
        if let Some(row) = self.kept.get(&recording.meta.id) {
            return Ok(row.clone());
        }
        let row: Seen = see(plan, recording)?.into();
        if self.bytes + row.len() <= MOST_BYTES {
            self.bytes += row.len();
            self.kept.insert(recording.meta.id.clone(), row.clone());
        }
        Ok(row)
    }
}

/// Decodes a picture and gives what the plan's block makes of it.
pub(crate) fn see(plan: &Plan, recording: &Recording) -> Result<Vec<u8>, LabError> {
    let refused = |what: &str| {
        LabError::new(
            what,
            format!("recording {}", recording.meta.name),
            "take the picture again, or remove it",
        )
    };
    let (Some(picture), Some(see)) = (&recording.picture, plan.block.see) else {
        return Err(refused("this is no picture"));
    };
    let decoded = decode(&picture.encoded).map_err(|mut error| {
        error.place = format!("recording {}, {}", recording.meta.name, error.place);
        error
    })?;
    let (width, height) = (decoded.width as usize, decoded.height as usize);
    let view = View::new(width, height, Pixels::Rgb, &decoded.rgb);
    let view = view.ok_or_else(|| refused("the picture has too many pixels"))?;
    let mut row = vec![0; plan.layout.features];
    see(&plan.values, &view, &mut row);
    Ok(row.into_iter().map(byte).collect())
}

/// Of the network's input the byte that the picture had.
pub(crate) fn byte(q: i8) -> u8 {
    q as u8 ^ 0x80
}

/// What a network sees of black and of white.
pub(crate) const RANGE: Range = Range {
    min: -1.0,
    max: 127.0 / 128.0,
};

/// A row as a network takes it.
pub(crate) fn normalized(row: &[u8], out: &mut [f32]) {
    for (to, from) in out.iter_mut().zip(row) {
        *to = NORM.apply(f32::from(*from));
    }
}

/// Rows, columns and channels of what the model sees.
pub(crate) fn shape(plan: &Plan) -> [usize; 3] {
    let [rows, columns] = plan.layout.grid.unwrap_or([1, 1]);
    [rows, columns, plan.layout.columns()]
}

/// Up to `most` of `n` places, evenly spread.
pub(crate) fn spread(n: usize, most: usize) -> impl Iterator<Item = usize> {
    let taken = n.min(most);
    (0..taken).map(move |i| i * n / taken)
}
