#pragma once

#include <cstdint>

namespace hailstorm::groups {

/// What may happen to a group; `who` and `how` are random numbers of which each step takes what it
/// needs, so that any part of a schedule is a schedule.
enum class Step : uint8_t {
  join,       // a new process; of a static member perhaps while the old one still runs
  beat,       // also acts on the reply: releases partitions, or works on for a while
  beat_lost,  // the coordinator gets it, the reply is lost
  leave,
  crash,
  freeze,  // SIGSTOP
  thaw,    // SIGCONT
  bounce,  // a static member stops and comes back at once
  commit,
  stale_commit,  // of a process that was killed, fenced or left, and does not know
  rewind,
  stale_beat,
  subscribe,
  grow,
  remake,
  pass,            // time
  hold_journal,    // what is written becomes durable later
  settle_journal,  // now
  fail_journal,
  restart,
  compact,
  settle,  // all processes run; the group must become stable and whole
};
struct Event {
  Step step = Step::beat;
  uint32_t who = 0;
  uint32_t how = 0;
};

}  // namespace hailstorm::groups
