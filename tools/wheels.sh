# Wheels in a per-user cache: entries named by their contents' versions, complete or absent, repaired when damaged.
# shellcheck shell=bash
cache=${XDG_CACHE_HOME:-$HOME/.cache}/telegrad
python=/usr/bin/python3

choose_device() { # cpu|cuda
  mkdir -p "$root/build"
  echo "$1" >"$root/build/device"
}

# cpu or cuda: what was chosen, at first whether an NVIDIA driver answers.
device() {
  if [ ! -f "$root/build/device" ]; then
    if command -v nvidia-smi >/dev/null && timeout 20 nvidia-smi -L >/dev/null 2>&1; then
      choose_device cuda
    else
      choose_device cpu
    fi
  fi
  cat "$root/build/device"
}

key() { cat "$@" | sha256sum | cut -c1-12; }

listing() { # ENTRY
  (cd "$1" && find . -name __pycache__ -prune -o -type f ! -name .complete -printf '%s %P\n' | LC_ALL=C sort)
}

# Prints what is wrong with an entry, nothing if it is sound. Sizes catch half-written and truncated files in 0.1 s.
damage() { # ENTRY
  if [ ! -f "$1/.complete" ]; then
    echo "it has no list of its files"
  else
    LC_ALL=C comm -13 <(listing "$1") "$1/.complete" | head -n 1 | sed 's/^[0-9]* //; s/$/ is missing or has another size/'
  fi
}

# Installs into a folder, then seals it with the list of its files; synced, so that the list survives a power cut only
# together with what it lists.
fill() { # FOLDER INSTALL...
  local folder=$1
  shift
  "$@" "$folder" || return
  find "$folder" -name '*.so*' -type f -exec sync -- {} + && listing "$folder" >"$folder/.complete"
}

# Makes sure of one entry. INSTALL gets a folder to fill; only a full one takes the entry's name.
ensure() { # ENTRY WHAT INSTALL...
  local entry=$cache/$1 what=$2 wrong tmp
  shift 2
  if [ -d "$entry" ] && [ -z "$(damage "$entry")" ]; then return; fi
  hold 9 "$cache/lock" "fills the cache $cache"
  if [ -d "$entry" ]; then
    wrong=$(damage "$entry")
    if [ -z "$wrong" ]; then
      release 9
      return
    fi
    say "damaged cache entry $entry: $wrong; fetching it anew"
    rm -rf -- "$entry"
  fi
  rm -rf -- "$cache"/.tmp-* || true
  tmp=$cache/.tmp-${entry##*/}-$$
  mkdir -p "$tmp"
  step "$what" "run the command again; if it fails again, './dev clean --cache' starts the cache afresh" \
    fill "$tmp" "$@"
  mv -T -- "$tmp" "$entry"
  release 9
}

pip() { "$venv/bin/python" -m pip --disable-pip-version-check --no-input --no-cache-dir --retries 5 --timeout 60 "$@"; }

install_venv() { # cpu|cuda FOLDER
  local venv=$2 dependencies=--no-deps
  [ "$1" = cpu ] || dependencies=
  "$python" -m venv "$venv" &&
    pip install --only-binary=:all: $dependencies -r "$root/requirements.txt" &&
    "$venv/bin/python" -c 'import jinja2, matplotlib.pyplot, pandas, plotly.graph_objects'
}

install_test_packages() { # FOLDER
  pip install --only-binary=:all: --no-deps --target "$1" -r "$root/requirements-test.txt"
}

unpack_ns3() { # FOLDER
  pip download --no-deps --only-binary=:all: --python-version 311 -r "$root/requirements-ns3.txt" -d "$1/wheel" &&
    "$python" -m zipfile -e "$1"/wheel/ns3-*.whl "$1/all" &&
    mkdir -p "$1/lib64" "$1/include" &&
    mv "$1"/all/ns3/lib64/*.so* "$1/lib64" &&
    mv "$1/all/ns3/include/ns3" "$1/include" &&
    mv "$1"/all/ns3-*.dist-info/licenses/LICENSE "$1" &&
    rm -r "$1/wheel" "$1/all"
}

install_wheels() { # LEVEL
  local chosen version size
  chosen=$(device)
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  size="1.4 GB"
  [ "$chosen" = cpu ] || size="5 GB"
  venv=$cache/python$version-$chosen-$(key "$root/requirements.txt")
  ns3=$cache/ns3-$(key "$root/requirements-ns3.txt")
  test_packages=$cache/test-python$version-$(key "$root/requirements-test.txt")
  ensure "${venv##*/}" "Python environment with LibTorch for $chosen ($size)" install_venv "$chosen"
  ensure "${ns3##*/}" "ns-3 (160 MB)" unpack_ns3
  [ "$1" = run ] || ensure "${test_packages##*/}" "Python packages for tests (150 MB)" install_test_packages
}

# Tells CMake, whoever calls it, where the wheels lie.
write_paths() {
  local file=$root/build/paths.cmake text=
  define() { text+="if(NOT DEFINED $1)"$'\n'"  set($1 \"$2\")"$'\n'"endif()"$'\n'; }
  define TELEGRAD_NS3_DIR "$ns3"
  define TELEGRAD_TORCH_DIR "$(echo "$venv"/lib/python3*/site-packages/torch)"
  define TELEGRAD_PYTHON "$venv/bin/python"
  define TELEGRAD_TEST_PACKAGES "$test_packages"
  if [ ! -f "$file" ] || [ "$(<"$file")" != "${text%$'\n'}" ]; then printf '%s' "$text" >"$file"; fi
}
