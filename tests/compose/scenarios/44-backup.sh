# A copy that the lab makes in mid-stream audits clean, and a platform that starts on it settles all
# of its rides. The commands are those of docs/backup.md.
in_copy() { docker exec "$(container lab)" hail-lab audit --json --data /data/lab/monday; }
number_of() { sed "s/.*\"log\":{[^}]*\"$1\":\([0-9]*\).*/\1/" <<<"$2"; }
scenario() {
  local rate=200 copied lost service
  platform_up && ride 1600 --lanes log && midstream 30 || return 1
  compose run --rm lab backup monday >"$work/backup.log" 2>&1 ||
    { cat "$work/backup.log" >&2; fail "no copy was made"; return 1; }
  sed -n '/as they were at/s/^/    /p' "$work/backup.log"
  riders_end && audit_holds || return 1
  copied=$(in_copy) || { echo "$copied" >&2; fail "the audit of the copy is not clean"; return 1; }
  [ "$(number_of accepted "$copied")" -ge 480 ] || fail "the copy lacks rides" || return 1
  # Whole, and only its owner's: the host copies it as root.
  compose cp lab:/data/lab/monday "$work/monday" >/dev/null 2>&1 ||
    fail "cannot be copied" || return 1
  compose down >/dev/null 2>&1
  for service in broker gateway matching payment notification analytics; do
    docker run --rm -v "${project}_$service:/to" -v "${project}_lab:/from:ro" --entrypoint sh \
      "$image" -c "rm -rf /to/* && cp -a /from/monday/$service/. /to/" ||
      fail "cannot fill the volume of $service" || return 1
  done
  docker run --rm -v "${project}_traffic:/to" --entrypoint sh "$image" -c 'rm -rf /to/*'
  platform_up && audit_holds || return 1
  lost=$(($(number_of accepted "$copied") - $(accepted_rides)))
  [ "$lost" = 0 ] || fail "$lost rides of the copy are not there"
}
