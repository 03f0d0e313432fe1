#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Which processes the platform consists of, where each listens, and where each keeps its data.
namespace hailstorm::lab {

struct PlatformSettings {
  std::filesystem::path programs;  // folder of the binaries
  std::filesystem::path data;      // DIR of DIR/SERVICE
  int base_port = 7400;
  int64_t seed = 1;
  std::string pickups;  // CSV that the fleet is seeded around; empty: the built-in city
  /// Where each process is held by an agent of its own, on a host that bears the process's name (a
  /// container): the folder of those agents' tokens, NAME/token for each. Empty: all are started on
  /// this machine.
  std::filesystem::path agent_tokens{};

  [[nodiscard]] bool in_containers() const { return !agent_tokens.empty(); }
};

/// One process as it is to be started.
struct ProcessPlan {
  std::string name;
  std::vector<std::string> argv;
  std::string host;
  int http_port = 0;
  bool is_service = false;  // has GET /status, and a consumer group of its name
};

inline constexpr int kBrokerPort = 0;  // all are added to the base port
inline constexpr int kBrokerHttpPort = 1;
inline constexpr int kGatewayPort = 2;
inline constexpr int kAgentPort = 7;
inline constexpr int kPorts = 8;

/// In the order in which they are started: broker, gateway, matching, payment, notification,
/// analytics.
[[nodiscard]] std::vector<ProcessPlan> plan_of(const PlatformSettings& settings);

[[nodiscard]] std::string gateway_url(const PlatformSettings& settings);
[[nodiscard]] std::string broker_url(const PlatformSettings& settings);

}  // namespace hailstorm::lab
