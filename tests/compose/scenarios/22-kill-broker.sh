# The log itself is killed: rides are accepted all the while, and settle when it is back.
scenario() {
  platform_up && ride 240 || return 1
  midstream 30 && docker kill "$(container broker)" >/dev/null || return 1
  midstream 70 && docker start "$(container broker)" >/dev/null || return 1
  riders_end && all_accepted && audit_holds
}
