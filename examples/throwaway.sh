# shellcheck shell=bash
# Sourced: a PostgreSQL server of one's own, in a temporary directory, gone with the script.
#
#   throwaway_start      sets PGHOST, PGPORT and PGUSER, so that psql and every libpq program find it
#   throwaway_stop       for a trap on EXIT

throwaway_directory=
throwaway_line=

# initdb and postgres refuse to run as root: there the server runs as user postgres.
_throwaway_as_server=()
[ "$(id -u)" -ne 0 ] || _throwaway_as_server=(setpriv --reuid postgres --regid postgres --init-groups)

_throwaway_binaries() {
  local bin
  for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) "$(pg_config --bindir 2>/dev/null)"; do
    [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && { echo "$bin"; return 0; }
  done
  echo "No PostgreSQL server is installed: apt-get install postgresql" >&2
  return 1
}

throwaway_start() {
  local bin
  bin=$(_throwaway_binaries) || return 1
  throwaway_directory=$(mktemp -d "${TMPDIR:-/tmp}/segue-server.XXXXXX")
  [ "$(id -u)" -eq 0 ] && chown postgres "$throwaway_directory"
  # A caretaker outlives the script by a moment: when its line closes, because the script ended in
  # whatever way, it ends the server and removes the directory.
  exec {throwaway_line}> >(exec setsid "${BASH:-bash}" -c '
    cat >/dev/null
    kill -INT "$(cat "$1/pid" 2>/dev/null)" 2>/dev/null
    for _ in {1..100}; do [ -S "$1/.s.PGSQL.5432" ] || break; sleep 0.1; done
    rm -rf "$1"' caretaker "$throwaway_directory" >/dev/null 2>&1)
  (
    cd "$throwaway_directory" || exit
    "${_throwaway_as_server[@]}" "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1
  ) || { cat "$throwaway_directory/initdb.log" >&2; return 1; }
  # In a session of its own, so that Ctrl-C reaches the script and not the server.
  (
    cd "$throwaway_directory" || exit
    exec {throwaway_line}>&-
    exec setsid "${BASH:-bash}" -c 'echo $$ >pid; exec "$@"' server \
      "${_throwaway_as_server[@]}" \
      "$bin/postgres" -D data -k "$throwaway_directory" -c listen_addresses= -c shared_buffers=256MB \
      -c max_wal_size=2GB -c logging_collector=off >>postgres.log 2>&1 </dev/null
  ) &
  export PGHOST=$throwaway_directory PGPORT=5432 PGUSER=postgres
  for _ in {1..100}; do
    psql -qAtc 'SELECT 1' -d postgres >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  echo "The server did not start:" >&2
  cat "$throwaway_directory/postgres.log" >&2
  return 1
}

throwaway_stop() {
  [ -n "$throwaway_line" ] || return 0
  exec {throwaway_line}>&-
  throwaway_line=
  for _ in {1..120}; do
    [ -d "$throwaway_directory" ] || break
    sleep 0.1
  done
}
