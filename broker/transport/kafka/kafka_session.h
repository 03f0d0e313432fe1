#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "broker/storage/stored_bytes.h"
#include "broker/transport/peers/peer_session.h"
#include "common/base/bytes.h"
#include "common/kafka/frame.h"

namespace hailstorm::broker {

/// A whole response, and what keeps the records in it alive: one owner for each of them.
struct KafkaMessage {
  kafka::EncodedMessage frame;
  std::vector<storage::StoredBytes> records;
};

/// One connection of a Kafka client: takes its bytes apart into requests, and sends the responses
/// in the order of the requests, in whichever order they come.
///
/// Thread safety: not safe.
class KafkaSession final : public PeerSession {
 public:
  /// Above so many requests without a response the next ones stay in their socket.
  static constexpr size_t kMaxPending = 256;

  KafkaSession(int fd, SessionId id, size_t max_request_bytes, int64_t credit_bytes, int64_t now_ms)
      : PeerSession(fd, id, now_ms),
        max_request_bytes_(max_request_bytes),
        credit_bytes_(credit_bytes) {}

  [[nodiscard]] Step take(Bytes& bytes, int64_t now_ms) override;
  [[nodiscard]] MutableBytes large_rest() override;
  [[nodiscard]] Step received(size_t bytes, int64_t now_ms) override;
  /// The complete request, without its size; valid until clear_message().
  [[nodiscard]] MutableBytes request() { return {body_.get(), body_size_}; }
  void clear_message() override;

  /// The next request awaits a response: its number among those of this session.
  [[nodiscard]] uint64_t expect_response();
  /// REQUIRES: expect_response() gave the number, and it was not responded to yet.
  void respond(uint64_t number, KafkaMessage message);
  /// The request has no response.
  void skip(uint64_t number);
  /// The peer sends no more: what it asked for is still sent.
  void note_end() { has_ended_ = true; }
  /// It has ended, and all was sent.
  [[nodiscard]] bool is_finished() const {
    return has_ended_ && pending_.empty() && unread_bytes() == 0;
  }
  [[nodiscard]] bool is_waiting() const { return !pending_.empty(); }

  [[nodiscard]] bool is_open() const override { return has_sent_request_; }
  [[nodiscard]] bool wants_input() const override {
    return !has_ended_ && pending_.size() < kMaxPending && unread_bytes() < credit_bytes_;
  }
  [[nodiscard]] uint64_t rest_bytes() const override { return body_size_ - received_bytes_; }
  [[nodiscard]] int64_t unread_bytes() const override { return outgoing_bytes() + early_bytes_; }
  void drop_answers() override;

 private:
  [[nodiscard]] int64_t message_bytes() const override {
    return static_cast<int64_t>(received_bytes_);
  }

  struct Pending {
    bool is_known = false;                // there is a response, or none will come
    std::optional<KafkaMessage> message;  // that waits for those before it
  };
  void begin_request(Bytes& bytes);
  [[nodiscard]] Step end_request(int64_t now_ms);
  [[nodiscard]] Pending& pending(uint64_t number) {
    return pending_[static_cast<size_t>(number - first_pending_)];
  }
  void send_known();
  void send(KafkaMessage message);

  const size_t max_request_bytes_;
  const int64_t credit_bytes_;
  bool has_sent_request_ = false;
  bool has_ended_ = false;

  std::array<uint8_t, kafka::kFrameSizeBytes> size_{};
  size_t size_bytes_ = 0;  // of it, received
  bool in_body_ = false;
  std::unique_ptr<uint8_t[]> body_;
  size_t body_size_ = 0;
  size_t received_bytes_ = 0;  // of the body

  std::deque<Pending> pending_;
  uint64_t first_pending_ = 0;  // its number
  int64_t early_bytes_ = 0;     // of responses that wait for others
};

}  // namespace hailstorm::broker
