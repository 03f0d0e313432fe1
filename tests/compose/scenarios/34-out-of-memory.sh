# The memory of matching's container is used up: the kernel kills matching, its agent starts it
# again, and no ride is matched twice.
starts() { docker logs "$(container matching)" 2>&1 | grep -c '"ready to work"'; }
has_started() { [ "$(starts)" -gt "$1" ]; }
killed_by_the_kernel() {
  docker exec -w /sys/fs/cgroup "$(container matching)" \
    grep -qs "^oom_kill [1-9]" memory.events memory/memory.oom_control
}
# A program beside matching takes all that the limit allows. Matching is marked as the first to go.
# How much it needs itself differs from machine to machine, so the limit alone does not kill it.
fill_memory() {
  docker exec "$(container matching)" sh -c '
    for score in /proc/[0-9]*/oom_score_adj; do
      process=${score%/oom_score_adj}
      [ "$(cat "$process/comm" 2>/dev/null)" != hail-matching ] || echo 1000 >"$score"
    done
    head -c 400000000 /dev/zero | tail -c 400000000 >/dev/null' >/dev/null 2>&1 || true
}
scenario() {
  platform_up || return 1
  local before; before=$(starts)
  ride 1500 && midstream 20 || return 1
  fill_memory
  killed_by_the_kernel || fail "the kernel did not kill it" || return 1
  await "it is back" has_started "$before" || return 1
  riders_end && all_accepted && audit_holds
}
