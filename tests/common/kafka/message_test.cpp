#include "common/kafka/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "common/kafka/messages/api_versions.h"
#include "common/kafka/messages/fetch.h"
#include "common/kafka/messages/find_coordinator.h"
#include "common/kafka/messages/metadata.h"
#include "common/kafka/messages/offset_fetch.h"
#include "common/kafka/messages/produce.h"

namespace hailstorm::kafka {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

constexpr int16_t kFlexible = 9;  // of Metadata and of Produce

template <class Message>
Error error_of(const std::string& bytes, int16_t version, size_t max_bytes = kMaxDecodedBytes) {
  auto message = decode<Message>(as_bytes(bytes), version, max_bytes);
  EXPECT_FALSE(message.ok());
  return message.ok() ? Error(MessageErrc::cut_short, "it was read") : message.error();
}

TEST(MessageTest, NullEmptyAndAbsentAreThreeThings) {
  const auto none = decode<MetadataRequest>(as_bytes("\0\0\0\0"s), 1);
  ASSERT_TRUE(none.ok());
  ASSERT_TRUE(none->topics.has_value());
  EXPECT_TRUE(none->topics->empty());
  const auto all = decode<MetadataRequest>(as_bytes("\xff\xff\xff\xff"s), 1);
  ASSERT_TRUE(all.ok());
  EXPECT_FALSE(all->topics.has_value());
}

TEST(MessageTest, NullBeforeTheVersionThatAllowsItIsAnError) {
  const auto error = error_of<MetadataRequest>("\xff\xff\xff\xff", 0);
  EXPECT_TRUE(error.is(MessageErrc::unexpected_null));
  EXPECT_EQ(error.message(), "MetadataRequest version 0, field Topics: unexpected_null");
}

TEST(MessageTest, ALengthBelowMinusOneIsAnError) {
  const auto error = error_of<MetadataRequest>("\xff\xff\xff\xfe", 1);
  EXPECT_TRUE(error.is(MessageErrc::bad_length)) << error.message();
}

TEST(MessageTest, AFieldThatTheVersionDoesNotHaveKeepsItsDefault) {
  const auto request = decode<MetadataRequest>(as_bytes("\0\0\0\0"s), 1);
  ASSERT_TRUE(request.ok());
  EXPECT_TRUE(request->allow_auto_topic_creation);
}

TEST(MessageTest, AnErrorNamesThePathOfItsField) {
  const auto error = error_of<MetadataRequest>("\0\0\0\2\0\1a\0\7b"s, 1);
  EXPECT_TRUE(error.is(MessageErrc::cut_short));
  EXPECT_EQ(error.message(), "MetadataRequest version 1, field Topics[1].Name: cut_short");
}

TEST(MessageTest, ACountIsNotBelievedBeforeItsBytesAreThere) {
  const auto error = error_of<MetadataRequest>("\x7f\xff\xff\xff\0\1a"s, 1);
  EXPECT_TRUE(error.is(MessageErrc::cut_short)) << error.message();
}

TEST(MessageTest, WhatAMessageTakesInMemoryIsBounded) {
  // Each topic is two bytes in the frame, and many more once it is decoded.
  const std::string names = "\0\0\x4\0"s + std::string(2048, '\0');
  EXPECT_TRUE(decode<MetadataRequest>(as_bytes(names), 1).ok());
  const auto error = error_of<MetadataRequest>(names, 1, 20'000);
  EXPECT_TRUE(error.is(MessageErrc::too_large)) << error.message();
  const std::string long_name = "\0\0\0\1\x13\x88"s + std::string(5000, 'a');
  EXPECT_TRUE(error_of<MetadataRequest>(long_name, 1, 5'000).is(MessageErrc::too_large));
}

TEST(MessageTest, AVersionThatIsNotServedIsAnErrorByName) {
  const auto error = error_of<MetadataRequest>("", 99);
  EXPECT_TRUE(error.is(MessageErrc::unknown_version));
  EXPECT_EQ(error.message(), "MetadataRequest has the versions 0 to 13, not 99");
}

TEST(MessageTest, UnknownTaggedFieldsAreSkippedInEveryStructure) {
  // Of the topic: tag 7 with two bytes, and of the request: tag 0 with none.
  const std::string bytes = "\2\2a\1\7\2xy\0\0\0\1\0\0"s;
  const auto request = decode<MetadataRequest>(as_bytes(bytes), kFlexible);
  ASSERT_TRUE(request.ok()) << request.error().message();
  EXPECT_EQ(request->topics->at(0).name, "a");
  EXPECT_EQ(encode(*request, kFlexible).joined(), "\2\2a\0\0\0\0\0"s);
}

TEST(MessageTest, ATaggedFieldThatDoesNotFillItsBytesIsAnError) {
  const auto epoch =
      decode<ApiVersionsResponse>(as_bytes("\0\0\1\0\0\0\0\1\1\x8\0\0\0\0\0\0\0\5"s), 3);
  ASSERT_TRUE(epoch.ok()) << epoch.error().message();
  EXPECT_EQ(epoch->finalized_features_epoch, 5);
  const auto error = error_of<ApiVersionsResponse>("\0\0\1\0\0\0\0\1\1\x9\0\0\0\0\0\0\0\5\0"s, 3);
  EXPECT_TRUE(error.is(MessageErrc::bad_length));
  EXPECT_THAT(error.message(), HasSubstr("field FinalizedFeaturesEpoch"));
}

TEST(MessageTest, TaggedFieldsAreSentOnlyWhereTheyDifferFromTheirDefaultsAndInTheirOrder) {
  ApiVersionsResponse response;
  EXPECT_EQ(encode(response, 3).joined(), "\0\0\1\0\0\0\0\0"s);
  response.zk_migration_ready = true;
  response.finalized_features_epoch = 5;
  EXPECT_EQ(encode(response, 3).joined(), "\0\0\1\0\0\0\0\2\1\x8\0\0\0\0\0\0\0\5\3\1\1"s);
}

TEST(MessageTest, RecordsStayWhereTheyAre) {
  const std::string bytes = "\xff\xff\xff\xff\0\0\x3\xe8\0\0\0\1\0\1t\0\0\0\1\0\0\0\0\0\0\0\2rr"s;
  const auto request = decode<ProduceRequest>(as_bytes(bytes), 3);
  ASSERT_TRUE(request.ok()) << request.error().message();
  const auto& records = request->topic_data.at(0).partition_data.at(0).records;
  ASSERT_TRUE(records.has_value());
  EXPECT_EQ(records->bytes.data(), as_bytes(bytes).data() + bytes.size() - 2);

  FetchResponse response;
  response.responses.push_back({.topic = "t", .topic_id = {}, .partitions = {}});
  FetchResponse::PartitionData partition;
  partition.records = Records{records->bytes};
  response.responses[0].partitions = {partition, partition};
  const EncodedMessage encoded = encode(response, 4);
  ASSERT_EQ(encoded.records.size(), 2u);
  EXPECT_EQ(encoded.records[1].bytes.data(), records->bytes.data());
  EXPECT_EQ(encoded.size_bytes(), encoded.text.size() + 4);
  EXPECT_TRUE(encoded.joined().ends_with("\0\0\0\2rr"s));
}

TEST(MessageTest, NullIsWrittenAsEmptyWhereTheVersionHasNoNull) {
  MetadataResponse response;
  response.topics.emplace_back().name.reset();
  const std::string before = encode(response, 8).joined();
  response.topics[0].name = "";
  EXPECT_EQ(before, encode(response, 8).joined());
}

TEST(MessageTest, ATextThatIsTooLongForItsVersionIsCut) {
  FindCoordinatorRequest request;
  request.key = std::string(40'000, 'k');
  EXPECT_EQ(encode(request, 0).size_bytes(), 2u + 32'767u);
  EXPECT_EQ(encode(request, 3).size_bytes(), 3u + 40'000u + 2u);
}

}  // namespace
}  // namespace hailstorm::kafka
