#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace hailstorm::history {

/// What one process saw of the log. Times are of CLOCK_MONOTONIC, in ns, which all processes of a
/// machine share. An answer's `begin_ns` is when its question was asked, `end_ns` when it came.
enum class Kind {
  send,        // who, seq: about to be sent
  acked,       // who, seq, partition, offset (-1: written, the place is not known), durable, end
  unknown,     // who, seq: written or not
  refused,     // who, seq: not written, for good
  assigned,    // who, partition, end: reads it from the group's committed offset on
  read,        // who, partition, offset, value, end
  committed,   // who, partition, offset, begin, end: the broker said yes
  saw_commit,  // partition, offset (-1: none), begin, end: what the broker says is committed
  saw_end,     // partition, offset, begin, end: what the broker says is the end
  final_log,   // partition, offset, value: the log after everything, read from its start to its end
};

struct Event {
  Kind kind = Kind::send;
  std::string who;
  std::string group;  // of assigned, read, committed, saw_commit
  int64_t seq = -1;
  int32_t partition = -1;
  int64_t offset = -1;
  std::string value;
  bool durable = false;
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
};

enum class HistoryErrc { cannot_read, not_a_history };
[[nodiscard]] std::string_view name_of(HistoryErrc code);
[[nodiscard]] std::string_view name_of(Kind kind);

/// What a producer puts into its record number `seq`: names it among all that were ever sent.
[[nodiscard]] std::string value_of(std::string_view who, int64_t seq);

/// One line of JSON with its newline.
[[nodiscard]] std::string to_line(const Event& event);

/// Appends the events of one file, in order. A last line without a newline is left out: its writer
/// was killed over it. Errors name file and line.
[[nodiscard]] Status read_history(const std::filesystem::path& file, std::vector<Event>& into);

[[nodiscard]] int64_t now_ns();

}  // namespace hailstorm::history
