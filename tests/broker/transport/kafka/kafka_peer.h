#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/check.h"
#include "common/kafka/frame.h"
#include "common/kafka/message.h"
#include "tests/support/raw_client.h"

namespace hailstorm::broker {

/// A Kafka client that sends the requests that a test makes, and reads the responses.
///
/// Thread safety: not safe.
class KafkaPeer {
 public:
  explicit KafkaPeer(int port) : client_(port) {}

  /// Gives the correlation id.
  template <class Request>
  int32_t send(const Request& request, int16_t version) {
    client_.send(frame(request, version));
    return correlation_id_;
  }
  /// The bytes of a request.
  template <class Request>
  std::string frame(const Request& request, int16_t version) {
    return kafka::request_frame({0, version, ++correlation_id_, "test"}, request).joined();
  }
  KafkaPeer& send_bytes(std::string_view bytes) {
    client_.send(bytes);
    return *this;
  }

  /// The next response, which must be of this kind and to that request.
  template <class Response>
  Response receive(int32_t correlation_id, int16_t version) {
    bytes_ = std::make_shared<std::string>(next_frame());
    const auto response =
        kafka::read_response(as_bytes(*bytes_), kafka::api_of(Response::kKey), version);
    HAIL_CHECK(response.ok());
    EXPECT_EQ(response->correlation_id, correlation_id);
    body_ = as_text(response->body);
    auto message = kafka::decode<Response>(response->body, version);
    HAIL_CHECK(message.ok());
    return std::move(message).value();
  }
  template <class Request>
  typename Request::Response ask(const Request& request, int16_t version) {
    const int32_t id = send(request, version);
    return receive<typename Request::Response>(id, version);
  }
  /// The body of the last response.
  [[nodiscard]] std::string_view last_body() const { return body_; }
  /// True: the broker closed the connection, and sent nothing before.
  bool is_closed() { return client_.take(1).empty(); }
  void end_sending() { client_.end_sending(); }

 private:
  std::string next_frame() {
    const std::string size = client_.take(kafka::kFrameSizeBytes);
    HAIL_CHECK(size.size() == kafka::kFrameSizeBytes);
    const auto bytes = static_cast<size_t>(get_be<int32_t>(as_bytes(size).data()));
    std::string frame = client_.take(bytes);
    HAIL_CHECK(frame.size() == bytes);
    return frame;
  }

  hailstorm::testing::RawClient client_;
  int32_t correlation_id_ = 0;
  std::shared_ptr<std::string> bytes_;  // of the last response: its records are views of them
  std::string_view body_;               // of them
};

}  // namespace hailstorm::broker
