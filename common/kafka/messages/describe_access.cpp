#include "common/kafka/messages/describe_access.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields DescribeAclsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeAclsRequest::resource_type_filter>("ResourceTypeFilter"),
      field<&DescribeAclsRequest::resource_name_filter>("ResourceNameFilter"),
      field<&DescribeAclsRequest::pattern_type_filter>("PatternTypeFilter", {.since = 1}),
      field<&DescribeAclsRequest::principal_filter>("PrincipalFilter"),
      field<&DescribeAclsRequest::host_filter>("HostFilter"),
      field<&DescribeAclsRequest::operation>("Operation"),
      field<&DescribeAclsRequest::permission_type>("PermissionType"),
  };
  return kFields;
}

Fields DescribeAclsResponse::AclDescription::fields() {
  static constexpr Field kFields[] = {
      field<&AclDescription::principal>("Principal"),
      field<&AclDescription::host>("Host"),
      field<&AclDescription::operation>("Operation"),
      field<&AclDescription::permission_type>("PermissionType"),
  };
  return kFields;
}

Fields DescribeAclsResponse::Resource::fields() {
  static constexpr Field kFields[] = {
      field<&Resource::resource_type>("ResourceType"),
      field<&Resource::resource_name>("ResourceName"),
      field<&Resource::pattern_type>("PatternType", {.since = 1}),
      field<&Resource::acls>("Acls"),
  };
  return kFields;
}

Fields DescribeAclsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeAclsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeAclsResponse::error_code>("ErrorCode"),
      field<&DescribeAclsResponse::error_message>("ErrorMessage"),
      field<&DescribeAclsResponse::resources>("Resources"),
  };
  return kFields;
}

Fields DescribeClientQuotasRequest::ComponentData::fields() {
  static constexpr Field kFields[] = {
      field<&ComponentData::entity_type>("EntityType"),
      field<&ComponentData::match_type>("MatchType"),
      field<&ComponentData::match>("Match"),
  };
  return kFields;
}

Fields DescribeClientQuotasRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeClientQuotasRequest::components>("Components"),
      field<&DescribeClientQuotasRequest::strict>("Strict"),
  };
  return kFields;
}

Fields DescribeClientQuotasResponse::EntityData::fields() {
  static constexpr Field kFields[] = {
      field<&EntityData::entity_type>("EntityType"),
      field<&EntityData::entity_name>("EntityName"),
  };
  return kFields;
}

Fields DescribeClientQuotasResponse::ValueData::fields() {
  static constexpr Field kFields[] = {
      field<&ValueData::key>("Key"),
      field<&ValueData::value>("Value"),
  };
  return kFields;
}

Fields DescribeClientQuotasResponse::EntryData::fields() {
  static constexpr Field kFields[] = {
      field<&EntryData::entity>("Entity"),
      field<&EntryData::values>("Values"),
  };
  return kFields;
}

Fields DescribeClientQuotasResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeClientQuotasResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeClientQuotasResponse::error_code>("ErrorCode"),
      field<&DescribeClientQuotasResponse::error_message>("ErrorMessage"),
      field<&DescribeClientQuotasResponse::entries>("Entries"),
  };
  return kFields;
}

Fields DescribeUserScramCredentialsRequest::UserName::fields() {
  static constexpr Field kFields[] = {
      field<&UserName::name>("Name"),
  };
  return kFields;
}

Fields DescribeUserScramCredentialsRequest::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeUserScramCredentialsRequest::users>("Users"),
  };
  return kFields;
}

Fields DescribeUserScramCredentialsResponse::CredentialInfo::fields() {
  static constexpr Field kFields[] = {
      field<&CredentialInfo::mechanism>("Mechanism"),
      field<&CredentialInfo::iterations>("Iterations"),
  };
  return kFields;
}

Fields DescribeUserScramCredentialsResponse::Result::fields() {
  static constexpr Field kFields[] = {
      field<&Result::user>("User"),
      field<&Result::error_code>("ErrorCode"),
      field<&Result::error_message>("ErrorMessage"),
      field<&Result::credential_infos>("CredentialInfos"),
  };
  return kFields;
}

Fields DescribeUserScramCredentialsResponse::fields() {
  static constexpr Field kFields[] = {
      field<&DescribeUserScramCredentialsResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&DescribeUserScramCredentialsResponse::error_code>("ErrorCode"),
      field<&DescribeUserScramCredentialsResponse::error_message>("ErrorMessage"),
      field<&DescribeUserScramCredentialsResponse::results>("Results"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka
