# The machine and its Debian packages (packages.txt).
# shellcheck shell=bash
check_machine() {
  [ "$(uname -sm)" = "Linux x86_64" ] ||
    fail "this machine is $(uname -sm); telegrad needs Debian 12 or newer on amd64" 2
}

wanted_packages() { # LEVEL
  local names
  awk -v level="$1" '/^[a-z0-9]/ && ($2 == "" || $2 == level) { print $1 }' "$root/packages.txt" |
    while IFS='|' read -r -a names; do first_known "${names[@]}"; done
}

# Debian releases name some packages by version: the first that this one has, else the first.
first_known() { # PACKAGE...
  local name
  for name in "$@"; do
    if [ $# -eq 1 ] || [ -n "$(apt-cache policy "$name" 2>/dev/null | grep -v 'Candidate: (none)' | grep Candidate)" ]; then
      echo "$name"
      return
    fi
  done
  echo "$1"
}

missing_packages() { # LEVEL
  local wanted
  mapfile -t wanted < <(wanted_packages "$1")
  { dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null || true; } |
    awk '$1 == "ii" { print $2 }' | sort -u | comm -13 - <(printf '%s\n' "${wanted[@]}" | sort -u)
}

# How to become root: nothing for root itself; sudo if it works here; else fails.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    echo env
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ] && sudo -v; }; }; then
    echo sudo
  else
    return 1
  fi
}

apt_install() { # ROOT_COMMAND PACKAGE...
  local become=$1
  shift
  # An installation that was killed leaves dpkg half configured.
  if [ -n "$(dpkg --audit)" ]; then "$become" dpkg --configure -a || return; fi
  "$become" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 update || return
  "$become" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 \
    install -y --no-install-recommends "$@"
}

install_packages() { # LEVEL
  local state stamp=$root/build/packages-$1.stamp missing become
  command -v dpkg-query >/dev/null ||
    fail "this is not a Debian system; install what packages.txt lists, on Debian 12 or newer" 2
  state="$(sha256sum <"$root/packages.txt") $(stat -c %y /var/lib/dpkg/status)"
  if [ -f "$stamp" ] && [ "$(<"$stamp")" = "$state" ]; then return; fi
  mapfile -t missing < <(missing_packages "$1")
  if [ "${#missing[@]}" -gt 0 ]; then
    if ! become=$(as_root); then
      say "these Debian packages are missing, and this user is neither root nor allowed to use sudo. Ask for:"
      printf '  apt-get install -y --no-install-recommends %s\n' "${missing[*]}" >&2
      exit 2
    fi
    step "Debian packages (${#missing[@]} to install)" "run 'apt-get install ${missing[*]}' by hand and see what it says" \
      apt_install "$become" "${missing[@]}"
    mapfile -t missing < <(missing_packages "$1")
    [ "${#missing[@]}" -eq 0 ] || fail "Debian packages are still missing after the installation: ${missing[*]}"
    state="$(sha256sum <"$root/packages.txt") $(stat -c %y /var/lib/dpkg/status)"
  fi
  mkdir -p "$root/build"
  echo "$state" >"$stamp"
}
