#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: an environment with what the grader needs, pinned to the versions of whoever built this archive.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python="$candidate"
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update
  apt-get install --yes --no-install-recommends python3.11 python3.11-venv
  python=python3.11
fi
if ! "$python" -m venv "$root/environment"; then
  apt-get update
  apt-get install --yes --no-install-recommends "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  "$python" -m venv "$root/environment"
fi
# A build of torch for CPUs keeps the image small: name an index that has one with --extra-index-url, or in PIP_EXTRA_INDEX_URL.
"$root/environment/bin/python" -m pip install --no-cache-dir --requirement "$root/source/requirements.txt"
