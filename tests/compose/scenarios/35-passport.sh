# The passport of a ride: from the stores and the log, all that happened to it in both lanes.
scenario() {
  platform_up && ride 40 && riders_end && all_accepted && audit_holds || return 1
  local what
  for what in accepted appended handled effect message; do passport_shows "$what" || return 1; done
  passport | sed -n '1,6s/^/    /p'
}
