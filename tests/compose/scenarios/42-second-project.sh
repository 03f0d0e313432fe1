# The same image under another project name: another platform, beside the first and at the same
# time. Riders ride in both, the broker of one is killed, and neither has a ride of the other.
scenario() {
  platform_up || return 1
  local before; before=$(accepted_rides)
  ride 240 && midstream 20 && beside ride_there && riders_end && all_accepted && audit_holds ||
    return 1
  [ "$(accepted_rides)" = $((before + 240)) ] ||
    fail "the first has $(accepted_rides) rides, not $((before + 240))"
}
beside() {
  local project=$project-beside result
  GATEWAY_PORT=$((GATEWAY_PORT + 10)) LAB_PORT=$((LAB_PORT + 10)) \
    LAB_API_PORT=$((LAB_API_PORT + 10)) "$@"
  result=$?
  platform_down
  return $result
}
ride_there() {
  local riders riders_count answers refused
  platform_up && ride 60 --lanes log || return 1
  midstream 30 && docker kill "$(container broker)" >/dev/null &&
    docker start "$(container broker)" >/dev/null || return 1
  riders_end && all_accepted && audit_holds || return 1
  [ "$(accepted_rides)" = 60 ] || fail "the second has $(accepted_rides) rides, not 60"
}
