#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Which APIs and versions a broker speaks: the first request of a connection.
namespace hailstorm::kafka {

struct ApiVersionsRequest {
  using Response = struct ApiVersionsResponse;
  static constexpr ApiKey kKey = ApiKey::api_versions;
  static constexpr std::string_view kName = "ApiVersionsRequest";

  std::string client_software_name;
  std::string client_software_version;
  std::optional<std::string> cluster_id;
  int32_t node_id = -1;

  static Fields fields();
};

struct ApiVersionsResponse {
  static constexpr ApiKey kKey = ApiKey::api_versions;
  static constexpr std::string_view kName = "ApiVersionsResponse";

  struct ApiVersion {
    int16_t api_key = 0;
    int16_t min_version = 0;
    int16_t max_version = 0;

    static Fields fields();
  };
  struct SupportedFeatureKey {
    std::string name;
    int16_t min_version = 0;
    int16_t max_version = 0;

    static Fields fields();
  };
  struct FinalizedFeatureKey {
    std::string name;
    int16_t max_version_level = 0;
    int16_t min_version_level = 0;

    static Fields fields();
  };
  int16_t error_code = 0;
  std::vector<ApiVersion> api_keys;
  int32_t throttle_time_ms = 0;
  std::vector<SupportedFeatureKey> supported_features;
  int64_t finalized_features_epoch = -1;
  std::vector<FinalizedFeatureKey> finalized_features;
  bool zk_migration_ready = false;

  static Fields fields();
};

}  // namespace hailstorm::kafka
