#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The services of the platform, each written once. Whatever lists services reads this table: each
/// service's own defaults, the lab's layout, ports, audit, backup and story, and the tests.
namespace hailstorm::registry {

/// The platform's first port where no other is chosen. Every port is given as an offset from it.
inline constexpr int kBasePort = 7400;
inline constexpr int kBrokerPort = 0;
inline constexpr int kBrokerHttpPort = 1;
inline constexpr int kAgentPort = 7;
inline constexpr int kLabPort = 8;
inline constexpr int kBrokerKafkaPort = 9;

/// The service that riders reach.
inline constexpr std::string_view kGateway = "gateway";
/// The process that every service reads from and publishes to.
inline constexpr std::string_view kBroker = "broker";

/// A setting of the whole platform that the lab passes on to a service.
enum class PlatformOption { seed, pickups };
[[nodiscard]] std::string_view name_of(PlatformOption option);

struct ServiceEntry {
  std::string name;     // its program is hail-NAME, its folder and group NAME, its store NAME.db
  int port_offset = 0;  // of its HTTP
  std::string next_hop = {};  // the service that it calls on the chain lane; empty: none
  std::vector<PlatformOption> options = {};
  std::vector<std::string> audited_tables = {};
  std::vector<std::string> reads = {};            // the events that its group reads
  std::vector<std::string> publishes = {};        // its own events
  std::vector<std::string> settling_events = {};  // a ride is settled when it has applied these

  [[nodiscard]] int default_port() const { return kBasePort + port_offset; }
};

/// In the order in which they are started. Safe from any thread, as all functions here.
[[nodiscard]] const std::vector<ServiceEntry>& services();
/// REQUIRES: `name` is in the table.
[[nodiscard]] const ServiceEntry& service(std::string_view name);
/// Of all services.
[[nodiscard]] std::vector<std::string> names();
/// Of the services that react to events: all but the gateway.
[[nodiscard]] std::vector<std::string> reacting_names();

struct PlatformPort {
  int offset = 0;
  std::string owner;  // "the broker's probes", "payment": for messages
};
/// All ports that a platform takes on one machine, the lowest first.
[[nodiscard]] std::vector<PlatformPort> platform_ports();
/// The size of the range, from the base port on, that has all of them.
[[nodiscard]] int port_range();

}  // namespace hailstorm::registry
