#include "common/kafka/messages/describe_configs.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DescribeConfigsRequest::Resource::fields() {
  static constexpr Field kFields[] = {
      field<&Resource::resource_type>("ResourceType"),
      field<&Resource::resource_name>("ResourceName"),
      field<&Resource::configuration_keys>("ConfigurationKeys"),
  };
  return kFields;
}

Fields DescribeConfigsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeConfigsRequest::resources>("Resources"),
      field<&DescribeConfigsRequest::include_synonyms>("IncludeSynonyms", {.since = 1}),
      field<&DescribeConfigsRequest::include_documentation>("IncludeDocumentation", {.since = 3}),
  };
  return kFields;
}

Fields DescribeConfigsResponse::Synonym::fields() {
  static constexpr Field kFields[] = {
      field<&Synonym::name>("Name", {.since = 1}),
      field<&Synonym::value>("Value", {.since = 1}),
      field<&Synonym::source>("Source", {.since = 1}),
  };
  return kFields;
}

Fields DescribeConfigsResponse::ResourceResult::fields() {
  static constexpr Field kFields[] = {
      field<&ResourceResult::name>("Name"),
      field<&ResourceResult::value>("Value"),
      field<&ResourceResult::read_only>("ReadOnly"),
      field<&ResourceResult::config_source>("ConfigSource", {.since = 1}),
      field<&ResourceResult::is_sensitive>("IsSensitive"),
      field<&ResourceResult::synonyms>("Synonyms", {.since = 1}),
      field<&ResourceResult::config_type>("ConfigType", {.since = 3}),
      field<&ResourceResult::documentation>("Documentation", {.since = 3}),
  };
  return kFields;
}

Fields DescribeConfigsResponse::Result::fields() {
  static constexpr Field kFields[] = {
      field<&Result::error_code>("ErrorCode"),
      field<&Result::error_message>("ErrorMessage"),
      field<&Result::resource_type>("ResourceType"),
      field<&Result::resource_name>("ResourceName"),
      field<&Result::configs>("Configs"),
  };
  return kFields;
}

Fields DescribeConfigsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeConfigsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeConfigsResponse::results>("Results"),
  };
  return kFields;
}

Fields ListConfigResourcesRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ListConfigResourcesRequest::resource_types>("ResourceTypes", {.since = 1}),
  };
  return kFields;
}

Fields ListConfigResourcesResponse::ConfigResource::fields() {
  static constexpr Field kFields[] = {
      field<&ConfigResource::resource_name>("ResourceName"),
      field<&ConfigResource::resource_type>("ResourceType", {.since = 1}),
  };
  return kFields;
}

Fields ListConfigResourcesResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ListConfigResourcesResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&ListConfigResourcesResponse::error_code>("ErrorCode"),
      field<&ListConfigResourcesResponse::config_resources>("ConfigResources"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka
