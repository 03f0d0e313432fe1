#include "tests/kafka/twin/compared.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace hailstorm::twin {
namespace {

constexpr size_t kShownBytes = 200;

std::string text_at(const Values& values, const std::string& path) {
  const auto found = values.find(path);
  return found == values.end() ? "nothing" : found->second.substr(0, kShownBytes);
}

}  // namespace

void Compared::compare(const std::string& api, const std::string& name, int16_t version,
                       const Values& ours, const Values& theirs) {
  ++answers_;
  auto& versions = apis_[api];
  if (std::ranges::find(versions, version) == versions.end()) versions.push_back(version);
  std::set<std::string> paths;
  for (const auto& [path, text] : ours) paths.insert(path);
  for (const auto& [path, text] : theirs) paths.insert(path);
  fields_ += paths.size();
  std::string missing = "none";  // the element whose fields come now, which one of them has not
  for (const std::string& path : paths) {
    if (path.starts_with(missing)) continue;
    const std::string our_text = text_at(ours, path);
    const std::string their_text = text_at(theirs, path);
    if (our_text == their_text) continue;
    if (path.ends_with('.')) missing = path;
    if (wanted_.has(api, name, path)) {
      ++wanted_count_;
      continue;
    }
    ++unwanted_;
    fmt::print("DIFFERENT: {} {} version {}, {}: ours {}, Kafka's {}\n", api, name, version, path,
               our_text, their_text);
  }
}

}  // namespace hailstorm::twin
