//! Features computed frame by frame as samples come, so that a device keeps the samples
//! of one frame instead of those of a window.
//!
//! Frames of a window begin at multiples of the stride from its first sample. Where the
//! hop is a multiple of the stride, the frames of all windows are therefore the same
//! frames of the stream, and each is computed once, however many windows hold it.

use core::cell::Cell;

use lampyris_dsp::block::Framing;

/// Where the stream of frames is. Samples and features are in memory of the classifier's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frames {
    framing: Framing,
    axes: usize,
    columns: usize,
    /// Frames from one window to the next.
    hop: usize,
    /// Samples of the current frame that are held.
    held: usize,
    /// Samples to let pass before the next frame begins, where frames have gaps between.
    pass: usize,
    /// Frames of the current window that are computed.
    have: usize,
    /// Frames that no window holds, to leave out before the next that one does.
    leave: usize,
}

impl Frames {
    pub(crate) fn new(framing: Framing, axes: usize, columns: usize, hop: usize) -> Self {
        Self {
            framing,
            axes,
            columns,
            hop: hop / framing.stride.max(1),
            held: 0,
            pass: 0,
            have: 0,
            leave: 0,
        }
    }

    /// Whether frames can be kept: each depends on its own samples alone, and windows that
    /// overlap share them.
    pub(crate) fn suit(framing: &Framing, samples: usize, hop: usize) -> bool {
        framing.independent && (hop >= samples || hop.is_multiple_of(framing.stride))
    }

    pub(crate) fn framing(&self) -> &Framing {
        &self.framing
    }

    /// Cuts a whole window into its frames and has `run` compute the row of each.
    pub(crate) fn cut(
        &self,
        window: &[f32],
        features: &mut [f32],
        mut run: impl FnMut(&[f32], &mut [f32]),
    ) {
        let Framing { length, stride, .. } = self.framing;
        let starts = (0..window.len()).step_by((stride * self.axes).max(1));
        for (start, row) in starts.zip(features.chunks_exact_mut(self.columns.max(1))) {
            if let Some(frame) = window.get(start..start + length * self.axes) {
                run(frame, row);
            }
        }
    }

    /// The next reading begins a window.
    pub(crate) fn begin(&mut self) {
        (self.held, self.pass, self.have, self.leave) = (0, 0, 0, 0);
    }

    /// Takes a reading into `samples`, which holds one frame. Where it ends a frame that a
    /// window holds, `run` computes that frame's row of `features`.
    pub(crate) fn take(
        &mut self,
        reading: &[f32],
        samples: &mut [f32],
        features: &mut [f32],
        run: impl FnOnce(&[f32], &mut [f32]),
    ) {
        if self.pass > 0 {
            self.pass -= 1;
            return;
        }
        let slot = samples.chunks_exact_mut(self.axes.max(1)).nth(self.held);
        for (to, from) in slot.into_iter().flatten().zip(reading) {
            *to = *from;
        }
        self.held += 1;
        let Framing { length, stride, .. } = self.framing;
        if self.held < length {
            return;
        }
        if self.leave > 0 {
            self.leave -= 1;
        } else if let Some(row) = features
            .chunks_exact_mut(self.columns.max(1))
            .nth(self.have)
        {
            run(samples, row);
            self.have += 1;
        }
        if stride < length {
            shift(samples, stride * self.axes);
            self.held = length - stride;
        } else {
            self.held = 0;
            self.pass = stride - length;
        }
    }

    /// A window has ended, and the next one overlaps it: keeps the frames that they share.
    pub(crate) fn advance(&mut self, features: &mut [f32]) {
        let gone = self.hop.min(self.have);
        shift(features, gone * self.columns);
        self.have -= gone;
        self.leave += self.hop - gone;
    }
}

/// Takes the first values out and moves the others to the front; does nothing where there
/// are fewer than that.
pub(crate) fn shift(values: &mut [f32], count: usize) {
    // `copy_within` would leave a panic in small images, that nothing can reach.
    let values = Cell::from_mut(values).as_slice_of_cells();
    let later = values.get(count..).unwrap_or_default();
    for (to, from) in values.iter().zip(later) {
        to.set(from.get());
    }
}
