# Analytics is over its memory limit: the kernel kills it, its agent starts it again, and no event counts twice.
restarts() { docker logs "$(container analytics)" 2>&1 | grep -c '"ready to work"'; }
was_restarted() { [ "$(restarts)" -gt "$1" ]; }
scenario() {
  platform_up && ride 320 || return 1
  local before; before=$(restarts)
  midstream 20 && docker update --memory 7m --memory-swap 7m "$(container analytics)" >/dev/null || return 1
  await "the kernel killed it" killed_by_the_kernel || return 1
  docker update --memory 160m --memory-swap 320m "$(container analytics)" >/dev/null || return 1
  await "it is back" was_restarted "$before" || return 1
  riders_end && all_accepted && judge
}
killed_by_the_kernel() {
  docker exec "$(container analytics)" sh -c 'cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null' |
    grep -q '^oom_kill [1-9]'
}
