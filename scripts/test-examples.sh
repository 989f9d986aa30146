#!/bin/sh
# Tests every example in the best Python environment to be had:
# that of the peers, which has llama.cpp, if it is there already; else one with transformers; else one
# with NumPy alone. Without llama.cpp its checks are skipped.
set -eu

cd "$(dirname "$0")/.."
examples=examples/check-a-backend

say() { echo "test-examples: $*" >&2; }

if python=$(OFFLINE=1 scripts/python-environment.sh peers Benchmarks/peers/requirements.txt 2>/dev/null); then
  :
elif python=$(scripts/python-environment.sh examples-transformers \
  $examples/requirements-transformers.txt); then
  :
elif python=$(scripts/python-environment.sh examples $examples/requirements.txt); then
  say "Without transformers its tests are skipped."
else
  say "The worked examples are not tested: they need a Python environment, which cannot be made."
  exit 0
fi
status=0
for test in examples/*/test_*.py; do
  say "$test"
  "$python" "$test" || status=1
done
exit $status
