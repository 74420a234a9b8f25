//! Arduino library: a folder that the Arduino IDE takes as a zip, with the static libraries
//! where each core looks for them, a class, a self-test and a sketch for a board's sensor.
//!
//! The rules are those of Arduino's library specification, revision 2.2: `precompiled=true`
//! compiles what lies in `src` and links what lies in [`PLACES`].

mod sensor;

use super::{File, Kit, Source, Target, c_source};
use crate::FormatError;
use c_source::Names;
use sensor::Sensor;

/// The exporter.
pub static TARGET: Target = Target {
    id: "arduino",
    title: "Arduino library",
    help: "A zip for the Arduino IDE: a class, a self-test and a sketch that reads a board's sensor.",
    kits: &["arduino", "lib"],
    make,
};

/// Name of the static library as the linker's `-l` takes it, without `lib` and `.a`.
const ARCHIVE: &str = "liblampyris.a";

/// A folder below `src` that cores look into, named after the core's `build.mcu`, then after
/// what its compiler is told by `-mfpu` and `-mfloat-abi`, where it is told.
struct Place {
    folder: &'static str,
    /// The library that belongs there, as a folder of the kit `lib`.
    library: &'static str,
}

const fn place(folder: &'static str, library: &'static str) -> Place {
    Place { folder, library }
}

/// All of them; the names are those of the cores' own `boards.txt` and `platform.txt`:
///
/// - `cortex-m0plus`: Arduino SAMD, both cores for the RP2040; STM32 as well, which has
///   `cortex-m0` and, without a floating-point unit, `cortex-m3`, which runs what a
///   Cortex-M0+ runs;
/// - `cortex-m4/…-softfp`: Arduino Mbed OS (Nano 33 BLE, Nicla, Portenta's second core);
///   `…-hard`: Arduino UNO R4, STM32, Adafruit's SAMD51;
/// - `cortex-m7/fpv5-d16-softfp`: Arduino Mbed OS (Portenta H7, GIGA, Nicla Vision);
///   `fpv4-sp-d16-hard`: STM32, whose core names that unit for the Cortex-M7 too;
/// - `cortex-m33/softfp`: the Pico 2, whose core states no `-mfpu`; with `fpv5-sp-d16-hard`
///   Arduino's Portenta C33, with `fpv4-sp-d16-hard` STM32 (L5, U5);
/// - `esp32c3`, `esp32c6`, `esp32h2`: ESP32, which takes the chip's name; `rv32imac`: the
///   Pico 2 switched to its RISC-V cores.
static PLACES: &[Place] = &[
    place("cortex-m0", "thumbv6m"),
    place("cortex-m0plus", "thumbv6m"),
    place("cortex-m3", "thumbv6m"),
    place("cortex-m4", "thumbv7em-soft"),
    place("cortex-m4/fpv4-sp-d16-hard", "thumbv7em-hard"),
    place("cortex-m4/fpv4-sp-d16-softfp", "thumbv7em-softfp"),
    place("cortex-m7/fpv4-sp-d16-hard", "thumbv7em-hard"),
    place("cortex-m7/fpv5-d16-softfp", "thumbv7em-softfp"),
    place("cortex-m33/fpv4-sp-d16-hard", "thumbv8m-main-dsp"),
    place("cortex-m33/fpv5-sp-d16-hard", "thumbv8m-main-dsp"),
    place("cortex-m33/softfp", "thumbv8m-main"),
    place("esp32c3", "riscv32imc"),
    place("esp32c6", "riscv32imc"),
    place("esp32h2", "riscv32imc"),
    place("rv32imac", "riscv32imc"),
];

/// Architectures as the cores' folders are named: those whose boards find a library.
const ARCHITECTURES: &str = "esp32,mbed,mbed_edge,mbed_giga,mbed_nano,mbed_nicla,mbed_portenta,mbed_rp2040,\
     renesas_portenta,renesas_uno,rp2040,samd,stm32";

