#include "services/registry/dependencies.h"

#include <algorithm>
#include <set>

#include "services/registry/services.h"

namespace hailstorm::registry {

std::vector<std::string> process_names() {
  auto all = names();
  all.insert(all.begin(), std::string(kBroker));
  return all;
}

std::vector<Link> links() {
  std::vector<Link> all;
  for (const auto& one : services()) {
    all.push_back({one.name, std::string(kBroker)});
    if (!one.next_hop.empty()) all.push_back({one.name, one.next_hop});
  }
  return all;
}

std::vector<std::string> topics() {
  std::set<std::string> all;
  for (const auto& one : services()) all.insert(one.publishes.begin(), one.publishes.end());
  return {all.begin(), all.end()};
}

bool is_on_chain(std::string_view service) {
  const auto& all = services();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return one.next_hop == service || (one.name == service && !one.next_hop.empty());
  });
}

bool reads_from(std::string_view reader, std::string_view publisher) {
  const auto& reads = service(reader).reads;
  const auto& publishes = service(publisher).publishes;
  return std::any_of(reads.begin(), reads.end(), [&](const auto& event) {
    return std::find(publishes.begin(), publishes.end(), event) != publishes.end();
  });
}

}  // namespace hailstorm::registry
