# A process is frozen by its agent, with a lease: it thaws by itself, nobody needs to come back.
scenario() {
  platform_up && ride 240 || return 1
  midstream 20 || return 1
  agent_fault notification '{"target":"notification","action":"freeze","duration":"4s"}' || return 1
  riders_end && all_accepted && audit_holds || return 1
  await "the fault is proven off" faults_are_off notification
}
