# `stop` in mid-stream is clean: exit code 0 everywhere, and no recovery at the next `up`. `down`
# and `up` lose nothing.
recovers() { docker logs "$(container broker)" 2>&1 | grep -i 'recover\|torn'; }
scenario() {
  local before rate=200
  platform_up && ride 2000 || return 1
  midstream 50 || return 1
  compose stop >/dev/null 2>&1
  docker rm -f "$riders" >/dev/null
  stopped_cleanly || return 1
  compose down >/dev/null 2>&1
  platform_up || return 1
  recovers && { fail "the broker had to recover after a clean stop"; return 1; }
  audit_holds || return 1
  before=$(accepted_rides)
  compose down >/dev/null 2>&1
  platform_up || return 1
  [ "$(accepted_rides)" = "$before" ] && [ "$before" -ge 1000 ] ||
    fail "of $before rides $(accepted_rides) are there" || return 1
  # What is asked above does show when there is something to recover.
  ride 80 && midstream 50 && docker kill "$(container broker)" >/dev/null &&
    docker start "$(container broker)" >/dev/null || return 1
  riders_end && all_accepted && audit_holds || return 1
  recovers >/dev/null || fail "a killed broker does not say what it recovered"
}
