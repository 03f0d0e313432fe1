# The link between matching and all others is cut from outside, then mended.
has_lag() { [ "$(lag_of matching)" -gt 20 ]; }
scenario() {
  platform_up && ride 240 || return 1
  midstream 30 && docker network disconnect "${project}_bus" "$(container matching)" || return 1
  await "matching has lag" has_lag || return 1
  midstream 70 || return 1
  docker network connect --alias matching "${project}_bus" "$(container matching)" || return 1
  riders_end && all_accepted && audit_holds && is_healthy "$(container matching)"
}
