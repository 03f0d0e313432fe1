#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/log/log.h"

namespace hailstorm::simulation {

/// What producers were promised and what consumers read, and every contradiction between them.
///
/// Thread safety: not safe.
class Ledger {
 public:
  void sent() { ++sent_; }
  void reported(const std::string& value, const Result<log::Delivery>& delivery);

  /// A consumer read this. One that was applied before, by it or another member, is read again.
  void read(const log::ConsumedRecord& record);
  /// The next offset to apply.
  [[nodiscard]] int64_t position(const log::TopicPartition& id) const;

  /// The group is about to be moved to `to`: all that it reads from there on counts. Gives the
  /// rewind's number.
  [[nodiscard]] uint64_t begin_rewind(const log::TopicPartition& id, int64_t to);
  /// It was moved, from `from`: every record between must be read once more.
  void end_rewind(uint64_t number, int64_t from);
  /// Nobody knows whether it was moved.
  void forget_rewind(uint64_t number) { rewinds_.erase(number); }

  /// Every record that was sent was acknowledged and read, and those of rewinds again.
  [[nodiscard]] bool is_complete() const;
  /// Compares what was acknowledged with what was read.
  void check_contents();

  [[nodiscard]] int64_t read_again() const { return read_again_; }
  void problem(std::string text) { problems_.push_back(std::move(text)); }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] std::string progress() const;

 private:
  /// A part of a partition that must be read again.
  struct Rewind {
    log::TopicPartition id;
    int64_t next = 0;
    int64_t end = std::numeric_limits<int64_t>::max();  // the largest: not known yet
  };

  size_t sent_ = 0;
  std::map<std::string, log::Delivery> acknowledged_;                // by value
  std::map<log::TopicPartition, std::vector<std::string>> applied_;  // by offset
  std::set<std::string> values_;                                     // that were applied
  std::map<uint64_t, Rewind> rewinds_;                               // by number
  uint64_t last_rewind_ = 0;
  int64_t read_again_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace hailstorm::simulation
