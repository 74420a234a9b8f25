//! The fit itself, each system predicted without its own rows, and the tables of
//! docs/latency.md. `RENEW_DOCS=1` writes those instead of comparing.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;

use super::*;
use crate::latency;

const TASKS: [&str; 4] = ["KWS", "VWW", "IC", "AD"];

/// The weighted layers of a network under construction.
#[derive(Default)]
struct Net(Vec<Layer>);

impl Net {
    fn add(&mut self, operator: &str, macs: u64, outputs: u64, reads: u64, rows: u64) {
        self.0.push(Layer {
            operator: operator.into(),
            macs,
            outputs,
            reads,
            rows,
        });
    }

    /// A square picture of `side`, with an input `stride` times as large.
    fn conv(&mut self, side: u64, stride: u64, inputs: u64, outputs: u64, kernel: u64) {
        let written = side * side * outputs;
        let reads = side * side * stride * stride * inputs;
        self.add(
            "CONV_2D",
            written * inputs * kernel * kernel,
            written,
            reads,
            kernel,
        );
    }

    fn depthwise(&mut self, side: u64, stride: u64, channels: u64) {
        let written = side * side * channels;
        self.add(
            "DEPTHWISE_CONV_2D",
            written * 9,
            written,
            written * stride * stride,
            1,
        );
    }

    fn dense(&mut self, inputs: u64, outputs: u64) {
        self.add("FULLY_CONNECTED", inputs * outputs, outputs, inputs, 1);
    }
}

/// DS-CNN on 49 × 10 features, 64 channels.
fn kws() -> Vec<Layer> {
    let mut net = Net::default();
    let pixels = 25 * 5;
    net.add("CONV_2D", pixels * 64 * 10 * 4, pixels * 64, 490, 10);
    for _ in 0..4 {
        net.add(
            "DEPTHWISE_CONV_2D",
            pixels * 64 * 9,
            pixels * 64,
            pixels * 64,
            1,
        );
        net.add("CONV_2D", pixels * 64 * 64, pixels * 64, pixels * 64, 1);
    }
    net.dense(64, 12);
    net.0
}

/// MobileNetV1, a quarter as wide, on 96 × 96 × 3.
fn vww() -> Vec<Layer> {
    let mut net = Net::default();
    net.conv(48, 2, 3, 8, 3);
    let (mut side, mut channels) = (48, 8);
    let blocks = [(1, 16), (2, 32), (1, 32), (2, 64), (1, 64), (2, 128)];
    let rest = [(1, 128); 5].into_iter().chain([(2, 256), (1, 256)]);
    for (stride, outputs) in blocks.into_iter().chain(rest) {
        side /= stride;
        net.depthwise(side, stride, channels);
        net.conv(side, 1, channels, outputs, 1);
        channels = outputs;
    }
    net.dense(256, 2);
    net.0
}

/// ResNet-8 on 32 × 32 × 3: three stages, the later two with a shortcut of 1 × 1.
fn ic() -> Vec<Layer> {
    let mut net = Net::default();
    net.conv(32, 1, 3, 16, 3);
    for (side, stride, inputs, outputs) in [(32, 1, 16, 16), (16, 2, 16, 32), (8, 2, 32, 64)] {
        net.conv(side, stride, inputs, outputs, 3);
        net.conv(side, 1, outputs, outputs, 3);
        if stride == 2 {
            net.conv(side, stride, inputs, outputs, 1);
        }
    }
    net.dense(64, 10);
    net.0
}

/// The autoencoder: 640, four times 128, 8, four times 128, 640.
fn ad() -> Vec<Layer> {
    let mut net = Net::default();
    let widths = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640];
    for pair in widths.windows(2) {
        net.dense(pair[0], pair[1]);
    }
    net.0
}

fn networks() -> [Vec<Layer>; 4] {
    [kws(), vww(), ic(), ad()]
}

fn published(row: &Row) -> [f64; 4] {
    row.ms.map(|ms| ms * row.mhz * 1000.0)
}

