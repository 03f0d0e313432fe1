#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/log/log.h"

namespace hailstorm::cli {

/// The closed partitions that a command found. Names each on standard error as soon as it is known.
///
/// Thread safety: not safe.
class ClosedPartitions {
 public:
  /// Whether standard output gets them too, as one JSON object a line.
  enum class Output { none, json_lines };
  explicit ClosedPartitions(Output output = Output::none) : output_(output) {}

  void note(const log::TopicInfo& topic);
  void note(const std::vector<log::ClosedPartition>& closed);
  /// What a consumer has learned since the last time: which are closed, and which are open again.
  void note(const log::Consumer& consumer);
  void reopened(const log::TopicPartition& id);

  [[nodiscard]] std::vector<log::ClosedPartition> list() const;
  /// Empty: it is not closed.
  [[nodiscard]] std::string why(const log::TopicPartition& id) const;
  /// The exit code of a command that did all else: 1 while a partition is closed, otherwise 0.
  [[nodiscard]] int exit_code() const { return all_.empty() ? 0 : 1; }

 private:
  struct Closed {
    std::string why;
    bool seen_by_consumer = false;
  };
  void add(const log::TopicPartition& id, const std::string& why, bool seen_by_consumer);
  void print_line(const log::TopicPartition& id, const std::string& error) const;

  Output output_;
  std::map<log::TopicPartition, Closed> all_;
};

}  // namespace hailstorm::cli
