#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>

#include "tests/system/history/kafka_load.h"
#include "tests/system/history/rdkafka_client.h"

namespace hailstorm::history {
namespace {

constexpr int kTickMs = 5;
constexpr int kFlushMs = 40'000;
constexpr int64_t kMostATick = 500;

/// Sends records, and writes down what becomes of each. Thread safety: not safe.
class KafkaSender {
 public:
  KafkaSender(const LoadSettings& settings, HistoryFile& history)
      : settings_(settings), history_(history) {
    RdKafkaSettings options(settings.url);
    options.set("enable.idempotence", "true").set("linger.ms", "2");
    options.set("queue.buffering.max.messages", "10000");
    rd_kafka_conf_set_dr_msg_cb(options.callbacks(this),
                                [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
                                  static_cast<KafkaSender*>(self)->answered(*message);
                                });
    client_ = options.make(RD_KAFKA_PRODUCER);
  }

  /// False: librdkafka has given up, and says why.
  [[nodiscard]] bool send(const StopSignal& stop) {
    Event event;
    event.who = settings_.who;
    event.seq = next_;
    history_.note(event);
    const std::string key = settings_.key(next_);
    std::string value = settings_.value(next_);
    rd_kafka_resp_err_t outcome = RD_KAFKA_RESP_ERR__QUEUE_FULL;
    while (outcome == RD_KAFKA_RESP_ERR__QUEUE_FULL && !stop.requested()) {
      outcome = rd_kafka_producev(
          client_.get(), RD_KAFKA_V_TOPIC(settings_.topic.c_str()),
          RD_KAFKA_V_KEY(key.data(), key.size()), RD_KAFKA_V_VALUE(value.data(), value.size()),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(next_)), RD_KAFKA_V_END);
      if (outcome == RD_KAFKA_RESP_ERR__QUEUE_FULL) rd_kafka_poll(client_.get(), kTickMs);
    }
    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR) ++next_;
    return outcome == RD_KAFKA_RESP_ERR_NO_ERROR || outcome == RD_KAFKA_RESP_ERR__QUEUE_FULL;
  }
  void poll() { rd_kafka_poll(client_.get(), 0); }
  [[nodiscard]] int64_t next() const { return next_; }
  /// The exit code.
  [[nodiscard]] int finish() {
    const auto outcome = rd_kafka_flush(client_.get(), kFlushMs);
    std::array<char, 512> why{};
    const auto fatal = rd_kafka_fatal_error(client_.get(), why.data(), why.size());
    if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) std::cerr << why.data() << "\n";
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) std::cerr << rd_kafka_err2str(outcome) << "\n";
    const bool well = outcome == RD_KAFKA_RESP_ERR_NO_ERROR && fatal == outcome;
    return well ? 0 : 1;
  }

 private:
  void answered(const rd_kafka_message_t& message) {
    Event event;
    event.who = settings_.who;
    event.seq = reinterpret_cast<int64_t>(message._private);
    event.end_ns = now_ns();
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      event.kind = Kind::acked;
      event.partition = message.partition;
      event.offset = std::max<int64_t>(message.offset, -1);
      event.durable = true;
    } else {
      const bool is_refused =
          rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
      event.kind = is_refused ? Kind::refused : Kind::unknown;
    }
    history_.note(event);
  }

  const LoadSettings& settings_;
  HistoryFile& history_;
  int64_t next_ = 0;
  RdKafkaClient client_;
};

}  // namespace

int produce_over_kafka(const LoadSettings& settings, HistoryFile& history, const StopSignal& stop) {
  KafkaSender sender(settings, history);
  const auto started = std::chrono::steady_clock::now();
  while (!stop.wait_for(kTickMs)) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    const auto due =
        static_cast<int64_t>(elapsed.count() * static_cast<double>(settings.per_second));
    const int64_t last = std::min(due, sender.next() + kMostATick);
    while (sender.next() < last && !stop.requested()) {
      if (!sender.send(stop)) return sender.finish();
    }
    sender.poll();
  }
  return sender.finish();
}

}  // namespace hailstorm::history
