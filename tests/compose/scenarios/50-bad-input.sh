# What is set up wrongly is one clear line in the logs, an exit code that says so, and no restart
# loop. What another process may give back is waited for.
# refuses SERVICE WORDS [COMPOSE'S OPTIONS]: the container ends with code 2 and these words.
refuses() {
  local service=$1 words=$2 id code lines
  shift 2
  # Each agent listens at a name that a container has which is up, or asks for it.
  id=$(compose run -d --no-deps --use-aliases "$@" 2>"$work/run.log") ||
    { cat "$work/run.log" >&2; fail "cannot run $service"; return 1; }
  id=$(tail -1 <<<"$id")
  code=$(timeout 60 docker wait "$id") ||
    { docker rm -f "$id" >/dev/null; fail "$service did not end: $words"; return 1; }
  lines=$(docker logs "$id" 2>&1)
  docker rm "$id" >/dev/null
  [ "$code" = 2 ] || fail "$service ended with $code, not 2: $lines" || return 1
  grep -qF -- "$words" <<<"$lines" || fail "$service does not say \"$words\": $lines" || return 1
  [ "$(wc -l <<<"$lines")" = 1 ] || fail "$service says more than one line: $lines"
}

# waits SERVICE WORDS [COMPOSE'S OPTIONS]: the container says these words, and does not end.
waits() {
  local service=$1 words=$2 id lines
  shift 2
  id=$(compose run -d --no-deps --use-aliases "$@" 2>"$work/run.log" | tail -1)
  lines=$(timeout 30 sh -c 'until docker logs "$1" 2>&1 | grep -F -- "$2"; do sleep 0.1; done' \
    sh "$id" "$words")
  [ "$(docker inspect -f "{{.State.Running}}" "$id")" = true ] ||
    { docker rm -f "$id" >/dev/null; fail "$service ended: $lines"; return 1; }
  docker rm -f "$id" >/dev/null
  grep -qF "waits for 10 s" <<<"$lines" || fail "$service does not say that it waits: $lines"
}

scenario() {
  platform_down
  # No permission on the data folder; a folder of a newer format; variables with a typo.
  local volume=${project}_gateway
  compose up --no-start gateway >/dev/null 2>&1
  docker run --rm -u 0 -v "$volume:/volume" "$image" sh -c \
    'touch /volume/x; chown 0:0 /volume; chmod 0700 /volume'
  refuses gateway "mend its permissions" gateway || return 1
  docker run --rm -u 0 -v "$volume:/volume" "$image" sh -c \
    'chown 7400:7400 /volume; chmod 0700 /volume; echo "gateway 99" >/volume/VERSION' || return 1
  refuses gateway 'was written as "gateway 99"' gateway || return 1
  refuses payment "HAIL_PAYMENT_DECLIN_RATE" -e HAIL_PAYMENT_DECLIN_RATE=0.5 payment || return 1
  refuses lab "HAIL_LAB_GRACE" -e HAIL_LAB_GRACE=1 lab agent || return 1
  refuses traffic "HAIL_TRAFFIC_RAET" -e HAIL_TRAFFIC_RAET=1 traffic || return 1
  refuses payment "(--decline-rate) takes a number from 0 to 1" \
    -e HAIL_PAYMENT_DECLINE_RATE=7 payment || return 1
  refuses payment "cannot read the token file /nowhere" -e HAIL_LAB_TOKEN_FILE=/nowhere payment ||
    return 1
  # The same for the broker's folder. A port that another process of the container has is waited
  # for.
  compose up --no-start broker >/dev/null 2>&1
  volume=${project}_broker
  docker run --rm -u 0 -v "$volume:/volume" "$image" sh -c \
    'touch /volume/x; chown 0:0 /volume; chmod 0700 /volume'
  refuses broker "mend its permissions" broker || return 1
  docker run --rm -u 0 -v "$volume:/volume" "$image" sh -c \
    'chown 7400:7400 /volume; echo "hail-broker 99" >/volume/VERSION' || return 1
  refuses broker 'was written as "hail-broker 99"' broker || return 1
  waits payment "port 7407" -e HAIL_PAYMENT_HTTP_PORT=7407 payment || return 1
  platform_down
  no_token_file && no_second_port
}

# A secret whose file is not there: the engine says so, or mounts a folder and the agent says so.
no_token_file() {
  local said
  said=$(TOKEN_FILE=$work/no-token compose up -d lab 2>&1) &&
    { fail "a missing token file was not noticed"; return 1; }
  grep -q "$work/no-token" <<<"$said" || fail "unclear: $said" || return 1
  mkdir -p "$work/no-token"
  export TOKEN_FILE=$work/no-token
  refuses lab "the token file /run/secrets/token is a folder" lab
  local result=$?
  unset TOKEN_FILE
  rmdir "$work/no-token"
  return $result
}

# The engine says that the port is taken, and nothing loops.
no_second_port() {
  platform_up || return 1
  local taken
  taken=$(project=$project-port LAB_PORT=$((LAB_PORT + 20)) \
    LAB_API_PORT=$((LAB_API_PORT + 20)) compose up -d gateway 2>&1) &&
    { fail "a taken port was given twice"; return 1; }
  project=$project-port platform_down
  grep -q "port is already allocated\|address already in use" <<<"$taken" || fail "unclear: $taken"
}
