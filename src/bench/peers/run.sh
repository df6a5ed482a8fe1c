#!/usr/bin/env bash
#
# Runs every peer and Lakeprop's own bench, one after the other, and prints a table: ./run.sh --help
set -euo pipefail

usage() {
  cat <<'END'
Usage: ./run.sh [--layers L --batch B] [--rows N] [--seconds S] [--peers P,P] [--json FILE]

  --layers, --batch  one network and batch; default: 54,256,256,7 with 8192 and with 1024, and
                     784,1000,1000,10 with 4096
  --rows             of the table (default 65536)
  --seconds          of timed rounds a peer, after the search for its best setting (default 10)
  --peers            default: lakeprop,pytorch,djl,mlpc
  --json             the JSON lines are appended to this file (default target/bench/peers.jsonl)
END
}

die() { printf 'run.sh: %s\n' "$*" >&2; exit 1; }

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
layers=
batch=
rows=65536
seconds=10
peers=lakeprop,pytorch,djl,mlpc
json=$root/target/bench/peers.jsonl

while (($# > 0)); do
  case $1 in
    --help | -h) usage; exit ;;
    --layers | --batch | --rows | --seconds | --peers | --json)
      (($# > 1)) || die "$1 must have a value"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    *) die "unknown option: $1" ;;
  esac
done

if [[ -n $layers && -n $batch ]]; then
  cases=("$layers $batch")
elif [[ -z $layers && -z $batch ]]; then
  cases=('54,256,256,7 8192' '54,256,256,7 1024' '784,1000,1000,10 4096')
else
  die "--layers and --batch must come together"
fi

mkdir -p "$(dirname "$json")"
touch "$json"
before=$(wc -l <"$json")
failures=0

# Other work on the machine is in every figure.
awk -v cores="$(nproc)" '$1 > cores / 4 {
  print "run.sh: the machine should be idle, however: its load is " $1 " on " cores " cores" > "/dev/stderr" }' \
  /proc/loadavg

# So are the variables that choose a BLAS library's code: a library may run at half its speed.
env | grep -E '^(OPENBLAS|OMP|MKL|BLIS|GOTO)_' | sed 's/^/run.sh: the environment has /' >&2 || true

wanted() { [[ ,$peers, == *",$1,"* ]]; }

peer() { # a peer's name, then its command; its failure doesn't stop the others
  printf '== %s: layers %s, batch %s\n' "$1" "$layers" "$batch" >&2
  "${@:2}" >>"$json" || { printf 'run.sh: %s failed\n' "$1" >&2; failures=$((failures + 1)); }
}

# Lakeprop's report has the figures; the line has what was asked, too.
lakeprop() {
  local report
  report=$(mktemp)
  "$root/submit.sh" bench --layers "$layers" --batch "$batch" --rows "$rows" \
    --rounds auto --kernel auto --json "$report" >&2 || { rm -f "$report"; return 1; }
  python3 "$here/table.py" --adopt "$report" "$layers" "$batch" "$(nproc)"
  rm -f "$report"
}

if wanted lakeprop && [[ $("$root/submit.sh" bench --help 2>/dev/null || true) != *--kernel* ]]; then
  printf 'run.sh: this Lakeprop has no bench command: its figures are left out\n' >&2
  peers=${peers//lakeprop/}
fi

mlpc_done=
for one in "${cases[@]}"; do
  read -r layers batch <<<"$one"
  common=(--layers "$layers" --rows "$rows" --seconds "$seconds")
  ! wanted lakeprop || peer lakeprop lakeprop
  # Debian's torch belongs to Debian's Python.
  ! wanted pytorch || peer pytorch /usr/bin/python3 "$here/pytorch.py" "${common[@]}" --batch "$batch"
  ! wanted djl || peer djl python3 "$here/djl.py" "${common[@]}" --batch "$batch"
  # Full batches only: once for a network.
  if wanted mlpc && [[ $mlpc_done != *" $layers "* ]]; then
    peer mlpc python3 "$here/mlpc.py" "${common[@]}"
    mlpc_done+=" $layers "
  fi
done

tail -n "+$((before + 1))" "$json" | python3 "$here/table.py"
((failures == 0)) || die "runs that failed: $failures, see above"
