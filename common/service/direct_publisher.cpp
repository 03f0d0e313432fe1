#include "common/service/direct_publisher.h"

#include <cstdint>
#include <utility>

#include "common/base/logging.h"

namespace hailstorm::service {
namespace {

constexpr int kFlushMs = 2000;

void note_lost(const Error& why) { log_error("an event is lost: the outbox is off", {why}); }

}  // namespace

DirectPublisher::DirectPublisher(log::Engine& engine) : producer_(engine.make_producer({})) {}

DirectPublisher::~DirectPublisher() { (void)producer_->flush(kFlushMs); }

Writer::Listener DirectPublisher::beside(Writer::Listener listener) {
  listener.committing = [this](store::Database& db) { return take_rows(db); };
  listener.rolled_back = [this, then = std::move(listener.rolled_back)] {
    taken_.clear();
    then();
  };
  listener.committed = [this, then = std::move(listener.committed)] {
    send();
    then();
  };
  return listener;
}

Status DirectPublisher::take_rows(store::Database& db) {
  HAIL_ASSIGN_OR_RETURN(taken_, read_outbox(db, 0, INT64_MAX));
  return db.run("DELETE FROM outbox");
}

void DirectPublisher::send() {
  for (OutboxRow& row : std::exchange(taken_, {})) {
    const Status queued =
        producer_->send(row.topic, std::move(row.record), [](const auto& delivery) {
          if (!delivery.ok()) note_lost(delivery.error());
        });
    if (!queued.ok()) note_lost(queued.error());
  }
}

}  // namespace hailstorm::service
