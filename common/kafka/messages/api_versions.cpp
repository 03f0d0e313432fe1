#include "common/kafka/messages/api_versions.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields ApiVersionsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&ApiVersionsRequest::client_software_name>("ClientSoftwareName", {.since = 3}),
      field<&ApiVersionsRequest::client_software_version>("ClientSoftwareVersion", {.since = 3}),
      field<&ApiVersionsRequest::cluster_id>("ClusterId", {.since = 5}),
      field<&ApiVersionsRequest::node_id>("NodeId", {.since = 5}),
  };
  return kFields;
}

Fields ApiVersionsResponse::ApiVersion::fields() {
  static constexpr Field kFields[] = {
      field<&ApiVersion::api_key>("ApiKey"),
      field<&ApiVersion::min_version>("MinVersion"),
      field<&ApiVersion::max_version>("MaxVersion"),
  };
  return kFields;
}

Fields ApiVersionsResponse::SupportedFeatureKey::fields() {
  static constexpr Field kFields[] = {
      field<&SupportedFeatureKey::name>("Name", {.since = 3}),
      field<&SupportedFeatureKey::min_version>("MinVersion", {.since = 3}),
      field<&SupportedFeatureKey::max_version>("MaxVersion", {.since = 3}),
  };
  return kFields;
}

Fields ApiVersionsResponse::FinalizedFeatureKey::fields() {
  static constexpr Field kFields[] = {
      field<&FinalizedFeatureKey::name>("Name", {.since = 3}),
      field<&FinalizedFeatureKey::max_version_level>("MaxVersionLevel", {.since = 3}),
      field<&FinalizedFeatureKey::min_version_level>("MinVersionLevel", {.since = 3}),
  };
  return kFields;
}

Fields ApiVersionsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&ApiVersionsResponse::error_code>("ErrorCode"),
      field<&ApiVersionsResponse::api_keys>("ApiKeys"),
      field<&ApiVersionsResponse::throttle_time_ms>("ThrottleTimeMs", {.since = 1}),
      tagged_field<&ApiVersionsResponse::supported_features>("SupportedFeatures", 0, {.since = 3}),
      tagged_field<&ApiVersionsResponse::finalized_features_epoch>("FinalizedFeaturesEpoch", 1,
                                                                   {.since = 3}),
      tagged_field<&ApiVersionsResponse::finalized_features>("FinalizedFeatures", 2, {.since = 3}),
      tagged_field<&ApiVersionsResponse::zk_migration_ready>("ZkMigrationReady", 3, {.since = 3}),
  };
  return kFields;
}

}  // namespace hailstorm::kafka
