#include "broker/groups/offsets_schema.h"

#include <gtest/gtest.h>

#include "broker/groups/group_schema.h"
#include "tests/support/matchers.h"

namespace hailstorm::groups {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    text += kDigits[static_cast<uint8_t>(c) >> 4];
    text += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

constexpr Uuid kRides{{1, 2, 3, 4, 5, 6, 0x47, 8, 0x90}};

RecordKey key(RecordKind kind, const std::string& member = "") {
  RecordKey made;
  made.kind = kind;
  made.group = "payment";
  made.member_id = member;
  if (kind == RecordKind::offset_commit) {
    made.topic = "rides";
    made.partition = 3;
  }
  return made;
}

// Golden bytes, made by hand from Kafka 4.0's OffsetCommitKey.json, OffsetCommitValue.json and
// ConsumerGroupMetadataKey/Value.json (invariant 39: what was written once is read for ever).
TEST(OffsetsSchemaTest, KeysHaveKafkasBytes) {
  EXPECT_EQ(hex(encode(key(RecordKind::offset_commit))),
            "0001"                // version 1
            "00077061796d656e74"  // group "payment"
            "00057269646573"      // topic "rides"
            "00000003");          // partition
  EXPECT_EQ(hex(encode(key(RecordKind::group_metadata))), "000300077061796d656e74");
  EXPECT_EQ(hex(encode(key(RecordKind::member_metadata, "m"))), "000500077061796d656e7400016d");
  EXPECT_EQ(hex(encode(key(RecordKind::current_member, "m"))), "000800077061796d656e7400016d");
}

// As programs wrote it before topics had ids.
TEST(OffsetsSchemaTest, ACommittedOffsetWithoutATopicIdHasKafkasBytes) {
  EXPECT_EQ(hex(encode(OffsetCommitValue{.offset = 42,
                                         .leader_epoch = -1,
                                         .metadata = "by",
                                         .commit_timestamp_ms = 0x19b77654321})),
            "0003"                // version 3
            "000000000000002a"    // offset
            "ffffffff"            // leader epoch
            "00026279"            // metadata
            "0000019b77654321");  // commit timestamp
}

// From Kafka 4.3's OffsetCommitValue: version 4, with the topic's id as tagged field 0.
TEST(OffsetsSchemaTest, ACommittedOffsetHasKafkasBytes) {
  EXPECT_EQ(hex(encode(OffsetCommitValue{.offset = 42,
                                         .leader_epoch = -1,
                                         .metadata = "by",
                                         .commit_timestamp_ms = 0x19b77654321,
                                         .topic_id = kRides})),
            "0004"                                // version 4
            "000000000000002a"                    // offset
            "ffffffff"                            // leader epoch
            "036279"                              // metadata
            "0000019b77654321"                    // commit timestamp
            "01"                                  // one tagged field
            "00"                                  // tag 0: topic id
            "10"                                  // 16 bytes
            "01020304050647089000000000000000");  // the id
}

TEST(OffsetsSchemaTest, GroupMetadataHasKafkasBytes) {
  EXPECT_EQ(hex(encode(GroupMetadataValue{.epoch = 7, .first_seen = {}})),
            "0000"      // version 0
            "00000007"  // epoch
            "00");      // no tagged fields
}

TEST(OffsetsSchemaTest, ACurrentMemberAssignmentHasKafkasBytes) {
  CurrentMemberValue value{.epoch = 5,
                           .previous_epoch = 4,
                           .state = MemberState::stable,
                           .assigned = {},
                           .revoking = {}};
  value.assigned.push_back({.topic = {{1, 2, 3}}, .partitions = {0, 9}, .epochs = {}});
  EXPECT_EQ(hex(encode(value)),
            "0000"                              // version 0
            "00000005"                          // member epoch
            "00000004"                          // previous member epoch
            "00"                                // state: stable
            "02"                                // one assigned topic
            "01020300000000000000000000000000"  // its id
            "03"
            "00000000"
            "00000009"  // two partitions
            "00"        // no tagged fields
            "01"        // none pending revocation
            "00");      // no tagged fields
}

TEST(OffsetsSchemaTest, EncodedKeysAreDecoded) {
  for (const RecordKind kind : {RecordKind::offset_commit, RecordKind::group_metadata,
                                RecordKind::partition_metadata, RecordKind::target_metadata}) {
    const auto back = decode_key(encode(key(kind)));
    ASSERT_OK(back);
    EXPECT_EQ(*back, key(kind));
  }
  for (const RecordKind kind :
       {RecordKind::member_metadata, RecordKind::target_member, RecordKind::current_member}) {
    const auto back = decode_key(encode(key(kind, "m1")));
    ASSERT_OK(back);
    EXPECT_EQ(*back, key(kind, "m1"));
  }
}

TEST(OffsetsSchemaTest, KafkasOlderOffsetKeyIsRead) {
  const auto back = decode_key(std::string("\0\0\0\1g\0\1t\0\0\0\2", 12));
  ASSERT_OK(back);
  ASSERT_TRUE(back->has_value());
  EXPECT_EQ((*back)->kind, RecordKind::offset_commit);
  EXPECT_EQ((*back)->partition, 2);
}

TEST(OffsetsSchemaTest, KeysOfOtherKindsAreSkippedWithoutError) {
  for (const char version : {'\t', '\xb', '\xf'}) {
    const auto back = decode_key(std::string{'\0', version, 'x'});
    ASSERT_OK(back);
    EXPECT_FALSE(back->has_value());
  }
}

/// Encodes what was decoded: equal bytes are equal values.
template <class Value>
void comes_back(const Value& value) {
  const std::string bytes = encode(value);
  const auto back = decode_value<Value>(bytes);
  ASSERT_OK(back);
  EXPECT_EQ(hex(encode(*back)), hex(bytes));
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(decode_value<Value>(bytes.substr(0, cut)).ok()) << "cut at " << cut;
  }
  EXPECT_FAILS_WITH(decode_value<Value>(bytes + "x"), SchemaErrc::unreadable_value);
  EXPECT_FAILS_WITH(decode_value<Value>("\x7f\x7f" + bytes.substr(2)),
                    SchemaErrc::unreadable_value);
}

