#include "broker/cli/late_start.h"

namespace hailstorm::cli {
namespace {

constexpr int64_t kAskAgainMs = 1'000;

}  // namespace

LateStart::LateStart(const StartPoint& from, const std::vector<log::ClosedPartition>& closed)
    : from_(from) {
  for (const auto& [id, why] : closed) missing_.push_back(id);
  // Nobody knows the end of a closed partition. What is written after now is younger than now.
  if (from.kind == StartPoint::Kind::latest) from_ = {StartPoint::Kind::time, clock_.wall_ms()};
}

Status LateStart::join(log::Admin& admin, log::Consumer& consumer, ReadingEnd& end,
                       ClosedPartitions& closed) {
  if (missing_.empty() || clock_.steady_ms() < not_before_ms_) return {};
  not_before_ms_ = clock_.steady_ms() + kAskAgainMs;
  const auto found = resolve(admin, from_, missing_);
  if (!found.ok() && found.error().is(log::LogErrc::unavailable)) return {};
  if (!found.ok()) return found.error();
  if (found->positions.empty()) return {};
  for (const log::Position& position : found->positions) {
    end.reached(position.id, position.offset);
    closed.reopened(position.id);
    std::erase(missing_, position.id);
  }
  consumer.assign(end.positions());
  return {};
}

}  // namespace hailstorm::cli
