# Every service starts, waits and comes good when the broker is not there yet, and its health check
# knows; the gateway takes rides meanwhile.
scenario() {
  local service
  platform_down
  compose up -d --no-deps gateway matching payment notification analytics lab \
    >"$work/up.log" 2>&1 ||
    { cat "$work/up.log" >&2; return 1; }
  await "the gateway takes a ride" ask || return 1
  for service in matching payment notification analytics; do
    await "$service's health check fails" check_says "$service" "no partition of the log" ||
      return 1
    ! healthy "$(container $service)" || fail "$service is healthy without a broker" || return 1
  done
  compose up -d broker >"$work/up.log" 2>&1 || { cat "$work/up.log" >&2; return 1; }
  for service in "${every_service[@]}"; do is_healthy "$(container $service)" || return 1; done
  [ "$(accepted_rides)" = 1 ] || fail "the ride was forgotten" || return 1
  audit_holds
}
