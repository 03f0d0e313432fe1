# The broker's volume is full: produce is refused, rides are still accepted, and all settle once
# there is room.
scenario() {
  platform_down
  compose_files=(-f docker-compose.yml -f tests/compose/small-volume.yml)
  platform_up && ride 320 || return 1
  midstream 20 && docker exec "$(container broker)" sh -c 'cat /dev/zero >/data/broker/filler' \
    2>/dev/null
  await "the broker says that its disk is full" broker_is_full || return 1
  midstream 70 || return 1
  await "the gateway's log says why its rides wait" gateway_says || return 1
  await "produce is refused" refuses_to_produce || { cat "$work/refused" >&2; return 1; }
  docker exec "$(container broker)" rm /data/broker/filler
  riders_end && all_accepted && audit_holds && platform_down
}
broker_is_full() { check_says broker 'disk is full'; }
gateway_says() {
  docker logs "$(container gateway)" 2>&1 |
    grep 'takes no records now' | grep -q -e 'disk is full' -e 'No space left on device'
}
refuses_to_produce() {
  head -c 30000 /dev/zero | tr '\0' x |
    docker exec -i "$(container broker)" hail produce dead_letter >"$work/refused" 2>&1 &&
    return 1
  grep -q '0 records written' "$work/refused" && grep -q "disk is full" "$work/refused"
}
