# shellcheck shell=bash
# Sourced by tests/run and examples/quickstart: installs what a machine lacks, by apt, and nothing else.

segue_build_packages=(g++ cmake ninja-build pkg-config git ccache libpqxx-dev libpq-dev tao-pegtl-dev
  libfmt-dev libpg-query-dev libprotobuf-c-dev libcli11-dev nlohmann-json3-dev libssl-dev postgresql)
segue_test_packages=(libgtest-dev libgmock-dev)

# A compiler or CMake that came from elsewhere than apt will do.
_segue_present() {
  case $1 in
    g++ | cmake | git | ccache) command -v "$1" >/dev/null && return 0 ;;
    ninja-build) command -v ninja >/dev/null && return 0 ;;
    pkg-config) command -v pkg-config >/dev/null && return 0 ;;
  esac
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

_segue_apt() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "To install ${*: -1} this needs root or sudo." >&2; return 1; }
    as_root=(sudo)
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

# segue_install PACKAGE…
segue_install() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "No apt here: this goes on with what is installed. Needed: $*" >&2
    return 0
  fi
  for package in "$@"; do
    _segue_present "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing: ${missing[*]}" >&2
  _segue_apt update || echo "apt-get update failed; going on with the lists that are there." >&2
  _segue_apt install --no-install-recommends "${missing[@]}"
}

# plpgsql_check is for one major version of PostgreSQL: the one that is installed. Without it the
# tests that use it are skipped.
segue_install_plpgsql_check() {
  local major package
  command -v apt-cache >/dev/null || return 0
  major=$(ls /usr/lib/postgresql 2>/dev/null | sort -n | tail -1)
  package=postgresql-$major-plpgsql-check
  if [ -n "$major" ] && apt-cache show "$package" >/dev/null 2>&1; then
    segue_install "$package" || echo "$package could not be installed: its tests are skipped." >&2
  fi
}

# One test puts a pooler in front of a server. Without it that test says so and does nothing.
segue_install_pooler() {
  command -v apt-cache >/dev/null || return 0
  segue_install pgbouncer || echo "pgbouncer could not be installed: its test is not played." >&2
}

# The rehearsal's page is looked at in a browser. Without one that test is skipped.
segue_install_browser() {
  command -v apt-cache >/dev/null || return 0
  command -v chromium >/dev/null && return 0
  if apt-cache show chromium >/dev/null 2>&1; then
    segue_install chromium || echo "chromium could not be installed: its test is skipped." >&2
  fi
}

segue_jobs() { nproc 2>/dev/null || echo 2; }
