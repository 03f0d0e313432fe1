# A link is delayed and cut by the agent of its caller: each fault is proven on and off, riders of
# the log lane notice nothing, and the rides that wait are settled afterwards.
scenario() {
  platform_up && ride 240 || return 1
  midstream 20 || return 1
  agent_fault matching '{"target":"matching:broker","action":"latency","duration":"5s",
    "attributes":{"latency_ms":200}}' || return 1
  agent_fault payment '{"target":"payment:broker","action":"timeout","duration":"8s"}' || return 1
  await "payment has lag" payment_has_lag || return 1
  riders_end && all_accepted && audit_holds || return 1
  await "both faults are proven off" faults_are_off matching payment
}
payment_has_lag() { [ "$(lag_of payment)" -gt 20 ]; }
