# Configures, builds and tests the preset of this clone: release, or cuda where LibTorch's CUDA libraries are set up.
# shellcheck shell=bash
select_preset() {
  preset=release
  if [ "$(device)" = cuda ]; then preset=cuda; fi
  build_dir=$root/build/$preset
}

# Two clones share what they compile.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
if command -v ninja >/dev/null; then export CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}; fi

jobs() { # as many as there are cores, each with 1.5 GB of memory
  local memory
  memory=$(awk '/^MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
  if [ "$memory" -lt 1 ]; then memory=1; fi
  nproc | awk -v memory="$memory" '{ print ($1 < memory) ? $1 : memory }'
}

our_sources() {
  (cd "$root" && git ls-files -z -co --exclude-standard -- '*.cc' '*.h' '*.cu' | sed -z "s|^|$root/|")
}

# Configures once; from then on the build tool itself reconfigures when a CMake file changes.
configure() {
  local state stamp=$build_dir/.configured
  state="$root $preset $(command -v c++) ${CMAKE_GENERATOR:-}"
  if [ -f "$stamp" ] && [ "$(<"$stamp")" = "$state" ]; then return; fi
  rm -rf -- "$build_dir/CMakeCache.txt" "$build_dir/CMakeFiles"
  step "Configure ($preset)" "see the log; './dev clean' starts from an empty build folder" \
    cmake -S "$root" --preset "$preset"
  echo "$state" >"$stamp"
}

build() { # [TARGET...]
  local targets=() target
  for target in "${@:-all}"; do targets+=(--target "$target"); done
  hold 8 "$root/build/lock" "builds here"
  configure
  step "Build ${*:-everything} ($(jobs) jobs)" "see the first error in the log" cmake --build "$build_dir" -j "$(jobs)" "${targets[@]}"
  release 8
}

run_tests() { # [LABEL...]
  local labels=()
  if [ $# -gt 0 ]; then labels=(-L "^($(IFS='|' && echo "$*"))\$"); fi
  exec ctest --test-dir "$build_dir" -j "$(nproc)" --output-on-failure --no-tests=error --no-label-summary "${labels[@]}"
}
