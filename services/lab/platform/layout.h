#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "services/lab/agent/link_table.h"
#include "services/lab/agent/process_info.h"
#include "services/registry/services.h"

/// Which processes the platform consists of, where each listens, and where each keeps its data.
namespace hailstorm::lab {

struct PlatformSettings {
  std::filesystem::path programs;  // folder of the binaries
  std::filesystem::path data;      // DIR of DIR/SERVICE
  int base_port = registry::kBasePort;
  int64_t seed = 1;
  std::string pickups;  // CSV that the fleet is seeded around; empty: the built-in city
  /// By service: the promises that it gives up (its option --unsafe).
  std::map<std::string, std::vector<std::string>> unsafe = {};
  std::string topic_flush = "always";  // of the log's topics; interval: a power cut loses events
  /// Where each process has an agent of its own, on a host of the process's name (a container): the
  /// folder of those agents' tokens, NAME/token for each. Empty: all are started on this machine.
  std::filesystem::path agent_tokens{};

  /// What becomes of a process that ends by itself; in containers their agents know. `never`: its
  /// end is the platform's.
  RestartPolicy restart = RestartPolicy::never;

  /// Each process reaches the others through relays of its agent, so that links can have faults
  /// too. In containers their agents know.
  bool with_links = true;

  [[nodiscard]] bool in_containers() const { return !agent_tokens.empty(); }
};

/// How to start one process.
struct ProcessPlan {
  std::string name;
  std::vector<std::string> argv;
  std::string host;
  int http_port = 0;
  bool is_service = false;  // has GET /status, and a consumer group of its name
  LinkServers links = {};   // that it reaches through relays: {NAME} in argv is where
};

/// In the order in which they are started: the broker, then the services as the registry lists
/// them.
[[nodiscard]] std::vector<ProcessPlan> plan_of(const PlatformSettings& settings);

[[nodiscard]] std::string gateway_url(const PlatformSettings& settings);
[[nodiscard]] std::string broker_url(const PlatformSettings& settings);
/// HOST:PORT for Kafka's clients.
[[nodiscard]] std::string kafka_address(const PlatformSettings& settings);

}  // namespace hailstorm::lab
