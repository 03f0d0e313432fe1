#include "tests/simulation/simulated_admin.h"

#include <algorithm>
#include <utility>

namespace hailstorm::simulation {
namespace {

constexpr int kAdminTimeoutMs = 3'000;
constexpr int64_t kMostPauseMs = 2'000;
constexpr int64_t kFarthestBack = 30;

}  // namespace

RewindActor::RewindActor(Schedule& schedule, Chance& chance, SimulatedNetwork& network,
                         Ledger& ledger, int64_t count)
    : schedule_(schedule),
      chance_(chance),
      ledger_(ledger),
      client_(schedule, chance, network),
      left_(count),
      steps_(schedule, [this] { step(); }) {
  if (left_ > 0) steps_.run_by(schedule.steady_ms() + chance.between(1, kMostPauseMs));
}

void RewindActor::step() {
  if (left_ == 0) return;
  --left_;
  rewind();
  if (left_ > 0) steps_.run_by(schedule_.steady_ms() + chance_.between(1, kMostPauseMs));
}

void RewindActor::rewind() {
  const auto admin = client_.engine().make_admin(kAdminTimeoutMs);
  const auto group = admin->describe_group(kGroup);
  if (!group.ok() || group->partitions.empty()) return;
  const auto last = std::ssize(group->partitions) - 1;
  const auto& one = group->partitions[static_cast<size_t>(chance_.between(0, last))];
  if (one.committed_offset <= 0) return;
  const int64_t to = std::max<int64_t>(one.committed_offset - chance_.between(1, kFarthestBack), 0);
  const auto number = ledger_.begin_rewind(one.id, to);
  const auto rewound = admin->rewind_group(kGroup, {{one.id, to, {}}});
  if (rewound.ok()) {
    ++rewinds_;
    ledger_.end_rewind(number, std::max(one.committed_offset, rewound->before.at(0).offset));
  } else {
    ledger_.forget_rewind(number);
    if (!rewound.error().is(log::LogErrc::unavailable))
      ledger_.problem("rewind: " + rewound.error().message());
  }
}

}  // namespace hailstorm::simulation
