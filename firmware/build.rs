//! Puts a model into an image and lays the image out for a board.
//!
//! `LAMPYRIS_BOARD` names a row of `boards.csv`. `LAMPYRIS_CHIP` names the chip part or
//! bundle of the images `lampyris-firmware`, `stream` and `pictures`, `LAMPYRIS_GRAPH` the emitted
//! graph of the image `graph`; an image whose variable is missing says so when it is compiled. What
//! an exporter does for a project, this does for the images: it cuts off what the chip
//! does not need, states the memory that the model takes, and names the operators and the
//! signal block.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use lampyris_core::{arena_bytes, blob, ops};
use lampyris_device::{Chip, Needs, chip};

/// Static memory beside the buffers that are stated here.
const STATIC_REST: usize = 1024;
/// Room for one graph at a time in the image `models`.
const MODELS: [(&str, usize); 2] = [("MODEL_BYTES", 1024 * 1024), ("ARENA_BYTES", 512 * 1024)];
/// Room for one case at a time in the image `features`.
const FEATURES: [(&str, usize); 3] = [
    ("WINDOW_BYTES", 256 * 1024),
    ("SCRATCH_BYTES", 64 * 1024),
    ("FEATURES_BYTES", 256 * 1024),
];

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let chip = named("LAMPYRIS_CHIP", "a chip part or a model.lampyris")?;
    let graph = named("LAMPYRIS_GRAPH", "an emitted graph")?;
    let board = Board::find()?;
    let images: [(&str, &str, _, Maker); 4] = [
        ("lampyris-firmware", "chip", &chip, window_image),
        ("stream", "stream", &chip, stream_image),
        ("pictures", "pictures", &chip, picture_image),
        ("graph", "graph", &graph, graph_image),
    ];
    for (image, name, file, maker) in images {
        if let Some(model) = written(&out, name, file, maker)? {
            board.lay_out(&out, image, model.static_bytes)?;
        }
    }
    board.rooms(&out, "models", &MODELS)?;
    board.rooms(&out, "features", &FEATURES)
}

/// Makes an image of a model's file.
type Maker = fn(&[u8]) -> Outcome<Image>;

/// What an image is made of.
struct Image {
    /// The model as it lies in flash.
    bytes: Vec<u8>,
    /// Rust: constants and tables.
    source: String,
    /// How much static memory it states.
    static_bytes: usize,
}

/// The aligned content of the file that the variable names, or what to say without it.
fn named(variable: &str, what: &str) -> Outcome<Result<AlignedFile, String>> {
    println!("cargo:rerun-if-env-changed={variable}");
    let Ok(path) = env::var(variable) else {
        return Ok(Err(format!(
            "{variable}: name {what} to put into the image"
        )));
    };
    println!("cargo:rerun-if-changed={path}");
    let file = fs::read(&path).map_err(|error| format!("{variable}={path}: {error}"))?;
    Ok(Ok(AlignedFile::new(&file, format!("{variable}={path}"))))
}

/// Writes `<name>.rs` and `<name>.bin` for the image, or a `<name>.rs` that says what is missing.
fn written(
    out: &Path,
    name: &str,
    file: &Result<AlignedFile, String>,
    image: Maker,
) -> Outcome<Option<Image>> {
    let source = out.join(name).with_extension("rs");
    let file = match file {
        Ok(file) => file,
        Err(missing) => {
            fs::write(source, format!("compile_error!({missing:?});\n"))?;
            return Ok(None);
        }
    };
    let image = image(file.bytes()).map_err(|error| format!("{}: {error}", file.name))?;
    let bytes = image.bytes.len();
    let model = format!(
        "#[allow(unsafe_code, reason = \"a section of its own\")]\n\
         #[unsafe(link_section = \".model\")]\n\
         static MODEL: Aligned<{bytes}> = \
         Aligned(*include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.bin\")));\n"
    );
    fs::write(source, model + &image.source)?;
    fs::write(out.join(name).with_extension("bin"), &image.bytes)?;
    Ok(Some(image))
}

/// A chip part, without what follows it, to run on windows.
fn window_image(file: &[u8]) -> Outcome<Image> {
    let chip = Chip::parse(file).map_err(|error| error.to_string())?;
    let window = format!("const WINDOW: usize = {};\n", chip.window() * chip.axes());
    chip_image(&chip, chip.needs(), "new", &window)
}

/// The same to run on readings as they come, in the least memory that it can run in.
fn stream_image(file: &[u8]) -> Outcome<Image> {
    let chip = Chip::parse(file).map_err(|error| error.to_string())?;
    let axes = format!("const AXES: usize = {};\n", chip.axes());
    match chip.streaming_needs() {
        Some(needs) => chip_image(&chip, needs, "streaming", &axes),
        None => chip_image(&chip, chip.needs(), "new", &axes),
    }
}

/// The same to run on pictures as they come.
fn picture_image(file: &[u8]) -> Outcome<Image> {
    let chip = Chip::parse(file).map_err(|error| error.to_string())?;
    chip_image(&chip, chip.needs(), "new", "")
}