/// The geometric mean of what the same class takes on that core for each cycle that it
/// takes on Cortex-M4, over all pairs of rows and all tasks.
fn core_fit(rows: &[&Row], core: Core) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for ours in rows.iter().filter(|r| r.core == core) {
        let same = |r: &&&Row| r.core == Core::CortexM4 && r.class == ours.class;
        for m4 in rows.iter().filter(same) {
            for (a, b) in published(ours).iter().zip(published(m4)) {
                sum += (a / b).ln();
                count += 1.0;
            }
        }
    }
    f64::exp(sum / count)
}

/// Least squares of relative errors over a class's rows: three normal equations.
fn class_fit(rows: &[&Row], class: Engine, fit: &Fit) -> Costs {
    let mut m = [[0.0; 4]; 3];
    for row in rows.iter().filter(|r| r.class == class) {
        for (network, truth) in networks().iter().zip(published(row)) {
            let mut x = [0.0; 3];
            for layer in network {
                let kind = kind(&layer.operator).unwrap();
                x[kind] += layer.macs as f64 * core_ratio(fit, row.core, layer).unwrap() / truth;
            }
            let y = 1.0 - LAYER * network.len() as f64 / truth;
            for i in 0..3 {
                for j in 0..3 {
                    m[i][j] += x[i] * x[j];
                }
                m[i][3] += x[i] * y;
            }
        }
    }
    for i in 0..3 {
        for k in (0..3).filter(|k| *k != i) {
            let (by, pivot) = (m[k][i] / m[i][i], m[i]);
            for (value, of) in m[k].iter_mut().zip(pivot) {
                *value -= by * of;
            }
        }
    }
    [0, 1, 2].map(|i| m[i][3] / m[i][i])
}

fn fit(rows: &[&Row]) -> Fit {
    let mut fit = Fit {
        scalar: [0.0; 3],
        cmsis_nn: [0.0; 3],
        vendor: [0.0; 3],
        m33: core_fit(rows, Core::CortexM33),
        m7: core_fit(rows, Core::CortexM7),
    };
    fit.scalar = class_fit(rows, Engine::Scalar, &fit);
    fit.cmsis_nn = class_fit(rows, Engine::CmsisNn, &fit);
    fit.vendor = class_fit(rows, Engine::Vendor, &fit);
    fit
}

/// Whether both are the same engine on the same core, in whatever version and on whatever
/// chip.
fn twins(a: &Row, b: &Row) -> bool {
    let engine = |r: &Row| r.system.split([',', ' ']).nth(2);
    (a.core, a.class, engine(a)) == (b.core, b.class, engine(b))
}

/// The middle of the prediction for each task, with that row and its twins left out.
fn left_out(row: &Row) -> [f64; 4] {
    let others: Vec<&Row> = ROWS.iter().filter(|r| !twins(r, row)).collect();
    assert!(others.len() < ROWS.len() && others.len() + 2 >= ROWS.len());
    let fit = fit(&others);
    networks().map(|network| cycles(&fit, row.core, row.class, &network).unwrap())
}

#[test]
fn the_networks_are_the_published_ones() {
    let macs = networks().map(|n| n.iter().map(|l| l.macs).sum::<u64>());
    assert_eq!(macs, [2_656_768, 7_489_664, 12_501_632, 264_192]);
}

#[test]
fn the_constants_are_the_fit() {
    let all: Vec<&Row> = ROWS.iter().collect();
    let fitted = fit(&all);
    let flat = |f: &Fit| [f.scalar, f.cmsis_nn, f.vendor, [f.m33, f.m7, 1.0]].concat();
    for (ours, best) in flat(&FITTED).into_iter().zip(flat(&fitted)) {
        assert!((ours / best - 1.0).abs() < 0.005, "{fitted:?}");
    }
}

#[test]
fn every_published_time_is_within_its_range_when_left_out() {
    for row in &ROWS {
        let middles = left_out(row);
        for ((task, middle), truth) in TASKS.iter().zip(middles).zip(published(row)) {
            let (low, high) = range(middle);
            assert!(high / low <= 3.0);
            let name = row.system;
            assert!(
                low <= truth && truth <= high,
                "{name}, {task}: {low} {truth} {high}"
            );
        }
    }
}

