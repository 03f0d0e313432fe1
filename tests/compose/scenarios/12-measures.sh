# How large the image is, how long it takes to the first settled ride, how much memory each container's processes have.
settled() { docker exec "$(container lab)" hail-lab audit --json | grep -q '"accepted":1.*"settled":1'; }
# Asks the gateway for a ride; with a key, so that asking again is no second ride.
ask() {
  local body='{"rider_id":"first","pickup":{"lat":40.75,"lon":-73.99},"dropoff":{"lat":40.76,"lon":-73.97},"requested_at":"2026-01-05T08:00:00Z"}'
  exec 3<>"/dev/tcp/127.0.0.1/$GATEWAY_PORT" || return
  printf 'POST /rides HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: 1\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
    ${#body} "$body" >&3
  timeout 2 cat <&3 | grep -q '^HTTP/1.1 202'
}
memory_kb() { docker exec "$(container "$1")" sh -c 'cat /proc/[0-9]*/status' 2>/dev/null | awk '/^Name:/ {ours = $2 ~ /^hail/} /^VmRSS:/ && ours {kb += $2} END {print kb}'; }
show_memory() {
  local service kb line= over=
  for service in "${every_service[@]}"; do
    kb=$(memory_kb "$service")
    line+=" $service $((kb / 1024))"
    [ "$kb" -lt $((25 * 1024)) ] || over+=" $service"
  done
  echo "    MB of memory, $1:$line"
  [ -z "$over" ] || fail "above 25 MB:$over"
}
scenario() {
  local base whole began ms
  base=$(docker image inspect -f '{{.Size}}' "debian:${DEBIAN:-trixie}-slim") || return 1
  whole=$(docker image inspect -f '{{.Size}}' "$image") || return 1
  echo "    the image is $(((whole - base) / 1000000)) MB above its base"
  [ $((whole - base)) -lt 40000000 ] || fail "the image is too large" || return 1
  platform_down
  began=$(date +%s%N)
  compose up -d >"$work/up.log" 2>&1 || { cat "$work/up.log" >&2; return 1; }
  await "the gateway takes a ride" ask && await "the ride is settled" settled || return 1
  ms=$((($(date +%s%N) - began) / 1000000))
  echo "    from up to the first settled ride: $ms ms"
  [ $ms -lt 10000 ] || fail "that is too slow" || return 1
  platform_up && show_memory "after the start" || return 1
  ride 1000 --lanes log && riders_end && all_accepted && judge && show_memory "after 1000 rides"
}
