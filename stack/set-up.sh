#!/bin/sh
# Makes .venv with exactly requirements-dev.txt in it, bytecode compiled; at once when that has been done before.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE

python=
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ] && [ ! -x .venv/bin/python ]; then
    echo "Storekeeper needs Python 3.11 to 3.14; found: $(python3 --version 2>/dev/null || echo none)." >&2
    echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it: PYTHON=/path/to/python3 make run" >&2
    exit 1
fi

stamp=.venv/installed
wanted=$(cksum < requirements-dev.txt)
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

rm -f "$stamp"
if ! .venv/bin/python -c '' 2>/dev/null; then
    echo "Making .venv with $("$python" --version)"
    if ! "$python" -m venv --clear .venv; then
        echo "This Python cannot make virtual environments (Debian, Ubuntu: apt-get install python3-venv)." >&2
        exit 1
    fi
fi
uv=$(sed -n 's/^uv==\([^ ;]*\).*/uv==\1/p' requirements-dev.txt)
if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "${uv#uv==}" ]; then
    echo "Installing $uv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$uv"
fi
echo "Installing what requirements-dev.txt lists, and compiling it to bytecode (a minute or two the first time)"
UV_COMPILE_BYTECODE=1 UV_LINK_MODE="${UV_LINK_MODE:-copy}" \
    .venv/bin/uv pip sync --python .venv/bin/python --strict requirements-dev.txt
echo "$wanted" > "$stamp"
