# The agent that is published obeys the token of the user's secret, and nothing else; the token is
# on no volume and in no other container, and the image holds none.
# asks STATUS [HEADER]: what the lab's published agent answers to a list of its processes.
asks() (
  exec 3<>"/dev/tcp/127.0.0.1/$LAB_PORT" || exit
  printf 'GET /processes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n' \
    "${2:+$2$'\r\n'}" >&3
  timeout 20 cat <&3 | head -1 | grep -q " $1 "
)
scenario() {
  platform_down
  local token=compose-$(draw)-$(draw 1)
  export TOKEN_FILE=$work/token
  echo "$token" >"$TOKEN_FILE" && chmod 644 "$TOKEN_FILE"
  with_token "$token"
  local result=$?
  unset TOKEN_FILE
  platform_down
  return $result
}
with_token() {
  platform_up || return 1
  asks 401 || fail "the agent obeys without a token" || return 1
  asks 200 "Authorization: Bearer $1" || fail "the agent does not know the token" || return 1
  docker exec "$(container lab)" sh -c 'ls /run/hailstorm' | grep . &&
    { fail "a token was made although one is given"; return 1; }
  local service
  for service in "${every_service[@]}"; do
    [ "$service" = lab ] || docker exec "$(container "$service")" test ! -e /run/secrets/token ||
      fail "$service can read the token" || return 1
  done
  local secrets
  secrets=$(docker run --rm -u 0 "$image" find /run /data -type f) || return 1
  [ -z "$secrets" ] || fail "the image holds $secrets" || return 1
  docker image inspect -f '{{.Config.Env}}' "$image" | grep HAIL_ &&
    { fail "the image holds settings"; return 1; }
  compose run --rm -T lab story --rides 60 --rate 60 --seed "$(draw)" \
    </dev/null >"$work/story" 2>&1 ||
    { cat "$work/story" >&2; fail "the story cannot use the token"; return 1; }
}
