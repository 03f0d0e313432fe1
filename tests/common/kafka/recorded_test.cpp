#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "common/kafka/frame.h"
#include "common/kafka/messages/all_messages.h"

namespace hailstorm::kafka {
namespace {

constexpr size_t kLimit = 1 << 20;

struct Recorded {
  std::string kind;  // "request" or "response"
  std::string api;
  int16_t version = 0;
  std::string frame;  // without its size
};

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (size_t at = 0; at + 1 < hex.size(); at += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16)));
  }
  return bytes;
}

std::vector<Recorded> recorded() {
  std::vector<Recorded> all;
  std::ifstream file(HAILSTORM_FIXTURES "/recorded.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    Recorded one;
    std::string hex;
    words >> one.kind >> one.api >> one.version >> hex;
    one.frame = from_hex(hex);
    all.push_back(one);
  }
  return all;
}

const Api& api_named(const std::string& name) {
  for (const Api& api : all_apis()) {
    if (api.name == name) return api;
  }
  throw std::runtime_error("no API " + name);
}

void expect_frame(const EncodedMessage& written, const std::string& frame) {
  const std::string bytes = written.joined();
  EXPECT_EQ(frame_bytes(as_bytes(bytes), kLimit).value(), frame.size());
  EXPECT_EQ(bytes.substr(kFrameSizeBytes), frame);
}

template <class Message>
void expect_same_request(const Recorded& one) {
  const auto request = read_request(as_bytes(one.frame));
  ASSERT_TRUE(request.ok()) << request.error().message();
  EXPECT_EQ(request->header.api_key, static_cast<int16_t>(Message::kKey));
  EXPECT_EQ(request->header.api_version, one.version);
  const auto message = decode<Message>(request->body, one.version);
  ASSERT_TRUE(message.ok()) << message.error().message();
  expect_frame(request_frame(request->header, *message), one.frame);
}

template <class Message>
void expect_same_response(const Recorded& one) {
  const auto response = read_response(as_bytes(one.frame), api_named(one.api), one.version);
  ASSERT_TRUE(response.ok()) << response.error().message();
  const auto message = decode<Message>(response->body, one.version);
  ASSERT_TRUE(message.ok()) << message.error().message();
  expect_frame(response_frame(response->correlation_id, one.version, *message), one.frame);
}

TEST(RecordedTest, EveryFrameOfKafkaAndItsClientsIsWrittenAsItWasRead) {
  const auto all = recorded();
  ASSERT_GT(all.size(), 70u);
  for (const Recorded& one : all) {
    SCOPED_TRACE(one.kind + " " + one.api + " " + std::to_string(one.version));
    AllRequests::with(api_named(one.api).key, [&]<class Request>(std::type_identity<Request>) {
      if (one.kind == "request")
        expect_same_request<Request>(one);
      else
        expect_same_response<typename Request::Response>(one);
    });
  }
}

const Recorded& first_of(const std::vector<Recorded>& all, const std::string& kind,
                         const std::string& api) {
  for (const Recorded& one : all) {
    if (one.kind == kind && one.api == api) return one;
  }
  throw std::runtime_error("nothing recorded of " + api);
}

TEST(RecordedTest, WhatKcatProducedIsSeenInPlace) {
  const auto all = recorded();
  const Recorded& one = first_of(all, "request", "Produce");
  const auto request = read_request(as_bytes(one.frame));
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->header.client_id, "rdkafka");
  const auto produce = decode<ProduceRequest>(request->body, one.version);
  ASSERT_TRUE(produce.ok());
  EXPECT_EQ(produce->acks, -1);
  ASSERT_EQ(produce->topic_data.size(), 1u);
  EXPECT_EQ(produce->topic_data[0].name, "rides");
  const auto& records = produce->topic_data[0].partition_data.at(0).records;
  ASSERT_TRUE(records.has_value());
  // The batch is the last of the frame, and says how long it is.
  EXPECT_EQ(records->bytes.data() + records->bytes.size(),
            as_bytes(one.frame).data() + one.frame.size());
  EXPECT_EQ(static_cast<size_t>(get_be<int32_t>(records->bytes.data() + 8)),
            records->bytes.size() - 12);
}

TEST(RecordedTest, WhatKafkaAnsweredToApiVersionsNamesItsApis) {
  const auto all = recorded();
  const Recorded& one = first_of(all, "response", "ApiVersions");
  const auto response =
      read_response(as_bytes(one.frame), api_of(ApiKey::api_versions), one.version);
  ASSERT_TRUE(response.ok());
  const auto versions = decode<ApiVersionsResponse>(response->body, one.version);
  ASSERT_TRUE(versions.ok());
  EXPECT_EQ(versions->error_code, 0);
  EXPECT_GT(versions->api_keys.size(), 50u);
  EXPECT_FALSE(versions->supported_features.empty());
}

}  // namespace
}  // namespace hailstorm::kafka
