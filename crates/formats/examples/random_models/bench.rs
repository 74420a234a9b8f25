//! Networks with the shapes of two of MLPerf Tiny's: a residual one of ResNet-8's (12.5 M
//! multiply-accumulates), and a dense one of the anomaly detector's (264 k).

use std::error::Error;
use std::fs;
use std::path::Path;

use lampyris_formats::tflite::{Metadata, write};
use lampyris_graph::{Activation, Graph};

use crate::made::{Made, Random, Sliding, Style};

const CALLS: usize = 2;

/// `dir/<name>.tflite`; and in `dir/<name>` the same as `model.tflite`, with two calls'
/// random inputs as `in.bin`.
pub fn write_all(dir: &Path) -> Result<(), Box<dyn Error>> {
    for (graph, mut random) in [ic_like(), ad_like()] {
        let file = write(&graph, &Metadata::default())?;
        let folder = dir.join(&graph.name);
        fs::create_dir_all(&folder)?;
        fs::write(dir.join(format!("{}.tflite", graph.name)), &file)?;
        fs::write(folder.join("model.tflite"), &file)?;
        let values = graph.tensors[graph.inputs[0]].elements();
        fs::write(folder.join("in.bin"), random.bytes(CALLS * values))?;
        let macs: u64 = graph.costs().iter().map(|cost| cost.macs).sum();
        println!("{},{} bytes,{macs} macs", graph.name, file.len());
    }
    Ok(())
}

/// What comes out of a ReLU spreads less than a byte, so its sums are scaled up.
const LINEAR: Style = Style {
    factor: 2.5,
    ..Style::PLAIN
};
const RELU: Style = Style {
    zero: -128,
    activation: Activation::Relu,
    ..LINEAR
};

/// `[1, 32, 32, 3]` to `[1, 10]`.
fn ic_like() -> (Graph, Random) {
    let mut made = Made::new("ic_like", 3, &[1, 32, 32, 3], -1);
    made.conv(0, Sliding::same(3, 1), (16, 1), &RELU);
    for (channels, stride) in [(16, 1), (32, 2), (64, 2)] {
        let x = made.last();
        made.conv(x, Sliding::same(3, stride), (channels, 1), &RELU);
        made.conv(made.last(), Sliding::same(3, 1), (channels, 1), &LINEAR);
        let long = made.last();
        let short = if stride == 1 {
            x
        } else {
            made.conv(x, Sliding::same(1, stride), (channels, 1), &LINEAR);
            made.last()
        };
        made.add(long, short, 1.0, -128, Activation::Relu);
    }
    made.pool(made.last(), Sliding::same(8, 8), false, Activation::None);
    made.dense(made.last(), 10, &LINEAR);
    (made.finish(), Random(5))
}

/// `[1, 640]` to `[1, 640]`.
fn ad_like() -> (Graph, Random) {
    let mut made = Made::new("ad_like", 7, &[1, 640], 3);
    for units in [128, 128, 128, 128, 8, 128, 128, 128, 128] {
        made.dense(
            made.last(),
            units,
            &Style {
                apart: None,
                ..RELU
            },
        );
    }
    let last = Style {
        apart: None,
        ..LINEAR
    };
    made.dense(made.last(), 640, &last);
    (made.finish(), Random(9))
}
