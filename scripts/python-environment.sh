#!/bin/sh
# Makes a virtual environment with the pinned packages of a requirements file, once, and prints the
# path of its Python: python-environment.sh NAME REQUIREMENTS. It lies in the user's cache folder as
# NAME-venv, or where LOOKAHEAD_VENV says. llama.cpp is built from source for this machine's CPU,
# which takes minutes and needs a C++ compiler; CMAKE_ARGS can say otherwise. With OFFLINE=1 only an
# environment that is there already is of use.
set -eu

name=$1
requirements=$2

say() { echo "python-environment: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

case "${XDG_CACHE_HOME:-}" in
/*) cache=$XDG_CACHE_HOME/lookahead ;;
*) cache=${HOME:?must be set to find the cache folder}/.cache/lookahead ;;
esac
environment=${LOOKAHEAD_VENV:-$cache/$name-venv}
python=$environment/bin/python
# Written last, so that an interrupted installation is taken up again.
installed=$environment/installed.txt

if ! cmp -s "$requirements" "$installed"; then
  [ "${OFFLINE:-0}" != 1 ] || fail "OFFLINE=1, and $environment has not all of $requirements."
  command -v python3 >/dev/null 2>&1 || fail "python3 is not installed."
  if [ ! -x "$python" ]; then
    say "Making $environment ..."
    mkdir -p "$(dirname "$environment")"
    python3 -m venv "$environment" >&2 || fail "Python's venv module does not work here."
  fi
  say "Installing $(grep -v '^#' "$requirements" | tr '\n' ' ')..."
  CMAKE_ARGS=${CMAKE_ARGS:--DGGML_NATIVE=ON} "$python" -m pip --disable-pip-version-check install \
    --quiet --requirement "$requirements" >&2 </dev/null ||
    fail "pip could not install all of $requirements; is there a network, and a C++ compiler?"
  cp "$requirements" "$installed"
fi
echo "$python"
