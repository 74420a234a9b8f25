//! `image`: what a network sees of a picture.
//!
//! **What.** `[height, width, channels]` bytes, one channel (grey) or three (red, green,
//! blue): the mean over the area that each pixel covers, see [`crate::picture`]. By default
//! the largest middle part of the wanted shape is taken (`whole` = 0, [`stretch`]); with
//! `whole` = 1 all of the picture is, in the middle, with grey (128) beside it.
//!
//! **Numbers.** The bytes are the features; what reaches the network is the byte less 128,
//! an int8 of scale 1/128 and zero point 0. No `f32` is in between.

use core::fmt::{self, Write};

use crate::block::{Block, BlockError, Layout, Setting, Signal, Step, namer, no_tables, words};
use crate::picture::{MAX_PIXELS, Side, View};

/// The block's row.
pub static IMAGE: Block = Block {
    id: "image",
    code: 7,
    title: words("Picture"),
    help: words(
        "The picture itself, made smaller: each pixel is the mean of the area that it covers.",
    ),
    settings: &[
        Setting {
            id: "width",
            title: words("Width"),
            unit: "px",
            default: 48.0,
            min: 8.0,
            max: 160.0,
            step: Step::Whole,
            help: words(
                "Columns that the network sees. Half of them needs a quarter of the memory and time.",
            ),
        },
        Setting {
            id: "height",
            title: words("Height"),
            unit: "px",
            default: 48.0,
            min: 8.0,
            max: 160.0,
            step: Step::Whole,
            help: words("Rows that the network sees."),
        },
        Setting {
            id: "colour",
            title: words("Colour"),
            unit: "",
            default: 0.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "Red, green and blue instead of grey. Grey needs a third of the memory, and light of another colour does not disturb it.",
            ),
        },
        Setting {
            id: "whole",
            title: words("Whole picture"),
            unit: "",
            default: 0.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "Fits all of the picture in, with grey bars beside it, instead of cutting out its middle.",
            ),
        },
    ],
    check,
    prepare: no_tables,
    // Never called: a window of samples is no picture.
    run: |_, _, _, _, features| features.fill(0.0),
    see: Some(see),
    name: namer(name),
};

/// Rows and columns, channels, and whether all of the picture is fitted in.
fn wanted(settings: &[f32]) -> ([usize; 2], usize, bool) {
    let at = |i: usize| settings.get(i).map_or(0.0, |v| *v);
    let channels = if at(2) > 0.0 { 3 } else { 1 };
    ([at(1) as usize, at(0) as usize], channels, at(3) > 0.0)
}

fn check(signal: &Signal, settings: &[f32]) -> Result<Layout, BlockError> {
    IMAGE.check_settings(settings)?;
    signal.values()?;
    let (grid, channels, _) = wanted(settings);
    if signal.samples != 1 || signal.axes != channels {
        return Err(BlockError::Picture {
            channels,
            samples: signal.samples,
            axes: signal.axes,
        });
    }
    Ok(Layout {
        features: grid[0] * grid[1] * channels,
        frames: grid[0] * grid[1],
        framing: None,
        scratch: 0,
        grid: Some(grid),
    })
}

/// Which stretch `[rows, columns]` of a picture of this size is seen with these settings:
/// what a frame around the part that counts has to enclose.
#[must_use]
pub fn stretch(settings: &[f32], width: usize, height: usize) -> [Side; 2] {
    let (grid, _, whole) = wanted(settings);
    // No picture has a larger side.
    let have = [height, width].map(|side| side.clamp(1, MAX_PIXELS));
    if whole {
        have.map(Side::all)
    } else {
        fitted(grid, have)
    }
}

/// The largest part of `room` `[rows, columns]` that has the shape of `shape`, to the
/// nearest pixel, in the middle.
fn fitted(shape: [usize; 2], room: [usize; 2]) -> [Side; 2] {
    let ([height, width], [rows, columns]) = (shape, room);
    let nearest = |product: usize, by: usize| ((product + by / 2) / by.max(1)).max(1);
    // As tall as the room, or as wide: whichever fits.
    let fit = if columns * height > rows * width {
        [rows, nearest(rows * width, height)]
    } else {
        [nearest(columns * height, width), columns]
    };
    let middle = |all: usize, count: usize| {
        let count = count.min(all);
        Side {
            from: (all - count) / 2,
            count,
        }
    };
    [middle(rows, fit[0]), middle(columns, fit[1])]
}

fn see(settings: &[f32], view: &View<'_>, out: &mut [i8]) {
    let (grid, channels, whole) = wanted(settings);
    let place = if whole {
        out.fill(0);
        fitted([view.height(), view.width()], grid)
    } else {
        grid.map(Side::all)
    };
    let stretch = stretch(settings, view.width(), view.height());
    view.area_at(stretch, grid, place, channels, out);
}

fn name(
    _: &Signal,
    settings: &[f32],
    feature: usize,
    out: &mut dyn Write,
) -> Result<Option<usize>, fmt::Error> {
    let (grid, channels, _) = wanted(settings);
    if feature >= grid[0] * grid[1] * channels {
        return Ok(None);
    }
    let name = match (channels, feature % channels.max(1)) {
        (1, _) => "grey",
        (_, 0) => "red",
        (_, 1) => "green",
        _ => "blue",
    };
    out.write_str(name)?;
    Ok(None)
}
