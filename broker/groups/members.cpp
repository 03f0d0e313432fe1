#include "broker/groups/members.h"

#include <utility>

namespace hailstorm::groups {

const Member* Members::find(const std::string& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &at->second;
}

const Member* Members::find_instance(const std::string& instance_id) const {
  const auto at = ids_.find(instance_id);
  return at == ids_.end() ? nullptr : find(at->second);
}

Member& Members::add(Member member) {
  if (!member.instance_id.empty()) ids_[member.instance_id] = member.id;
  const std::string id = member.id;
  return by_id_[id] = std::move(member);
}

void Members::remove(const std::string& id) {
  const auto at = by_id_.find(id);
  if (!at->second.instance_id.empty()) ids_.erase(at->second.instance_id);
  by_id_.erase(at);
}

}  // namespace hailstorm::groups
