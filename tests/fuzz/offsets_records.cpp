#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "broker/groups/coordinator.h"
#include "broker/groups/group_schema.h"
#include "common/base/check.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/targets.h"
#include "tests/support/fake_clock.h"

namespace hailstorm::fuzz {
namespace {

using namespace groups;

class NoJournal final : public GroupJournal {
 public:
  Status append(const std::string&, std::vector<Entry>,
                std::function<void(const Status&)> durable) override {
    durable({});
    return {};
  }
};

class SmallCatalog final : public TopicCatalog {
 public:
  [[nodiscard]] Uuid topic_id(const std::string&) const override { return {{1, 2, 3}}; }
  [[nodiscard]] int32_t partition_count(const std::string& topic) const override {
    return topic == "rides" ? 4 : 0;
  }
  [[nodiscard]] std::vector<std::string> topics() const override { return {"rides"}; }
  [[nodiscard]] std::optional<Range> range(const wire::TopicPartition&) const override {
    return Range{0, 1'000};
  }
};

/// A value that is understood is written the same way again.
template <class Value>
void check_value(std::string_view bytes) {
  const auto value = decode_value<Value>(bytes);
  if (!value.ok()) return;
  const std::string again = encode(*value);
  const auto second = decode_value<Value>(again);
  HAIL_CHECK(second.ok());
  HAIL_CHECK(encode(*second) == again);
}

void check_values(std::string_view bytes) {
  check_value<OffsetCommitValue>(bytes);
  check_value<GroupMetadataValue>(bytes);
  check_value<PartitionMetadataValue>(bytes);
  check_value<MemberMetadataValue>(bytes);
  check_value<TargetMetadataValue>(bytes);
  check_value<TargetMemberValue>(bytes);
  check_value<CurrentMemberValue>(bytes);
}

/// What was understood of the journal is served, written for compaction, and read back the same.
void use(Coordinator& coordinator, const Clock& clock) {
  coordinator.finish_loading();
  std::vector<std::string> names;
  coordinator.list({}, [&](const wire::ListGroupsReply& reply) {
    for (const auto& group : reply.groups) names.push_back(group.group);
  });
  for (const std::string& name : names) {
    coordinator.describe({name}, [](const auto&) {});
    coordinator.fetch_offsets({name, {}}, [](const auto&) {});
  }
  const auto snapshot = coordinator.snapshot();
  NoJournal journal;
  const SmallCatalog catalog;
  Coordinator again(journal, catalog, clock);
  for (const auto& entry : snapshot) HAIL_CHECK(again.replay(entry.key, entry.value).ok());
  again.finish_loading();
  HAIL_CHECK(again.snapshot().size() <= snapshot.size());
  for (const std::string& name : names) {
    wire::GroupHeartbeatRequest join;
    join.group = name;
    join.member_id = "new";
    join.topics = {"rides"};
    coordinator.heartbeat(join, [](const auto&) {});
  }
}

}  // namespace

void offsets_records(Bytes input) {
  testing::FakeClock clock;
  NoJournal journal;
  const SmallCatalog catalog;
  Coordinator coordinator(journal, catalog, clock);
  ChunkReader chunks(input);
  bool all_well = true;
  while (const auto key = chunks.next()) {
    const auto value = chunks.next();
    const auto parsed = decode_key(as_text(key->bytes));
    if (parsed.ok() && parsed->has_value()) {
      HAIL_CHECK(decode_key(encode(**parsed)).value() == *parsed);
    }
    // A key's tag of 1: a tombstone.
    std::optional<std::string_view> text;
    if (value && key->tag != 1) text = as_text(value->bytes);
    if (text) check_values(*text);
    all_well = coordinator.replay(as_text(key->bytes), text).ok() && all_well;
  }
  if (!all_well) return;  // the broker refuses its groups then
  use(coordinator, clock);
  clock.advance_ms(10'000);
  coordinator.tick();
}

}  // namespace hailstorm::fuzz
