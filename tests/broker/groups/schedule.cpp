#include "tests/broker/groups/schedule.h"

#include <algorithm>
#include <array>
#include <random>

#include "tests/broker/groups/schedule_world.h"

namespace hailstorm::groups {
namespace {

struct Kind {
  Step step;
  const char* name;
  uint32_t weight;
};
constexpr std::array kKinds = {
    Kind{Step::join, "join", 12},
    Kind{Step::beat, "beat", 45},
    Kind{Step::beat_lost, "beat_lost", 5},
    Kind{Step::leave, "leave", 3},
    Kind{Step::crash, "crash", 4},
    Kind{Step::freeze, "freeze", 3},
    Kind{Step::thaw, "thaw", 3},
    Kind{Step::bounce, "bounce", 3},
    Kind{Step::commit, "commit", 16},
    Kind{Step::stale_commit, "stale_commit", 6},
    Kind{Step::rewind, "rewind", 3},
    Kind{Step::stale_beat, "stale_beat", 3},
    Kind{Step::subscribe, "subscribe", 2},
    Kind{Step::grow, "grow", 1},
    Kind{Step::remake, "remake", 2},
    Kind{Step::pass, "pass", 8},
    Kind{Step::hold_journal, "hold_journal", 3},
    Kind{Step::settle_journal, "settle_journal", 5},
    Kind{Step::fail_journal, "fail_journal", 1},
    Kind{Step::restart, "restart", 3},
    Kind{Step::compact, "compact", 1},
    Kind{Step::settle, "settle", 1},
};

const char* name_of(Step step) {
  const auto at =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.step == step; });
  return at->name;
}

Step pick(uint32_t random) {
  uint32_t sum = 0;
  for (const Kind& kind : kKinds) sum += kind.weight;
  uint32_t left = random % sum;
  for (const Kind& kind : kKinds) {
    if (left < kind.weight) return kind.step;
    left -= kind.weight;
  }
  return Step::beat;
}

}  // namespace

Schedule make_schedule(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto next = [&] { return static_cast<uint32_t>(random() >> 32); };
  Schedule schedule(20 + next() % 60);
  for (Event& event : schedule) event = {pick(next()), next(), next()};
  return schedule;
}

std::string run(const Schedule& schedule) {
  ScheduleWorld world;
  for (size_t i = 0; i < schedule.size(); ++i) {
    world.step(schedule[i]);
    if (!world.failure().empty()) {
      return "after step " + std::to_string(i + 1) + ": " + world.failure();
    }
  }
  world.step({Step::settle, 0, 0});
  return world.failure().empty() ? "" : "while it settled: " + world.failure();
}

Schedule shrink(Schedule failing) {
  for (size_t size = 0; size < failing.size(); ++size) {
    Schedule prefix(failing.begin(), failing.begin() + static_cast<std::ptrdiff_t>(size));
    if (!run(prefix).empty()) failing = std::move(prefix);
  }
  for (size_t i = failing.size(); i > 0; --i) {
    Schedule without = failing;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i - 1));
    if (!run(without).empty()) failing = std::move(without);
  }
  return failing;
}

std::string text_of(const Schedule& schedule) {
  std::string text;
  for (const Event& event : schedule) {
    text += std::string(name_of(event.step)) + "(" + std::to_string(event.who) + ", " +
            std::to_string(event.how) + ")\n";
  }
  return text;
}

}  // namespace hailstorm::groups
