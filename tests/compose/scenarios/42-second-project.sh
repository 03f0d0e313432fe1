# The same image under another project name: another platform; the two do not meet.
scenario() {
  platform_up && ride 80 && riders_end && judge || return 1
  local first=$project mine
  mine=$(accepted_rides "$first")
  project=$first-beside GATEWAY_PORT=$((GATEWAY_PORT + 10)) LAB_PORT=$((LAB_PORT + 10)) platform_up
  [ "$(accepted_rides "$first-beside")" = 0 ] ||
    fail "the second platform has rides of the first" || return 1
  docker exec "$first-beside-lab-1" hail-lab probe http://127.0.0.1:7407/healthz || return 1
  project=$first-beside platform_down
  [ "$(accepted_rides "$first")" = "$mine" ] || fail "the first lost rides"
}
