# The usual tasks; `make help` lists them. Each is a short CMake or shell command.
.DEFAULT_GOAL := help
BUILD   := build/release
PROGRAM := $(BUILD)/bin/distri-kv
JOBS    ?= $(shell nproc)
SCENARIO ?= scenarios/shopping-carts.yaml
CXX_FILES = git ls-files -z '*.h' '*.cpp'
# Prints one line and stops make with exit status 2.
absent  = $(error $@: $(1) does not exist yet)

.PHONY: help deps configure build program test test-long demo run cluster viz bench format format-check lint clean

help: ## this list
	@echo "Distri-KV: a leaderless key-value store, and the simulator that tells its story"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

deps: ## install the packages of deploy/apt-packages.txt that are missing
	@deploy/install-packages.sh

# Ninja configures again when a CMake file changes, but it does not watch the presets.
configure: deps $(BUILD)/build.ninja
$(BUILD)/build.ninja: CMakePresets.json | deps
	@cmake --preset release && touch $@

build: configure ## the release build: build/release/bin/
	@cmake --build $(BUILD) -j $(JOBS)

program: configure
	@cmake --build $(BUILD) -j $(JOBS) --target distri-kv

test: build ## build, then run every test
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

test-long: configure ## minutes to hours: long fuzzing, sanitizers over everything, drills; PARTS="seeds frames" chooses
	@JOBS=$(JOBS) tests/long.sh $(PARTS)

demo: program ## replay scenarios/: a story of faults each, and a verdict
	@deploy/demo.sh $(PROGRAM)

run: program ## a node with a real disk and an HTTP API, in the foreground
	@$(PROGRAM) serve

cluster: program ## three nodes as processes of their own
	@$(PROGRAM) cluster start --nodes 3

viz: configure ## the visual debugger; SCENARIO=scenarios/NAME.yaml chooses a story
	@cmake --build $(BUILD) -j $(JOBS) --target distri-kv-viz
	@$(BUILD)/bin/distri-kv-viz $(SCENARIO)

bench: program ## speed of the simulator, and of the store on this disk (in short)
	@$(PROGRAM) bench sim
	@$(PROGRAM) bench store --repetitions 3 --events 250000

format: deps ## clang-format every C++ file in place
	@$(CXX_FILES) | xargs -0 clang-format-19 -i

format-check: deps ## fail when `make format` would change something
	@$(CXX_FILES) | xargs -0 clang-format-19 --dry-run -Werror

# The release build compiles groups of files. This preset has the flags of each single file.
lint: configure ## clang-tidy on the files changed since the last commit, or by it
	@cmake --preset dev --log-level=WARNING
	@deploy/lint.sh build/dev

clean: ## remove build/
	@rm -rf build
