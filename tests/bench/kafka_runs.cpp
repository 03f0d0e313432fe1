#include "tests/bench/kafka_runs.h"

#include "tests/bench/kafka_workloads.h"
#include "tests/bench/run.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kPerSecond = 5'000;
constexpr int64_t kSeconds = 15;

class KafkaRuns {
 public:
  explicit KafkaRuns(const KafkaPeer& peer) : peer_(peer), port_(static_cast<int>(peer.port)) {}

  void produce(const Workload& workload, const std::string& topic) const {
    create_kafka_topic(port_, topic, workload);
    Run run(workload, peer_.name, "produce", pid());
    kafka_produce(port_, topic, workload);
    run.finish(workload.count);
  }
  void consume(const Workload& workload, const std::string& topic) const {
    Run run(workload, peer_.name, "consume", pid());
    kafka_consume(port_, topic, workload);
    run.finish(workload.count);
  }
  void latency(Workload workload, const std::string& topic) const {
    workload.count = kPerSecond * kSeconds;
    workload.batch = 1;
    create_kafka_topic(port_, topic, workload);
    Run run(workload, peer_.name, "latency", pid());
    const Latencies latencies = kafka_latency(port_, topic, workload, kPerSecond);
    run.line()["rate"] = kPerSecond;
    run.line()["p50_us"] = latencies.p50_us;
    run.line()["p99_us"] = latencies.p99_us;
    run.line()["p999_us"] = latencies.p999_us;
    run.finish(workload.count);
  }

 private:
  [[nodiscard]] pid_t pid() const { return static_cast<pid_t>(peer_.pid); }

  const KafkaPeer& peer_;
  int port_;
};

}  // namespace

void run_kafka(const KafkaPeer& peer, const std::string& mode) {
  const bool is_synced = mode == "fsync";
  Workload small;
  small.mode = mode;
  small.count = is_synced ? 500'000 : 1'000'000;
  Workload one = small;
  one.count = 5'000;
  one.batch = one.window = 1;
  Workload best = small;
  best.batch = 5'000;
  Workload large = small;
  large.size = 1'024;
  large.count = is_synced ? 200'000 : 500'000;

  const KafkaRuns runs(peer);
  runs.produce(one, "sync");
  runs.produce(small, "t");
  runs.consume(small, "t");
  runs.produce(best, "b");
  runs.produce(large, "k");
  runs.consume(large, "k");
  runs.latency(small, "l");
}

}  // namespace hailstorm::testing
