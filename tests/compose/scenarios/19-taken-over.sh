# What a container that was taken over can reach: every container is tried from the inside, and then
# all of them from this machine.
addresses() {
  docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$(container "$1")"
}
# open_ports [CONTAINER] <ADDRESS:PORT…: those at which a program of the platform answers when it is
# asked from there, or from here. What is outside of this machine may take any connection.
open_ports() {
  local shell=(bash -s)
  [ $# -eq 0 ] || shell=(docker exec -i "$1" bash -s)
  {
    cat <<'END'
      answer() {
        exec 3<>"/dev/tcp/${1%:*}/${1#*:}" || return
        # The log answers what begins like ZMTP 3.
        if [ "${1#*:}" = 7400 ]; then
          printf '\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL' >&3
          head -c 48 /dev/zero >&3
        elif [ "${1#*:}" = 9092 ]; then  # ApiVersions 0; its correlation id comes back
          printf '\0\0\0\x0a\0\x12\0\0\x7f\0\0\0\xff\xff' >&3
        else
          printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3
        fi
        cat <&3
      }
      export -f answer
      try() {
        timeout 2 bash -c "answer $1" 2>/dev/null | grep -aq -e alive -e $'\x7f' && echo "$1"
      }
END
    sed 's/.*/try & \&/'
    echo wait
  } | LC_ALL=C "${shell[@]}" | sort
}
# asks CONTAINER HOST PORT PATH TOKEN: the status of a POST from inside the container; the token is
# what the container's file TOKEN holds.
asks_from() {
  docker exec -i "$1" bash -s -- "$2" "$3" "$4" "$5" <<'END'
    token=$(cat "$4" 2>/dev/null)
    exec 3<>"/dev/tcp/$1/$2" || exit
    printf '%s\r\n' "POST $3 HTTP/1.1" "Host: $1" 'Content-Type: application/json' \
      "Authorization: Bearer $token" 'Content-Length: 2' 'Connection: close' '' >&3
    printf '{}' >&3
    timeout 5 cat <&3 | sed -n '1s/^HTTP.1.1 \([0-9]*\).*/\1/p'
END
}
answers() {
  local found; found=$(asks_from "$(container "$1")" "$2" "$3" "$4" "$5")
  [ "$found" = "$6" ] || fail "$1 with $5 is answered \"$found\" by $2:$3$4, not $6"
}

# The agents of all others, at each of their addresses; of the lab's, too.
other_agents_are_out_of_reach() {
  local victim address open
  open=$(for victim in "${every_service[@]}"; do
    [ "$victim" = "$1" ] || for address in $(addresses "$victim"); do echo "$address:7407"; done
  done | open_ports "$(container "$1")")
  # The lab is there to reach the agents of all others.
  [ "$1" = lab ] && { [ "$(wc -l <<<"$open")" = 6 ] || fail "the lab reaches only $open"; return; }
  [ -z "$open" ] || fail "$1 reaches the agents at" $open
}
# Its own token, those of the hops before and after it, and nothing that another container writes.
files_are_its_own() {
  local wanted=$2 found
  found=$(docker exec "$(container "$1")" find /run /data /tmp -name 'token*' -size +0 2>/dev/null |
    sort | xargs)
  [ "$found" = "$wanted" ] || fail "$1 can read the tokens $found, not $wanted" || return 1
  wanted=$3
  found=$(docker exec "$(container "$1")" awk '$2 ~ "^/(data|run)/" && $4 ~ "^rw" {print $2}' \
    /proc/self/mounts | sort | xargs)
  [ "$found" = "$wanted" ] || fail "$1 can write on $found, not $wanted"
}
chain=/run/chain own=/run/hailstorm/token
has_its_files() {
  local written="/data/$1 /run/hailstorm"
  case $1 in
    broker) files_are_its_own "$1" "$own" "$written" ;;
    gateway) files_are_its_own "$1" "$chain/next/token $own" "$written" ;;
    analytics)
      files_are_its_own "$1" "$chain/own/token $own" "/data/$1 $chain/own /run/hailstorm" ;;
    lab)
      # The first one is of the agent that the lab itself holds its riders with.
      local tokens=(/data/lab/token) service
      for service in analytics broker gateway matching notification payment; do
        tokens+=("/run/agents/$service/token")
      done
      files_are_its_own lab "${tokens[*]} $own" "/data/lab /data/traffic /run/hailstorm" ;;
    *) files_are_its_own "$1" "$chain/next/token $chain/own/token $own" \
      "/data/$1 $chain/own /run/hailstorm" ;;
  esac
}
# Every hop of the chain, with each token that notification can read: it may call analytics.
hops_obey_their_caller_alone() {
  local token
  for token in $chain/own/token $chain/next/token $own /nowhere; do
    answers notification matching 7403 /chain/rides $token 401 || return 1
    answers notification payment 7404 /chain/rides $token 401 || return 1
    [ $token = $chain/next/token ] ||
      answers notification analytics 7406 /chain/rides $token 401 || return 1
  done
  answers notification analytics 7406 /chain/rides $chain/next/token 422
}
# This machine reaches what is published, on the containers' addresses too, and nothing else.
host_reaches_what_is_published() {
  local service address port open wanted
  open=$(for service in "${every_service[@]}"; do
    for address in $(addresses "$service"); do
      for port in 7400 7401 7402 7403 7404 7405 7406 7407 7408 9092; do echo "$address:$port"; done
    done
  done | open_ports)
  wanted=$({
    echo "$(address_on gateway edge):7402"
    echo "$(address_on lab lab):7407"
    echo "$(address_on lab lab):7408"
  } | sort)
  [ "$open" = "$wanted" ] || fail "this machine reaches" $open
}
address_on() {
  docker inspect -f "{{(index .NetworkSettings.Networks \"${project}_$2\").IPAddress}}" \
    "$(container "$1")"
}

# What is tried above would be found if it were there.
reaches_what_it_needs() {
  local found
  found=$({
    echo "$(address_on broker bus):7400"
    echo "$(address_on broker bus):9092"
    echo "$(address_on analytics bus):7406"
  } | open_ports "$(container notification)")
  [ "$(wc -l <<<"$found")" = 3 ] || fail "notification reaches only" $found
}

scenario() {
  local service
  platform_up || return 1
  for service in "${every_service[@]}"; do
    other_agents_are_out_of_reach "$service" && has_its_files "$service" || return 1
  done
  reaches_what_it_needs && hops_obey_their_caller_alone && host_reaches_what_is_published ||
    return 1
  ride 60 && riders_end && all_accepted && audit_holds
}
