#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/kafka/frame.h"

namespace hailstorm::testing {

/// One raw connection to whatever serves Kafka's protocol on a port of this machine: requests are
/// pipelined, answers come in their order. What a benchmark cannot do without fails its process.
///
/// Thread safety: not safe.
class KafkaConnection {
 public:
  explicit KafkaConnection(int port);
  KafkaConnection(const KafkaConnection&) = delete;
  KafkaConnection& operator=(const KafkaConnection&) = delete;
  ~KafkaConnection();

  /// Queues a request; flush() sends it.
  template <class Request>
  void queue(const Request& request, int16_t version) {
    const kafka::RequestHeader header{.api_key = static_cast<int16_t>(Request::kKey),
                                      .api_version = version,
                                      .correlation_id = ++last_id_,
                                      .client_id = "log_bench"};
    append(kafka::request_frame(header, request));
    unanswered_.push_back({last_id_, version});
  }
  /// Reads what comes meanwhile, so that two full pipes never wait for each other.
  void flush();

  /// The answer to the oldest request; nothing: it did not come in time. Its records are views that
  /// are valid until the next call.
  template <class Response>
  std::optional<Response> receive(int timeout_ms) {
    const auto frame = next_frame(timeout_ms);
    if (!frame) return std::nullopt;
    const auto [id, version] = unanswered_.front();
    unanswered_.pop_front();
    const auto response = kafka::read_response(*frame, kafka::api_of(Response::kKey), version);
    HAIL_CHECK(response.ok() && response->correlation_id == id);
    auto message = kafka::decode<Response>(response->body, version);
    HAIL_CHECK(message.ok());
    return std::move(message).value();
  }
  /// As queue(), flush() and receive() for one request that is answered soon.
  template <class Request>
  typename Request::Response call(const Request& request, int16_t version) {
    queue(request, version);
    flush();
    auto response = receive<typename Request::Response>(kTimeoutMs);
    HAIL_CHECK(response.has_value());
    return std::move(*response);
  }

  static constexpr int kTimeoutMs = 60'000;

 private:
  struct Unanswered {
    int32_t id;
    int16_t version;
  };

  void append(const kafka::EncodedMessage& message);
  /// Without its size.
  [[nodiscard]] std::optional<Bytes> next_frame(int timeout_ms);
  /// Reads once; false: nothing came in time.
  bool fill(int timeout_ms);

  int socket_;
  std::string out_;
  std::vector<uint8_t> in_;
  size_t begin_ = 0;  // of in_: what is not taken yet
  size_t end_ = 0;
  int32_t last_id_ = 0;
  std::deque<Unanswered> unanswered_;
};

}  // namespace hailstorm::testing
