#!/usr/bin/env bash
# The tests and the benchmark start a PostgreSQL of their own, so its server programs must
# be installed. As root on Debian this installs them; elsewhere it says what to do.
set -euo pipefail

is_installed() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

if is_installed; then
  exit 0
fi

if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "PostgreSQL's server programs (initdb, postgres) are needed and were not found." >&2
  echo "On Debian or Ubuntu: sudo apt-get install --no-install-recommends postgresql" >&2
  exit 1
fi

echo "Installing PostgreSQL's server programs (once)…"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y --no-install-recommends postgresql; } >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi

if ! is_installed; then
  echo "The package postgresql is installed, but brought no initdb." >&2
  exit 1
fi
