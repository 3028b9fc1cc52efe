# Sourced by the scripts that build: how many compilers to run, and how to show that they do.

# One job a processor, as far as memory reaches: a gRPC or Beast file takes more than 1 GB to compile.
build_jobs() {
  local processors memory_kib by_memory
  processors=$(nproc)
  memory_kib=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
  by_memory=$((memory_kib / 1500000))
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo $((processors < by_memory ? processors : by_memory))
}

# run_logged LOG COMMAND...: runs it with its output in LOG and prints the last line of that now and
# then; after a failure the end of LOG is shown. Returns the command's status.
run_logged() {
  local log=$1 started=$SECONDS status=0 shown=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - started)) -ge $((shown + 20)) ]; then
      shown=$((SECONDS - started))
      printf '    %4d s  %s\n' "$shown" "$(tail -n 1 "$log" | cut -c1-100)"
    fi
  done
  wait "$pid" || status=$?
  if [ "$status" -ne 0 ]; then
    echo "    failed with status $status; the end of $log:"
    grep -E 'error|warning:|Failed|FAILED|\*\*\*' "$log" | cut -c1-300 | head -n 15 | sed 's/^/    | /' || true
    echo "    | ..."
    tail -n 40 "$log" | cut -c1-300 | sed 's/^/    | /'
  fi
  return "$status"
}
