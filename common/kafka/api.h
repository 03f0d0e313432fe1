#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hailstorm::kafka {

/// A kind of request, by Kafka's number for it.
enum class ApiKey : int16_t {
  produce = 0,
  fetch = 1,
  list_offsets = 2,
  metadata = 3,
  offset_commit = 8,
  offset_fetch = 9,
  find_coordinator = 10,
  join_group = 11,
  heartbeat = 12,
  leave_group = 13,
  sync_group = 14,
  describe_groups = 15,
  list_groups = 16,
  api_versions = 18,
  create_topics = 19,
  delete_topics = 20,
  delete_records = 21,
  init_producer_id = 22,
  offset_for_leader_epoch = 23,
  describe_acls = 29,
  describe_configs = 32,
  alter_configs = 33,
  describe_log_dirs = 35,
  create_partitions = 37,
  delete_groups = 42,
  incremental_alter_configs = 44,
  list_partition_reassignments = 46,
  offset_delete = 47,
  describe_client_quotas = 48,
  describe_user_scram_credentials = 50,
  describe_cluster = 60,
  describe_producers = 61,
  consumer_group_heartbeat = 68,
  consumer_group_describe = 69,
  list_config_resources = 74,
  describe_topic_partitions = 75,
};

inline constexpr int16_t kNeverFlexible = INT16_MAX;

/// The versions of one API whose messages can be read and written.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
struct Api {
  ApiKey key;
  std::string_view name;  // Kafka's, without Request and Response
  int16_t first_version;
  int16_t last_version;
  int16_t flexible_since;  // compact lengths and tagged fields from this version on

  [[nodiscard]] bool has(int16_t version) const {
    return first_version <= version && version <= last_version;
  }
  [[nodiscard]] bool is_flexible(int16_t version) const { return version >= flexible_since; }
};

/// All APIs, by key.
[[nodiscard]] std::span<const Api> all_apis();

/// Null: no message of this key is known. The number may be any that a client sent.
[[nodiscard]] const Api* find_api(int16_t key);
[[nodiscard]] const Api& api_of(ApiKey key);

}  // namespace hailstorm::kafka
