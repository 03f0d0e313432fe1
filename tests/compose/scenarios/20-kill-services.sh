# Each service is killed mid-stream and comes back; the coupled chain loses rides meanwhile, the log
# none.
scenario() {
  local victim lost
  platform_up || return 1
  for victim in notification matching payment analytics; do
    ride 240 || return 1
    midstream 30 && docker kill "$(container $victim)" >/dev/null || return 1
    midstream 70 && docker start "$(container $victim)" >/dev/null || return 1
    riders_end && all_accepted || return 1
    lost=$(chain_failures)
    echo "    $victim killed: the log lane refused 0 of $riders_count rides, the chain $lost"
    [ "$lost" -gt 0 ] || fail "the chain did not notice that $victim was dead" || return 1
    is_healthy "$(container $victim)" || return 1
  done
  audit_holds
}
