//! A `no_std` crate that classifies, with the chip crates as source and examples that run.
//!
//! The kit's files map to the export's by their folder: `crate/` and `firmware/` are
//! templates or taken as they are, `crates/` are the chip crates, which go to `lampyris/`.

use super::golden::best;
use super::text::{crate_name, hidden, variants};
use super::{Facts, File, Kit, Source, Target};
use crate::FormatError;

/// The exporter.
pub static TARGET: Target = Target {
    id: "rust",
    title: "Rust crate",
    help: "A no_std crate that computes features and network on any chip that Rust knows, without unsafe code or a heap.",
    kits: &["rust"],
    make,
};

/// Files of the crate, with their places in the export; what signals and pictures have alike.
const FILES: [(&str, &str); 5] = [
    ("Cargo.toml.in", "Cargo.toml"),
    ("lib.rs.in", "src/lib.rs"),
    ("label.rs.in", "src/label.rs"),
    ("golden.rs.in", "src/golden.rs"),
    ("host.rs.in", "examples/host.rs"),
];

/// Templates of the image for a chip, with their places.
const IMAGE: [(&str, &str); 2] = [
    ("Cargo.toml.in", "firmware/Cargo.toml"),
    ("main.rs.in", "firmware/src/main.rs"),
];

/// Files of the image that are the same for every model.
const FIXED: [(&str, &str); 11] = [
    ("config.toml", ".cargo/config.toml"),
    ("build.rs", "build.rs"),
    ("layout.x", "layout.x"),
    ("memory/thumbv6m-none-eabi.x", "memory/thumbv6m-none-eabi.x"),
    (
        "memory/thumbv7em-none-eabi.x",
        "memory/thumbv7em-none-eabi.x",
    ),
    (
        "memory/thumbv7em-none-eabihf.x",
        "memory/thumbv7em-none-eabihf.x",
    ),
    (
        "memory/thumbv8m.main-none-eabihf.x",
        "memory/thumbv8m.main-none-eabihf.x",
    ),
    (
        "memory/riscv32imc-unknown-none-elf.x",
        "memory/riscv32imc-unknown-none-elf.x",
    ),
    ("board.rs", "src/board.rs"),
    ("memory.rs", "src/memory.rs"),
    ("sha256.rs", "src/sha256.rs"),
];

fn make(source: &Source<'_>, kit: &Kit) -> Result<Vec<File>, FormatError> {
    let facts = facts(source)?;
    let values = facts.values();
    let input = match source.chip.grid() {
        Some(_) => "picture",
        None => "signal",
    };
    let mut files = Vec::new();
    for (from, to) in FILES {
        files.push(File::new(
            to,
            kit.filled(&format!("rust/crate/{from}"), &values)?,
        ));
    }
    for (part, to) in [
        ("model", "src/model.rs"),
        ("examples", "src/golden/input.rs"),
    ] {
        let from = format!("rust/crate/{input}/{part}.rs.in");
        files.push(File::new(to, kit.filled(&from, &values)?));
    }
    for (from, to) in IMAGE {
        files.push(File::new(
            to,
            kit.filled(&format!("rust/firmware/{from}"), &values)?,
        ));
    }
    for (from, to) in FIXED {
        let bytes = kit.file(&format!("rust/firmware/{from}"))?;
        files.push(File::new(format!("firmware/{to}"), bytes));
    }
    files.push(readme(kit, &values, input)?);
    for (path, bytes) in kit.below("rust/crates/") {
        files.push(File::new(format!("lampyris/{path}"), bytes));
    }
    Ok(files)
}

/// This exporter's part of the README, with what is called for this kind of input.
fn readme(kit: &Kit, values: &[(&str, &str)], input: &str) -> Result<File, FormatError> {
    let part = |name: &str| kit.filled(&format!("rust/crate/{input}/{name}.md.in"), values);
    let (calls, usage) = (part("calls")?, part("use")?);
    let mut values = values.to_vec();
    for (name, bytes) in [("CALLS", &calls), ("USE", &usage)] {
        values.push((name, str::from_utf8(bytes).unwrap_or_default().trim_end()));
    }
    Ok(File::new(
        "README.md",
        kit.filled("rust/README.md", &values)?,
    ))
}

