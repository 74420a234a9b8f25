#!/usr/bin/env bash
# Runs a model on emulated chips and compares with what it gives natively, byte for byte.
#
#   tests/firmware/run.sh [--build-only | --lint] [DIR…]
#
# DIR holds chip.bin (a chip part or a model.lampyris) and windows.f32 (little-endian,
# [windows, samples, axes], at the model's rate). features.i8 and outputs.i8 beside them
# are what is expected; where they are missing, they are computed natively first.
# Without DIR a small model of random weights is made, so that nothing else is needed.
# --lint checks all images of firmware/. graphs.mjs runs those that hold a graph alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Boards of firmware/boards.csv that the classifier runs on: without and with floating point.
BOARDS=(microbit mps2-an386)
host_target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
chip_target=$(realpath -m "${CARGO_TARGET_DIR:-firmware/target}")

mode=run
case "${1:-}" in
--build-only | --lint)
    mode=${1#--}
    shift
    ;;
-*)
    echo "usage: $0 [--build-only | --lint] [DIR…]" >&2
    exit 2
    ;;
esac

fail() {
    echo "firmware: $*" >&2
    exit 1
}

example() {
    cargo run --locked --quiet -p lampyris-device --example "$@"
}

# target_of BOARD: what its row of firmware/boards.csv says
target_of() {
    awk -F, -v board="$1" '$1 == board { print $3 }' firmware/boards.csv
}

# firmware COMMAND DIR BOARD [ARGUMENT…]: cargo's command for one board
firmware() {
    local command=$1 dir=$2 board=$3 target
    target=$(target_of "$board")
    shift 3
    LAMPYRIS_CHIP=$dir/chip.bin LAMPYRIS_BOARD=$board CARGO_TARGET_DIR=$chip_target \
        cargo "$command" --locked --quiet --release --manifest-path firmware/Cargo.toml --target "$target" "$@"
}

# compare DIR OUTPUT MARK FILE: the lines of that mark are the file
compare() {
    local expected=$1/$4 width found
    found=$(sed -n "s/^$3 //p" "$2")
    width=$(head -n 1 <<<"$found" | tr -d '\n' | wc -c)
    od -An -v -tx1 "$expected" | tr -d ' \n' | fold -w "$((width > 0 ? width : 80))" >"$2.$3"
    echo >>"$2.$3"
    diff --brief <(printf '%s\n' "$found") "$2.$3" >/dev/null && return
    echo "$4: first differences (< emulated, > expected), one window a line" >&2
    diff <(printf '%s\n' "$found") "$2.$3" | head -n 6 >&2 || true
    return 1
}

# lint DIR: every image, for every board that has a target of its own
lint() {
    local dir=$1 board target seen=" "
    cargo fmt --manifest-path firmware/Cargo.toml --check
    while IFS=, read -r board _ target _; do
        [[ $board != board && $seen != *" $target "* ]] || continue
        seen+="$target "
        LAMPYRIS_GRAPH=$dir/graph.bin firmware clippy "$dir" "$board" --all-targets -- -D warnings
    done <firmware/boards.csv
}

# emulate DIR BOARD
emulate() {
    local dir=$1 board=$2 target image output windows
    target=$(target_of "$board")
    image=$chip_target/$target/release/lampyris-firmware
    output=$chip_target/$target/release/firmware.out
    if nm "$image" | grep -i panic >&2; then
        fail "$target: the image can panic, see the symbols above"
    fi
    (cd "$dir" && timeout 300 qemu-system-arm -M "$board" -nographic -monitor none -serial none \
        -semihosting-config enable=on,target=native -kernel "$image") >"$output" 2>&1 ||
        fail "$target on $board: $(tail -n 3 "$output")"
    windows=$(sed -n 's/^end //p' "$output")
    [ -n "$windows" ] || fail "$target on $board: the image did not come to its end"
    [ "$((16#$windows))" -gt 0 ] || fail "$dir/windows.f32 holds no whole window"
    compare "$dir" "$output" f features.i8 || fail "$target on $board: other features"
    compare "$dir" "$output" o outputs.i8 || fail "$target on $board: other outputs"
    echo "  $target on $board: $((16#$windows)) windows equal, $(size "$image" | awk 'NR == 2 {print $1}') bytes of flash with the model"
}

if [ "$mode" = run ] && ! command -v qemu-system-arm >/dev/null; then
    fail "qemu-system-arm is missing: tools/setup emulators installs it"
fi

if [ $# -eq 0 ]; then
    made=$host_target/firmware-fixture
    rm -rf "$made"
    example fixture -- "$made"
    set -- "$made"
fi
if [ "$mode" = lint ]; then
    lint "$(realpath "$1")"
    exit
fi
for dir in "$@"; do
    dir=$(realpath "$dir")
    if [ "$mode" = run ] && [ ! -e "$dir/features.i8" ]; then
        example golden -- "$dir" >/dev/null
    fi
    for board in "${BOARDS[@]}"; do
        firmware build "$dir" "$board" --bin lampyris-firmware
        [ "$mode" = build-only ] || emulate "$dir" "$board"
    done
done
