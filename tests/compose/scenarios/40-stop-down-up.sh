# `stop` in mid-stream is clean: exit code 0 everywhere. `down` and `up` lose nothing.
scenario() {
  local service code
  platform_up && ride 240 || return 1
  midstream 50 || return 1
  compose stop >/dev/null 2>&1
  docker rm -f "$riders" >/dev/null
  for service in broker gateway matching payment notification analytics lab; do
    code=$(exit_code "$(container $service)")
    [ "$code" = 0 ] || fail "$service stopped with exit code $code" || return 1
  done
  compose down >/dev/null 2>&1
  platform_up || return 1
  docker logs "$(container broker)" 2>&1 | grep -i 'recover\|truncat' &&
    { fail "the broker had to recover after a clean stop"; return 1; }
  judge
}
