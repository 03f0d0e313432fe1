#include "services/lab/story/acts.h"

#include <fmt/format.h>

#include "services/lab/platform/count_word.h"
#include "services/registry/services.h"

namespace hailstorm::lab {

std::string_view name_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::none:
      return "none";
    case FaultKind::kill:
      return "SIGKILL";
    case FaultKind::freeze:
      return "SIGSTOP";
  }
  return "unknown";
}

std::vector<Act> scenario() {
  const auto all = registry::reacting_names();
  return {
      {"all-is-well", "all is well", FaultKind::none, {}},
      {"notification-killed", "notification is killed", FaultKind::kill, {"notification"}},
      {"payment-frozen", "payment is frozen", FaultKind::freeze, {"payment"}},
      {"matching-killed", "matching is killed", FaultKind::kill, {"matching"}},
      {"broker-killed", "the broker is killed", FaultKind::kill, {"broker"}},
      {"all-services-killed",
       fmt::format("all {} services are killed at once", count_word(all.size())), FaultKind::kill,
       all},
  };
}

std::vector<Share> share_evenly(int64_t total, int64_t acts) {
  std::vector<Share> shares;
  int64_t first = 0;
  for (int64_t i = 0; i < acts; ++i) {
    const int64_t count = total / acts + (i < total % acts ? 1 : 0);
    shares.push_back({first, count});
    first += count;
  }
  return shares;
}

}  // namespace hailstorm::lab
