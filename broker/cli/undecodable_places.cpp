#include "broker/cli/undecodable_places.h"

#include <fmt/format.h>
#include <iostream>

#include "broker/cli/value_text.h"
#include "common/json/json.h"

namespace hailstorm::cli {

void UndecodablePlaces::note(const log::TopicPartition& id, int64_t first_offset,
                             const log::Undecodable& place) {
  has_any_ = true;
  std::cout.flush();
  std::cerr << fmt::format("hail: {}-{}: {}; reading goes on after it\n", printable(id.topic),
                           id.partition, printable(log::to_text(first_offset, place)));
  if (!json_lines_) return;
  const json::Value line = {{"topic", id.topic},
                            {"partition", id.partition},
                            {"first_offset", first_offset},
                            {"last_offset", place.last_offset},
                            {"error", place.why}};
  std::cout << json::to_sorted_text(line) << '\n';
  std::cout.flush();
}

}  // namespace hailstorm::cli
