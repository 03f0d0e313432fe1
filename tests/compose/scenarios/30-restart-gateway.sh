# The gateway restarts while riders keep asking: each was answered, or asks again with its key and
# rides once.
scenario() {
  platform_up && ride 240 --lanes log --retries 400 || return 1
  midstream 30 && compose restart gateway >/dev/null 2>&1 || return 1
  riders_end && all_accepted && audit_holds
}
