#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "broker/transport/kafka/kafka_session.h"
#include "common/kafka/frame.h"

namespace hailstorm::fuzz {

/// A Kafka client at the other end of a session: it reads all that is sent to it, and each response
/// must be one to the oldest of its requests without a response, complete, and of that version.
///
/// Thread safety: not safe.
class KafkaClient {
 public:
  static constexpr size_t kMaxRequestBytes = 64 << 10;

  explicit KafkaClient(broker::SessionId id) : KafkaClient(id, Ends()) {}
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  [[nodiscard]] broker::KafkaSession& session() { return session_; }
  /// A request that is about to be served, without its size; its number.
  uint64_t note_request(Bytes request);
  /// It has no response.
  void skip(uint64_t number);
  /// Sends what the session has to send, and looks at it.
  void read_responses();

  bool is_closed = false;

 private:
  struct Ends {
    Ends();
    int broker = -1;
    int client = -1;
  };
  struct Pending {
    kafka::RequestHeader header;
    bool is_skipped = false;
  };
  KafkaClient(broker::SessionId id, Ends ends);
  void check_response(Bytes frame);

  broker::KafkaSession session_;
  const int fd_;
  std::deque<Pending> pending_;
  uint64_t first_pending_ = 0;  // its number
  std::string received_;
};

}  // namespace hailstorm::fuzz
