#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// What clients may do, and how much.
namespace hailstorm::kafka {

struct DescribeAclsRequest {
  using Response = struct DescribeAclsResponse;
  static constexpr ApiKey kKey = ApiKey::describe_acls;
  static constexpr std::string_view kName = "DescribeAclsRequest";

  int8_t resource_type_filter = 0;
  std::optional<std::string> resource_name_filter = "";
  int8_t pattern_type_filter = 3;
  std::optional<std::string> principal_filter = "";
  std::optional<std::string> host_filter = "";
  int8_t operation = 0;
  int8_t permission_type = 0;

  static Fields fields();
};

struct DescribeAclsResponse {
  static constexpr ApiKey kKey = ApiKey::describe_acls;
  static constexpr std::string_view kName = "DescribeAclsResponse";

  struct AclDescription {
    std::string principal;
    std::string host;
    int8_t operation = 0;
    int8_t permission_type = 0;

    static Fields fields();
  };
  struct Resource {
    int8_t resource_type = 0;
    std::string resource_name;
    int8_t pattern_type = 3;
    std::vector<AclDescription> acls;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> error_message = "";
  std::vector<Resource> resources;

  static Fields fields();
};

struct DescribeClientQuotasRequest {
  using Response = struct DescribeClientQuotasResponse;
  static constexpr ApiKey kKey = ApiKey::describe_client_quotas;
  static constexpr std::string_view kName = "DescribeClientQuotasRequest";

  struct ComponentData {
    std::string entity_type;
    int8_t match_type = 0;
    std::optional<std::string> match = "";

    static Fields fields();
  };
  std::vector<ComponentData> components;
  bool strict = false;

  static Fields fields();
};

struct DescribeClientQuotasResponse {
  static constexpr ApiKey kKey = ApiKey::describe_client_quotas;
  static constexpr std::string_view kName = "DescribeClientQuotasResponse";

  struct EntityData {
    std::string entity_type;
    std::optional<std::string> entity_name = "";

    static Fields fields();
  };
  struct ValueData {
    std::string key;
    double value = 0;

    static Fields fields();
  };
  struct EntryData {
    std::vector<EntityData> entity;
    std::vector<ValueData> values;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> error_message = "";
  std::optional<std::vector<EntryData>> entries = std::vector<EntryData>();

  static Fields fields();
};

struct DescribeUserScramCredentialsRequest {
  using Response = struct DescribeUserScramCredentialsResponse;
  static constexpr ApiKey kKey = ApiKey::describe_user_scram_credentials;
  static constexpr std::string_view kName = "DescribeUserScramCredentialsRequest";

  struct UserName {
    std::string name;

    static Fields fields();
  };
  std::optional<std::vector<UserName>> users = std::vector<UserName>();

  static Fields fields();
};

struct DescribeUserScramCredentialsResponse {
  static constexpr ApiKey kKey = ApiKey::describe_user_scram_credentials;
  static constexpr std::string_view kName = "DescribeUserScramCredentialsResponse";

  struct CredentialInfo {
    int8_t mechanism = 0;
    int32_t iterations = 0;

    static Fields fields();
  };
  struct Result {
    std::string user;
    int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    std::vector<CredentialInfo> credential_infos;

    static Fields fields();
  };
  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  std::optional<std::string> error_message = "";
  std::vector<Result> results;

  static Fields fields();
};

}  // namespace hailstorm::kafka
