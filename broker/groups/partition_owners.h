#pragma once

#include <map>
#include <string>

#include "broker/groups/holdings.h"

namespace hailstorm::groups {

/// Which member has each partition of a group: at most one.
///
/// Thread safety: not safe.
class PartitionOwners {
 public:
  using ById = std::map<wire::TopicPartition, std::string>;

  [[nodiscard]] const ById& all() const { return owners_; }
  /// The id of the member that has the partition, or empty.
  [[nodiscard]] std::string owner(const wire::TopicPartition& id) const;
  /// False: a member has the partition already.
  [[nodiscard]] bool assign(const wire::TopicPartition& id, const std::string& member_id) {
    return owners_.try_emplace(id, member_id).second;
  }
  /// Empties the holdings of a member.
  void release(Holdings& holdings) {
    (void)release_unless(holdings, [](const auto&) { return false; });
  }
  /// Takes what `keep` refuses out of the holdings of a member. False: that was nothing.
  template <class Keep>
  bool release_unless(Holdings& holdings, Keep&& keep) {
    return std::erase_if(holdings, [&](const auto& held) {
             if (keep(held)) return false;
             owners_.erase(held.first);
             return true;
           }) > 0;
  }

 private:
  ById owners_;
};

}  // namespace hailstorm::groups
