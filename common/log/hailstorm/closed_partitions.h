#pragma once

#include <map>
#include <string>

#include "common/log/types.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// The partitions that the broker closed, with its reasons. It opens one only at its next start,
/// which the producer notices as a lost connection.
///
/// Thread safety: not safe.
class ClosedPartitions {
 public:
  /// False: it was closed before. Changes are logged.
  bool close(const TopicPartition& id, const wire::Outcome& outcome);
  /// False: it was open.
  bool open(const TopicPartition& id);
  void open_all() { reasons_.clear(); }

  [[nodiscard]] bool contains(const TopicPartition& id) const { return reasons_.contains(id); }
  /// "partition rides-0 is closed: WHY".
  [[nodiscard]] const std::map<TopicPartition, std::string>& reasons() const { return reasons_; }

 private:
  std::map<TopicPartition, std::string> reasons_;
};

}  // namespace hailstorm::log::hail
