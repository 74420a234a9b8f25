// What a beginner does with an export first. Whatever is not told here, the README inside tells.

export interface Step {
  text: string;
  /** To be typed in a terminal. */
  command?: string;
}

const README: Step = { text: "Read README.md inside: how to build, run, check and use it." };

/** Given the name of the folder in the zip, and that of the model in its files. */
const STEPS: Readonly<Record<string, (folder: string, name: string) => Step[]>> = {
  tflite: (folder, name) => [
    { text: "Unzip it.", command: `unzip ${folder}.zip && cd ${folder}` },
    {
      text: `For TensorFlow Lite Micro, copy ${name}_tflite.h and ${name}_tflite.cc into your project; every other tool takes ${name}.tflite.`,
    },
    {
      text: "Feed it golden/features.i8: it must answer golden/outputs.i8. README.md has the lines of code.",
    },
  ],
  rust: (folder) => [
    { text: "Unzip it.", command: `unzip ${folder}.zip && cd ${folder}` },
    {
      text: "With Rust from rustup, see it answer the golden vectors on this computer.",
      command: "cargo run --example host",
    },
    {
      text: "Name the folder in your firmware's Cargo.toml; README.md has the lines, and an image for an emulated chip.",
    },
  ],
  c: (folder) => [
    { text: "Unzip it.", command: `unzip ${folder}.zip && cd ${folder}` },
    {
      text: "Run the example on an emulated chip. On Debian it needs make, gcc-arm-none-eabi and qemu-system-arm.",
      command: "make -C example run TARGET=thumbv7em-hard",
    },
    {
      text: "Add the folders model and include and the library for your chip to your project: the table is in README.md.",
    },
  ],
  arduino: (_, name) => [
    {
      text: "Leave it zipped. In the Arduino IDE choose Sketch, Include Library, Add .ZIP Library, and take it.",
    },
    {
      text: `Open File, Examples, Lampyris ${name}, SelfTest; choose your board and its port; press Upload.`,
    },
    {
      text: "The serial monitor at 115200 baud must show the hash above, then PASSED. The other example reads a sensor.",
    },
  ],
};

/** Three steps; of a target that nobody described, what holds for any. */
export function stepsAfter(target: string, folder: string): Step[] {
  const name = folder.slice(0, folder.length - target.length - 1);
  return (
    STEPS[target]?.(folder, name) ?? [
      { text: "Unzip it.", command: `unzip ${folder}.zip && cd ${folder}` },
      README,
    ]
  );
}
