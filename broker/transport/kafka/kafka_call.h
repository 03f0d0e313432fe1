#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/kafka_sockets.h"
#include "common/base/check.h"
#include "common/kafka/frame.h"

namespace hailstorm::broker {

/// One request of a Kafka client, as its handler needs it to respond: exactly once, at once or
/// later.
///
/// Thread safety: not safe; the broker's thread owns it. The sink must remain live while it is in
/// use.
class KafkaCall {
 public:
  KafkaCall(KafkaResponseSink& sink, const KafkaRequestId& id, kafka::RequestHeader header)
      : sink_(&sink), id_(id), header_(std::move(header)) {}

  [[nodiscard]] SessionId session() const { return id_.session; }
  [[nodiscard]] int16_t version() const { return header_.api_version; }
  [[nodiscard]] std::string client_id() const { return header_.client_id.value_or(""); }
  [[nodiscard]] const KafkaResponseSink& sink() const { return *sink_; }

  /// `records`: the owners of the response's records, in the order in which they are sent.
  template <class Response>
  void respond(const Response& response, std::vector<storage::StoredBytes> records = {}) const {
    respond_as(version(), response, std::move(records));
  }
  /// In another version than that of the request, which the client expects where its own is
  /// unknown.
  template <class Response>
  void respond_as(int16_t version, const Response& response,
                  std::vector<storage::StoredBytes> records = {}) const {
    KafkaMessage message{kafka::response_frame(header_.correlation_id, version, response),
                         std::move(records)};
    HAIL_CHECK(message.frame.records.size() == message.records.size());
    sink_->respond(id_, std::move(message));
  }
  void skip() const { sink_->skip(id_); }
  /// Ends the connection: there is no way to say in a response what is wrong.
  void close(const char* reason, std::string_view why) const {
    sink_->close(id_.session, reason, why);
  }

 private:
  KafkaResponseSink* sink_;
  KafkaRequestId id_;
  kafka::RequestHeader header_;
};

/// Counts the answers that a response is made of, and runs `done` after the last one.
///
/// Thread safety: not safe.
template <class State>
class Collector : public std::enable_shared_from_this<Collector<State>> {
 public:
  using Done = void (*)(const KafkaCall& call, State& state);

  /// One answer is counted from the start on, so that `done` does not run before begin() was called
  /// for all others: end with finish().
  static std::shared_ptr<Collector> make(KafkaCall call, State state, Done done) {
    return std::make_shared<Collector>(std::move(call), std::move(state), done);
  }
  Collector(KafkaCall own_call, State own_state, Done done)
      : call(std::move(own_call)), state(std::move(own_state)), done_(done) {}

  void begin() { ++open_; }
  void finish() {
    if (--open_ == 0) done_(call, state);
  }

  const KafkaCall call;
  State state;

 private:
  Done done_;
  size_t open_ = 1;
};

}  // namespace hailstorm::broker
