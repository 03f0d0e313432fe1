# The group of a running service goes back to the beginning of the log: the preview says how many
# records come again, all of them are skipped, and the passport of a ride shows it.
scenario() {
  local previewed applied before
  platform_up && ride 120 && riders_end && all_accepted && audit_holds || return 1
  before=$audit
  previewed=$(records_of --preview) && applied=$(records_of) || return 1
  echo "    $previewed records previewed, $applied delivered again"
  [ "$applied" = "$previewed" ] && [ "$applied" -ge 360 ] ||
    fail "previewed $previewed records, and $applied are delivered again" || return 1
  await "the passport of a ride shows what was skipped" passport_shows skipped || return 1
  audit_holds && [ "$audit" = "$before" ] || fail "the audit is not as before the rewind"
}
# records_of [--preview]: how many records the rewind has, or would have.
records_of() {
  docker exec "$(container broker)" hail groups reset notification --to earliest --live "$@" |
    sed -n 's/^\([0-9]*\) records of .* delivered again.*/\1/p'
}
