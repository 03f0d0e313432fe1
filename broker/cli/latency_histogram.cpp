#include "broker/cli/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace hailstorm::cli {
namespace {

// Buckets of one microsecond up to 128; above, 64 for each power of two.
constexpr int kBits = 6;
constexpr uint64_t kPerPower = uint64_t{1} << kBits;
constexpr int64_t kMaxUs = int64_t{1} << 40;
constexpr size_t kBarWidth = 40;

size_t bucket_of(uint64_t us) {
  if (us < 2 * kPerPower) return static_cast<size_t>(us);
  const int shift = static_cast<int>(std::bit_width(us)) - kBits - 1;
  return static_cast<size_t>(static_cast<uint64_t>(shift) * kPerPower + (us >> shift));
}

int64_t largest_in(size_t bucket) {
  if (bucket < 2 * kPerPower) return static_cast<int64_t>(bucket);
  const auto shift = bucket / kPerPower - 1;
  return static_cast<int64_t>(((bucket % kPerPower + kPerPower + 1) << shift) - 1);
}

}  // namespace

void LatencyHistogram::add(int64_t latency_us, int64_t count) {
  const int64_t us = std::clamp<int64_t>(latency_us, 0, kMaxUs);
  const size_t bucket = bucket_of(static_cast<uint64_t>(us));
  if (counts_.size() <= bucket) counts_.resize(bucket + 1);
  counts_[bucket] += count;
  count_ += count;
  max_us_ = std::max(max_us_, us);
}

int64_t LatencyHistogram::percentile_us(double share) const {
  const auto wanted = static_cast<int64_t>(std::ceil(share * static_cast<double>(count_)));
  int64_t seen = 0;
  for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen > 0 && seen >= wanted) return std::min(largest_in(bucket), max_us_);
  }
  return 0;
}

std::string LatencyHistogram::bars() const {
  std::vector<int64_t> powers;  // [i]: those of which the highest bit is i - 1
  for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    const auto power =
        static_cast<size_t>(std::bit_width(static_cast<uint64_t>(largest_in(bucket))));
    if (powers.size() <= power) powers.resize(power + 1);
    powers[power] += counts_[bucket];
  }
  const int64_t most = powers.empty() ? 0 : *std::max_element(powers.begin(), powers.end());
  std::string out;
  for (size_t power = 0; power < powers.size(); ++power) {
    if (powers[power] == 0) continue;
    const double share = static_cast<double>(powers[power]) / static_cast<double>(count_);
    const auto width = static_cast<size_t>(powers[power] * static_cast<int64_t>(kBarWidth) / most);
    const std::string bar(std::max<size_t>(width, 1), '#');
    out += fmt::format("  {:>8} to {:>8}  {:>6.2f} %  {}\n",
                       duration_text(power == 0 ? 0 : int64_t{1} << (power - 1)),
                       duration_text(int64_t{1} << power), 100 * share, bar);
  }
  return out;
}

std::string duration_text(int64_t duration_us) {
  const auto us = static_cast<double>(duration_us);
  if (duration_us < 1'000) return fmt::format("{} us", duration_us);
  if (duration_us < 1'000'000) return fmt::format("{:.1f} ms", us / 1e3);
  return fmt::format("{:.1f} s", us / 1e6);
}

}  // namespace hailstorm::cli