/// The values of the crate's templates.
fn facts(source: &Source<'_>) -> Result<Facts, FormatError> {
    let chip = &source.chip;
    let needs = chip.least_needs();
    let mut facts = Facts::of(source)?;
    let name = crate_name(&source.name);
    facts.set("CRATE", name);
    facts.set("TITLE_LITERAL", format!("{:?}", source.title));
    facts.set("RATE", format!("{:?}", chip.rate_hz()));
    for (name, count) in [
        ("RING", needs.ring),
        ("SCRATCH", needs.scratch),
        ("FEATURE_VALUES", needs.features),
        ("VALUES", chip.window() * chip.axes()),
        ("ROWS", chip.grid().map_or(0, |[rows, _]| rows)),
        ("COLUMNS", chip.grid().map_or(0, |[_, columns]| columns)),
    ] {
        facts.set(name, count.to_string());
    }
    let start = match chip.streaming_needs() {
        Some(_) => "streaming",
        None => "new",
    };
    facts.set("START", start.into());
    let pixels = if chip.axes() == 1 { "Grey" } else { "Rgb" };
    facts.set("PIXELS", pixels.into());
    let block = chip.block().id;
    facts.set(
        "BLOCK_PATH",
        format!("lampyris_dsp::{block}::{}", block.to_uppercase()),
    );
    let table = source
        .operators()?
        .iter()
        .map(|name| format!("    &ops::{name},\n"))
        .collect();
    facts.set("OPERATOR_ROWS", table);

    let labels: Vec<&str> = chip.labels().collect();
    let names = variants(labels.iter().copied());
    let rows = |row: &dyn Fn(usize) -> String| (0..labels.len()).map(row).collect::<String>();
    facts.set(
        "VARIANTS",
        rows(&|i| format!("    /// {}\n    {} = {i},\n", doc(labels[i]), names[i])),
    );
    facts.set(
        "ALL_VARIANTS",
        rows(&|i| format!("    Label::{},\n", names[i])),
    );
    facts.set("LABEL_ROWS", rows(&|i| format!("    {:?},\n", labels[i])));
    facts.set("FIRST", names[0].clone());
    let shows: Vec<String> = source
        .golden()
        .iter()
        .map(|g| format!("    ({:?}, Label::{}),\n", g.label, names[best(&g.outputs)]))
        .collect();
    facts.set("SHOWS", shows.concat());
    Ok(facts)
}

/// A text in a comment of documentation: its characters as Rust writes them, as code.
fn doc(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if hidden(c) { ' ' } else { c })
        .collect();
    // Code in Markdown ends at as many marks as it began with: one more than the text has in a row.
    let run = plain.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(run + 1);
    let space = if run > 0 { " " } else { "" };
    format!("{marks}{space}{plain}{space}{marks}.")
}

/// The image's own, tried here.
#[cfg(test)]
#[path = "../../kit/rust/firmware/sha256.rs"]
mod sha256;

#[cfg(test)]
mod tests {
    use super::{doc, sha256};
    use crate::bundle;

    #[test]
    fn the_image_s_hash_is_the_bundle_s() {
        let bytes: Vec<u8> = (0..200u32).map(|i| (i * 37) as u8).collect();
        for count in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 200] {
            let digest = sha256::sha256(&bytes[..count]);
            let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(hex, bundle::name(&bytes[..count]), "{count} bytes");
        }
    }

    #[test]
    fn a_label_in_a_comment_stays_there() {
        assert_eq!(doc("on"), "`on`.");
        assert_eq!(doc("a`b\n*/"), "`` a`b */ ``.");
        assert_eq!(doc("\u{202e}手\u{2066}"), "` 手 `.");
    }
}
