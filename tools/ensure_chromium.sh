#!/usr/bin/env bash
# The console's tests look at its pages in a real Chromium, which needs a font to write with.
# As root on Debian this installs both; elsewhere it says what to do.
set -euo pipefail

is_installed() {
  command -v chromium >/dev/null && [[ -n $(fc-list 2>/dev/null) ]]
}

if is_installed; then
  exit 0
fi

if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "Chromium (as the command chromium, with a font) is needed and was not found." >&2
  echo "On Debian: sudo apt-get install --no-install-recommends chromium fontconfig fonts-liberation" >&2
  exit 1
fi

echo "Installing Chromium for the console's tests (once)…"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
packages=(chromium fontconfig fonts-liberation)
if ! { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi

if ! is_installed; then
  echo "The package chromium is installed, but brought no chromium or no font." >&2
  exit 1
fi
