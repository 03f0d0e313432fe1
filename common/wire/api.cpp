#include "common/wire/api.h"

#include <array>

namespace hailstorm::wire {
namespace {

// By number, from 1 on.
constexpr std::array<std::string_view, 14> kApiNames = {
    "produce",         "fetch",         "list_offsets",      "metadata",
    "create_topic",    "delete_topic",  "create_partitions", "init_producer_id",
    "group_heartbeat", "offset_commit", "offset_fetch",      "list_groups",
    "describe_group",  "delete_group"};
static_assert(kApiNames.size() == static_cast<size_t>(Api::delete_group));

}  // namespace

bool is_known(Api api) {
  const auto number = static_cast<size_t>(api);
  return number >= 1 && number <= kApiNames.size();
}

std::string_view name_of(Api api) {
  return is_known(api) ? kApiNames.at(static_cast<size_t>(api) - 1) : "unknown";
}

}  // namespace hailstorm::wire
