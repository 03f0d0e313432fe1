# Every service starts, waits and comes good when the broker is not there yet; the gateway takes rides meanwhile.
says_not_ready() {
  local said
  said=$(docker exec "$(container "$1")" hail-lab probe "http://127.0.0.1:$2/readyz" 2>&1)
  grep -q 'no partition' <<<"$said"
}
scenario() {
  local service
  platform_down
  compose up -d --no-deps gateway matching payment notification analytics lab >"$work/up.log" 2>&1 ||
    { cat "$work/up.log" >&2; return 1; }
  await "the gateway takes a ride" ask || return 1
  await "matching is not ready" says_not_ready matching 7403 && await "analytics is not ready" says_not_ready analytics 7406 || return 1
  compose up -d broker >"$work/up.log" 2>&1 || { cat "$work/up.log" >&2; return 1; }
  for service in "${every_service[@]}"; do is_healthy "$(container $service)" || return 1; done
  [ "$(accepted_rides)" = 1 ] || fail "the ride was forgotten" || return 1
  judge
}
