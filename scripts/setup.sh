#!/bin/sh
# Installs what the build needs beside Swift itself: OpenBLAS with its headers.
set -eu

say() { echo "setup: $*" >&2; }

if ! command -v swift >/dev/null 2>&1; then
  say "Swift 6.2 or later is needed and is not installed; see https://www.swift.org/install."
  exit 1
fi

has_openblas() {
  if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists openblas; then return 0; fi
  for header in /usr/include/cblas.h /usr/include/*/cblas.h /usr/include/openblas/cblas.h; do
    if [ -e "$header" ]; then return 0; fi
  done
  return 1
}

if has_openblas; then exit 0; fi

if ! command -v apt-get >/dev/null 2>&1; then
  say "OpenBLAS and its headers are needed: install the package that your system calls" \
    "libopenblas-dev, openblas-devel or openblas."
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
  root=
elif command -v sudo >/dev/null 2>&1; then
  root=sudo
else
  say "OpenBLAS is needed: install libopenblas-dev as root."
  exit 1
fi
say "Installing libopenblas-dev."
$root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq libopenblas-dev >&2
