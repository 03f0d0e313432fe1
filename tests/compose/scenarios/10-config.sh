# Both versions of compose read the file, and no service has more rights than it needs.
scenario() {
  docker compose config -q || fail "compose v2 refuses the file" || return 1
  if command -v docker-compose >/dev/null; then
    docker-compose config -q || fail "docker-compose 1.29 refuses the file" || return 1
  fi
  platform_up || return 1
  local service id
  for service in "${every_service[@]}"; do
    id=$(container $service)
    [ "$(docker inspect -f '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' "$id")" \
      = "hail true [ALL] [no-new-privileges:true]" ] || fail "$service is not hardened" || return 1
    [ "$(docker inspect -f '{{.HostConfig.Memory}}' "$id")" -gt 0 ] || fail "$service has no memory limit" || return 1
    [ "$(docker inspect -f '{{.HostConfig.PidsLimit}}' "$id")" -gt 0 ] || fail "$service has no limit of processes" || return 1
    docker inspect -f '{{range .Mounts}}{{.Source}} {{end}}' "$id" | grep -q docker.sock &&
      { fail "$service has the engine's socket"; return 1; }
    docker inspect -f '{{json .NetworkSettings.Ports}}' "$id" | grep -o '"HostIp":"[^"]*"' | grep -v 127.0.0.1 &&
      { fail "$service is published beyond this machine"; return 1; }
  done
  [ "$(docker exec "$(container lab)" sh -c 'touch /data/payment/x /usr/x 2>&1 | grep -c "Read-only"')" = 2 ] ||
    fail "the lab can write what it must not"
}
