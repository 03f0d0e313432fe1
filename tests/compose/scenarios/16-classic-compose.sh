# All of it with docker-compose 1.29.
scenario() {
  command -v docker-compose >/dev/null || { echo "    no docker-compose 1.29 here"; return $skip; }
  platform_down
  local compose_command=(docker-compose) joint=_ service
  compose up -d >"$work/up.log" 2>&1 || { cat "$work/up.log" >&2; fail "up failed"; return 1; }
  for service in "${every_service[@]}"; do is_healthy "$(container $service)" || return 1; done
  ride 120 || return 1
  midstream 30 && compose kill payment >/dev/null 2>&1 || return 1
  midstream 70 && compose start payment >/dev/null 2>&1 || return 1
  riders_end && all_accepted && audit_holds || return 1
  compose run --rm -T lab audit </dev/null >"$work/audit" 2>&1 ||
    { cat "$work/audit" >&2; return 1; }
  compose stop >/dev/null 2>&1
  stopped_cleanly || return 1
  platform_down
}
