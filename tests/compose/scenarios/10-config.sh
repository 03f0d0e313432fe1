# Both versions of compose read the file; no service has more rights, ways or room than it needs;
# each setting of .env.example is one that the programs know.
of() { docker inspect -f "$2" "$(container "$1")"; }
# is SERVICE FORMAT WANTED
is() {
  local found
  found=$(of "$1" "$2")
  [ "$found" = "$3" ] || fail "$1: $2 is \"$found\", not \"$3\""
}
# The first process: the lab's agent, of a user who is not root, and the kernel lets it do nothing
# that needs more.
first_process() {
  docker exec "$(container "$1")" sed -nE 's/^(Name|Uid|CapEff|CapBnd|NoNewPrivs):\s*(\S+).*/\2/p' \
    /proc/1/status | xargs
}
published() {
  case $1 in
    gateway) echo "7402/tcp 127.0.0.1 " ;;
    lab) echo "7407/tcp 127.0.0.1 7408/tcp 127.0.0.1 " ;;
  esac
}
networks() {
  local names service
  names=(bus "agent-$1")
  case $1 in
    gateway) names+=(edge) ;;
    lab)
      names=(lab)
      for service in "${every_service[@]}"; do
        [ "$service" = lab ] || names+=("agent-$service")
      done ;;
  esac
  printf "${project}_%s\n" "${names[@]}" | sort | tr "\n" " "
}
has_little() {
  is "$1" '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}}' 'hail true' || return 1
  is "$1" '{{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' \
    '[ALL] [no-new-privileges:true]' || return 1
  is "$1" '{{.HostConfig.Privileged}} {{.HostConfig.Init}} {{len .HostConfig.Tmpfs}}' \
    'false <nil> 1' || return 1
  is "$1" '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}' '167772160 1200' || return 1
  local sizes='{{index .Config "max-size"}} {{index .Config "max-file"}}'
  is "$1" "{{with .HostConfig.LogConfig}}{{.Type}} $sizes{{end}}" 'json-file 10m 3' || return 1
  local addresses='{{range $to}}{{.HostIp}} {{end}}'
  is "$1" "{{range \$port, \$to := .HostConfig.PortBindings}}{{\$port}} $addresses{{end}}" \
    "$(published "$1")" || return 1
  is "$1" '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' "$(networks "$1")" ||
    return 1
  of "$1" '{{range .Mounts}}{{.Source}} {{end}}' | grep docker.sock &&
    { fail "$1 has the engine's socket"; return 1; }
  [ "$(first_process "$1")" = "hail-lab 7400 0000000000000000 0000000000000000 1" ] ||
    fail "$1's first process is $(first_process "$1")"
}
scenario() {
  docker compose config -q || fail "compose v2 refuses the file" || return 1
  if command -v docker-compose >/dev/null; then
    docker-compose config -q || fail "docker-compose 1.29 refuses the file" || return 1
  else
    echo "    no docker-compose 1.29 here"
  fi
  sed -n '/UNSAFE/d; s/^#\(HAIL_\)/\1/p' .env.example >"$work/every-setting"
  [ "$(wc -l <"$work/every-setting")" -gt 10 ] || fail ".env.example shows no settings" || return 1
  SETTINGS_FILE=$work/every-setting platform_up || return 1
  local service
  for service in "${every_service[@]}"; do has_little "$service" || return 1; done
  local network
  for network in bus agent-{broker,gateway,matching,payment,notification,analytics}; do
    [ "$(docker network inspect -f '{{.Internal}}' "${project}_$network")" = true ] ||
      fail "$network leads out" || return 1
  done
  local denied
  denied=$(docker exec "$(container lab)" sh -c 'touch /data/payment/x /usr/x 2>&1' |
    grep -c "Read-only")
  [ "$denied" = 2 ] ||
    fail "the lab can write what it must not" || return 1
  SETTINGS_FILE=$work/every-setting ride 40 && riders_end && all_accepted && audit_holds
}
