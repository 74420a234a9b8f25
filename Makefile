# The only commands anyone learns. `make help` lists them.
#
#   serve  set up what is missing, build the playground, serve it on http://localhost:8080
#          (`make serve LAN=1`: https for a phone in the same network; PORT=… for another port)
#   test   set up what is missing and pass every test
#   check  formatting, lints, documentation, types, licences, house rules
#   build  leave the static playground in dist/
#   fuzz   any bytes into the reader and the engine (`make fuzz FUZZ_SECONDS=1200`: for 20 minutes each)
#   firmware  build the chip images, run them on emulated chips, count instructions, measure sizes
#          (`make firmware RENEW=1` writes what it found to docs/cost)
#   miri   the engine's tests in an interpreter that sees undefined behaviour
#   bench  speed and size beside what others reach: a table, and target/bench.json
#          (`make bench BENCH_ROUNDS=3`: everyone three times, the best of each)
#
# Every step says what it does, does nothing twice, and names what it lacks.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
export

# Recordings, models and peers from outside; what needs them is skipped, and says so, where they are not.
LAMPYRIS_DATA ?= $(abspath ../shared/data)
LAMPYRIS_PEERS ?= $(abspath ../shared/peers)
# Tools that are built once per machine, not once per checkout.
LAMPYRIS_CACHE ?= $(HOME)/.cache/lampyris

# Nothing is compiled twice in a gate, so nothing is kept for it.
ifdef CI
CARGO_INCREMENTAL := 0
endif

WASM_BINDGEN_VERSION := $(shell sed -n 's/^wasm-bindgen = "=\(.*\)"/\1/p' Cargo.toml)
WASM_PACK_VERSION := 0.15.1
WASM_TOOLS := $(LAMPYRIS_CACHE)/wasm-bindgen-$(WASM_BINDGEN_VERSION)-wasm-pack-$(WASM_PACK_VERSION)
CARGO_FUZZ_VERSION := 0.13.2
FUZZ_TOOLS := $(LAMPYRIS_CACHE)/cargo-fuzz-$(CARGO_FUZZ_VERSION)
FUZZ_SECONDS ?= 60
VENV := $(LAMPYRIS_CACHE)/python-$(shell sha256sum tests/golden/requirements.txt 2>/dev/null | cut -c1-12)
CHROMIUM ?= /usr/bin/chromium
CHROMEDRIVER ?= /usr/bin/chromedriver
PATH := $(WASM_TOOLS)/bin:$(FUZZ_TOOLS)/bin:$(abspath www/node_modules/.bin):$(PATH)
PORT ?= 8080
STAGE := tools/stage

RUST_SOURCES := Cargo.toml Cargo.lock .cargo/config.toml $(shell find crates -name '*.rs' -not -path '*/tests/*' -o -name Cargo.toml)
PAGE_SOURCES := $(shell find www models -type f -not -path '*/node_modules/*')
# What exports are made of: tools/kit.
KIT_SOURCES := Cargo.toml Cargo.lock tools/kit LICENSE-MIT LICENSE-APACHE crates/formats/examples/kit.rs crates/capi/THIRD_PARTY.md crates/core/build.rs $(shell find crates/formats/kit crates/capi/include crates/{core,dsp,device,capi}/src -type f)
KIT := pkg/kit/lib.zip
INFER := pkg/infer/lampyris_infer.wasm
INFER_SOURCES := tools/infer tools/relaxed crates/infer/js/lampyris_infer.js
WASM := pkg/web/lampyris_web_bg.wasm pkg/web-train/lampyris_web_train_bg.wasm

.PHONY: help serve build check test fuzz firmware miri bench setup-page setup-test wasm-compile test-rust test-golden test-wasm test-page test-trained test-exports test-firmware test-chips

help:
	@sed -n 's/^#   //p' Makefile

# ── What the steps below need ────────────────────────────────────────────────

$(WASM_TOOLS)/done: | setup-programs
	@$(STAGE) "wasm-bindgen $(WASM_BINDGEN_VERSION) and wasm-pack $(WASM_PACK_VERSION)" tools/setup wasm-tools

$(FUZZ_TOOLS)/done: | setup-programs
	@$(STAGE) "cargo-fuzz $(CARGO_FUZZ_VERSION) and a nightly Rust" tools/setup fuzz-tools

.PHONY: setup-programs
setup-programs:
	@tools/setup programs

www/node_modules/.package-lock.json: www/package.json www/package-lock.json
	@$(STAGE) "page packages (npm ci)" npm --prefix www ci --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV)/done: tests/golden/requirements.txt
	@$(STAGE) "Python environment with TFLite Micro" tools/setup venv

# Compiling the engine needs none of the tools, so it runs beside their installation.
wasm-compile: | setup-programs
	@$(STAGE) "compile the engine to WebAssembly" tools/compile web
	@$(STAGE) "compile the trainer to WebAssembly (Burn: some minutes)" tools/compile web-train

setup-page:
	@$(MAKE) --no-print-directory -j3 wasm-compile $(WASM_TOOLS)/done www/node_modules/.package-lock.json

setup-test: setup-page $(VENV)/done
	@tools/setup browser-and-emulators

# ── The playground ───────────────────────────────────────────────────────────

pkg/web/lampyris_web_bg.wasm: $(RUST_SOURCES)
	@$(STAGE) "package the engine (pkg/web)" tools/pack web

