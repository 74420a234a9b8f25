//! Pixels into a JPEG: baseline, colour at half the resolution, the tables of the standard.
//!
//! Source: ITU-T T.81, annexes A (transform), F (entropy coding) and K (tables); T.871 for the
//! colours. All in whole numbers, so that the same pixels give the same file everywhere.

use super::jpeg::{JFIF, segment};

/// Of 100, as libjpeg counts it: the coarsest at which no trace is seen at a model's size.
const QUALITY: u32 = 90;

/// In the order in which a block is written: T.81, figure A.6.
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// T.81, table K.1, row by row.
const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// T.81, table K.2: its first four rows and columns; all else is 99.
const CHROMA: [[u8; 4]; 4] = [
    [17, 18, 24, 47],
    [18, 21, 26, 66],
    [24, 26, 56, 99],
    [47, 66, 99, 99],
];

/// A Huffman table as a file holds it: how many codes of each length, then what they stand for.
struct Table {
    counts: [u8; 16],
    symbols: &'static [u8],
}

/// T.81, table K.3.
const DC_LUMA: Table = Table {
    counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
/// T.81, table K.4.
const DC_CHROMA: Table = Table {
    counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
/// T.81, table K.5.
const AC_LUMA: Table = Table {
    counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
    symbols: &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
        0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52,
        0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25,
        0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45,
        0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64,
        0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83,
        0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
        0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
        0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3,
        0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8,
        0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};
/// T.81, table K.6.
const AC_CHROMA: Table = Table {
    counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
    symbols: &[
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61,
        0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33,
        0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18,
        0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44,
        0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63,
        0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a,
        0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
        0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
        0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca,
        0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
        0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};

impl Table {
    /// By symbol: the code and how many bits it has. T.81, annex C.
    fn codes(&self) -> [(u16, u8); 256] {
        let mut codes = [(0, 0); 256];
        let mut symbols = self.symbols.iter();
        let mut code = 0;
        for (length, count) in (1..).zip(self.counts) {
            for symbol in symbols.by_ref().take(count.into()) {
                codes[usize::from(*symbol)] = (code, length);
                code += 1;
            }
            code <<= 1;
        }
        codes
    }
}

/// cos((2n + 1) kπ / 16) · c(k) / 2 in 13 fractional bits, `[k][n]`, where c(0) = 1/√2, else 1.
const COSINES: [[i32; 8]; 8] = [
    [2896, 2896, 2896, 2896, 2896, 2896, 2896, 2896],
    [4017, 3406, 2276, 799, -799, -2276, -3406, -4017],
    [3784, 1567, -1567, -3784, -3784, -1567, 1567, 3784],
    [3406, -799, -4017, -2276, 2276, 4017, 799, -3406],
    [2896, -2896, -2896, 2896, 2896, -2896, -2896, 2896],
    [2276, -4017, 799, 3406, -3406, -799, 4017, -2276],
    [1567, -3784, 3784, -1567, -1567, 3784, -3784, 1567],
    [799, -2276, 3406, -4017, 4017, -3406, 2276, -799],
];

/// A step of quantisation for each frequency, row by row.
fn steps(table: impl Fn(usize) -> u8) -> [u8; 64] {
    let scale = 200 - 2 * QUALITY;
    std::array::from_fn(|i| ((u32::from(table(i)) * scale + 50) / 100).clamp(1, 255) as u8)
}

fn luma_steps() -> [u8; 64] {
    steps(|i| LUMA[i])
}

fn chroma_steps() -> [u8; 64] {
    steps(|i| {
        *CHROMA
            .get(i / 8)
            .and_then(|row| row.get(i % 8))
            .unwrap_or(&99)
    })
}

/// A file of `[height, width, 3]`; both sides are less than 65,536.
pub(super) fn jpeg(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let mut out = vec![0xff, 0xd8];
    segment(0xe0, &JFIF, &mut out);
    let quantise = [luma_steps(), chroma_steps()];
    for (i, steps) in (0..).zip(&quantise) {
        let mut body = vec![i];
        body.extend(ZIGZAG.map(|at| steps[at]));
        segment(0xdb, &body, &mut out);
    }
    // 8 bits; three components: luma twice as fine as the two of colour.
    let mut frame = vec![8];
    frame.extend((height as u16).to_be_bytes());
    frame.extend((width as u16).to_be_bytes());
    frame.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    segment(0xc0, &frame, &mut out);
    let tables = [
        (0x00, DC_LUMA),
        (0x10, AC_LUMA),
        (0x01, DC_CHROMA),
        (0x11, AC_CHROMA),
    ];
    for (id, table) in &tables {
        let mut body = vec![*id];
        body.extend(table.counts);
        body.extend(table.symbols);
        segment(0xc4, &body, &mut out);
    }
    segment(0xda, &[3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0], &mut out);
    let [dc_luma, ac_luma, dc_chroma, ac_chroma] = tables.map(|(_, table)| table.codes());
    let codes = [(dc_luma, ac_luma), (dc_chroma, ac_chroma)];
    let picture = Source {
        size: [width as usize, height as usize],
        rgb,
    };
    let mut bits = Bits::behind(out);
    let mut before = [0; 3];
    for y in (0..picture.size[1]).step_by(16) {
        for x in (0..picture.size[0]).step_by(16) {
            let mut block = |component: usize, samples: [i32; 64]| {
                let kind = component.min(1);
                let levels = transform(&samples, &quantise[kind]);
                let (dc, ac) = &codes[kind];
                bits.block(&levels, &mut before[component], dc, ac);
            };
            for [dx, dy] in [[0, 0], [8, 0], [0, 8], [8, 8]] {
                block(0, picture.block(0, [x + dx, y + dy], 1));
            }
            block(1, picture.block(1, [x, y], 2));
            block(2, picture.block(2, [x, y], 2));
        }
    }
    let mut out = bits.finish();
    out.extend([0xff, 0xd9]);
    out
}

struct Source<'a> {
    size: [usize; 2],
    rgb: &'a [u8],
}

impl Source<'_> {
    /// 8 × 8 samples of a component less 128, from `at`; each the mean of `step` × `step` pixels.
    /// Beyond the edge the last pixel goes on.
    fn block(&self, component: usize, at: [usize; 2], step: usize) -> [i32; 64] {
        let pixel = |x: usize, y: usize| {
            let x = x.min(self.size[0] - 1);
            let y = y.min(self.size[1] - 1);
            let at = (y * self.size[0] + x) * 3;
            component_of(component, &self.rgb[at..at + 3])
        };
        let area = (step * step) as i32;
        std::array::from_fn(|i| {
            let (x, y) = (at[0] + i % 8 * step, at[1] + i / 8 * step);
            let mut sum = 0;
            for dy in 0..step {
                for dx in 0..step {
                    sum += pixel(x + dx, y + dy);
                }
            }
            (sum + area / 2).div_euclid(area) - 128
        })
    }
}

/// Y, Cb or Cr of a pixel, 0 to 255: T.871, section 7, in 16 fractional bits.
fn component_of(component: usize, rgb: &[u8]) -> i32 {
    let (weights, middle) = match component {
        0 => ([19_595, 38_470, 7_471], 0),
        1 => ([-11_058, -21_710, 32_768], 128),
        _ => ([32_768, -27_439, -5_329], 128),
    };
    let sum: i32 = weights
        .iter()
        .zip(rgb)
        .map(|(w, v)| w * i32::from(*v))
        .sum();
    (((sum + (1 << 15)) >> 16) + middle).clamp(0, 255)
}

/// The block's frequencies in steps of quantisation, row by row.
fn transform(samples: &[i32; 64], steps: &[u8; 64]) -> [i32; 64] {
    // Across with 3 fractional bits left over, then down.
    let mut across = [0; 64];
    for (i, to) in across.iter_mut().enumerate() {
        let row = &samples[i / 8 * 8..i / 8 * 8 + 8];
        let sum: i32 = row.iter().zip(&COSINES[i % 8]).map(|(v, c)| v * c).sum();
        *to = (sum + (1 << 9)) >> 10;
    }
    std::array::from_fn(|i| {
        let column = across.iter().skip(i % 8).step_by(8);
        let sum: i32 = column.zip(&COSINES[i / 8]).map(|(v, c)| v * c).sum();
        let step = i32::from(steps[i]) << 16;
        // To the nearest, halves away from zero.
        (sum.abs() + step / 2) / step * sum.signum()
    })
}

/// Bits, the highest first; after a byte of ones stands a zero, so that it is no marker.
struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u8,
}

