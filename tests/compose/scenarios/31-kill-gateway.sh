# The gateway is killed while riders keep asking: who had no answer asks again with the same key, and rides once.
scenario() {
  platform_up && ride 240 --lanes log --retries 400 || return 1
  midstream 30 && docker kill "$(container gateway)" >/dev/null || return 1
  docker start "$(container gateway)" >/dev/null || return 1
  riders_end && all_accepted && judge
}
