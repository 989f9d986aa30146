#!/usr/bin/env bash
# Runs every fuzz target, or those named, as many at a time as there are processors, or JOBS:
#
#     SECONDS_EACH=60 Fuzzing/run.sh [READER ...]
#     RUNS_EACH=1000000 Fuzzing/run.sh gguf json
#
# The two seconds are of the processor. By the clock an input has TIMEOUT seconds, 10 if not given.
# Prints one line for each: the number of inputs. An input that traps, hangs for more than two seconds
# or takes more than 64 MB is kept in Fuzzing/findings, and the exit status is 1.
set -uo pipefail
cd "$(dirname "$0")" || exit

readers=(gguf gguf-tokenizer safetensors safetensors-index config tokenizer-json chat-template
  pool-cache draft-memory encoding streaming json trace recorded-trace recorded-safetensors numpy
  llama-cpp-logits completion engine-text engine-steps mask prompt-file step-cost)
if [ $# -gt 0 ]; then readers=("$@"); fi
if [ -n "${RUNS_EACH:-}" ]; then
  amount=-runs=$RUNS_EACH
else
  amount=-max_total_time=${SECONDS_EACH:-60}
fi
# OpenBLAS has no part in this; its threads would each take as much memory as a reader may.
export OPENBLAS_NUM_THREADS=1 MALLOC_ARENA_MAX=1
# Swift's own report of a trap would end the process before the fuzzer has kept the input.
export SWIFT_BACKTRACE=enable=no
# The fuzzer's own memory, the program's and the corpus: what an idle run was seen to take.
own_kilobytes=${OWN_KILOBYTES:-65536}

swift build --sanitize=fuzzer >&2 || exit
program=$(swift build --sanitize=fuzzer --show-bin-path)/fuzz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 make_seeds.py "$work" || exit
mkdir -p findings

dictionary() {
  case $1 in
  gguf*) echo gguf ;;
  chat-template) echo template ;;
  numpy) echo numpy ;;
  trace | recorded-trace) echo trace ;;
  config | json | *safetensors* | tokenizer-json | completion | engine-* | mask | prompt-file | step-cost)
    echo json
    ;;
  esac
}

# Fuzzes one reader, prints the result, and writes a file if it failed.
attack() {
  local reader=$1 log=$work/$1.log words result inputs rate memory slowest options
  options=("--reader=$reader" "$amount" -seed=1 "-timeout=${TIMEOUT:-10}" -max_len=8192 -rss_limit_mb=0
    -print_final_stats=1 "-artifact_prefix=findings/$reader-")
  words=$(dictionary "$reader")
  if [ -n "$words" ]; then options+=("-dict=dictionaries/$words.dict"); fi
  # Memory that a process may write to, so that an input that asks for more ends it at once.
  if (ulimit -d $((65536 + own_kilobytes)) && exec "$program" "${options[@]}" "$work/$reader") \
    >"$log" 2>&1; then
    result=ok
  else
    result=FAILED
    touch "$work/failed"
    tail -n 40 "$log" >&2
  fi
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  memory=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
  slowest=$(sed -n 's/^slowest input: \([0-9]*\) microseconds/\1/p' "$log")
  printf '%-20s %9s inputs, %7s a second, slowest %s us, at most %s MB in all: %s\n' "$reader" \
    "${inputs:-?}" "${rate:-?}" "${slowest:-?}" "${memory:-?}" "$result"
}

at_a_time=${JOBS:-$(getconf _NPROCESSORS_ONLN)}
for reader in "${readers[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$at_a_time" ]; do sleep 1; done
  attack "$reader" &
done
wait
[ ! -e "$work/failed" ]
