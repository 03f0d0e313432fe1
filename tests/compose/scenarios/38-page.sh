# Mission control from outside: one line leads there, and its key opens a session once.
scenario() {
  platform_up || return 1
  local logged asked
  logged=$(compose logs --no-color lab | grep -o 'Watch and break it: http://[^ ]*' | tail -1) ||
    fail "the lab's log does not say where the page is" || return 1
  asked=$(compose run --rm -T lab url 2>"$work/url.log") || { cat "$work/url.log" >&2; return 1; }
  asked=$(tail -1 <<<"$asked" | tr -d '\r')
  [[ $asked == http://127.0.0.1:$LAB_API_PORT/#k=* ]] || fail "lab url printed $asked" || return 1
  curl -sf "http://127.0.0.1:$LAB_API_PORT/" | grep -q 'mission control' ||
    fail "there is no page" || return 1
  opens_a_session "${logged##*#k=}" && opens_a_session "${asked##*#k=}" || return 1
  ! opens_a_session "${asked##*#k=}" 2>/dev/null || fail "a key opened two sessions"
}
opens_a_session() {
  local status
  status=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$LAB_API_PORT/api/session" \
    -H 'Content-Type: application/json' -d "{\"key\":\"$1\"}")
  [ "$status" = 201 ] || fail "the key opens no session: $status"
}
