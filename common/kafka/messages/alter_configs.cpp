#include "common/kafka/messages/alter_configs.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields AlterConfigsRequest::AlterableConfig::fields() {
  static constexpr Field kFields[] = {
      field<&AlterableConfig::name>("Name"),
      field<&AlterableConfig::value>("Value"),
  };
  return kFields;
}

Fields AlterConfigsRequest::Resource::fields() {
  static constexpr Field kFields[] = {
      field<&Resource::resource_type>("ResourceType"),
      field<&Resource::resource_name>("ResourceName"),
      field<&Resource::configs>("Configs"),
  };
  return kFields;
}

Fields AlterConfigsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&AlterConfigsRequest::resources>("Resources"),
      field<&AlterConfigsRequest::validate_only>("ValidateOnly"),
  };
  return kFields;
}

Fields AlterConfigsResponse::ResourceResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ResourceResponse::error_code>("ErrorCode"),
      field<&ResourceResponse::error_message>("ErrorMessage"),
      field<&ResourceResponse::resource_type>("ResourceType"),
      field<&ResourceResponse::resource_name>("ResourceName"),
  };
  return kFields;
}

Fields AlterConfigsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&AlterConfigsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&AlterConfigsResponse::responses>("Responses"),
  };
  return kFields;
}

Fields IncrementalAlterConfigsRequest::AlterableConfig::fields() {
  static constexpr Field kFields[] = {
      field<&AlterableConfig::name>("Name"),
      field<&AlterableConfig::config_operation>("ConfigOperation"),
      field<&AlterableConfig::value>("Value"),
  };
  return kFields;
}

Fields IncrementalAlterConfigsRequest::AlterConfigsResource::fields() {
  static constexpr Field kFields[] = {
      field<&AlterConfigsResource::resource_type>("ResourceType"),
      field<&AlterConfigsResource::resource_name>("ResourceName"),
      field<&AlterConfigsResource::configs>("Configs"),
  };
  return kFields;
}

Fields IncrementalAlterConfigsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&IncrementalAlterConfigsRequest::resources>("Resources"),
      field<&IncrementalAlterConfigsRequest::validate_only>("ValidateOnly"),
  };
  return kFields;
}

Fields IncrementalAlterConfigsResponse::AlterConfigsResourceResponse::fields() {
  static constexpr Field kFields[] = {
      field<&AlterConfigsResourceResponse::error_code>("ErrorCode"),
      field<&AlterConfigsResourceResponse::error_message>("ErrorMessage"),
      field<&AlterConfigsResourceResponse::resource_type>("ResourceType"),
      field<&AlterConfigsResourceResponse::resource_name>("ResourceName"),
  };
  return kFields;
}

Fields IncrementalAlterConfigsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&IncrementalAlterConfigsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&IncrementalAlterConfigsResponse::responses>("Responses"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka
