#!/bin/sh
# Builds and tests all of dropcase: format, lints, licences, unit and property tests, end-to-end tests.
#
#   sh tests/run.sh                 everything
#   sh tests/run.sh e2e [ARG…]      the release build and the end-to-end tests only; ARGs go to pytest
#
# Needs a Rust toolchain. What else is missing is installed when run as root on Debian, and named otherwise.
# DROPCASE_CORPUS names a folder of hostile files; ../shared/corpus is taken when it is there.
set -eu
cd "$(dirname "$0")/.."
ROOT=$(pwd)
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
VENV=$TARGET/tests-venv
LOGS=$TARGET/tests-logs
mkdir -p "$LOGS"
PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin:/usr/sbin:/sbin
export PATH CARGO_TERM_COLOR=never
if [ -z "${DROPCASE_CORPUS:-}" ] && [ -d ../shared/corpus ]; then
    DROPCASE_CORPUS=$(cd ../shared/corpus && pwd)
    export DROPCASE_CORPUS
fi
BEGIN=$(date +%s)
FAILED=

say() { printf '%s\n' "$*"; }

# stage NAME COMMAND…: runs the command with its output in a log, prints one line; a failure shows the log's end.
stage() {
    stage_name=$1
    shift
    stage_log=$LOGS/$(printf %s "$stage_name" | tr -c 'a-z0-9\n' -).log
    stage_start=$(date +%s)
    if "$@" >"$stage_log" 2>&1; then
        printf 'ok    %5ss  %s\n' $(($(date +%s) - stage_start)) "$stage_name"
        return 0
    fi
    printf 'FAIL  %5ss  %s (the end of %s follows)\n' $(($(date +%s) - stage_start)) "$stage_name" "$stage_log"
    tail -n 150 "$stage_log" | sed 's/^/      | /'
    FAILED="$FAILED [$stage_name]"
    return 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The Debian packages of what is not there.
missing_packages() {
    have sshd || echo openssh-server
    have sftp || echo openssh-client
    have lftp || echo lftp
    have psftp || echo putty-tools
    have curl || echo curl
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb || echo postgresql
    have sqlite3 || echo sqlite3
    have xmllint || echo libxml2-utils
    have cc || echo build-essential
    have setpriv || echo util-linux
    have systemd-analyze || echo systemd
    have shellcheck || echo shellcheck
    have python3 || echo python3
    have python3 && { python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv; }
    return 0
}

# RUNLEVEL=1 keeps Debian from starting the servers that it unpacks.
install_packages() {
    apt-get update
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends $1
}

packages() {
    wanted=$(missing_packages | tr '\n' ' ')
    [ -n "$wanted" ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! have apt-get; then
        say "missing: install these packages and start again: $wanted"
        exit 2
    fi
    stage "install $wanted" install_packages "$wanted"
    still=$(missing_packages | tr '\n' ' ')
    [ -z "$still" ] || { say "still missing after the installation: $still"; exit 2; }
}

python_environment() {
    if [ -x "$VENV/bin/pytest" ] && cmp -s tests/requirements.txt "$VENV/requirements.txt"; then
        return 0
    fi
    rm -rf "$VENV"
    for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        have "$python" && "$python" -m venv "$VENV" && break
    done
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt &&
        cp tests/requirements.txt "$VENV/requirements.txt"
}

python_style() { "$VENV/bin/ruff" format --check --no-cache tests && "$VENV/bin/ruff" check --no-cache tests; }

# One process a test program: its tests share the PostgreSQL that the first of them starts.
rust_tests() { cargo test --workspace --no-fail-fast; }

# Number of Rust tests that a log shows, as "N passed, M failed, K skipped".
rust_counts() {
    awk '
        /^test result:/ { p += $4; f += $6; s += $8 }
        END { printf "%d passed, %d failed, %d skipped", p, f, s }' "$1"
}

end_to_end() {
    workers=$(nproc 2>/dev/null || echo 2)
    [ "$workers" -le 4 ] || workers=4
    # Tests of one module share its home, so they stay on one worker.
    DROPCASE_BINARY=$TARGET/release/dropcase "$VENV/bin/python" -m pytest tests/e2e -q -rs -p no:cacheprovider \
        -n "$workers" --dist loadfile --no-loadscope-reorder --durations 15 "$@"
}

# The units as they stand, with the binary that was built; account and folders are made below an empty root.
units() {
    unit_folder=$(mktemp -d) && mkdir "$unit_folder/etc" || return 1
    sed "s#/usr/bin/dropcase#$TARGET/release/dropcase#" systemd/dropcase.service >"$unit_folder/dropcase.service"
    for drop_in in systemd/dropcase.service.d/*.example; do
        mkdir -p "$unit_folder/dropcase.service.d"
        # What a newer systemd knows would be refused by an older one.
        case $drop_in in *notify-reload*) [ "$(systemctl --version | awk 'NR == 1 { print $2 }')" -ge 253 ] || continue ;; esac
        cp "$drop_in" "$unit_folder/dropcase.service.d/$(basename "$drop_in" .example)"
    done
    systemd-analyze verify --man=no "$unit_folder/dropcase.service" >"$unit_folder/said" 2>&1 || { cat "$unit_folder/said"; return 1; }
    if [ -s "$unit_folder/said" ]; then cat "$unit_folder/said"; return 1; fi
    systemd-analyze security --offline=yes --threshold=20 --no-pager "$ROOT/systemd/dropcase.service" || return 1
    if [ "$(id -u)" -eq 0 ]; then
        systemd-sysusers --root="$unit_folder" "$ROOT/systemd/dropcase.sysusers" || return 1
        systemd-tmpfiles --root="$unit_folder" --create "$ROOT/systemd/dropcase.tmpfiles" || return 1
        [ "$(stat -c %a "$unit_folder/var/lib/dropcase/data/clients")" = 2710 ] || return 1
    fi
    rm -rf "$unit_folder"
}

have cargo || { say "missing: a Rust toolchain (https://rustup.rs)"; exit 2; }
packages

if [ "${1:-}" = e2e ]; then
    shift
    stage "python environment" python_environment
    stage "release build" cargo build --release --locked
    end_to_end "$@"
    exit
fi

stage "python environment" python_environment || exit 1
stage "format" cargo fmt --all --check || true
stage "lints" cargo clippy --workspace --all-targets --locked -- -D warnings || true
if have cargo-deny; then
    stage "licences, bans, sources" cargo deny check bans licenses sources || true
else
    stage "licences, bans, sources" "$VENV/bin/python" tests/dependencies.py || true
fi
stage "worked examples" "$VENV/bin/python" cases/tests/account/check.py || true
stage "python style" python_style || true
stage "shell scripts" shellcheck tests/run.sh docs/pickup.sh || true
stage "unit and property tests" rust_tests || true
if stage "release build" cargo build --release --locked; then
    stage "systemd units" units || true
    stage "end-to-end tests" end_to_end || true
fi

say
say "unit and property tests: $(rust_counts "$LOGS/unit-and-property-tests.log")"
say "end-to-end tests: $(tail -n 1 "$LOGS/end-to-end-tests.log" 2>/dev/null | tr -d = | sed 's/^ *//')"
grep '^SKIPPED' "$LOGS/end-to-end-tests.log" 2>/dev/null | sed 's/^/  /' || true
say "took $(($(date +%s) - BEGIN)) s"
if [ -n "$FAILED" ]; then
    say "FAILED:$FAILED"
    exit 1
fi
say "all passed"
