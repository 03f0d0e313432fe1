#pragma once

#include <cstdint>
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

  /// Every record that was sent was acknowledged and read.
  [[nodiscard]] bool is_complete() const;
  /// Compares what was acknowledged with what was read.
  void check_contents();

  [[nodiscard]] int64_t read_again() const { return read_again_; }
  void problem(std::string text) { problems_.push_back(std::move(text)); }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] std::string progress() const;

 private:
  size_t sent_ = 0;
  std::map<std::string, log::Delivery> acknowledged_;                // by value
  std::map<log::TopicPartition, std::vector<std::string>> applied_;  // by offset
  std::set<std::string> values_;                                     // that were applied
  int64_t read_again_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace hailstorm::simulation
