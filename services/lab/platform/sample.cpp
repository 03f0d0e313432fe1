#include "services/lab/platform/sample.h"

#include <algorithm>

namespace hailstorm::lab {

const ProcessSample* PlatformSample::find(const std::string& name) const {
  for (const auto& one : processes) {
    if (one.process.name == name) return &one;
  }
  return nullptr;
}

const ProcessInfo* PlatformSample::find_other(const std::string& name) const {
  for (const auto& one : others) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

int64_t PlatformSample::lag() const {
  int64_t sum = 0;
  for (const auto& one : processes) sum += one.lag + one.outbox;
  return sum;
}

int64_t PlatformSample::events() const {
  int64_t sum = 0;
  for (const auto& one : processes) sum += one.events;
  return sum;
}

bool PlatformSample::all_answer() const {
  return std::all_of(processes.begin(), processes.end(),
                     [](const ProcessSample& one) { return one.answers; });
}

bool PlatformSample::all_ready() const {
  return std::all_of(processes.begin(), processes.end(),
                     [](const ProcessSample& one) { return one.ready; });
}

std::string PlatformSample::why_not_ready() const {
  std::string all;
  for (const auto& one : processes) {
    if (one.why_not.empty() || one.held_down) continue;
    all += (all.empty() ? "" : "; ") + one.process.name + " is not ready: " + one.why_not;
  }
  return all;
}

}  // namespace hailstorm::lab
