#include "common/service/consumer_loop.h"

#include <algorithm>
#include <thread>

#include "common/base/clock.h"
#include "common/base/logging.h"
#include "common/service/apply_batch.h"
#include "common/service/back_off.h"
#include "common/service/log_positions.h"

namespace hailstorm::service {
namespace {

constexpr int kPollMs = 500;

/// Wakes the consumer when a stop is requested; ends itself when the loop ended without one.
class StopWatcher {
 public:
  StopWatcher(StopSignal& stop, log::Consumer& consumer)
      : stop_(stop), thread_([&stop, &consumer] {
          stop.wait();
          consumer.wake();
        }) {}
  ~StopWatcher() {
    stop_.request();
    thread_.join();
  }

 private:
  StopSignal& stop_;
  std::thread thread_;
};

}  // namespace

ConsumerLoop::ConsumerLoop(log::Engine& engine, const ServiceSettings& settings, Writer& writer,
                           Reactor& reactor, Health& health, Metrics& metrics,
                           std::function<void()> own_records_known)
    : engine_(engine),
      settings_(settings),
      writer_(writer),
      reactor_(reactor),
      health_(health),
      recovery_(engine, settings, writer, reactor, health.store_trouble),
      own_records_known_(std::move(own_records_known)),
      applied_(metrics.counter("hailstorm_events_total", "Events handled, by what became of them.",
                               {{"outcome", "applied"}})),
      already_known_(metrics.counter("hailstorm_events_total", "", {{"outcome", "already_known"}})),
      dead_letters_(metrics.counter("hailstorm_events_total", "", {{"outcome", "dead_letter"}})),
      use_inbox_(std::find(settings.unsafe.begin(), settings.unsafe.end(), "no-inbox") ==
                 settings.unsafe.end()) {}

void ConsumerLoop::make_topics(StopSignal& stop) {
  const auto admin = engine_.make_admin(1000);
  BackOff back_off;
  std::vector<std::string> topics = events::all_types();
  topics.emplace_back(events::kDeadLetterTopic);
  for (size_t i = 0; i < topics.size();) {
    const auto made = admin->create_topic(topics[i], {});
    if (made) {
      ++i;
      continue;
    }
    log_warn("waiting for the log", {{"topic", topics[i]}, made.error()});
    if (back_off.pause(stop)) return;
  }
}

void ConsumerLoop::run(StopSignal& stop) {
  make_topics(stop);
  if (!recovery_.begin(stop, own_records_known_)) return;
  log::ConsumerOptions options;
  options.group = settings_.name;
  options.instance_id = settings_.instance_id;
  options.session_timeout_ms = static_cast<int32_t>(settings_.session_timeout_ms);
  const auto consumer = engine_.make_consumer(std::move(options));
  log::RebalanceListener listener;
  listener.assigned = [&](const auto& ids) { begin_where_the_store_is(*consumer, ids, stop); };
  consumer->subscribe(reactor_.topics(), std::move(listener));
  const StopWatcher watcher(stop, *consumer);
  BackOff back_off;
  while (!stop.requested()) {
    const auto polled = consumer->poll(kPollMs);
    note_closed(consumer->closed_partitions());
    health_.log_trouble.set_error(polled ? "" : polled.error().message());
    if (!polled) {
      log_warn("cannot read from the log now", {polled.error()});
      health_.in_group = false;
      if (back_off.pause(stop)) return;
      continue;
    }
    back_off = BackOff();
    health_.in_group = !consumer->assignment().empty() || !health_.log_trouble.closed().empty();
    health_.log_trouble.set_missing_topics(consumer->missing_topics());
    health_.lag = consumer->lag() + static_cast<int64_t>(polled->size());
    if (polled->empty()) {
      recovery_.look_again();
    } else {
      handle(*consumer, *polled, stop);
    }
  }
}

/// An instance that has a partition reads on where the store is, whatever the group committed.
void ConsumerLoop::begin_where_the_store_is(log::Consumer& consumer,
                                            const std::vector<log::TopicPartition>& ids,
                                            StopSignal& stop) {
  for (BackOff back_off;;) {
    const auto positions = recovery_.positions_of(ids);
    if (positions) return consumer.begin_no_later_than(*positions);
    log_warn("the store's positions cannot be read now", {positions.error()});
    if (back_off.pause(stop)) return;
  }
}

/// One line for each partition when it is closed, and one when it is open again.
void ConsumerLoop::note_closed(std::vector<log::ClosedPartition> now) {
  const auto before = health_.log_trouble.closed();
  const auto holds = [](const auto& all, const log::TopicPartition& id) {
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
  };
  for (const auto& [id, why] : now) {
    if (holds(before, id)) continue;
    log_error(
        "a partition is closed; the others are read",
        {distinct_by({"topic", id.topic}), distinct_by({"partition", id.partition}), {"why", why}});
  }
  for (const auto& [id, why] : before) {
    if (holds(now, id)) continue;
    log_info("a partition is not closed any more, or belongs to another instance",
             {{"topic", id.topic}, {"partition", id.partition}});
  }
  health_.log_trouble.set_closed(std::move(now));
}

void ConsumerLoop::handle(log::Consumer& consumer, const std::vector<log::ConsumedRecord>& records,
                          StopSignal& stop) {
  if (recovery_.has_gap_before(records) && !recovery_.begin(stop, own_records_known_)) return;
  if (!apply(records, stop)) return;
  // When this fails the records come again, to us or to another, and the inbox knows them.
  if (const auto committed = consumer.commit(positions_after(records)); !committed) {
    log_warn("offsets not committed", {committed.error()});
  }
  health_.lag = consumer.lag();
}

bool ConsumerLoop::apply(const std::vector<log::ConsumedRecord>& records, StopSignal& stop) {
  BackOff back_off;
  const int64_t now_ms = SystemClock().wall_ms();
  for (BatchRules rules{settings_.name, use_inbox_, 1, now_ms};; ++rules.attempts) {
    BatchCounts counts;
    const auto done = writer_.submit([&](store::Database& db) -> Status {
      HAIL_ASSIGN_OR_RETURN(counts, apply_batch(records, rules, reactor_, db));
      return recovery_.applied(records, db);
    });
    if (done) {
      recovery_.committed(records);
      applied_.add(static_cast<uint64_t>(counts.applied));
      already_known_.add(static_cast<uint64_t>(counts.already_known));
      dead_letters_.add(static_cast<uint64_t>(counts.dead_letters));
      health_.events += counts.applied + counts.dead_letters;
      health_.dead_letters += counts.dead_letters;
      return true;
    }
    log_warn("a batch is tried again", {{"attempt", rules.attempts}, done.error()});
    if (back_off.pause(stop)) return false;
  }
}

}  // namespace hailstorm::service
