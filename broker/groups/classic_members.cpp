#include "broker/groups/classic_members.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/check.h"

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

std::string ClassicMember::metadata(const std::string& protocol) const {
  const auto at = std::ranges::find(protocols, protocol, &ClassicProtocol::name);
  return at == protocols.end() ? std::string() : at->metadata;
}

int64_t ClassicMember::held_bytes() const {
  int64_t bytes = std::ssize(id) + std::ssize(instance_id) + std::ssize(client_id) +
                  std::ssize(client_host) + std::ssize(assignment);
  for (const auto& protocol : protocols)
    bytes += std::ssize(protocol.name) + std::ssize(protocol.metadata);
  return bytes;
}

ClassicMember* ClassicMembers::find(const std::string& id) {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &at->second;
}

const ClassicMember* ClassicMembers::find(const std::string& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &at->second;
}

std::string ClassicMembers::id_of_instance(const std::string& instance_id) const {
  const auto at = ids_.find(instance_id);
  return at == ids_.end() ? std::string() : at->second;
}

Outcome ClassicMembers::check(const std::string& id, const std::string& instance_id) const {
  if (!instance_id.empty()) {
    const std::string known = id_of_instance(instance_id);
    if (known.empty())
      return {ErrorCode::unknown_member_id, "the group has no instance " + instance_id};
    if (known != id)
      return {ErrorCode::fenced_instance_id,
              "instance " + instance_id + " of the group is another member now"};
  }
  if (by_id_.contains(id)) return {};
  return {ErrorCode::unknown_member_id, "the group has no member " + id + "; join again"};
}

ClassicMember& ClassicMembers::add(ClassicMember member) {
  if (member.is_static()) HAIL_CHECK(ids_.emplace(member.instance_id, member.id).second);
  const std::string id = member.id;
  const auto [at, is_new] = by_id_.emplace(id, std::move(member));
  HAIL_CHECK(is_new);
  return at->second;
}

void ClassicMembers::remove(const std::string& id) {
  const auto at = by_id_.find(id);
  if (at->second.is_static()) ids_.erase(at->second.instance_id);
  by_id_.erase(at);
}

void ClassicMembers::clear() {
  by_id_.clear();
  ids_.clear();
}

std::set<std::string> ClassicMembers::common_protocols() const {
  std::set<std::string> common;
  if (empty()) return common;
  for (const auto& protocol : by_id_.begin()->second.protocols) common.insert(protocol.name);
  for (const auto& [id, member] : by_id_) {
    const auto& protocols = member.protocols;
    std::erase_if(common, [&protocols](const std::string& name) {
      return std::ranges::find(protocols, name, &ClassicProtocol::name) == protocols.end();
    });
  }
  return common;
}

bool ClassicMembers::can_all_do_one_of(const std::vector<ClassicProtocol>& protocols) const {
  const auto common = common_protocols();
  return std::ranges::any_of(protocols,
                             [&](const auto& protocol) { return common.contains(protocol.name); });
}

std::string ClassicMembers::vote() const {
  const auto common = common_protocols();
  HAIL_CHECK(!common.empty());
  std::map<std::string, size_t> votes;
  for (const auto& [id, member] : by_id_) {
    const auto favourite = std::ranges::find_if(
        member.protocols, [&](const auto& protocol) { return common.contains(protocol.name); });
    ++votes[favourite->name];
  }
  return std::ranges::max_element(votes,
                                  [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

bool ClassicMembers::have_all_joined() const {
  return std::ranges::all_of(
      by_id_, [](const auto& one) { return static_cast<bool>(one.second.join_answer); });
}

int32_t ClassicMembers::rebalance_timeout_ms() const {
  int32_t longest_ms = 0;
  for (const auto& [id, member] : by_id_)
    longest_ms = std::max(longest_ms, member.rebalance_timeout_ms);
  return longest_ms;
}

}  // namespace hailstorm::groups
