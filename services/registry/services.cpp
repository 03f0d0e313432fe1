#include "services/registry/services.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/enum_name.h"

namespace hailstorm::registry {

const std::vector<ServiceEntry>& services() {
  using enum PlatformOption;
  static const std::vector<std::string> kEveryEvent = {
      "ride_requested", "ride_matched", "ride_unmatched", "payment_authorized", "payment_declined"};
  static const std::vector<ServiceEntry> kServices = {
      {.name = "gateway",
       .port_offset = 2,
       .next_hop = "matching",
       .audited_tables = {"rides"},
       .reads = {"ride_matched", "ride_unmatched", "payment_authorized", "payment_declined"},
       .publishes = {"ride_requested"}},
      {.name = "matching",
       .port_offset = 3,
       .next_hop = "payment",
       .options = {seed, pickups},
       .audited_tables = {"matches"},
       .reads = {"ride_requested", "payment_declined"},
       .publishes = {"ride_matched", "ride_unmatched"},
       .settling_events = {"ride_requested", "payment_declined"}},
      {.name = "payment",
       .port_offset = 4,
       .next_hop = "notification",
       .options = {seed},
       .audited_tables = {"payments", "ledger"},
       .reads = {"ride_requested", "ride_unmatched"},
       .publishes = {"payment_authorized", "payment_declined"},
       .settling_events = {"ride_requested", "ride_unmatched"}},
      {.name = "notification",
       .port_offset = 5,
       .next_hop = "analytics",
       .audited_tables = {"messages"},
       .reads = kEveryEvent,
       .settling_events = kEveryEvent},
      {.name = "analytics",
       .port_offset = 6,
       .audited_tables = {"counted"},
       .reads = kEveryEvent,
       .settling_events = kEveryEvent},
      // One line for each further service.
  };
  return kServices;
}

std::string_view name_of(PlatformOption option) { return enum_name(option); }

const ServiceEntry& service(std::string_view name) {
  const auto& all = services();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  HAIL_CHECK(found != all.end());
  return *found;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& one : services()) all.push_back(one.name);
  return all;
}

std::vector<std::string> reacting_names() {
  auto all = names();
  std::erase(all, kGateway);
  return all;
}

std::vector<PlatformPort> platform_ports() {
  std::vector<PlatformPort> ports = {{kBrokerPort, "the broker"},
                                     {kBrokerHttpPort, "the broker's probes"},
                                     {kBrokerKafkaPort, "Kafka's clients of the broker"},
                                     {kAgentPort, "the lab's agent"},
                                     {kLabPort, "the lab"}};
  for (const auto& one : services()) {
    ports.push_back({one.port_offset, one.name == kGateway ? "the " + one.name : one.name});
  }
  std::sort(ports.begin(), ports.end(),
            [](const auto& a, const auto& b) { return a.offset < b.offset; });
  return ports;
}

int port_range() { return platform_ports().back().offset + 1; }

}  // namespace hailstorm::registry
