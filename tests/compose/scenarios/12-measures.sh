# How large the image is, how long it takes to the first settled ride, how much memory each
# container's processes have.
settled() {
  docker exec "$(container lab)" hail-lab audit --json | grep -q '"accepted":1.*"settled":1'
}
# The largest process of each container with the libraries that it shares, and what the kernel
# counts for the container (docker stats), both in KB. The limit is for the second.
largest_process() {
  docker exec "$(container "$1")" sh -c 'cat /proc/[0-9]*/status' 2>/dev/null |
    awk '/^VmRSS:/ && $2 > kb {kb = $2} END {print kb}'
}
whole_container() {
  docker stats --no-stream --format '{{.MemUsage}}' "$(container "$1")" |
    awk '{unit = $1 ~ /GiB/ ? 1048576 : $1 ~ /MiB/ ? 1024 : $1 ~ /KiB/ ? 1 : 1 / 1024
          printf "%d", $1 * unit}'
}
memory() {
  local service process whole over=
  for service in "${every_service[@]}"; do
    process=$(largest_process "$service") whole=$(whole_container "$service")
    printf '%s %d/%d ' "$service" $((process / 1024)) $((whole / 1024))
    [ "$whole" -lt $((25 * 1024)) ] || over+=" $service"
  done
  [ -z "$over" ]
}
is_modest() { memory >"$work/memory"; }
show_memory() {
  await "no container has more than 25 MB" is_modest
  local modest=$?
  echo "    MB of the largest process/of the container, $1: $(cat "$work/memory")"
  return $modest
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
  local rate=100
  ride 1000 && riders_end && all_accepted && audit_holds &&
    show_memory "after 1000 rides on both lanes"
}
