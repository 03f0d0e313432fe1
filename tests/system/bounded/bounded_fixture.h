#pragma once

#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/address.h"
#include "common/http/client.h"
#include "common/wire/record_batch.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/zmtp_peer.h"
#include "tests/system/bounded/memory_cgroup.h"
#include "tests/system/bounded/neighbour.h"
#include "tests/system/bounded/raw_peer.h"

namespace hailstorm::testing {

/// A broker that may have 160 MB, a neighbour that behaves, and peers that do not. Where no cgroup
/// can be made the memory is only measured.
class BoundedFixture : public ::testing::Test {
 protected:
  static constexpr int64_t kLimitMb = 160;
  // What half of the neighbour's records may take at most, also on a machine that is busy.
  static constexpr double kMaxMedianMs = 1'000;
  static constexpr int64_t kSpareDescriptors = 150;

  /// `shell`: what is done in the broker's process before it begins.
  explicit BoundedFixture(const std::string& shell = "")
      : cgroup_(MemoryCgroup::make(kLimitMb << 20)),
        broker_({}, {}, (cgroup_ ? cgroup_->entering() : "") + shell) {
    auto engine = log::open(broker_.url());
    HAIL_CHECK(engine.ok());
    engine_ = std::move(engine).value();
    create("neighbour", 1);
    neighbour_ = std::make_unique<Neighbour>(*engine_);
  }

  void create(const std::string& topic, int32_t partitions) {
    log::TopicSettings settings;
    settings.partitions = partitions;
    settings.flush_always = topic == "neighbour";
    if (topic == "neighbour") settings.segment_bytes = 16 << 10;  // it begins others all the time
    ASSERT_OK(engine_->make_admin(60'000)->create_topic(topic, settings));
  }

  [[nodiscard]] int64_t peak_rss_mb() const {
    std::istringstream status(read_text("/proc/" + std::to_string(broker_.pid()) + "/status"));
    std::string word;
    int64_t kb = 0;
    while (status >> word && word != "VmHWM:") {
    }
    status >> kb;
    return kb >> 10;
  }
  [[nodiscard]] int64_t descriptors() const {
    const auto folder = "/proc/" + std::to_string(broker_.pid()) + "/fd";
    std::error_code failed;
    return std::distance(std::filesystem::directory_iterator(folder, failed), {});
  }
  [[nodiscard]] std::string metrics() const {
    http::Client client(*parse_address(broker_.http_url(), "http"), 5'000);
    const auto answer = client.get("/metrics");
    return answer.ok() ? answer->body : "";
  }
  /// The sum of all series of the metric; 0: there is none.
  [[nodiscard]] double metric(const std::string& name) const {
    std::istringstream lines(metrics());
    double sum = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name)) sum += std::stod(line.substr(line.rfind(' ') + 1));
    }
    return sum;
  }

  /// The broker has them.
  void await_connections(int64_t count) {
    EXPECT_TRUE(await([&] { return metric("hailstorm_broker_connections") >= double(count); }));
  }

  /// The bound holds and the neighbour noticed little. `connections` and `files`: what the peers
  /// and the topics have a right to.
  void expect_bounded(int64_t connections, int64_t files = 0) {
    const auto waits = neighbour_->stop();
    const int64_t open = descriptors();
    std::cout << "peak rss " << peak_rss_mb() << " MB, " << open
              << " descriptors, neighbour median " << waits.median_ms << " ms, max " << waits.max_ms
              << " ms over " << waits.count << " records\n";
    EXPECT_LT(peak_rss_mb(), kLimitMb);
    EXPECT_LT(open, connections + files + kSpareDescriptors);
    EXPECT_LT(waits.median_ms, kMaxMedianMs);
  }

  /// A kill, and a start with what there is; the broker is ready within two seconds of the
  /// machine's time, in the same memory.
  void expect_quick_start() {
    neighbour_.reset();
    broker_.kill();
    const auto began = std::chrono::steady_clock::now();
    broker_.start();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::cout << "ready " << took.count() << " s after a kill, peak rss " << peak_rss_mb()
              << " MB\n";
    EXPECT_LT(took.count(), 2.0);
    EXPECT_LT(peak_rss_mb(), kLimitMb);
  }

  static std::vector<uint8_t> batch(size_t value_bytes, int64_t producer = -1) {
    wire::RecordBatchBuilder builder;
    if (producer >= 0) builder.set_producer(producer, 0, 0);
    builder.append(1'000, std::nullopt, std::string(value_bytes, 'x'));
    return builder.finish();
  }
  static wire::ProduceRequest to(const std::string& topic) {
    return {topic, 0, wire::Acks::leader};
  }

  std::vector<ZmtpPeer> connect(int count, const std::string& bytes = "") {
    std::vector<ZmtpPeer> peers;
    for (int i = 0; i < count; ++i) {
      peers.emplace_back(broker_.port());
      peers.back().send(bytes);
    }
    return peers;
  }

  std::unique_ptr<MemoryCgroup> cgroup_;
  BrokerProcess broker_;
  zmq::context_t context_;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<Neighbour> neighbour_;
};

}  // namespace hailstorm::testing
