# Two instances of payment share the store and split the partitions; each survives the other's end.
owners() {
  docker exec "$(container broker)" hail groups describe payment |
    awk 'NR > 2 {print $6}' | sort -u | grep -vc '^-*$'
}
has_owners() { [ "$(owners)" = "$1" ]; }
scenario() {
  platform_up --scale payment=2 && await "both own partitions" has_owners 2 && ride 240 || return 1
  midstream 30 && docker kill "$(container payment 2)" >/dev/null || return 1
  midstream 60 && docker start "$(container payment 2)" >/dev/null &&
    docker kill "$(container payment 1)" >/dev/null || return 1
  riders_end && all_accepted || return 1
  docker start "$(container payment 1)" >/dev/null
  audit_holds && await "both own partitions again" has_owners 2
}
