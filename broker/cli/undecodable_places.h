#pragma once

#include "common/log/log.h"

namespace hailstorm::cli {

/// The places where a command could not decode a record. Names each on standard error; the command
/// goes on after it.
///
/// Thread safety: not safe.
class UndecodablePlaces {
 public:
  /// Standard output gets them too, one JSON object a line, when it is `json_lines`. Such a line is
  /// no record: it has a `first_offset`, and no `offset`.
  explicit UndecodablePlaces(bool json_lines) : json_lines_(json_lines) {}

  void note(const log::TopicPartition& id, int64_t first_offset, const log::Undecodable& place);
  /// The exit code of a command that did all else: 1 where there was one, otherwise 0.
  [[nodiscard]] int exit_code() const { return has_any_ ? 1 : 0; }

 private:
  const bool json_lines_;
  bool has_any_ = false;
};

}  // namespace hailstorm::cli
