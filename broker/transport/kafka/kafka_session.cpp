#include "broker/transport/kafka/kafka_session.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace hailstorm::broker {
namespace {

// Below it a copy costs less than a system call of its own.
constexpr size_t kLargeRequestBytes = 64 << 10;

}  // namespace

PeerSession::Step KafkaSession::take(Bytes& bytes, int64_t now_ms) {
  if (!bytes.empty()) note_heard(now_ms);
  while (!bytes.empty() && fault_.empty()) {
    if (!in_body_) begin_request(bytes);
    if (!in_body_) continue;
    const size_t count = std::min(bytes.size(), body_size_ - received_bytes_);
    std::copy_n(bytes.begin(), count, body_.get() + received_bytes_);
    received_bytes_ += count;
    bytes = bytes.subspan(count);
    if (received_bytes_ == body_size_) return end_request(now_ms);
  }
  return fault_.empty() ? Step::more : Step::fault;
}

void KafkaSession::begin_request(Bytes& bytes) {
  const size_t count = std::min(bytes.size(), size_.size() - size_bytes_);
  std::copy_n(bytes.begin(), count, size_.begin() + static_cast<ptrdiff_t>(size_bytes_));
  size_bytes_ += count;
  bytes = bytes.subspan(count);
  if (size_bytes_ < size_.size()) return;
  const auto body_bytes = kafka::frame_bytes(size_, max_request_bytes_);
  if (!body_bytes.ok() || **body_bytes == 0) {
    fault_ = "it announces a request that is too large, or none";
    return;
  }
  size_bytes_ = 0;
  in_body_ = true;
  body_size_ = **body_bytes;
  // Not filled with anything: what has not come takes no memory.
  body_ = std::make_unique_for_overwrite<uint8_t[]>(body_size_);
}

MutableBytes KafkaSession::large_rest() {
  if (!in_body_ || body_size_ - received_bytes_ < kLargeRequestBytes) return {};
  return request().subspan(received_bytes_);
}

PeerSession::Step KafkaSession::received(size_t bytes, int64_t now_ms) {
  note_heard(now_ms);
  received_bytes_ += bytes;
  return received_bytes_ < body_size_ ? Step::more : end_request(now_ms);
}

PeerSession::Step KafkaSession::end_request(int64_t now_ms) {
  in_body_ = false;
  has_sent_request_ = true;
  note_message(now_ms);
  return Step::message;
}

void KafkaSession::clear_message() {
  body_.reset();
  body_size_ = 0;
  received_bytes_ = 0;
}

uint64_t KafkaSession::expect_response() {
  pending_.emplace_back();
  return first_pending_ + pending_.size() - 1;
}

void KafkaSession::respond(uint64_t number, KafkaMessage message) {
  early_bytes_ += static_cast<int64_t>(message.frame.size_bytes());
  pending(number) = {true, std::move(message)};
  send_known();
}

void KafkaSession::skip(uint64_t number) {
  pending(number).is_known = true;
  send_known();
}

void KafkaSession::send_known() {
  while (!pending_.empty() && pending_.front().is_known) {
    auto message = std::move(pending_.front().message);
    pending_.pop_front();
    ++first_pending_;
    if (!message) continue;
    early_bytes_ -= static_cast<int64_t>(message->frame.size_bytes());
    send(std::move(*message));
  }
}

void KafkaSession::send(KafkaMessage message) {
  const auto text = std::make_shared<const std::string>(std::move(message.frame.text));
  size_t sent = 0;
  for (size_t i = 0; i < message.frame.records.size(); ++i) {
    const auto& insertion = message.frame.records[i];
    push(text, as_bytes(*text).subspan(sent, insertion.position - sent));
    push(std::move(message.records[i].owner), insertion.bytes);
    sent = insertion.position;
  }
  push(text, as_bytes(*text).subspan(sent));
}

void KafkaSession::drop_answers() {
  PeerSession::drop_answers();
  for (Pending& one : pending_) one.message.reset();
  early_bytes_ = 0;
}

}  // namespace hailstorm::broker
