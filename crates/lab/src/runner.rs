//! Runs a chip part on whole windows, as a chip does.

use lampyris_device::{Chip, Classifier, Memory};
use lampyris_dsp::picture::{Pixels, View};
use lampyris_graph::AlignedBytes;

use crate::LabError;

/// A classifier over borrowed bytes with memory of its own.
pub(crate) struct Runner<'a>(Classifier<&'a [u8], AlignedBytes, Vec<f32>>);

impl<'a> Runner<'a> {
    /// `chip` must begin at a multiple of 16.
    pub(crate) fn new(chip: &'a AlignedBytes) -> Result<Self, LabError> {
        let needs = Chip::parse(chip.as_ref())?.needs();
        let memory = Memory {
            arena: AlignedBytes::from(vec![0; needs.arena]),
            ring: vec![0.0; needs.ring],
            scratch: vec![0.0; needs.scratch],
            features: vec![0.0; needs.features],
        };
        let classifier = Classifier::new(
            chip.as_ref(),
            lampyris_core::ops::ALL,
            lampyris_dsp::BLOCKS,
            memory,
        )?;
        Ok(Self(classifier))
    }

    /// The network's input and its int8 outputs of what the model sees of a picture:
    /// `[height, width, channels]`, 0 to 255. Made smaller it was already: a picture of
    /// that very shape stays as it is.
    pub(crate) fn see(&mut self, row: &[u8], shape: [usize; 3]) -> (Vec<i8>, Vec<i8>) {
        let [height, width, channels] = shape;
        let pixels = if channels == 1 {
            Pixels::Grey
        } else {
            Pixels::Rgb
        };
        let view = View::new(width, height, pixels, row);
        let input = view.map_or_else(Vec::new, |view| self.0.show(&view).to_vec());
        (input, self.0.infer().to_vec())
    }

    /// Int8 features and int8 outputs of one window `[samples, axes]`.
    pub(crate) fn run(&mut self, window: &[f32]) -> (Vec<i8>, Vec<i8>) {
        let features = self.0.quantized(window).to_vec();
        (features, self.0.infer().to_vec())
    }
}

/// An int8 score as a share: the outputs of a softmax have scale 1/256 and zero
/// point −128.
#[must_use]
pub fn score(q: i8) -> f32 {
    (f32::from(q) + 128.0) / 256.0
}
