#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Which broker coordinates a group.
namespace hailstorm::kafka {

struct FindCoordinatorRequest {
  using Response = struct FindCoordinatorResponse;
  static constexpr ApiKey kKey = ApiKey::find_coordinator;
  static constexpr std::string_view kName = "FindCoordinatorRequest";

  std::string key;
  int8_t key_type = 0;
  std::vector<std::string> coordinator_keys;

  static Fields fields();
};

struct FindCoordinatorResponse {
  static constexpr ApiKey kKey = ApiKey::find_coordinator;
  static constexpr std::string_view kName = "FindCoordinatorResponse";

  struct Coordinator {
    std::string key;
    int32_t node_id = 0;
    std::string host;
    int32_t port = 0;
    int16_t error_code = 0;
    std::optional<std::string> error_message = "";

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> error_message = "";
  int32_t node_id = 0;
  std::string host;
  int32_t port = 0;
  std::vector<Coordinator> coordinators;

  static Fields fields();
};

}  // namespace hailstorm::kafka