#[test]
fn our_own_range_is_at_most_threefold() {
    for core in [
        Core::CortexM0Plus,
        Core::CortexM4,
        Core::CortexM33,
        Core::CortexM7,
        Core::Rv32Imc,
    ] {
        for network in networks() {
            let (low, high) = latency::network(core, Engine::Lampyris, &network)
                .range()
                .unwrap();
            assert!(low > 0.0 && high / low <= 3.0, "{core:?}: {low} {high}");
        }
    }
    let xtensa = latency::network(Core::XtensaLx7, Engine::Lampyris, &kws());
    assert_eq!(xtensa.range(), None);
}

#[test]
fn what_can_t_be_told_is_unknown() {
    assert_eq!(
        predicted(Core::CortexM0Plus, Engine::Vendor, &kws()).range(),
        None
    );
    assert_eq!(
        predicted(Core::Rv32Imc, Engine::Scalar, &kws()).range(),
        None
    );
    assert!(
        predicted(Core::CortexM33, Engine::Scalar, &kws())
            .range()
            .is_some()
    );
}

/// Milliseconds with as many digits as the published ones have.
fn digits(ms: f64) -> String {
    match ms {
        _ if ms < 10.0 => format!("{ms:.2}"),
        _ if ms < 100.0 => format!("{ms:.1}"),
        _ => format!("{ms:.0}"),
    }
}

/// The table of predicted against known.
fn predicted_table() -> String {
    let mut text = String::from(
        "| system | class | MHz | round | task | predicted (ms) | known (ms) | known / middle |\n|---|---|---|---|---|---|---|---|\n",
    );
    for row in &ROWS {
        for (i, middle) in left_out(row).into_iter().enumerate() {
            let ms = |cycles: f64| digits(cycles / row.mhz / 1000.0);
            let (low, high) = range(middle);
            writeln!(
                text,
                "| {} | {:?} | {} | {} | {} | {} … {} | {} | {:.2} |",
                row.system,
                row.class,
                row.mhz,
                row.round,
                TASKS[i],
                ms(low),
                ms(high),
                row.ms[i],
                published(row)[i] / middle
            )
            .unwrap();
        }
    }
    text
}

/// Our own engine on the four tasks, at the clock of each core's row.
fn own_table() -> String {
    let mut text = String::from(
        "| core | MHz | KWS (ms) | VWW (ms) | IC (ms) | AD (ms) |\n|---|---|---|---|---|---|\n",
    );
    let cores = [
        ("Cortex-M0+", Core::CortexM0Plus, 64.0),
        ("Cortex-M4", Core::CortexM4, 120.0),
        ("Cortex-M33", Core::CortexM33, 128.0),
        ("Cortex-M7", Core::CortexM7, 280.0),
        ("RV32IMC", Core::Rv32Imc, 160.0),
    ];
    for (name, core, mhz) in cores {
        write!(text, "| {name} | {mhz} |").unwrap();
        for network in networks() {
            let figure = latency::network(core, Engine::Lampyris, &network);
            let (low, high) = figure.range().unwrap();
            let ms = |cycles: f64| digits(cycles / mhz / 1000.0);
            write!(text, " {} … {} |", ms(low), ms(high)).unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_docs_hold_what_is_predicted() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/latency.md");
    let mut text = fs::read_to_string(file).unwrap();
    for (mark, table) in [("predicted", predicted_table()), ("own", own_table())] {
        let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- end {mark} -->"));
        let from = text.find(&begin).unwrap() + begin.len();
        let to = text.find(&end).unwrap();
        if std::env::var_os("RENEW_DOCS").is_some() {
            text.replace_range(from..to, &table);
            fs::write(file, &text).unwrap();
        } else {
            assert_eq!(&text[from..to], table, "RENEW_DOCS=1 cargo test renews it");
        }
    }
}
