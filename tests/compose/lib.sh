# What the scenarios are written with. Sourced by tests/compose/run from the project's top folder.

# Ports of their own, so that a platform of the user's can run beside the tests.
export GATEWAY_PORT=${GATEWAY_PORT:-17402} LAB_PORT=${LAB_PORT:-17407} \
  LAB_API_PORT=${LAB_API_PORT:-17408} KAFKA_PORT=${KAFKA_PORT:-19092} \
  KAFKA_UI_PORT=${KAFKA_UI_PORT:-17480} \
  SETTINGS_FILE=tests/compose/settings.env
image=hailstorm:${DEBIAN:-trixie}
project=${HAILSTORM_PROJECT:-hailstorm-test}
compose_files=(-f docker-compose.yml)
patience_s=180
rate=40

# Compose v2; a scenario may set the older one, whose containers' names are joined with underscores.
compose_command=(docker compose) joint=-
compose() { "${compose_command[@]}" -p "$project" "${compose_files[@]}" "$@"; }
container() { echo "$project$joint$1$joint${2:-1}"; }
every_service=(broker gateway matching payment notification analytics lab)

fail() { echo "    $*" >&2; return 1; }

# await WHAT COMMAND…: until the command succeeds; fails when patience ends.
await() {
  local what=$1 deadline=$((SECONDS + patience_s)); shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { fail "waited $patience_s s in vain until $what"; return 1; }
    read -rt 0.2 <> <(:) || true
  done
}

platform_up() {
  compose up -d --wait "$@" >"$work/up.log" 2>&1 ||
    { cat "$work/up.log" >&2; fail "the platform did not come up"; }
}
platform_down() {
  compose --profile riders --profile kafka-ui down -v --remove-orphans -t 15 >"$work/down.log" 2>&1
}

# One random draw of the whole run; the seed was printed at its start.
draw() { RANDOM=$((seed + ${1:-0})); echo $((RANDOM + 1)); }

# ride COUNT [TRAFFIC'S OPTIONS]: riders in the background, at a steady rate. Then midstream,
# riders_end. A scenario may set run_options, of `compose run`.
run_options=()
ride() {
  local count=$1; shift
  local log=$work/riders.log
  riders=$(compose run -d --no-deps "${run_options[@]}" traffic --rides "$count" --rate "$rate" \
    --seed "$(draw)" "$@" 2>"$log" | tail -1)
  [ -n "$riders" ] || { cat "$log" >&2; fail "no riders"; return 1; }
  riders_count=$count
  await "the riders ride" has_claimed
  answers=$(docker logs "$riders" 2>&1 | sed -n 's/.*"answers":"\([^"]*\)".*/\1/p' | head -1)
}
has_claimed() { docker logs "$riders" 2>&1 | grep -q '"answers"'; }
lab_shell() { docker exec "$(container lab)" sh -c "$1"; }
answered() { lab_shell "grep -c '\"lane\":\"log\"' $answers 2>/dev/null" 2>/dev/null || echo 0; }
has_answered() { [ "$(answered)" -ge "$1" ]; }
# Until PERCENT of the riders have their answers.
midstream() {
  await "$1 % of the riders have their answers" has_answered $((riders_count * $1 / 100))
}
riders_end() {
  local code
  code=$(timeout $((2 * patience_s)) docker wait "$riders") || fail "the riders do not come home" ||
    return 1
  [ "$code" = 0 ] || { docker logs "$riders" >&2; fail "the riders ended with $code"; return 1; }
  docker rm "$riders" >/dev/null
  # Every rider of the log lane was accepted, or the scenario says otherwise.
  refused=$(lab_shell "grep '\"lane\":\"log\"' $answers | grep -vc '\"status\":202'") || true
}

# The chain's loss in the last riders' file, for the report.
chain_failures() {
  lab_shell "grep '\"lane\":\"chain\"' $answers | grep -vc '\"status\":20'" || true
}

# Asks the gateway for a ride; with a key, so that asking again is no second ride.
# In a shell of its own: writing to a connection that was closed meanwhile ends the shell that does
# it.
ask() (
  local pickup='{"lat":40.75,"lon":-73.99}' dropoff='{"lat":40.76,"lon":-73.97}'
  local body="{\"rider_id\":\"first\",\"pickup\":$pickup,\"dropoff\":$dropoff"
  body+=',"requested_at":"2026-01-05T08:00:00Z"}'
  exec 3<>"/dev/tcp/127.0.0.1/$GATEWAY_PORT" || exit
  {
    printf '%s\r\n' 'POST /rides HTTP/1.1' 'Host: localhost' 'Content-Type: application/json' \
      'Idempotency-Key: 1' "Content-Length: ${#body}" 'Connection: close' ''
    printf '%s' "$body"
  } >&3
  timeout 2 cat <&3 | grep -q '^HTTP/1.1 202'
)

