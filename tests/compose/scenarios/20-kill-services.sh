# Each service is killed mid-stream and comes back; the coupled chain loses rides meanwhile, the log none.
scenario() {
  local victim
  platform_up || return 1
  for victim in notification matching payment analytics; do
    ride 240 || return 1
    midstream 30 && docker kill "$(container $victim)" >/dev/null || return 1
    midstream 70 && docker start "$(container $victim)" >/dev/null || return 1
    riders_end && all_accepted || return 1
    echo "    $victim killed: the log lane lost 0 of $riders_count rides, the chain refused $(chain_failures)"
    is_healthy "$(container $victim)" || return 1
  done
  judge
}
