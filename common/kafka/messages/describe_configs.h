#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// The settings of topics and brokers.
namespace hailstorm::kafka {

struct DescribeConfigsRequest {
  using Response = struct DescribeConfigsResponse;
  static constexpr ApiKey kKey = ApiKey::describe_configs;
  static constexpr std::string_view kName = "DescribeConfigsRequest";

  struct Resource {
    int8_t resource_type = 0;
    std::string resource_name;
    std::optional<std::vector<std::string>> configuration_keys = std::vector<std::string>();

    static Fields fields();
  };
  std::vector<Resource> resources;
  bool include_synonyms = false;
  bool include_documentation = false;

  static Fields fields();
};

struct DescribeConfigsResponse {
  static constexpr ApiKey kKey = ApiKey::describe_configs;
  static constexpr std::string_view kName = "DescribeConfigsResponse";

  struct Synonym {
    std::string name;
    std::optional<std::string> value = "";
    int8_t source = 0;

    static Fields fields();
  };
  struct ResourceResult {
    std::string name;
    std::optional<std::string> value = "";
    bool read_only = false;
    int8_t config_source = -1;
    bool is_sensitive = false;
    std::vector<Synonym> synonyms;
    int8_t config_type = 0;
    std::optional<std::string> documentation = "";

    static Fields fields();
  };
  struct Result {
    int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    int8_t resource_type = 0;
    std::string resource_name;
    std::vector<ResourceResult> configs;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  std::vector<Result> results;

  static Fields fields();
};

struct ListConfigResourcesRequest {
  using Response = struct ListConfigResourcesResponse;
  static constexpr ApiKey kKey = ApiKey::list_config_resources;
  static constexpr std::string_view kName = "ListConfigResourcesRequest";

  std::vector<int8_t> resource_types;

  static Fields fields();
};

struct ListConfigResourcesResponse {
  static constexpr ApiKey kKey = ApiKey::list_config_resources;
  static constexpr std::string_view kName = "ListConfigResourcesResponse";

  struct ConfigResource {
    std::string resource_name;
    int8_t resource_type = 16;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::vector<ConfigResource> config_resources;

  static Fields fields();
};

}  // namespace hailstorm::kafka
