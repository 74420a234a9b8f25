//! What a firmware engineer unzips and builds with one `make`: static libraries with their
//! header, the model as C, and an example that checks the model on the chip.

use super::c_source::{self, Names};
use super::{File, Kit, Source, Target};
use crate::FormatError;

/// The exporter.
pub static TARGET: Target = Target {
    id: "c",
    title: "C library",
    help: "For firmware in C or C++: static libraries for Cortex-M and RISC-V, the model as C, and an example that builds with make.",
    kits: &["c", "lib"],
    make,
};

/// Files of the example that name the model.
const TEMPLATES: [&str; 2] = ["main.c", "input.h"];
/// Those that differ by what the model is for, and what they become.
const INPUTS: [([&str; 2], &str); 2] = [
    (["input_signal.c", "input_picture.c"], "input.c"),
    (["product_signal.c", "product_picture.c"], "product.c"),
];
/// Parts of the kit that go into the export as they are.
const COPIED: [(&str, &str); 2] = [("lib/include/", "include/"), ("lib/lib/", "lib/")];

/// How a product calls the model, for the README.
const USE_SIGNAL: &str = "\
float reading[@UPPER@_AXES]; /* from your sensor, @UPPER@_RATE_HZ times a second */
if (lampyris_push(classifier, reading, @UPPER@_AXES, &event) && event.fired) {";
const USE_PICTURE: &str = "\
LampyrisPicture picture = {width, height, LAMPYRIS_PIXELS_RGB565, bytes, byte_count}; /* from your camera, of any size */
if (lampyris_see(classifier, &picture, &event) && event.fired) {";

fn make(source: &Source<'_>, kit: &Kit) -> Result<Vec<File>, FormatError> {
    // Says that the libraries are missing before anything else is looked at.
    kit.file("lib/include/lampyris.h")?;
    let names = Names::of(source);
    let mut files = Vec::new();
    for (from, to) in COPIED {
        files.extend(
            kit.below(from)
                .map(|(path, bytes)| File::new(format!("{to}{path}"), bytes)),
        );
    }
    let pairs = [
        c_source::model(source, kit)?,
        c_source::golden(source, kit)?,
    ];
    for file in pairs.into_iter().flatten() {
        files.push(File::new(format!("model/{}", file.path), file.bytes));
    }
    let mut filled = |template: &str, path: &str| {
        let text = kit.filled(&format!("c/example/{template}"), &names.values())?;
        files.push(File::new(format!("example/{path}"), text));
        Ok::<(), FormatError>(())
    };
    for template in TEMPLATES {
        filled(template, template)?;
    }
    for (templates, path) in INPUTS {
        filled(templates[usize::from(source.chip.grid().is_some())], path)?;
    }
    let varies = |path: &str| {
        INPUTS
            .iter()
            .any(|(templates, _)| templates.contains(&path))
    };
    let plain = |path: &str| !TEMPLATES.contains(&path) && !varies(path);
    for (path, bytes) in kit.below("c/example/").filter(|(path, _)| plain(path)) {
        files.push(File::new(format!("example/{path}"), bytes));
    }
    files.push(readme(source, kit, &names)?);
    Ok(files)
}

/// The export's own part of the README.
fn readme(source: &Source<'_>, kit: &Kit, names: &Names) -> Result<File, FormatError> {
    let memory = c_source::memory(source, kit)?;
    let count = source.golden().len().to_string();
    let picture = source.chip.grid().is_some();
    let call = if picture { USE_PICTURE } else { USE_SIGNAL };
    let call = call.replace("@UPPER@", &names.upper);
    let mut values = names.values().to_vec();
    values.extend(memory.iter().map(|(name, value)| (*name, value.as_str())));
    values.extend([
        ("BLOCK", source.chip.block().id),
        ("GOLDEN_COUNT", &count),
        ("USE", &call),
    ]);
    Ok(File::new("README.md", kit.filled("c/README.md", &values)?))
}
