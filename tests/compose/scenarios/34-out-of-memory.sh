# Matching grows over its memory limit: the kernel kills it, its agent starts it again, and no ride
# is matched twice.
starts() { docker logs "$(container matching)" 2>&1 | grep -c '"ready to work"'; }
has_started() { [ "$(starts)" -gt "$1" ]; }
killed_by_the_kernel() {
  docker exec -w /sys/fs/cgroup "$(container matching)" \
    grep -qs "^oom_kill [1-9]" memory.events memory/memory.oom_control
}
# What it has now is below the limit, what it needs for its work above. The engine takes no less
# than 6 MB.
limit_memory() {
  local mb
  for mb in 6 7 8 9 10; do
    docker update --memory ${mb}m --memory-swap ${mb}m "$(container matching)" >/dev/null 2>&1 &&
      return
  done
  fail "matching's memory cannot be limited"
}
scenario() {
  platform_up || return 1
  docker restart "$(container matching)" >/dev/null && is_healthy "$(container matching)" ||
    return 1
  local before; before=$(starts)
  # While payment is paused, the chain's riders pile up in matching, each with a thread.
  local rate=150
  limit_memory && ride 1500 && docker pause "$(container payment)" >/dev/null || return 1
  await "the kernel killed it" killed_by_the_kernel
  local killed=$?
  docker unpause "$(container payment)" >/dev/null
  [ $killed = 0 ] || return 1
  docker update --memory 160m --memory-swap 160m "$(container matching)" >/dev/null || return 1
  await "it is back" has_started "$before" || return 1
  riders_end && all_accepted && judge
}
