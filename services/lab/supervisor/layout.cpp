#include "services/lab/supervisor/layout.h"

#include <fmt/format.h>

namespace hailstorm::lab {
namespace {

std::string host_of(const PlatformSettings& settings, const std::string& name) {
  return settings.in_containers() ? name : "127.0.0.1";
}
std::string http_url(int port) { return fmt::format("http://127.0.0.1:{}", port); }

/// What every service is told alike. It is a static member of its group: back after a SIGKILL it
/// has its partitions at once, not only when its former life has timed out.
ProcessPlan service(const PlatformSettings& settings, const std::string& name, int port) {
  return {name,
          {(settings.programs / ("hail-" + name)).string(), "--broker", broker_url(settings),
           "--data", (settings.data / name).string(), "--http-port", std::to_string(port),
           "--instance-id", name + "-1"},
          host_of(settings, name),
          port,
          true};
}

void add(ProcessPlan& plan, std::initializer_list<std::string> arguments) {
  plan.argv.insert(plan.argv.end(), arguments);
}

}  // namespace

std::string gateway_url(const PlatformSettings& settings) {
  return fmt::format("http://{}:{}", host_of(settings, "gateway"),
                     settings.base_port + kGatewayPort);
}
std::string broker_url(const PlatformSettings& settings) {
  return fmt::format("hailstorm://{}:{}", host_of(settings, "broker"),
                     settings.base_port + kBrokerPort);
}

std::vector<ProcessPlan> plan_of(const PlatformSettings& settings) {
  const int base = settings.base_port;
  std::vector<ProcessPlan> plans;
  plans.push_back(
      {"broker",
       {(settings.programs / "hail-broker").string(), "--data", (settings.data / "broker").string(),
        "--port", std::to_string(base + kBrokerPort), "--http-port",
        std::to_string(base + kBrokerHttpPort)},
       host_of(settings, "broker"),
       base + kBrokerHttpPort,
       false});
  // Each hop of the chain lane is the next service in this list.
  int port = base + kGatewayPort;
  for (const char* name : {"gateway", "matching", "payment", "notification", "analytics"}) {
    plans.push_back(service(settings, name, port));
    ++port;
    if (plans.back().name != "analytics") add(plans.back(), {"--next", http_url(port)});
  }
  ProcessPlan& matching = plans.at(2);
  ProcessPlan& payment = plans.at(3);
  add(matching, {"--seed", std::to_string(settings.seed)});
  add(payment, {"--seed", std::to_string(settings.seed)});
  if (!settings.pickups.empty()) add(matching, {"--pickups", settings.pickups});
  return plans;
}

}  // namespace hailstorm::lab