lag_of() {
  docker exec "$(container broker)" hail groups describe "$1" 2>/dev/null |
    sed -n '1s/.*lag \([0-9]*\).*/\1/p'
}
no_lag() {
  local group
  for group in gateway matching payment notification analytics; do
    [ "$(lag_of $group)" = 0 ] || return 1
  done
}

# Every scenario's end: lags 0, and nothing lost, duplicated or orphaned on the log lane.
audit_holds() {
  await "all lags are 0" no_lag || return 1
  audit=$(docker exec "$(container lab)" hail-lab audit --json --within-s 60) || {
    echo "$audit" >&2; fail "the audit is not clean"; return 1; }
  docker exec "$(container lab)" hail-lab audit | sed -n '1,3s/^/    /p'
}
# How many rides of the log lane the platform ever accepted, PROJECT's or this one's.
accepted_rides() {
  docker exec "${1:-$project}${joint}lab${joint}1" hail-lab audit --json |
    sed 's/.*"log":{[^}]*"accepted":\([0-9]*\).*/\1/'
}
all_accepted() { [ "$refused" -eq 0 ] || fail "$refused rides were not accepted"; }

# Runs every command of a sheet, the lines that begin with "    $ ", in order. One that waits in
# vain is ended.
lesson() {
  local command
  while read -r command; do
    echo "    \$ $command"
    COMPOSE_PROJECT_NAME=$project timeout $patience_s bash -c "$command" </dev/null ||
      fail "this command of $1 failed: $command" || return 1
  done < <(sed -n 's/^    \$ //p' "$1")
}

healthy() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$1")" = healthy ]; }
# Whether docker's own health check of a service lately got these words.
check_says() {
  docker inspect -f '{{json .State.Health.Log}}' "$(container "$1")" | grep -F -- "$2"
}
is_healthy() { await "$1 is healthy" healthy "$1"; }
# Every service's last end was clean.
stopped_cleanly() {
  local service code
  for service in "${every_service[@]}"; do
    code=$(exit_code "$(container $service)")
    [ "$code" = 0 ] || {
      docker logs --tail 5 "$(container $service)" >&2
      fail "$service stopped with exit code $code"
      return 1
    }
  done
}
exit_code() { docker inspect -f '{{.State.ExitCode}}' "$1"; }

# agent_says SERVICE METHOD PATH [BODY]: an answer of the agent in a service's container, asked from
# the lab's, which alone reaches it and may read its token.
agent_says() {
  docker exec -i "$(container lab)" bash -s "$@" <<'SCRIPT'
token=$(head -n 1 "/run/agents/$1/token")
exec 3<>"/dev/tcp/$1-agent/7407" || exit 1
{
  printf '%s\r\n' "$2 $3 HTTP/1.1" "Host: $1" "Authorization: Bearer $token" \
    'Content-Type: application/json' "Content-Length: ${#4}" 'Connection: close' ''
  printf '%s' "${4:-}"
} >&3
timeout 10 cat <&3
SCRIPT
}
# agent_fault SERVICE REQUEST: injects a fault, and fails unless it is proven.
agent_fault() {
  local answer
  answer=$(agent_says "$1" POST /faults "$(tr -d '\n' <<<"$2")")
  grep -q '"phase":"proven"' <<<"$answer" || { fail "not proven: $answer"; return 1; }
  echo "    $(sed -n 's/.*"evidence":"\([^"]*\)".*/\1/p' <<<"$answer")"
}
# faults_are_off SERVICE…: whatever their agents injected is proven off.
faults_are_off() {
  local service answer
  for service in "$@"; do
    answer=$(agent_says "$service" GET /faults)
    grep -q '"phase":"proven_off"' <<<"$answer" || return 1
    ! grep -q '"phase":"\(injected\|proven\|not_proven\|reverted\)"' <<<"$answer" || return 1
  done
}

# The passport of the first ride that the riders asked for.
passport() {
  local ride
  ride=$(lab_shell "sed -n '1s/.*\"ride_id\":\"\([^\"]*\)\".*/\1/p' $answers")
  docker exec "$(container lab)" hail-lab passport "$ride"
}
passport_shows() { [[ $(passport) == *" $1 "* ]] || fail "the passport does not say $1"; }
