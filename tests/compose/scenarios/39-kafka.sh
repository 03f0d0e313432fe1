# Kafka's clients: on the network bus always, and of this machine through the door of a profile.
scenario() {
  command -v kcat >/dev/null || { echo "    there is no kcat here"; return "$skip"; }
  export HAIL_BROKER_KAFKA_ADVERTISED=127.0.0.1:$KAFKA_PORT
  talk
  local result=$?
  unset HAIL_BROKER_KAFKA_ADVERTISED
  compose rm -sf kafka >/dev/null 2>&1
  return $result
}
talk() {
  compose --profile kafka up -d --wait >"$work/up.log" 2>&1 ||
    { cat "$work/up.log" >&2; fail "the door did not open"; return 1; }
  seq 100 | kcat -b "127.0.0.1:$KAFKA_PORT" -P -t joined 2>"$work/kcat.log" ||
    { cat "$work/kcat.log" >&2; fail "nothing could be written"; return 1; }
  local read
  read=$(kcat -b "127.0.0.1:$KAFKA_PORT" -C -t joined -e -q 2>>"$work/kcat.log" | sort -n | xargs)
  [ "$read" = "$(seq -s ' ' 100)" ] || fail "kcat read $read" || return 1
  ride 40 && riders_end && audit_holds || return 1
  [ "$(kcat -b "127.0.0.1:$KAFKA_PORT" -C -t ride_requested -e -q -f '%k\n' | wc -l)" -ge 40 ] ||
    fail "the rides cannot be read with kcat"
}
