# The broker's volume is full: produce is refused, rides are still accepted, and all settle once there is room.
scenario() {
  platform_down
  compose_files=(-f docker-compose.yml -f tests/compose/small-volume.yml)
  platform_up && ride 320 || return 1
  midstream 20 && docker exec "$(container broker)" sh -c 'cat /dev/zero >/data/broker/filler' 2>/dev/null
  await "the broker says that its disk is full" broker_is_full || return 1
  midstream 70 || return 1
  [ "$(lag_or_outbox)" -gt 0 ] || fail "nothing waits although the disk is full" || return 1
  docker exec "$(container broker)" rm /data/broker/filler
  riders_end && all_accepted && judge && platform_down
}
broker_is_full() { docker logs "$(container broker)" 2>&1 | grep -qi 'no space\|full'; }
lag_or_outbox() {
  docker exec "$(container lab)" hail-lab audit --json | sed 's/.*"log":{[^}]*"lost":\([0-9]*\).*/\1/'
}
