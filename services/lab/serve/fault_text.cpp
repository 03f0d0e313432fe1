#include "services/lab/serve/fault_text.h"

#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "common/base/text.h"

namespace hailstorm::lab {
namespace {

std::string time_of_day(int64_t at_ms) {
  const std::time_t seconds = at_ms / 1000;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{:%H:%M:%S}.{:03}", local, at_ms % 1000);
}

std::string words_of(FaultPhase phase) {
  switch (phase) {
    case FaultPhase::not_proven:
      return "NOT PROVEN";
    case FaultPhase::proven_off:
      return "proven off";
    default:
      return std::string(name_of(phase));
  }
}

}  // namespace

std::string to_text(const FaultState& fault, int64_t now_ms) {
  const FaultRequest& asked = fault.request;
  std::string text =
      fmt::format("{}  {} of {} for {}{}: {}\n", asked.id, name_of(asked.action),
                  printable(asked.target), duration_text(asked.duration_ms),
                  asked.by.empty() ? "" : ", by " + printable(asked.by), words_of(fault.phase));
  text += fmt::format("    {}  asked\n", time_of_day(fault.asked_at_ms));
  const auto add = [&](int64_t at_ms, const char* what) {
    if (at_ms == 0) return;
    text += fmt::format("    {:+11.3f} s  {}\n",
                        static_cast<double>(at_ms - fault.asked_at_ms) / 1e3, what);
  };
  add(fault.injected_at_ms, "injected");
  add(fault.proven_at_ms, "proven");
  add(fault.reverted_at_ms, "reverted");
  add(fault.proven_off_at_ms, "proven off");
  if (fault.is_on()) {
    text += fmt::format("    reverts by itself in {:.1f} s\n",
                        static_cast<double>(fault.reverts_at_ms - now_ms) / 1e3);
  }
  if (!fault.evidence.empty()) text += "    probed: " + fault.evidence + "\n";
  return text;
}

}  // namespace hailstorm::lab
