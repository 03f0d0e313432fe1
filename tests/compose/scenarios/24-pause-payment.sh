# Payment is paused for longer than its session: its partitions go to the other instance, and the
# zombie that wakes up is fenced: nothing is held twice.
members() {
  docker exec "$(container broker)" hail groups describe payment |
    sed -n '1s/.* \([0-9]*\) members.*/\1/p'
}
has_members() { [ "$(members)" = "$1" ]; }
was_fenced() {
  docker logs "$(container payment)" 2>&1 |
    grep -q 'taken for gone\|no longer a member\|not a member'
}
scenario() {
  platform_up --scale payment=2 && await "payment has two members" has_members 2 && ride 480 ||
    return 1
  midstream 20 && docker pause "$(container payment)" >/dev/null || return 1
  await "the paused one is out of its group" has_members 1 || return 1
  docker unpause "$(container payment)" >/dev/null
  await "the zombie learns that it is one" was_fenced || return 1
  riders_end && all_accepted && await "the zombie has joined again" has_members 2 && audit_holds
}
