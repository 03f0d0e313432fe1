# The broker's volume is filled by its agent, and emptied when the lease ends: produce is refused
# meanwhile, rides are still accepted, and all settle.
scenario() {
  platform_down
  compose_files=(-f docker-compose.yml -f tests/compose/small-volume.yml)
  platform_up && ride 320 || return 1
  midstream 20 || return 1
  agent_fault broker '{"target":"broker","action":"disk_full","duration":"6s"}' || return 1
  await "the broker says that its disk is full" check_says broker 'disk is full' || return 1
  riders_end && all_accepted && audit_holds || return 1
  await "the fault is proven off" faults_are_off broker && platform_down
}