impl Bits {
    fn behind(out: Vec<u8>) -> Self {
        Self {
            out,
            held: 0,
            count: 0,
        }
    }

    /// The lowest `count` bits of `bits`, at most 16.
    fn put(&mut self, bits: u32, count: u8) {
        self.held = self.held << count | bits & ((1 << count) - 1);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.out.push(byte);
            if byte == 0xff {
                self.out.push(0);
            }
        }
    }

    /// A code, then the number whose length in bits it tells: T.81, F.1.2.1.
    fn number(&mut self, codes: &[(u16, u8); 256], run: u8, value: i32) {
        let length = (32 - value.unsigned_abs().leading_zeros()) as u8;
        let (code, bits) = codes[usize::from(run << 4 | length)];
        self.put(code.into(), bits);
        let value = if value < 0 { value - 1 } else { value };
        self.put(value as u32, length);
    }

    fn block(
        &mut self,
        levels: &[i32; 64],
        before: &mut i32,
        dc: &[(u16, u8); 256],
        ac: &[(u16, u8); 256],
    ) {
        self.number(dc, 0, levels[0] - *before);
        *before = levels[0];
        let mut run = 0;
        for at in &ZIGZAG[1..] {
            if levels[*at] == 0 {
                run += 1;
                continue;
            }
            while run > 15 {
                // Sixteen zeros.
                self.put(ac[0xf0].0.into(), ac[0xf0].1);
                run -= 16;
            }
            self.number(ac, run, levels[*at]);
            run = 0;
        }
        if run > 0 {
            // The rest is zeros.
            self.put(ac[0].0.into(), ac[0].1);
        }
    }

    /// All bytes; the last one is filled up with ones.
    fn finish(mut self) -> Vec<u8> {
        self.put(0x7f, 7);
        self.out
    }
}
