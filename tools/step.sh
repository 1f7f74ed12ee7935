# Steps that say what they do, how long they took, and on failure: which one, where its log is, what to do.
# shellcheck shell=bash
logs=$root/build/logs

say() { printf 'telegrad: %s\n' "$*" >&2; }
fail() { # MESSAGE [EXIT_CODE]
  say "$1"
  exit "${2:-1}"
}
since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", to - from }'; }

# The remedy for what a log shows; the step's own one otherwise.
remedy() { # LOG DEFAULT
  if grep -qE 'No space left on device|not enough free space' "$1"; then
    echo "the disk is full: free some space (5 GB; 12 GB with CUDA), then run the command again"
  elif grep -qiE 'name resolution|could not resolve|NameResolutionError|NewConnectionError|Network is unreachable|connection (timed out|refused|reset)|ReadTimeout|ConnectTimeout|ProxyError|tunnel connection failed|SSLError|failed to fetch' "$1"; then
    echo "the network does not answer: check the connection and proxy (http_proxy, https_proxy), then run the command again"
  elif grep -qE 'Could not get lock' "$1"; then
    echo "another program is installing packages: wait for it, then run the command again"
  elif grep -qE 'Killed signal terminated program|virtual memory exhausted' "$1"; then
    echo "the compiler ran out of memory: close other programs, then run the command again"
  else
    echo "$2"
  fi
}

# Says that a step runs once it has taken half a second, then shows the last line of its log: in place on a terminal,
# every half minute elsewhere.
watch() { # NAME LOG
  local line
  exec 8>&- 9>&-
  sleep 0.5 2>/dev/null
  say "$1 ..."
  if [ -t 2 ]; then
    while sleep 1 2>/dev/null && kill -0 $$ 2>/dev/null; do
      line=$(tail -n 1 "$2" | tr -d '\r')
      printf '\r\033[K  %s' "${line:0:$((${COLUMNS:-80} - 4))}" >&2
    done
  else
    while sleep 30 2>/dev/null && kill -0 $$ 2>/dev/null; do say "$1: $(tail -n 1 "$2" | cut -c1-100)"; done
  fi
}

step() { # NAME REMEDY COMMAND...
  local name=$1 default=$2 from=$EPOCHREALTIME log code=0
  shift 2
  mkdir -p "$logs"
  log=$logs/$(tr -c 'A-Za-z0-9\n' '-' <<<"${name%% (*}").log
  : >"$log"
  watch "$name" "$log" >/dev/null &
  watcher=$!
  # The locks stay with this process: a child that outlives it must not keep them.
  "$@" >"$log" 2>&1 </dev/null 8>&- 9>&- || code=$?
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  watcher=
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
  if [ "$code" -ne 0 ]; then
    grep -E -m 10 -A 4 'error:|Error |ERROR' "$log" | sed 's/^/  | /' >&2 || tail -n 15 "$log" | sed 's/^/  | /' >&2
    say "step failed: $name (exit $code after $(since "$from"))"
    say "log: $log"
    fail "remedy: $(remedy "$log" "$default")"
  fi
  if awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { exit !(to - from > 0.5) }'; then say "$name: done in $(since "$from")"; fi
}

# Holds a lock file on a descriptor until this process ends or replaces itself.
hold() { # DESCRIPTOR FILE WHAT
  mkdir -p "$(dirname "$2")"
  eval "exec $1>>\"\$2\""
  if ! flock -n "$1"; then
    say "waiting for another ./dev that $3"
    flock "$1"
  fi
}
release() { eval "exec $1>&-"; }

watcher=
trap 'if [ -n "$watcher" ]; then kill "$watcher" 2>/dev/null; fi' EXIT
trap 'say interrupted; exit 130' INT
trap 'say terminated; exit 143' TERM
