# All containers are killed at once. What was accepted before settles after `up`.
scenario() {
  platform_up && ride 240 || return 1
  midstream 50 || return 1
  docker kill "$riders" $(compose ps -q) >/dev/null || return 1
  docker rm -f "$riders" >/dev/null
  platform_up && audit_holds
}
