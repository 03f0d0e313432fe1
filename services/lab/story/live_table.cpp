#include "services/lab/story/live_table.h"

#include <fmt/format.h>

#include "common/base/text.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kPlain = "\x1b[0m";

struct Condition {
  const char* word;
  const char* colour;
};

Condition condition_of(const ProcessSample& one) {
  if (one.process.state == ProcessState::exited) return {"killed", kRed};
  if (one.process.state == ProcessState::frozen) return {"frozen", kRed};
  if (!one.answers) return {"starting", kYellow};
  return one.ready ? Condition{"ready", kGreen} : Condition{"joining", kYellow};
}

std::string service_row(const ProcessSample& one) {
  const Condition condition = condition_of(one);
  const std::string rate = one.is_service ? fmt::format("{:.0f}/s", one.rate) : "";
  const std::string lag = one.is_service ? std::to_string(one.lag + one.outbox) : "";
  return fmt::format("  {:<14}{}{:<10}{}{:>9}{:>9}{:>9.1f}", one.process.name, condition.colour,
                     condition.word, kPlain, rate, lag,
                     static_cast<double>(one.process.rss_kb) / 1024);
}

std::string lane_row(const char* lane, const LaneNumbers& numbers, int64_t rides) {
  return fmt::format("  {:<14}{:>5}/{:<5}{:>9}{:>9}{}{:>9}{}{:>9.1f}", lane, numbers.requested(),
                     rides, "", numbers.accepted(), numbers.failed() > 0 ? kRed : "",
                     numbers.failed(), numbers.failed() > 0 ? kPlain : "",
                     numbers.latency_ms(0.99));
}

}  // namespace

std::vector<std::string> live_table(const ActRun& act, const PlatformSample& sample) {
  std::vector<std::string> lines = {
      fmt::format("  {:<14}{:<10}{:>9}{:>9}{:>9}", "service", "state", "rate", "lag", "rss MB")};
  for (const auto& one : sample.processes) lines.push_back(service_row(one));
  lines.push_back(fmt::format("  {:<14}{:<11}{:>9}{:>9}{:>9}{:>9}", "lane", "rides", "", "accepted",
                              "failed", "p99 ms"));
  lines.push_back(lane_row("log", act.result().log, act.rides()));
  lines.push_back(lane_row("chain", act.result().chain, act.rides()));
  lines.push_back(fmt::format("  {}; the log lane's lag is {}", act.phase(), sample.lag()));
  if (const auto why = sample.why_not_ready(); !why.empty()) lines.push_back("  " + printable(why));
  return lines;
}

std::string live_line(const ActRun& act, const PlatformSample& sample) {
  const ActResult& result = act.result();
  return fmt::format("  {:<12} {}/{} rides, log {} accepted, chain {} accepted {} failed, lag {}",
                     act.phase(), result.log.requested(), act.rides(), result.log.accepted(),
                     result.chain.accepted(), result.chain.failed(), sample.lag());
}

}  // namespace hailstorm::lab
