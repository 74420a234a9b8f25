#!/usr/bin/env bash
# Asks TFLite Micro for the bytes of a network with every kind of layer. Then trains
# models with the command, and asks everyone else for the same bytes:
# the command's own engine on the .tflite, the page's WebAssembly, TFLite Micro and
# LiteRT (tests/oracle.py), and emulated chips (tests/firmware), on windows and on a
# stream of readings, or on pictures.
#
#   tests/trained/run.sh PYTHON        (a Python with tests/golden/requirements.txt)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python=$1
lampyris=${CARGO_TARGET_DIR:-target}/debug/lampyris
work=${CARGO_TARGET_DIR:-target}/trained
passed=0
failed=0

step() { # step NAME COMMAND…
    local name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        echo "  ok      $name: $(tail -n 1 "$work/log")"
    else
        failed=$((failed + 1))
        echo "  FAILED  $name"
        tail -n 12 "$work/log" | sed 's/^/          /'
    fi
}

same_outputs() { # the engine on the .tflite gives what the chip part gave
    "$lampyris" run "$1/model.tflite" --input "$1/features.i8" --output "$1/again.i8" >/dev/null &&
        cmp "$1/outputs.i8" "$1/again.i8" && echo "$(stat -c %s "$1/outputs.i8") bytes equal"
}

readings() { # the windows one after another, as a stream of readings
    cp "$1/windows.f32" "$1/readings.f32" && tests/firmware/run.sh "$1"
}

pictures() { # what the model saw, as pictures of that very size
    cp "$1/features.i8" "$1/expected.f" && cp "$1/outputs.i8" "$1/expected.o" &&
        rm "$1/features.i8" "$1/outputs.i8" && tests/firmware/run.sh "$1" &&
        cmp "$1/features.i8" "$1/expected.f" && cmp "$1/outputs.i8" "$1/expected.o"
}

# As the Rust tests built it: for the crate alone, cargo would choose other features and
# compile Burn once more.
cargo test --locked --quiet --workspace --no-run || exit 1
rm -rf "$work"
mkdir -p "$work"
layers=$work/layers
step "every kind of layer" "${CARGO_TARGET_DIR:-target}/debug/examples/every_layer" "$layers"
step "every kind of layer: TFLite Micro and LiteRT" "$python" tests/oracle.py "$layers/model.tflite" "$layers/features.i8" "$layers/outputs.i8"
sets=(
    "starter motion models/starter-motion/starter-motion.zip"
    "sounds audio models/starter-sound/starter-sound.zip"
    "pictures image models/starter-picture/starter-picture.zip"
)
if [ -d "${LAMPYRIS_DATA:-}/motion/ei-gestures" ]; then
    sets+=("gestures motion $LAMPYRIS_DATA/motion/ei-gestures")
else
    echo "  skipped: real gestures, for there is no LAMPYRIS_DATA"
fi
for entry in "${sets[@]}"; do
    read -r name task data <<<"$entry"
    dir=$work/$name
    step "$name: train" "$lampyris" train "$data" --task "$task" --out "$dir"
    step "$name: golden windows" "$lampyris" golden "$dir/model.lampyris" "$data" --out "$dir"
    step "$name: the .tflite in this engine" same_outputs "$dir"
    if [ "$task" = image ]; then
        step "$name: as pictures" node tests/trained/pictures.mjs "$dir"
    fi
    step "$name: WebAssembly" node tests/trained/wasm.mjs "$dir"
    step "$name: TFLite Micro and LiteRT" "$python" tests/oracle.py "$dir/model.tflite" "$dir/features.i8" "$dir/outputs.i8"
    if [ "$task" = image ]; then
        step "$name: emulated chips" pictures "$dir"
    else
        step "$name: emulated chips" readings "$dir"
    fi
done
echo "trained: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
