#!/usr/bin/env bash
# Runs a model on emulated chips and compares with what it gives natively, byte for byte.
#
#   tests/firmware/run.sh [--build-only | --lint] [DIR…]
#
# DIR holds chip.bin (a chip part or a model.lampyris) and windows.f32 (little-endian,
# [windows, samples, axes], at the model's rate). features.i8 and outputs.i8 beside them
# are what is expected; where they are missing, they are computed natively first. Where
# DIR has readings.f32 ([readings, axes]), they are pushed one by one as well, and the
# events compared with events.txt. Where it has pictures.bin instead (as the image
# pictures reads it), all three are of those pictures.
# Without DIR small models of motion, of sound and of pictures with random weights are
# made, so that nothing else is needed.
# --lint checks all images of firmware/. graphs.mjs runs those that hold a graph alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Boards of firmware/boards.csv that the classifier runs on: without and with floating
# point; where a window is too large for the first one's memory, all the others.
BOARDS=(microbit mps2-an386)
LARGE_BOARDS=(mps2-an385 mps2-an386 mps2-an505 virt)
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

# column BOARD NUMBER: what its row of firmware/boards.csv says
column() {
    awk -F, -v board="$1" -v number="$2" '$1 == board { print $number }' firmware/boards.csv
}

# number CHIP AT TYPE: a number of the chip part's header (crates/device/src/chip.rs)
number() {
    od -An -j "$2" -N "${3#u}" -t "$3" "$1" | tr -d ' '
}

# boards_of DIR: names, one a line
boards_of() {
    if [ -e "$1/pictures.bin" ]; then
        printf '%s\n' "${LARGE_BOARDS[@]}"
        return
    fi
    local values=$(($(number "$1/chip.bin" 32 u4) * $(number "$1/chip.bin" 40 u2)))
    if [ "$values" -gt 1000 ]; then
        printf '%s\n' "${LARGE_BOARDS[@]}"
    else
        printf '%s\n' "${BOARDS[@]}"
    fi
}

# firmware COMMAND DIR BOARD [ARGUMENT…]: cargo's command for one board
firmware() {
    local command=$1 dir=$2 board=$3 target
    target=$(column "$board" 3)
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

# emulate DIR BOARD IMAGE: runs it in DIR; prints the file that holds its output
emulate() {
    local dir=$1 board=$2 target image output emulator
    target=$(column "$board" 3)
    read -ra emulator <<<"$(column "$board" 5)"
    image=$chip_target/$target/release/$3
    output=$image.out
    if nm "$image" | grep -i panic >&2; then
        fail "$target: $3 can panic, see the symbols above"
    fi
    (cd "$dir" && timeout 300 "qemu-system-${emulator[0]}" "${emulator[@]:1}" -nographic -monitor none \
        -serial none -semihosting-config enable=on,target=native -kernel "$image") >"$output" 2>&1 ||
        fail "$target on $board: $3: $(tail -n 3 "$output")"
    grep -q '^end ' "$output" || fail "$target on $board: $3 did not come to its end"
    echo "$output"
}

# flash_of BOARD IMAGE
flash_of() {
    size "$chip_target/$(column "$1" 3)/release/$2" | awk 'NR == 2 {print $1}'
}

# on_windows DIR BOARD: whole windows
on_windows() {
    local dir=$1 board=$2 output windows
    output=$(emulate "$dir" "$board" lampyris-firmware)
    windows=$((16#$(sed -n 's/^end //p' "$output")))
    [ "$windows" -gt 0 ] || fail "$dir/windows.f32 holds no whole window"
    compare "$dir" "$output" f features.i8 || fail "$board: other features"
    compare "$dir" "$output" o outputs.i8 || fail "$board: other outputs"
    echo "  $(column "$board" 3) on $board: $windows windows equal, $(flash_of "$board" lampyris-firmware) bytes of flash with the model"
}

# on_readings DIR BOARD: readings one by one
on_readings() {
    local dir=$1 board=$2 output
    output=$(emulate "$dir" "$board" stream)
    if ! diff --brief "$output" "$dir/events.txt" >/dev/null; then
        echo "events.txt: first differences (< emulated, > expected)" >&2
        diff "$output" "$dir/events.txt" | head -n 6 >&2 || true
        fail "$board: other events"
    fi
    echo "  $(column "$board" 3) on $board: $(grep -c '^e' "$dir/events.txt") lines of events equal, $(flash_of "$board" stream) bytes of flash with the model"
}

# on_pictures DIR BOARD: pictures one by one
on_pictures() {
    local dir=$1 board=$2 output
    output=$(emulate "$dir" "$board" pictures)
    compare "$dir" "$output" f features.i8 || fail "$board: other features"
    compare "$dir" "$output" o outputs.i8 || fail "$board: other outputs"
    if ! diff <(grep '^e' "$output") "$dir/events.txt" >"$output.diff"; then
        echo "events.txt: first differences (< emulated, > expected)" >&2
        head -n 6 "$output.diff" >&2
        fail "$board: other events"
    fi
    echo "  $(column "$board" 3) on $board: $(grep -c '^e ' "$dir/events.txt") pictures equal, $(flash_of "$board" pictures) bytes of flash with the model"
}

for emulator in qemu-system-arm qemu-system-riscv32; do
    if [ "$mode" = run ] && ! command -v "$emulator" >/dev/null; then
        fail "$emulator is missing: tools/setup emulators installs it"
    fi
done

if [ $# -eq 0 ]; then
    made=$host_target/firmware-fixture
    rm -rf "$made"
    example fixture -- "$made/motion"
    example fixture -- "$made/sound" sound
    example fixture -- "$made/picture" picture
    set -- "$made/motion" "$made/sound" "$made/picture"
fi
if [ "$mode" = lint ]; then
    lint "$(realpath "$1")"
    exit
fi
for dir in "$@"; do
    dir=$(realpath "$dir")
    if [ "$mode" = run ] && { [ ! -e "$dir/features.i8" ] || [ "$dir/readings.f32" -nt "$dir/events.txt" ]; }; then
        example golden -- "$dir" >/dev/null
    fi
    for board in $(boards_of "$dir"); do
        if [ -e "$dir/pictures.bin" ]; then
            firmware build "$dir" "$board" --bin pictures
            [ "$mode" != run ] || on_pictures "$dir" "$board"
            continue
        fi
        firmware build "$dir" "$board" --bin lampyris-firmware --bin stream
        [ "$mode" = run ] || continue
        on_windows "$dir" "$board"
        [ ! -e "$dir/readings.f32" ] || on_readings "$dir" "$board"
    done
done
