#include "tests/fuzz/live_broker.h"

#include <utility>

#include "common/base/check.h"

namespace hailstorm::fuzz {
namespace {

constexpr int kTickMs = 300;

}  // namespace

LiveBroker::LiveBroker() {
  HAIL_CHECK(files_.create_folder("/data").ok());
  open();
  wire::TopicConfig config;
  config.partitions = 2;
  config.segment_bytes = 1 << 20;
  HAIL_CHECK(topics_->create("rides", config).ok());
}

void LiveBroker::kill() {
  broker_.reset();
  topics_.reset();
}

void LiveBroker::start() {
  open();
  broker_->tick();
  HAIL_CHECK(!health_.not_ready_reason().has_value());
}

void LiveBroker::sync() { finish(broker_->end_burst()); }

void LiveBroker::tick() {
  clock_.advance_ms(kTickMs);
  broker_->tick();
}

void LiveBroker::shut_down() {
  finish(broker_->shut_down());
  HAIL_CHECK(topics_->close().ok());
}

void LiveBroker::open() {
  auto opened = broker::TopicStore::open(files_, clock_, "/data");
  HAIL_CHECK(opened.ok());
  topics_ = std::move(opened).value();
  for (const auto& [name, topic] : topics_->topics()) {
    for (const auto& partition : topic.partitions) HAIL_CHECK(partition->is_open());
  }
  broker_ = std::make_unique<broker::Broker>(*topics_, clock_, broker_metrics_, health_);
  broker_->load();
}

void LiveBroker::finish(std::vector<broker::Partition*> syncing) {
  while (!syncing.empty()) {
    for (broker::Partition* partition : syncing) {
      partition->run_sync();
      broker_->finish_sync(*partition);
    }
    syncing = broker_->end_burst();
  }
}

}  // namespace hailstorm::fuzz