/// A chip part with the memory that it needs and the function that starts it.
fn chip_image(chip: &Chip<'_>, needs: Needs, start: &str, more: &str) -> Outcome<Image> {
    let block = chip.block().id;
    let source = format!(
        "{}static BLOCKS: &[&Block] = &[&lampyris_dsp::{block}::{}];\n\
         const ARENA: usize = {};\nconst RING: usize = {};\nconst SCRATCH: usize = {};\n\
         const FEATURES: usize = {};\n{more}\
         type Model<'m> = Classifier<&'static [u8], &'m mut [u8], &'m mut [f32]>;\n\
         fn start<'m>(memory: Memory<&'m mut [u8], &'m mut [f32]>) -> \
         Result<Model<'m>, ChipError> {{\n    \
         Classifier::{start}(MODEL.0.as_slice(), OPS, BLOCKS, memory)\n}}\n",
        operators(chip.graph())?,
        block.to_uppercase(),
        needs.arena,
        needs.ring,
        needs.scratch,
        needs.features,
    );
    Ok(Image {
        bytes: chip.bytes().to_vec(),
        source,
        static_bytes: 0,
    })
}

/// An emitted graph.
fn graph_image(file: &[u8]) -> Outcome<Image> {
    let arena = arena_bytes(file).map_err(|error| error.to_string())?;
    Ok(Image {
        bytes: file.to_vec(),
        source: format!("{}const ARENA_BYTES: usize = {arena};\n", operators(file)?),
        static_bytes: arena,
    })
}

/// The table of the operators that the graph names, each once: only they are linked.
fn operators(graph: &[u8]) -> Outcome<String> {
    let mut names = Vec::new();
    for code in blob::codes(graph).map_err(|error| error.to_string())? {
        let operator = ops::find(ops::ALL, code)
            .ok_or_else(|| format!("names operator {code}, which this engine lacks"))?;
        let name = format!("&ops::{}", operator.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let names = names.join(", ");
    Ok(format!("static OPS: &[&Operator] = &[{names}];\n"))
}

/// A file that begins at a multiple of 16, wherever the heap puts it.
struct AlignedFile {
    name: String,
    room: Vec<u8>,
    start: usize,
    len: usize,
}

impl AlignedFile {
    fn new(file: &[u8], name: String) -> Self {
        let mut room = vec![0; file.len() + chip::ALIGN];
        let start = room.as_ptr().align_offset(chip::ALIGN);
        let len = file.len();
        room[start..start + len].copy_from_slice(file);
        Self {
            name,
            room,
            start,
            len,
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.room[self.start..self.start + self.len]
    }
}

/// A row of `boards.csv`, by the names of its columns.
struct Board(Vec<(String, String)>);

impl Board {
    fn find() -> Outcome<Self> {
        println!("cargo:rerun-if-changed=boards.csv");
        println!("cargo:rerun-if-changed=layout.x");
        println!("cargo:rerun-if-env-changed=LAMPYRIS_BOARD");
        let name = env::var("LAMPYRIS_BOARD")
            .map_err(|_| "LAMPYRIS_BOARD: name a board of firmware/boards.csv")?;
        let table = fs::read_to_string("boards.csv")?;
        let rows = || table.lines().map(|line| line.split(','));
        let columns = rows().next().into_iter().flatten();
        let row = rows()
            .find(|row| row.clone().next() == Some(name.as_str()))
            .ok_or_else(|| format!("LAMPYRIS_BOARD={name}: not in firmware/boards.csv"))?;
        let cell = |(column, value): (&str, &str)| (column.to_uppercase(), value.to_owned());
        Ok(Self(columns.zip(row).map(cell).collect()))
    }

    /// Lays out an image with these buffers, and writes `<image>.rs` with their sizes.
    fn rooms(&self, out: &Path, image: &str, buffers: &[(&str, usize)]) -> Outcome {
        let sizes = buffers.iter();
        let sizes = sizes.map(|(name, bytes)| format!("const {name}: usize = {bytes};\n"));
        fs::write(
            out.join(image).with_extension("rs"),
            sizes.collect::<String>(),
        )?;
        self.lay_out(out, image, buffers.iter().map(|buffer| buffer.1).sum())
    }

    /// Writes the linker script of an image with so much static memory.
    fn lay_out(&self, out: &Path, image: &str, static_bytes: usize) -> Outcome {
        let static_kib = (static_bytes + STATIC_REST).div_ceil(1024).to_string();
        let mut layout = fs::read_to_string("layout.x")?.replace("@STATIC_KIB@", &static_kib);
        for (column, value) in &self.0 {
            layout = layout.replace(&format!("@{column}@"), value);
        }
        let script = out.join(image).with_extension("x");
        fs::write(&script, layout)?;
        println!("cargo:rustc-link-arg-bin={image}=-T{}", script.display());
        Ok(())
    }
}
