#include "services/lab/story/first_settled.h"

#include <algorithm>

#include "common/base/clock.h"
#include "services/lab/audit/store_facts.h"
#include "services/lab/audit/verdict.h"

namespace hailstorm::lab {
namespace {

bool any_ride_settled(const std::filesystem::path& data) {
  Facts facts;
  const auto read = read_stores(data, facts);
  if (!read.ok() || !read->missing.empty()) return false;  // a table or a store is not there yet
  return std::any_of(facts.log.begin(), facts.log.end(), [](const auto& entry) {
    return verdict_of(entry.second, /*through_log=*/false).settled;
  });
}

}  // namespace

void FirstSettled::begin() { too_late_ = any_ride_settled(data_); }

void FirstSettled::look() {
  const int64_t begin_us = steady_us();
  if (too_late_ || at_ms_ || begin_us < rest_until_us_) return;
  if (any_ride_settled(data_)) at_ms_ = SystemClock().steady_ms();
  const int64_t end_us = steady_us();
  rest_until_us_ = end_us + 10 * (end_us - begin_us);
}

}  // namespace hailstorm::lab
