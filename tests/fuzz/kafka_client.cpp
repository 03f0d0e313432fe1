#include "tests/fuzz/kafka_client.h"

#include <array>
#include <sys/socket.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

#include "common/base/check.h"
#include "common/kafka/messages/all_messages.h"

namespace hailstorm::fuzz {
namespace {

constexpr int64_t kCreditBytes = 256 << 10;

/// It has what its version has, and nothing after it.
template <class Response>
void check_body(Bytes body, int16_t version) {
  const auto message = kafka::decode<Response>(body, version);
  HAIL_CHECK(message.ok());
  HAIL_CHECK(kafka::encode(*message, version).joined() == as_text(body));
}

}  // namespace

KafkaClient::Ends::Ends() {
  std::array<int, 2> ends{};
  HAIL_CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  broker = ends[0];
  client = ends[1];
}

KafkaClient::KafkaClient(broker::SessionId id, Ends ends)
    : session_(ends.broker, id, kMaxRequestBytes, kCreditBytes, 0), fd_(ends.client) {}

KafkaClient::~KafkaClient() { ::close(fd_); }

uint64_t KafkaClient::note_request(Bytes request) {
  Pending& pending = pending_.emplace_back();
  const auto read = kafka::read_request(request);
  if (read.ok()) pending.header = read->header;
  const uint64_t number = session_.expect_response();
  HAIL_CHECK(number == first_pending_ + pending_.size() - 1);
  return number;
}

void KafkaClient::skip(uint64_t number) {
  pending_[static_cast<size_t>(number - first_pending_)].is_skipped = true;
  session_.skip(number);
}

void KafkaClient::read_responses() {
  while (session_.flush(0)) {
    std::array<char, 16 << 10> buffer;
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count <= 0) break;
    received_.append(buffer.data(), static_cast<size_t>(count));
    session_.unblock();
  }
  size_t at = 0;
  while (received_.size() - at >= kafka::kFrameSizeBytes) {
    const Bytes rest = as_bytes(received_).subspan(at);
    const auto size = kafka::frame_bytes(rest, INT32_MAX);
    HAIL_CHECK(size.ok());
    if (rest.size() - kafka::kFrameSizeBytes < **size) break;
    check_response(rest.subspan(kafka::kFrameSizeBytes, **size));
    at += kafka::kFrameSizeBytes + **size;
  }
  received_.erase(0, at);
}

void KafkaClient::check_response(Bytes frame) {
  while (!pending_.empty() && pending_.front().is_skipped) {
    pending_.pop_front();
    ++first_pending_;
  }
  HAIL_CHECK(!pending_.empty());
  const kafka::RequestHeader header = std::move(pending_.front().header);
  pending_.pop_front();
  ++first_pending_;
  const kafka::Api* const api = kafka::find_api(header.api_key);
  HAIL_CHECK(api != nullptr);
  // A version of ApiVersions that is not known is answered in version 0.
  const int16_t version = api->has(header.api_version) ? header.api_version : int16_t{0};
  HAIL_CHECK(version == header.api_version || api->key == kafka::ApiKey::api_versions);
  const auto response = kafka::read_response(frame, *api, version);
  HAIL_CHECK(response.ok() && response->correlation_id == header.correlation_id);
  const Bytes body = response->body;
  kafka::AllRequests::with(api->key, [&]<class Request>(std::type_identity<Request> /*type*/) {
    check_body<typename Request::Response>(body, version);
  });
}

}  // namespace hailstorm::fuzz
