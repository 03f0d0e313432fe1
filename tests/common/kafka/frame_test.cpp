#include "common/kafka/frame.h"

#include <gtest/gtest.h>
#include <string>

#include "common/kafka/messages/api_versions.h"
#include "common/kafka/messages/fetch.h"
#include "common/kafka/messages/metadata.h"

namespace hailstorm::kafka {
namespace {

using namespace std::string_literals;

constexpr size_t kLimit = 100 << 20;

TEST(FrameTest, ASizeIsKnownOnceItsFourBytesAreThere) {
  EXPECT_EQ(frame_bytes(as_bytes("\0\0\1"s), kLimit).value(), std::nullopt);
  EXPECT_EQ(frame_bytes(as_bytes("\0\0\1\2"s), kLimit).value(), 258u);
  EXPECT_EQ(frame_bytes(as_bytes("\0\0\0\0xyz"s), kLimit).value(), 0u);
}

TEST(FrameTest, ANegativeOrALargeSizeEndsTheStream) {
  EXPECT_TRUE(frame_bytes(as_bytes("\xff\xff\xff\xff"), kLimit).error().is(FrameErrc::bad_size));
  EXPECT_TRUE(frame_bytes(as_bytes("\0\0\1\2"s), 257).error().is(FrameErrc::bad_size));
  EXPECT_EQ(frame_bytes(as_bytes("GET / HTTP/1.1"), kLimit).error().message(),
            "a frame of 1195725856 bytes, at most 104857600 are allowed");
}

TEST(FrameTest, AHeaderHasTagsOnlyInFlexibleVersions) {
  const std::string first = "\0\3\0\1\0\0\0\7\0\2me\xff\xff\xff\xff"s;
  const auto plain = read_request(as_bytes(first));
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->header.api_key, 3);
  EXPECT_EQ(plain->header.api_version, 1);
  EXPECT_EQ(plain->header.correlation_id, 7);
  EXPECT_EQ(plain->header.client_id, "me");
  EXPECT_EQ(as_text(plain->body), "\xff\xff\xff\xff");
  const std::string second = "\0\3\0\x9\0\0\0\7\xff\xff\1\5\1x\0"s;
  const auto flexible = read_request(as_bytes(second));
  ASSERT_TRUE(flexible.ok());
  EXPECT_EQ(flexible->header.client_id, std::nullopt);
  EXPECT_EQ(as_text(flexible->body), "\0"s);
}

TEST(FrameTest, AHeaderOfAnUnknownApiOrVersionIsReadToo) {
  EXPECT_EQ(read_request(as_bytes("\x7f\xff\0\0\0\0\0\7\0\0"s)).value().header.api_key, 32767);
  EXPECT_EQ(read_request(as_bytes("\0\x12\0\x63\0\0\0\7\0\0\0"s)).value().header.api_version, 99);
}

TEST(FrameTest, AHeaderThatIsCutIsAnError) {
  const std::string whole = "\0\3\0\x9\0\0\0\7\0\2me\0"s;
  ASSERT_TRUE(read_request(as_bytes(whole)).ok());
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(read_request(as_bytes(whole).first(size)).error().is(FrameErrc::bad_header));
  }
}

TEST(FrameTest, ARequestFrameIsReadBack) {
  MetadataRequest request;
  request.topics->emplace_back().name = "rides";
  for (const int16_t version : {int16_t{1}, int16_t{9}}) {
    const std::string frame =
        request_frame({.api_version = version, .correlation_id = 5, .client_id = "test"}, request)
            .joined();
    ASSERT_EQ(frame_bytes(as_bytes(frame), kLimit).value(), frame.size() - 4);
    const auto read = read_request(as_bytes(frame).subspan(4));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->header.api_key, 3);
    EXPECT_EQ(read->header.client_id, "test");
    const auto message = decode<MetadataRequest>(read->body, version);
    ASSERT_TRUE(message.ok()) << message.error().message();
    EXPECT_EQ(message->topics->at(0).name, "rides");
  }
}

TEST(FrameTest, AResponseHasTagsInItsHeaderInFlexibleVersions) {
  EXPECT_EQ(response_frame(7, 8, MetadataResponse{}).joined().substr(4, 8), "\0\0\0\7\0\0\0\0"s);
  EXPECT_EQ(response_frame(7, 9, MetadataResponse{}).joined().substr(4, 9), "\0\0\0\7\0\0\0\0\0"s);
  const std::string frame = response_frame(7, 9, MetadataResponse{}).joined();
  const auto response = read_response(as_bytes(frame).subspan(4), api_of(ApiKey::metadata), 9);
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->correlation_id, 7);
  EXPECT_TRUE(decode<MetadataResponse>(response->body, 9).ok());
}

TEST(FrameTest, TheResponseHeaderOfApiVersionsNeverHasTags) {
  const std::string frame = response_frame(7, 3, ApiVersionsResponse{}).joined();
  EXPECT_EQ(frame, "\0\0\0\xc\0\0\0\7\0\0\1\0\0\0\0\0"s);
  const auto response = read_response(as_bytes(frame).subspan(4), api_of(ApiKey::api_versions), 3);
  ASSERT_TRUE(response.ok());
  EXPECT_TRUE(decode<ApiVersionsResponse>(response->body, 3).ok());
}

TEST(FrameTest, TheSizeOfAFrameCountsRecordsThatStayWhereTheyAre) {
  const std::string batch = "batch";
  FetchResponse response;
  response.responses.emplace_back().partitions.emplace_back().records = Records{as_bytes(batch)};
  const EncodedMessage frame = response_frame(1, 12, response);
  ASSERT_EQ(frame.records.size(), 1u);
  EXPECT_EQ(frame.text.find("batch"), std::string::npos);
  const std::string all = frame.joined();
  EXPECT_EQ(frame_bytes(as_bytes(all), kLimit).value(), all.size() - 4);
  const auto read = read_response(as_bytes(all).subspan(4), api_of(ApiKey::fetch), 12);
  ASSERT_TRUE(read.ok());
  const auto message = decode<FetchResponse>(read->body, 12);
  ASSERT_TRUE(message.ok()) << message.error().message();
  EXPECT_EQ(as_text(message->responses.at(0).partitions.at(0).records->bytes), batch);
}

}  // namespace
}  // namespace hailstorm::kafka
