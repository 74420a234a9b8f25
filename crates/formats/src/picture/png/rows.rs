//! Rows of a PNG: unpacked, unfiltered, and laid out as red, green and blue.

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::{Colour, Header};
use crate::FormatError;
use crate::picture::{cut_short, damaged};

/// What two chunks say of colours.
pub(super) struct Colours<'a> {
    /// Red, green, blue of each index.
    pub(super) palette: &'a [u8],
    /// Of each index how opaque it is; else the one colour that is transparent, 16 bits a channel.
    pub(super) clear: &'a [u8],
}

/// Where the pixels of a pass lie: the first column and row, and the steps between them.
type Pass = [usize; 4];

/// Rows from top to bottom.
const WHOLE: [Pass; 1] = [[0, 0, 1, 1]];
/// Adam7.
const INTERLACED: [Pass; 7] = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
];

/// `[height, width, 3]`.
pub(super) fn pixels(
    header: Header,
    colours: Colours<'_>,
    packed: Vec<&[u8]>,
) -> Result<Vec<u8>, FormatError> {
    let (width, height) = (header.width as usize, header.height as usize);
    let bits = header.colour.channels() * usize::from(header.depth);
    let mut unpacked = Unpacked::of(packed);
    let mut out = vec![0; width * height * 3];
    let passes: &[Pass] = if header.interlaced {
        &INTERLACED
    } else {
        &WHOLE
    };
    for &[x0, y0, dx, dy] in passes {
        let columns = width.saturating_sub(x0).div_ceil(dx);
        if columns == 0 {
            continue;
        }
        let mut before = vec![0; (columns * bits).div_ceil(8)];
        let mut row = before.clone();
        for y in (y0..height).step_by(dy) {
            let mut filter = [0];
            unpacked.fill(&mut filter)?;
            unpacked.fill(&mut row)?;
            unfilter(filter[0], &mut row, &before, bits.div_ceil(8))?;
            for i in 0..columns {
                let at = (y * width + x0 + i * dx) * 3;
                let colour = colour(header, &colours, &row, i)?;
                out[at..at + 3].copy_from_slice(&colour);
            }
            std::mem::swap(&mut row, &mut before);
        }
    }
    unpacked.end()?;
    Ok(out)
}

/// Packed bytes in several pieces, unpacked as far as is asked for.
struct Unpacked<'a> {
    state: Box<InflateState>,
    pieces: std::vec::IntoIter<&'a [u8]>,
    piece: &'a [u8],
    ended: bool,
}

impl<'a> Unpacked<'a> {
    fn of(pieces: Vec<&'a [u8]>) -> Self {
        Self {
            state: InflateState::new_boxed(DataFormat::Zlib),
            pieces: pieces.into_iter(),
            piece: &[],
            ended: false,
        }
    }

    /// Exactly as many bytes as fit.
    fn fill(&mut self, mut out: &mut [u8]) -> Result<(), FormatError> {
        while !out.is_empty() {
            let made = self.step(out)?;
            out = &mut out[made..];
        }
        Ok(())
    }

    /// To the checksum at the end, whatever stands before it: some programs pack more than the rows.
    fn end(&mut self) -> Result<(), FormatError> {
        let mut surplus = [0; 64];
        // A few bytes more are harmless; without an end it would be a bomb.
        for _ in 0..16 {
            if self.ended {
                return Ok(());
            }
            self.step(&mut surplus)?;
        }
        Err(damaged("it holds more than its pixels"))
    }

    fn step(&mut self, out: &mut [u8]) -> Result<usize, FormatError> {
        while self.piece.is_empty() {
            match self.pieces.next() {
                Some(piece) => self.piece = piece,
                None => break,
            }
        }
        if self.ended {
            return Err(cut_short());
        }
        let done = inflate(&mut self.state, self.piece, out, MZFlush::None);
        self.piece = &self.piece[done.bytes_consumed..];
        match done.status {
            Ok(MZStatus::StreamEnd) => self.ended = true,
            Ok(_) if done.bytes_written == 0 && done.bytes_consumed == 0 => {
                return Err(cut_short());
            }
            Ok(_) => {}
            Err(_) if self.piece.is_empty() && self.pieces.len() == 0 => return Err(cut_short()),
            Err(_) => return Err(damaged("its packed pixels make no sense")),
        }
        Ok(done.bytes_written)
    }
}

/// Takes back what was subtracted before packing; `step` is the distance to the pixel on the left.
fn unfilter(filter: u8, row: &mut [u8], above: &[u8], step: usize) -> Result<(), FormatError> {
    if filter > 4 {
        return Err(damaged("a row is filtered in an unknown way"));
    }
    for i in 0..row.len() {
        let left = if i < step { 0 } else { row[i - step] };
        let corner = if i < step { 0 } else { above[i - step] };
        let guess = match filter {
            1 => left,
            2 => above[i],
            3 => ((u16::from(left) + u16::from(above[i])) / 2) as u8,
            4 => paeth(left, above[i], corner),
            _ => 0,
        };
        row[i] = row[i].wrapping_add(guess);
    }
    Ok(())
}

/// Whichever of the three is nearest to left + above − corner.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let (to_a, to_b, to_c) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        above
    } else {
        corner
    }
}

/// Sample `i` of a row, as it is stored.
fn sample(depth: u8, row: &[u8], i: usize) -> u16 {
    match depth {
        16 => u16::from_be_bytes([row[2 * i], row[2 * i + 1]]),
        8 => row[i].into(),
        depth => {
            let at = i * usize::from(depth);
            let shift = 8 - usize::from(depth) - at % 8;
            u16::from(row[at / 8] >> shift) & ((1 << depth) - 1)
        }
    }
}

/// Red, green, blue of pixel `i` of a row, over white.
fn colour(
    header: Header,
    colours: &Colours<'_>,
    row: &[u8],
    i: usize,
) -> Result<[u8; 3], FormatError> {
    let channels = header.colour.channels();
    let raw = |channel: usize| sample(header.depth, row, i * channels + channel);
    // Samples of few bits are spread over all of 0 to 255; of 16 bits the higher byte counts.
    let byte = |channel: usize| match header.depth {
        16 => (raw(channel) >> 8) as u8,
        8 => raw(channel) as u8,
        depth => (raw(channel) * 255 / ((1 << depth) - 1)) as u8,
    };
    let is_clear = |channels: usize| {
        colours.clear.len() == 2 * channels
            && (0..channels).all(|c| colours.clear[2 * c..2 * c + 2] == raw(c).to_be_bytes())
    };
    let opaque = |is_clear: bool| if is_clear { 0 } else { 255 };
    Ok(match header.colour {
        Colour::Grey => over_white([byte(0); 3], opaque(is_clear(1))),
        Colour::Rgb => over_white([byte(0), byte(1), byte(2)], opaque(is_clear(3))),
        Colour::GreyAlpha => over_white([byte(0); 3], byte(1)),
        Colour::Rgba => over_white([byte(0), byte(1), byte(2)], byte(3)),
        Colour::Palette => {
            let index = usize::from(raw(0));
            let found = colours.palette.get(3 * index..3 * index + 3);
            let found = found.ok_or_else(|| damaged("a pixel has a colour that is not there"))?;
            let alpha = colours.clear.get(index).copied().unwrap_or(255);
            over_white([found[0], found[1], found[2]], alpha)
        }
    })
}

fn over_white(colour: [u8; 3], alpha: u8) -> [u8; 3] {
    let alpha = u32::from(alpha);
    colour.map(|c| ((u32::from(c) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}
