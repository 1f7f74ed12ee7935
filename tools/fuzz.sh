# libFuzzer over the decoders of blocks and of images. The JSON door is fuzzed by mutations in the tests: clang 16 does not compile Value.
# shellcheck shell=bash

# A clang whose libFuzzer can compile our C++20; Debian 12's default cannot.
fuzzing_clang() {
  local version
  for version in 21 20 19 18 17 16 15; do
    command -v "clang++-$version" && return
  done
  return 1
}

fuzz_one() { # CLANG SECONDS NAME SOURCE...
  local clang=$1 seconds=$2 name=$3 found=$root/build/fuzz/$3
  shift 3
  mkdir -p "$found"
  "$clang" -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -DTELEGRAD_LIBFUZZER \
    -I"$root" "$@" -lzstd -ljpeg -lpng -o "$root/build/fuzz/fuzz_$name" || return
  # New inputs go into the first folder; the committed corpus is only read.
  (cd "$root/build/fuzz" &&
    "./fuzz_$name" -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 -verbosity=0 "$found" "$root/tests/fuzz/corpus/$name")
}

fuzz_all() { # SECONDS
  local clang codecs=$root/sim/codecs
  clang=$(fuzzing_clang) || fail "no clang++ of version 15 or newer; ./dev setup for tests installs one" 2
  mkdir -p "$root/build/fuzz"
  fuzz_one "$clang" "$1" block "$root"/tests/fuzz/block_{fuzz_main,door}.cc "$root/sim/core/errors.cc" \
    "$codecs"/{block,header,index_codec,value_stream,values,code_words}.cc
  fuzz_one "$clang" "$1" image "$root"/tests/fuzz/image_{fuzz_main,door}.cc "$root/sim/core/errors.cc" \
    "$root"/training/images/{image,jpeg,png}.cc
}
