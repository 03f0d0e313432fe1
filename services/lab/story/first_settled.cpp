#include "services/lab/story/first_settled.h"

#include <algorithm>

#include "services/lab/audit/judge.h"
#include "services/lab/audit/store_facts.h"

namespace hailstorm::lab {

bool any_ride_settled(const std::filesystem::path& data) {
  Facts facts;
  const auto read = read_stores(data, facts);
  if (!read.ok() || !read->missing.empty()) return false;  // a table or a store is not there yet
  return std::any_of(facts.log.begin(), facts.log.end(), [](const auto& entry) {
    return judge(entry.second, /*through_log=*/false).settled;
  });
}

}  // namespace hailstorm::lab