TEST(OffsetsSchemaTest, EncodedValuesAreDecodedAndDamagedOnesAreErrors) {
  const Uuid rides = id_before_ids("rides");
  comes_back(OffsetCommitValue{42, 7, "note", 1'767'225'600'000});
  comes_back(OffsetCommitValue{42, 7, "note", 1'767'225'600'000, kRides});
  comes_back(GroupMetadataValue{7, {}});
  comes_back(GroupMetadataValue{7, {{kRides, "rides", 4}, {rides, "", 0}}});
  comes_back(PartitionMetadataValue{{{rides, "rides", 4}, {id_before_ids("trips"), "trips", 0}}});
  comes_back(MemberMetadataValue{
      "instance", "rack", "id", "host", {"rides", "trips"}, "r.*", "range", 30'000, 6'000});
  comes_back(MemberMetadataValue{"", "", "", "", {}, "", "", -1, 0});
  comes_back(TargetMetadataValue{7});
  comes_back(TargetMemberValue{{{rides, {0, 1, 500}, {}}}});
  comes_back(CurrentMemberValue{
      7, 6, MemberState::unrevoked_partitions, {{rides, {0, 1}, {3, 7}}}, {{rides, {2}, {1}}}});
}

TEST(OffsetsSchemaTest, EpochsOfAnAssignmentAreKept) {
  const auto back = decode_value<CurrentMemberValue>(
      encode(CurrentMemberValue{7, 6, MemberState::stable, {{id_before_ids("x"), {4}, {3}}}, {}}));
  ASSERT_OK(back);
  EXPECT_EQ(back->assigned.at(0).epochs, std::vector<int32_t>{3});
}

TEST(OffsetsSchemaTest, AnImpossibleLengthTakesNoMemory) {
  // An array of 2³²-1 elements in ten bytes.
  EXPECT_FAILS_WITH(
      decode_value<TargetMemberValue>(std::string("\0\0\xff\xff\xff\xff\x0f\0\0\0", 10)),
      SchemaErrc::unreadable_value);
}

TEST(OffsetsSchemaTest, TheIdOfATopicBeforeIdsIsAVersion8UuidOfItsName) {
  EXPECT_EQ(id_before_ids("rides"), id_before_ids("rides"));
  EXPECT_NE(id_before_ids("rides"), id_before_ids("ridet"));
  EXPECT_EQ(id_before_ids("rides").bytes[6] >> 4, 8);
  EXPECT_EQ(id_before_ids("rides").bytes[8] >> 6, 2);
}

}  // namespace
}  // namespace hailstorm::groups
