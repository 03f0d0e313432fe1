#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/system/log_checker/history.h"

namespace hailstorm::history {

/// What can be wrong with a log.
enum class Fault {
  lost,              // acknowledged or read, and not in the log; or skipped by the group
  duplicated,        // one record at two offsets
  reordered,         // one producer's records in a partition are not in the order sent
  phantom,           // a record that was never sent, or was refused
  changed,           // one offset, two records
  stale_read,        // an end of the log below what was acknowledged before the request
  offset_regressed,  // a commit, or where a member began, below a commit acknowledged before
};
[[nodiscard]] std::string_view name_of(Fault fault);

struct Finding {
  Fault fault;
  std::string what;
};

/// What is wrong with what all processes together saw. REQUIRES: the events of each process (`who`)
/// are in its own order; those of different processes may be in any.
///
/// The log's content is taken from the final_log events; a history without any has an empty log.
[[nodiscard]] std::vector<Finding> check(std::span<const Event> events);

/// How many events of each kind there are: a history without events proves nothing.
[[nodiscard]] std::map<Kind, int64_t> count(std::span<const Event> events);

}  // namespace hailstorm::history