fn make(source: &Source<'_>, kit: &Kit) -> Result<Vec<File>, FormatError> {
    let names = Names::of(source);
    let sensor = Sensor::of(source);
    let mut values: Vec<(&str, String)> = names
        .values()
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    values.extend([
        ("SHA256", source.sha256.clone()),
        ("VERSION", env!("CARGO_PKG_VERSION").to_owned()),
        ("ARCHITECTURES", ARCHITECTURES.to_owned()),
        ("SENTENCE", sentence(source, &sensor)),
        ("INPUT", method(source, &names).to_owned()),
        ("SHOWN", shown(source, &names)),
        ("AXES", source.chip.axes().to_string()),
        ("RATE_HZ", source.chip.rate_hz().to_string()),
    ]);
    values.extend(sensor.values());
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let filled = |template: &str, path: String| -> Result<File, FormatError> {
        Ok(File::new(
            path,
            kit.filled(&format!("arduino/{template}"), &values)?,
        ))
    };
    let class = format!("{}Classifier", names.camel);
    let sketch = sensor.sketch();
    let mut files = vec![
        filled("library.properties", "library.properties".into())?,
        filled("keywords.txt", "keywords.txt".into())?,
        filled("src/Classifier.h", format!("src/{class}.h"))?,
        filled(
            "src/LampyrisResampler.h",
            "src/LampyrisResampler.h".to_owned(),
        )?,
        File::new("src/lampyris.h", kit.file("lib/include/lampyris.h")?),
        filled(
            "examples/SelfTest.ino",
            "examples/SelfTest/SelfTest.ino".to_owned(),
        )?,
        filled(
            &format!("examples/{sketch}.ino"),
            format!("examples/{sketch}/{sketch}.ino"),
        )?,
    ];
    let below = |folder: &str, file: File| File::new(format!("{folder}{}", file.path), file.bytes);
    files.extend(c_source::model(source, kit)?.map(|file| below("src/", file)));
    files.extend(c_source::golden(source, kit)?.map(|file| below("examples/SelfTest/", file)));
    for one in PLACES {
        let archive = kit.file(&format!("lib/lib/{}/{ARCHIVE}", one.library))?;
        files.push(File::new(format!("src/{}/{ARCHIVE}", one.folder), archive));
    }
    Ok(files)
}

/// What the library is for, on one line.
fn sentence(source: &Source<'_>, sensor: &Sensor) -> String {
    let labels = source.chip.labels().count();
    format!("Tells {labels} labels apart in {}.", sensor.what())
}

/// How the class is given what the model looks at.
fn method(source: &Source<'_>, names: &Names) -> String {
    if source.chip.grid().is_some() {
        return "  // Looks at a picture of any size; the model's own is below. Answers true: there is a label,\n  \
             // or none.\n  \
             bool see(LampyrisPixels pixels, uint32_t width, uint32_t height, const uint8_t *bytes,\n           \
             uint32_t count) {\n    \
             const LampyrisPicture picture = {width, height, pixels, bytes, count};\n    \
             return lampyris_see(classifier_, &picture, &event_);\n  }\n"
            .to_owned();
    }
    format!(
        "  // Takes one reading at the model's rate. Answers true at the end of each window: there is a\n  \
         // label, or none.\n  \
         bool push(const float *reading) {{\n    \
         return lampyris_push(classifier_, reading, {}_AXES, &event_);\n  }}\n",
        names.upper
    )
}

/// How the self-test makes features of a golden input.
fn shown(source: &Source<'_>, names: &Names) -> String {
    let upper = &names.upper;
    if source.chip.grid().is_some() {
        let pixels =
            ["LAMPYRIS_PIXELS_RGB", "LAMPYRIS_PIXELS_GREY"][usize::from(source.chip.axes() == 1)];
        return format!(
            "  const LampyrisPicture picture = {{{upper}_WIDTH, {upper}_HEIGHT, {pixels}, golden.picture,\n{:34}\
             {upper}_WIDTH * {upper}_HEIGHT * {upper}_CHANNELS}};\n  \
             const int8_t *features = lampyris_shown(classifier.handle(), &picture, &count);",
            ""
        );
    }
    format!(
        "  const int8_t *features = lampyris_quantized(classifier.handle(), golden.window,\n{:45}\
         {upper}_WINDOW * {upper}_AXES, &count);",
        ""
    )
}

#[cfg(test)]
mod tests {
    use super::PLACES;

    #[test]
    fn the_readme_names_every_place() {
        let readme = include_str!("../../kit/arduino/README.md");
        for one in PLACES {
            let named = format!("`{}`", one.folder);
            assert!(readme.contains(&named), "{named} is not in the README");
        }
    }
}
