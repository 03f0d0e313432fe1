# The gateway is killed while riders ask. Afterwards all of them, those who had no answer too, ask
# again with the same keys: each is accepted, and rides once.
scenario() {
  platform_up || return 1
  local before; before=$(accepted_rides)
  ride 240 --lanes log || return 1
  midstream 30 && docker kill "$(container gateway)" >/dev/null || return 1
  midstream 60 && docker start "$(container gateway)" >/dev/null || return 1
  local first
  first=$(docker logs "$riders" 2>&1 | sed -n 's/.*"first_ride":\([0-9]*\).*/\1/p' | head -1)
  riders_end || return 1
  echo "    $refused of $riders_count riders had no answer"
  [ "$refused" -gt 0 ] || fail "no rider noticed" || return 1
  is_healthy "$(container gateway)" || return 1
  # The very same rides, and not those that nobody has sent yet.
  local run_options=(--entrypoint "env -u HAIL_TRAFFIC_CLAIMS hail-traffic")
  ride 240 --lanes log --first-ride "$first" && riders_end && audit_holds || return 1
  [ "$(accepted_rides)" = $((before + 240)) ] ||
    fail "of $((before + 240)) rides $(accepted_rides) are there"
}
