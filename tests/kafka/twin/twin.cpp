#include "tests/kafka/twin/twin.h"

namespace hailstorm::twin {
namespace {

bool serves(const Side& side, kafka::ApiKey key, int16_t version) {
  const auto found = side.versions.find(static_cast<int16_t>(key));
  return found != side.versions.end() && found->second.first <= version &&
         version <= found->second.second;
}

}  // namespace

std::vector<int16_t> Twin::versions_of(kafka::ApiKey key) const {
  std::vector<int16_t> versions;
  const kafka::Api& api = kafka::api_of(key);
  for (int16_t version = api.first_version; version <= api.last_version; ++version) {
    if (has(key, version)) versions.push_back(version);
  }
  return versions;
}

bool Twin::has(kafka::ApiKey key, int16_t version) const {
  return kafka::api_of(key).has(version) && serves(ours_, key, version) &&
         serves(theirs_, key, version);
}

void Twin::compare(kafka::ApiKey key, const std::string& name, int16_t version,
                   const Exchanged& ours, const Exchanged& theirs) {
  const Values closed = {{"connection", "closed"}};
  compared_.compare(std::string(kafka::api_of(key).name), name, version,
                    ours ? ours_.in_common(*ours) : closed,
                    theirs ? theirs_.in_common(*theirs) : closed);
}

}  // namespace hailstorm::twin
