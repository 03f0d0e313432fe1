#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// Settings changed: all of a resource, or some.
namespace hailstorm::kafka {

struct AlterConfigsRequest {
  using Response = struct AlterConfigsResponse;
  static constexpr ApiKey kKey = ApiKey::alter_configs;
  static constexpr std::string_view kName = "AlterConfigsRequest";

  struct AlterableConfig {
    std::string name;
    std::optional<std::string> value = "";

    static Fields fields();
  };
  struct Resource {
    int8_t resource_type = 0;
    std::string resource_name;
    std::vector<AlterableConfig> configs;

    static Fields fields();
  };
  std::vector<Resource> resources;
  bool validate_only = false;

  static Fields fields();
};

struct AlterConfigsResponse {
  static constexpr ApiKey kKey = ApiKey::alter_configs;
  static constexpr std::string_view kName = "AlterConfigsResponse";

  struct ResourceResponse {
    int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    int8_t resource_type = 0;
    std::string resource_name;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<ResourceResponse> responses;

  static Fields fields();
};

struct IncrementalAlterConfigsRequest {
  using Response = struct IncrementalAlterConfigsResponse;
  static constexpr ApiKey kKey = ApiKey::incremental_alter_configs;
  static constexpr std::string_view kName = "IncrementalAlterConfigsRequest";

  struct AlterableConfig {
    std::string name;
    int8_t config_operation = 0;
    std::optional<std::string> value = "";

    static Fields fields();
  };
  struct AlterConfigsResource {
    int8_t resource_type = 0;
    std::string resource_name;
    std::vector<AlterableConfig> configs;

    static Fields fields();
  };
  std::vector<AlterConfigsResource> resources;
  bool validate_only = false;

  static Fields fields();
};

struct IncrementalAlterConfigsResponse {
  static constexpr ApiKey kKey = ApiKey::incremental_alter_configs;
  static constexpr std::string_view kName = "IncrementalAlterConfigsResponse";

  struct AlterConfigsResourceResponse {
    int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    int8_t resource_type = 0;
    std::string resource_name;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<AlterConfigsResourceResponse> responses;

  static Fields fields();
};

}  // namespace hailstorm::kafka
