// What a beginner does with an export first. Whatever is not told here, the README inside tells.

export interface Step {
  text: string;
  /** To be typed in a terminal. */
  command?: string;
}

const README: Step = { text: "Read README.md inside: how to build, run, check and use it." };

const STEPS: Readonly<Record<string, (folder: string) => Step[]>> = {
  tflite: (folder) => [
    { text: "Unzip it.", command: `unzip ${folder}.zip && cd ${folder}` },
    {
      text: "For TensorFlow Lite Micro, put the C array beside your program; every other tool takes model.tflite.",
    },
    { text: "Compare your program's answers with the golden vectors, byte for byte: README.md." },
  ],
  rust: (folder) => [
    { text: "Unzip it.", command: `unzip ${folder}.zip && cd ${folder}` },
    { text: "See it answer on this computer.", command: "cargo run --release --example host" },
    { text: "Put the folder beside your firmware as a path dependency; README.md has the lines." },
  ],
  c: (folder) => [
    {
      text: "Unzip it. On Debian or Ubuntu, gcc-arm-none-eabi is the compiler.",
      command: `unzip ${folder}.zip && cd ${folder}`,
    },
    { text: "Build the example for your chip.", command: "make" },
    { text: "Copy the libraries, the header and the model's files into your project: README.md." },
  ],
  arduino: () => [
    { text: "In the Arduino IDE: Sketch, Include Library, Add .ZIP Library, and choose the zip." },
    { text: "Open an example: File, Examples, the library's name." },
    { text: "Choose your board and its port, then press Upload." },
  ],
};

/** Three steps; of a target that nobody described, what holds for any. */
export function stepsAfter(target: string, folder: string): Step[] {
  return (
    STEPS[target]?.(folder) ?? [
      { text: "Unzip it.", command: `unzip ${folder}.zip && cd ${folder}` },
      README,
    ]
  );
}
