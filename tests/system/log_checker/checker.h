#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/system/log_checker/history.h"

namespace hailstorm::history {

/// How a log can break its word.
enum class Fault {
  lost,              // acknowledged or read, and not in the log; or passed over by the group
  duplicated,        // one record at two offsets
  reordered,         // one producer's records in a partition stand in another order than sent
  phantom,           // a record that nobody sent, or that was refused
  changed,           // one offset, two records
  stale_read,        // an end of the log below what was known to be written before the question
  offset_regressed,  // a commit, or where a member began, below a commit acknowledged before
};
[[nodiscard]] std::string_view name_of(Fault fault);

struct Finding {
  Fault fault;
  std::string what;
};

/// Judges what all processes saw together. REQUIRES: the events of one `who` are in its own order;
/// those of different ones may come in any.
///
/// The log's content is taken from the final_log events; a history without any has an empty log.
[[nodiscard]] std::vector<Finding> check(std::span<const Event> events);

/// How many events of each kind there are: a history that saw nothing proves nothing.
[[nodiscard]] std::map<Kind, int64_t> count(std::span<const Event> events);

}  // namespace hailstorm::history
