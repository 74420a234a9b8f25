//! Pools: the greatest or the mean of what a window covers, channel by channel.

use lampyris_net::{Shape, Window};

use super::lanes::{Four, LANES};
use super::picture::Picture;
use super::{Kernel, Seen};

/// The greatest; the gradient goes to the first of equals.
#[derive(Debug)]
pub(crate) struct Max(Picture);

/// The mean.
#[derive(Debug)]
pub(crate) struct Average(Picture);

impl Max {
    /// Over pictures of that shape; the window stays within.
    pub(crate) fn new(window: &Window, input: Shape) -> Self {
        Self(Picture::new(window, input))
    }
}

impl Average {
    /// Over pictures of that shape; the window stays within.
    pub(crate) fn new(window: &Window, input: Shape) -> Self {
        Self(Picture::new(window, input))
    }

    /// Over whole pictures.
    pub(crate) fn global(input: Shape) -> Self {
        let sides = [input.height, input.width];
        Self(Picture {
            size: sides,
            sides,
            ..Picture::pixel(input.channels)
        })
    }
}

/// Some channels of a place: how many, which value of all places is the first, and which
/// value is the first that the window covers.
struct Place {
    lanes: usize,
    at: usize,
    corner: usize,
}

impl Place {
    /// Calls `tap` with where each value under the window begins.
    #[inline(always)]
    fn taps(&self, picture: &Picture, mut tap: impl FnMut(std::ops::Range<usize>)) {
        let c = picture.channels;
        for ky in 0..picture.size[0] {
            let row = self.corner + ky * picture.sides[1] * c;
            for kx in 0..picture.size[1] {
                tap(row + kx * c..row + kx * c + self.lanes);
            }
        }
    }
}

/// Calls `f` for all channels of all places of as many pictures as `values` hold.
#[inline(always)]
fn places(picture: &Picture, values: usize, mut f: impl FnMut(Place)) {
    let c = picture.channels;
    let [rows, columns] = picture.outputs;
    let mut at = 0;
    for first in (0..values).step_by(picture.inputs()) {
        for y in 0..rows {
            for x in 0..columns {
                let row = y * picture.stride[0] * picture.sides[1];
                let corner = first + (row + x * picture.stride[1]) * c;
                for channel in (0..c).step_by(LANES) {
                    f(Place {
                        lanes: LANES.min(c - channel),
                        at: at + channel,
                        corner: corner + channel,
                    });
                }
                at += c;
            }
        }
    }
}

/// Room for the places of as many pictures as `x` holds.
fn room(picture: &Picture, x: &[f32]) -> Vec<f32> {
    vec![0.0; x.len() / picture.inputs() * picture.places() * picture.channels]
}

impl Kernel for Max {
    fn forward(&self, x: &[f32], _: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let picture = &self.0;
        let mut y = room(picture, x);
        places(picture, x.len(), |place| {
            let mut most = Four::all(f32::NEG_INFINITY);
            place.taps(picture, |tap| most = most.at_least(Four::first(&x[tap])));
            most.put(&mut y[place.at..place.at + place.lanes]);
        });
        (y, Vec::new())
    }

    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2] {
        let picture = &self.0;
        let mut dx = vec![0.0; seen.x.len()];
        places(picture, seen.x.len(), |place| {
            let here = place.at..place.at + place.lanes;
            let y = Four::first(&seen.y[here.clone()]);
            // What has not gone anywhere yet.
            let mut left = Four::first(&gradient[here]);
            place.taps(picture, |tap| {
                let greatest = Four::first(&seen.x[tap.clone()]).is(y);
                let dx = &mut dx[tap];
                Four::first(dx).plus(left.only(greatest)).put(dx);
                left = left.without(greatest);
            });
        });
        [Some(dx), None]
    }
}

impl Average {
    fn share(&self) -> Four {
        Four::all(1.0 / (self.0.size[0] * self.0.size[1]) as f32)
    }
}

impl Kernel for Average {
    fn forward(&self, x: &[f32], _: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let picture = &self.0;
        let share = self.share();
        let mut y = room(picture, x);
        places(picture, x.len(), |place| {
            let mut sum = Four::all(0.0);
            place.taps(picture, |tap| sum = sum.plus(Four::first(&x[tap])));
            sum.times(share)
                .put(&mut y[place.at..place.at + place.lanes]);
        });
        (y, Vec::new())
    }

    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2] {
        let picture = &self.0;
        let share = self.share();
        let mut dx = vec![0.0; seen.x.len()];
        places(picture, seen.x.len(), |place| {
            let here = place.at..place.at + place.lanes;
            let part = Four::first(&gradient[here]).times(share);
            place.taps(picture, |tap| {
                let dx = &mut dx[tap];
                Four::first(dx).plus(part).put(dx);
            });
        });
        [Some(dx), None]
    }
}
