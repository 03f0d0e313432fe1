#include <algorithm>
#include <chrono>
#include <thread>

#include "tests/system/history/load.h"

namespace hailstorm::history {
namespace {

constexpr int kTickMs = 5;
constexpr int kFlushMs = 40'000;
constexpr int64_t kMostATick = 500;

Event answer(const LoadSettings& settings, int64_t seq, const Result<log::Delivery>& delivery) {
  Event event;
  event.who = settings.who;
  event.seq = seq;
  event.end_ns = now_ns();
  if (delivery.ok()) {
    event.kind = Kind::acked;
    event.partition = delivery->id.partition;
    event.offset = delivery->offset;
    event.durable = settings.acks == -1;
  } else {
    const bool open = delivery.error().is(log::LogErrc::unknown_outcome);
    event.kind = open ? Kind::unknown : Kind::refused;
  }
  return event;
}

}  // namespace

int produce(const LoadSettings& settings, log::Engine& engine, HistoryFile& history,
            const StopSignal& stop) {
  log::ProducerOptions options;
  options.acks_all = settings.acks == -1;
  options.linger_ms = 2;
  options.max_unacknowledged_records = 10'000;
  const auto producer = engine.make_producer(options);
  const auto started = std::chrono::steady_clock::now();
  int64_t seq = 0;
  while (!stop.wait_for(kTickMs)) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    const auto due =
        static_cast<int64_t>(elapsed.count() * static_cast<double>(settings.per_second));
    // Late, after a freeze: not all at once.
    for (int64_t i = 0; i < std::min(due - seq, kMostATick) && !stop.requested(); ++i) {
      Event event;
      event.who = settings.who;
      event.seq = seq;
      history.note(event);
      log::Record record;
      record.key = settings.key(seq);
      record.value = settings.value(seq);
      const Status queued = producer->send(settings.topic, std::move(record),
                                           [&settings, &history, seq](const auto& delivery) {
                                             history.note(answer(settings, seq, delivery));
                                           });
      if (!queued.ok()) return 1;
      ++seq;
    }
  }
  return producer->flush(kFlushMs).ok() ? 0 : 1;
}

}  // namespace hailstorm::history
