#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Which process needs which other, from the table of services. All functions are safe from any
/// thread.
namespace hailstorm::registry {

/// The broker first, then the services.
[[nodiscard]] std::vector<std::string> process_names();

/// A connection of one process to another.
struct Link {
  std::string caller;
  std::string server;

  /// "payment:broker", as a fault's target.
  [[nodiscard]] std::string name() const { return caller + ":" + server; }
};
/// Each service's to the broker, and to its next hop of the chain.
[[nodiscard]] std::vector<Link> links();

/// Every topic that some service publishes, sorted.
[[nodiscard]] std::vector<std::string> topics();

/// The service is on the chain: some service calls it, or it calls one.
[[nodiscard]] bool is_on_chain(std::string_view service);

/// `reader` reads an event that `publisher` publishes. REQUIRES: both are services.
[[nodiscard]] bool reads_from(std::string_view reader, std::string_view publisher);

}  // namespace hailstorm::registry
