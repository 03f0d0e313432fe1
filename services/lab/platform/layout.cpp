#include "services/lab/platform/layout.h"

#include <fmt/format.h>

namespace hailstorm::lab {
namespace {

std::string host_of(const PlatformSettings& settings, const std::string& name) {
  return settings.in_containers() ? name : "127.0.0.1";
}

std::string program(const PlatformSettings& settings, const std::string& name) {
  return (settings.programs / ("hail-" + name)).string();
}

void add(ProcessPlan& plan, std::initializer_list<std::string> arguments) {
  plan.argv.insert(plan.argv.end(), arguments);
}

void add_option(ProcessPlan& plan, registry::PlatformOption option,
                const PlatformSettings& settings) {
  const std::string flag = fmt::format("--{}", name_of(option));
  switch (option) {
    case registry::PlatformOption::seed:
      return add(plan, {flag, std::to_string(settings.seed)});
    case registry::PlatformOption::pickups:
      if (!settings.pickups.empty()) add(plan, {flag, settings.pickups});
  }
}

ProcessPlan plan_broker(const PlatformSettings& settings) {
  const std::string name = "broker";
  const int http_port = settings.base_port + registry::kBrokerHttpPort;
  return {name,
          {program(settings, name), "--data", (settings.data / name).string(), "--port",
           std::to_string(settings.base_port + registry::kBrokerPort), "--http-port",
           std::to_string(http_port), "--kafka-port",
           std::to_string(settings.base_port + registry::kBrokerKafkaPort), "--sync-record",
           (settings.data / "lab" / "broker-syncs").string()},
          host_of(settings, name),
          http_port,
          false};
}

/// Where a process reaches a server that listens on that port of this machine: through a relay, or
/// there.
std::string reach(ProcessPlan& plan, const std::string& server, int port,
                  const PlatformSettings& settings) {
  const std::string address = fmt::format("{}:{}", host_of(settings, server), port);
  if (!settings.with_links) return address;
  plan.links[server] = address;
  return fmt::format("{{{}}}", server);
}

/// A service is a static member of its group: after a SIGKILL it has its partitions again at once,
/// and need not wait until its former process has timed out.
ProcessPlan plan_service(const PlatformSettings& settings, const registry::ServiceEntry& service) {
  const int port = settings.base_port + service.port_offset;
  ProcessPlan plan = {
      service.name,
      {program(settings, service.name), "--data", (settings.data / service.name).string(),
       "--http-port", std::to_string(port), "--instance-id", service.name + "-1"},
      host_of(settings, service.name),
      port,
      true};
  const int broker_port = settings.base_port + registry::kBrokerPort;
  add(plan, {"--broker", "hailstorm://" + reach(plan, "broker", broker_port, settings)});
  if (!service.next_hop.empty()) {
    const int next_port = settings.base_port + registry::service(service.next_hop).port_offset;
    add(plan, {"--next", "http://" + reach(plan, service.next_hop, next_port, settings)});
  }
  for (const auto option : service.options) add_option(plan, option, settings);
  if (settings.topic_flush != "always") add(plan, {"--topic-flush", settings.topic_flush});
  const auto unsafe = settings.unsafe.find(service.name);
  if (unsafe != settings.unsafe.end() && !unsafe->second.empty()) {
    add(plan, {"--unsafe", fmt::format("{}", fmt::join(unsafe->second, ","))});
  }
  return plan;
}

}  // namespace

std::string gateway_url(const PlatformSettings& settings) {
  const auto& gateway = registry::service(registry::kGateway);
  return fmt::format("http://{}:{}", host_of(settings, gateway.name),
                     settings.base_port + gateway.port_offset);
}
std::string broker_url(const PlatformSettings& settings) {
  return fmt::format("hailstorm://{}:{}", host_of(settings, "broker"),
                     settings.base_port + registry::kBrokerPort);
}

std::string kafka_address(const PlatformSettings& settings) {
  return fmt::format("{}:{}", host_of(settings, "broker"),
                     settings.base_port + registry::kBrokerKafkaPort);
}

std::vector<ProcessPlan> plan_of(const PlatformSettings& settings) {
  std::vector<ProcessPlan> plans = {plan_broker(settings)};
  for (const auto& service : registry::services()) {
    plans.push_back(plan_service(settings, service));
  }
  return plans;
}

}  // namespace hailstorm::lab
