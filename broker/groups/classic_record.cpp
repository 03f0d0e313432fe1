#include "broker/groups/classic_record.h"

#include "broker/groups/versioned_value.h"
#include "common/kafka/primitives.h"

namespace hailstorm::groups {
namespace {

constexpr int16_t kClassicValueVersion = 3;
constexpr int16_t kNullString = -1;
constexpr int64_t kNoTimestamp = -1;

void write_nullable(kafka::Writer& to, const std::string& text) {
  if (text.empty()) {
    to.integer(kNullString);
  } else {
    to.string(text);
  }
}

void write_bytes(kafka::Writer& to, const std::string& bytes) {
  to.integer(static_cast<int32_t>(bytes.size())).raw(bytes);
}

std::string read_nullable(kafka::Reader& from) {
  const auto size = from.integer<int16_t>();
  if (size < kNullString) from.fail();
  return size < 0 ? std::string() : std::string(as_text(from.take(static_cast<size_t>(size))));
}

std::string read_bytes(kafka::Reader& from) {
  const auto size = from.integer<int32_t>();
  if (size < 0) from.fail();
  return from.failed() ? std::string() : std::string(as_text(from.take(static_cast<size_t>(size))));
}

// The versions of the value from which on it has these.
constexpr int16_t kRebalanceTimeoutSince = 1;
constexpr int16_t kTimestampSince = 2;
constexpr int16_t kInstanceIdSince = 3;

void read_classic_member(kafka::Reader& from, int16_t version, ClassicGroupValue::Member& member) {
  member.id = from.string();
  if (version >= kInstanceIdSince) member.instance_id = read_nullable(from);
  member.client_id = from.string();
  member.client_host = from.string();
  if (version >= kRebalanceTimeoutSince) member.rebalance_timeout_ms = from.integer<int32_t>();
  member.session_timeout_ms = from.integer<int32_t>();
  if (version < kRebalanceTimeoutSince) member.rebalance_timeout_ms = member.session_timeout_ms;
  member.subscription = read_bytes(from);
  member.assignment = read_bytes(from);
}

bool read_classic_group(kafka::Reader& from, int16_t version, ClassicGroupValue& value) {
  if (version < 0 || version > kClassicValueVersion) return false;
  value.protocol_type = from.string();
  value.generation = from.integer<int32_t>();
  value.protocol = read_nullable(from);
  value.leader = read_nullable(from);
  // When the group came into this state.
  if (version >= kTimestampSince) from.integer<int64_t>();
  const auto count = from.integer<int32_t>();
  for (int32_t i = 0; i < count && !from.failed(); ++i)
    read_classic_member(from, version, value.members.emplace_back());
  return true;
}

}  // namespace

std::string encode(const ClassicGroupValue& value) {
  kafka::Writer to;
  to.integer(kClassicValueVersion).string(value.protocol_type).integer(value.generation);
  write_nullable(to, value.protocol);
  write_nullable(to, value.leader);
  to.integer(kNoTimestamp).integer(static_cast<int32_t>(value.members.size()));
  for (const auto& member : value.members) {
    to.string(member.id);
    write_nullable(to, member.instance_id);
    to.string(member.client_id).string(member.client_host);
    to.integer(member.rebalance_timeout_ms).integer(member.session_timeout_ms);
    write_bytes(to, member.subscription);
    write_bytes(to, member.assignment);
  }
  return to.take();
}

template <>
Result<ClassicGroupValue> decode_value(std::string_view bytes) {
  return decode_versioned<ClassicGroupValue>(bytes, read_classic_group);
}

}  // namespace hailstorm::groups
