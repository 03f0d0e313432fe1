#include "services/lab/story/first_settled.h"

#include <algorithm>

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
  const int64_t begin_ms = clock_.steady_ms();
  if (too_late_ || at_ms_ || begin_ms < rest_until_ms_) return;
  const bool is_settled = any_ride_settled(data_);
  const int64_t end_ms = clock_.steady_ms();
  if (is_settled) at_ms_ = end_ms;
  rest_until_ms_ = end_ms + 10 * (end_ms - begin_ms);
}

}  // namespace hailstorm::lab
