# Every docker command of every lesson works as the sheet says; each lesson ends with an audit.
scenario() {
  local sheet
  for sheet in $(grep -l '^    \$ docker compose' docs/lessons/[1-9]-*.md); do
    platform_down
    lesson "$sheet" >"$work/lesson" 2>&1 || { cat "$work/lesson" >&2; return 1; }
  done
  platform_down
}