pkg/web-train/lampyris_web_train_bg.wasm: $(RUST_SOURCES)
	@$(STAGE) "package the trainer (pkg/web-train)" tools/pack web-train

$(KIT): $(KIT_SOURCES)
	@$(STAGE) "static libraries for chips and the rest that exports are made of (pkg/kit)" tools/kit

dist/index.html: $(WASM) $(KIT) $(PAGE_SOURCES)
	@$(STAGE) "build the page (dist)" npm --prefix www run --silent build

build:
	@if ! $(MAKE) --no-print-directory -q dist/index.html 2>/dev/null; then \
		$(MAKE) --no-print-directory setup-page && $(MAKE) --no-print-directory -j2 $(WASM) $(KIT) && $(MAKE) --no-print-directory dist/index.html; fi

serve: build
	@node www/serve.mjs --port $(PORT) $(if $(LAN),--lan)

# ── The gate ─────────────────────────────────────────────────────────────────

check: build
	@$(STAGE) "formatting" cargo fmt --all --check
	@$(STAGE) "formatting of the fuzz targets" cargo fmt --manifest-path fuzz/Cargo.toml --check
	@$(STAGE) "lints (clippy)" cargo clippy --locked --workspace --all-targets -- -D warnings
	@RUSTDOCFLAGS="-D warnings" $(STAGE) "documentation (rustdoc)" cargo doc --locked --workspace --no-deps --document-private-items
	@$(STAGE) "types (tsc --strict)" npm --prefix www run --silent types
	@$(STAGE) "page formatting and lints (biome)" npm --prefix www run --silent lint
	@$(STAGE) "licences, dependency rules, sizes" node --test tests/house/

test: setup-test build test-rust test-golden test-wasm
	@$(MAKE) --no-print-directory -Oline -j2 test-chips test-page

# Emulators and browsers wait for themselves most of the time, so they run beside each other.
test-chips:
	@$(MAKE) --no-print-directory test-firmware
	@$(MAKE) --no-print-directory test-trained
	@$(MAKE) --no-print-directory test-exports

test-rust:
	@$(STAGE) "Rust tests" cargo test --locked --workspace
	# Unoptimised dependencies: the tests take a second either way, compiling a quarter of the time.
	@$(STAGE) "training on the ndarray backend" cargo test --locked -p lampyris-train --features ndarray --config 'profile.dev.package."*".opt-level=0'

test-golden:
	@$(STAGE) "golden cases are what TFLite Micro answers today" $(VENV)/bin/python tests/golden/make.py --check

test-wasm:
	@$(STAGE) "wasm-pack test: web" tools/wasm-test web
	@$(STAGE) "wasm-pack test: web-train" tools/wasm-test web-train

test-page: $(INFER)
	@$(STAGE) "kernels in the page: the bytes of the plain loops" node tests/kernels/page.mjs
	@$(STAGE) "browser flows" npm --prefix www run --silent test:browser

test-trained:
	@$(STAGE) "trained models: TFLite Micro, WebAssembly and chips give the same bytes" tests/trained/run.sh $(VENV)/bin/python

test-exports:
	@$(STAGE) "exports, built and run as a person would" env LAMPYRIS_PYTHON=$(VENV)/bin/python node tests/exports/run.mjs
	@$(LINKED)

LINKED = $(STAGE) "code that exports link: bytes by operator and block" node tests/firmware/linked.mjs $(or $(CARGO_TARGET_DIR),target)/kit
FEATURES = $(STAGE) "features on emulated chips: bytes, instructions, stack" node tests/firmware/features.mjs
KERNELS = $(STAGE) "kernels on emulated chips: the bytes of the plain loops" node tests/kernels/chips.mjs
GRAPHS = $(STAGE) "graphs on emulated chips: bytes, instructions, sizes, stack" node tests/firmware/graphs.mjs

firmware: $(KIT) | setup-programs
	@tools/setup emulators
	@tools/setup compilers
	@$(STAGE) "firmware images" tests/firmware/run.sh --build-only
	@$(GRAPHS) $(if $(RENEW),--renew)
	@$(FEATURES) $(if $(RENEW),--renew)
	@$(LINKED) $(if $(RENEW),--renew)

test-firmware:
	@$(STAGE) "firmware lints" tests/firmware/run.sh --lint
	@$(STAGE) "firmware in the emulator" tests/firmware/run.sh
	@$(KERNELS)
	@$(GRAPHS)
	@$(FEATURES)

# ── Beside the gate ──────────────────────────────────────────────────────────

fuzz: $(FUZZ_TOOLS)/done
	@$(STAGE) "fuzz the reader for $(FUZZ_SECONDS) s" tools/fuzz reader
	@$(STAGE) "fuzz the engine for $(FUZZ_SECONDS) s" tools/fuzz engine

miri: | setup-programs
	@tools/setup miri
	@$(STAGE) "the engine under Miri" cargo +nightly miri test --locked -p lampyris-core

# The engine for inference alone, and its kernels for relaxed SIMD.
$(INFER): $(RUST_SOURCES) $(INFER_SOURCES)
	@$(STAGE) "package inference alone (pkg/infer)" tools/infer

bench: build $(INFER)
	@tools/setup emulators
	@node tests/bench/run.mjs
