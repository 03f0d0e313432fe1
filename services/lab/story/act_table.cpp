#include "services/lab/story/act_table.h"

#include <fmt/format.h>

namespace hailstorm::lab {
namespace {

std::string row(const char* lane, const LaneNumbers& numbers, const std::string& peak_lag,
                const std::string& catch_up) {
  return fmt::format("  {:<6}{:>10}{:>10}{:>8}{:>10.1f}{:>10.1f}{:>10.1f}{:>10}{:>10}", lane,
                     numbers.requested(), numbers.accepted(), numbers.failed(),
                     numbers.latency_ms(0.5), numbers.latency_ms(0.99), numbers.latency_ms(1),
                     peak_lag, catch_up);
}

}  // namespace

std::vector<std::string> act_table(const ActResult& result) {
  const std::string catch_up =
      result.act.faults.empty() ? "-" : fmt::format("{:.1f} s", result.catch_up_s);
  return {fmt::format("  {:<6}{:>10}{:>10}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}", "lane", "requested",
                      "accepted", "failed", "p50 ms", "p99 ms", "max ms", "peak lag", "catch-up"),
          row("log", result.log, std::to_string(result.peak_lag),
              result.caught_up ? catch_up : "never"),
          row("chain", result.chain, "-", "-")};
}

}  // namespace hailstorm::lab
