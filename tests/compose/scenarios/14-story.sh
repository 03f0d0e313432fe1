# The lab plays the same story as ./demo, with the same exit codes; the report shows what each lane
# lost.
ask_lab() { compose run --rm -T "$@" </dev/null; }
scenario() {
  local code containers
  platform_down
  platform_up || return 1
  containers=$(compose ps -q | sort)
  ask_lab lab story --rides 600 --rate 100 --seed "$(draw)" --report /data/traffic/report.json \
    >"$work/story" 2>&1 ||
    { cat "$work/story" >&2; fail "the story ended with another code than 0"; return 1; }
  sed -n '/^The audit/,$s/^/    /p' "$work/story"
  grep -q 'Verdict: holds' "$work/story" || fail "no verdict" || return 1
  lab_shell 'cat /data/traffic/report.json' | tr -d ' \n' >"$work/report.json"
  grep -q '"chain":{[^}]*"failed":[1-9]' "$work/report.json" ||
    fail "the report does not show what the chain lost" || return 1
  ask_lab lab audit >"$work/audit" 2>&1 ||
    { cat "$work/audit" >&2; fail "the audit is not clean"; return 1; }
  ask_lab traffic --rate 20 --minutes 0.1 >"$work/riders" 2>&1 ||
    { cat "$work/riders" >&2; fail "the riders failed"; return 1; }
  [ "$(compose ps -q | sort)" = "$containers" ] || fail "a container was made again" || return 1
  printf 'Time,Lat,Lon\n4/1/2014 7:00:00,40.7549,-73.984\n4/1/2014 7:01:00,40.7233,-74.003\n' |
    compose run --rm -T lab story --rides 30 --rate 100 --trips - >"$work/trips" 2>&1 ||
    { cat "$work/trips" >&2; fail "the story of trips from a pipe ended with another code than 0"
      return 1; }
  grep -q 'Trips: -, 2 rows read' "$work/trips" || fail "the pipe was not read" || return 1
  ask_lab lab story --rides 5 >"$work/story" 2>&1; code=$?
  [ $code = 2 ] && grep -q -- '--rides takes a whole number from 24' "$work/story" ||
    fail "a bad option gives $code" || return 1
  audit_holds
}
