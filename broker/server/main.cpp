#include <memory>
#include <string>
#include <vector>

#include "broker/api/broker.h"
#include "broker/partition/topic_store.h"
#include "broker/server/event_loop.h"
#include "broker/server/probes.h"
#include "broker/storage/store_folder.h"
#include "broker/sync_record/sync_recorder.h"
#include "broker/transport/kafka/kafka_transport.h"
#include "broker/transport/poller.h"
#include "broker/transport/zmq/zmq_transport.h"
#include "common/base/address.h"
#include "common/base/data_folder.h"
#include "common/base/log_settings.h"
#include "common/base/logging.h"
#include "common/base/options.h"
#include "common/base/process.h"
#include "common/base/run_main.h"
#include "common/base/run_server.h"
#include "common/http/server.h"
#include "common/wire/limits.h"

namespace {

using namespace hailstorm;

constexpr const char* kProgram = "hail-broker";
constexpr int kOpenFiles = 128;         // its own, and some topics, clients and probes
constexpr size_t kStorageThreads = 32;  // they wait for the disk, together

struct Settings {
  std::string data;
  std::string host = "127.0.0.1";
  int64_t port = 7400;
  int64_t http_port = 7401;
  int64_t kafka_port = 9092;
  std::string kafka_advertised;
  std::string kafka_auto_create = "yes";
  int64_t kafka_partitions = 4;
  std::vector<std::string> http_hosts;
  LogSettings log;
  int64_t session_timeout_ms = 6000;
  int64_t kafka_session_timeout_ms = 45'000;
  std::string sync_record;
};

std::optional<int> read(Settings& settings, int argc, char** argv) {
  Options options(kProgram,
                  "Keeps topics of records in DIR and serves them to producers and consumers.");
  options.add_required("data", settings.data,
                       "folder of the logs: its own, an empty one, or one to be made");
  options.add_host("host", settings.host,
                   "address to listen on; of a name the first IPv4 address, else the first IPv6");
  options.add("port", settings.port, kPortOrAnyRange, "port of the log protocol; 0: any free one");
  options.add("http-port", settings.http_port, kPortOrAnyRange,
              "port of /healthz, /readyz and /metrics; 0: any free one");
  options.add_hosts(
      "http-hosts", settings.http_hosts,
      "names under which clients reach that port, besides localhost and IP addresses");
  options.add("kafka-port", settings.kafka_port, kPortOrAnyRange,
              "port of Kafka's protocol, for Kafka's clients; 0: none");
  options.add("kafka-advertised", settings.kafka_advertised,
              "HOST:PORT under which Kafka's clients reach that port, where it is not the one that "
              "they connect to");
  options.add_choice("kafka-auto-create", settings.kafka_auto_create, {"yes", "no"},
                     "whether a topic is made that a client of Kafka's asks for and that is not "
                     "there");
  options.add("kafka-partitions", settings.kafka_partitions, {1, wire::kMaxTopicPartitions},
              "how many partitions such a topic has, and one that is made without their number");
  settings.log.add_to(options);
  options.add(
      "session-timeout-ms", settings.session_timeout_ms, {500, 1'800'000, "ms"},
      "a group member that is silent for so long loses its partitions, unless it asks otherwise");
  options.add(
      "kafka-session-timeout-ms", settings.kafka_session_timeout_ms, {500, 60'000, "ms"},
      "the same for Kafka's clients with group.protocol=consumer, who cannot ask otherwise");
  options.add(
      "sync-record", settings.sync_record,
      "for the lab: file that says what no sync has covered yet, so that a power cut can be "
      "made of a SIGKILL");
  return options.parse(argc, argv);
}

/// Nothing where Kafka's protocol is not served.
Result<std::unique_ptr<broker::KafkaTransport>> kafka_transport(const Settings& settings,
                                                                broker::Poller& poller,
                                                                const Clock& clock,
                                                                broker::BrokerMetrics& metrics,
                                                                broker::Descriptors& descriptors) {
  std::unique_ptr<broker::KafkaTransport> transport;
  if (settings.kafka_port == 0) return transport;
  broker::KafkaOptions listen;
  listen.host = settings.host;
  listen.port = static_cast<int>(settings.kafka_port);
  broker::KafkaCluster cluster;
  cluster.creates_topics = settings.kafka_auto_create == "yes";
  cluster.new_topic_partitions = static_cast<int32_t>(settings.kafka_partitions);
  if (!settings.kafka_advertised.empty()) {
    HAIL_ASSIGN_OR_RETURN(cluster.advertised,
                          parse_address("kafka://" + settings.kafka_advertised, "kafka"));
  }
  HAIL_ASSIGN_OR_RETURN(auto sockets,
                        broker::KafkaSockets::bind(listen, poller, clock, metrics, &descriptors));
  transport = std::make_unique<broker::KafkaTransport>(std::move(sockets), std::move(cluster));
  return transport;
}

broker::BrokerOptions options_of(const Settings& settings, broker::Descriptors& descriptors) {
  broker::BrokerOptions options;
  options.groups.session_timeout_ms = static_cast<int32_t>(settings.session_timeout_ms);
  options.groups.kafka_session_timeout_ms = static_cast<int32_t>(settings.kafka_session_timeout_ms);
  options.descriptors = &descriptors;
  return options;
}

Result<int> serve(const Settings& settings, ServerStart& start) {
  HAIL_ASSIGN_OR_RETURN(const DataFolder folder,
                        DataFolder::open(settings.data, storage::kFolderOwner,
                                         storage::kFolderFormat, DataFolder::Sharing::exclusive));
  Metrics metrics;
  broker::BrokerMetrics broker_metrics(metrics);
  broker::Health health;

  broker::Descriptors descriptors(static_cast<size_t>(raise_open_files(0).value_or(kOpenFiles)));
  const SystemClock clock;
  broker::Poller poller;
  broker::ZmqOptions listen;
  listen.host = settings.host;
  listen.port = static_cast<int>(settings.port);
  HAIL_ASSIGN_OR_RETURN(
      auto sockets, broker::ZmqSockets::bind(listen, poller, clock, broker_metrics, &descriptors));
  broker::ZmqTransport transport(std::move(sockets), broker_metrics);
  HAIL_ASSIGN_OR_RETURN(const auto kafka,
                        kafka_transport(settings, poller, clock, broker_metrics, descriptors));

  http::Limits probe_limits;
  probe_limits.max_connections = descriptors.http();
  http::Server probes({.host = settings.host,
                       .port = static_cast<int>(settings.http_port),
                       .hosts = settings.http_hosts,
                       .limits = probe_limits});
  broker::route_probes(probes, health, metrics);
  HAIL_RETURN_IF_ERROR(probes.start());

  const auto disk = storage::make_posix_file_system();
  std::unique_ptr<storage::SyncRecorder> recorder;
  if (!settings.sync_record.empty()) {
    HAIL_ASSIGN_OR_RETURN(recorder, storage::SyncRecorder::open(*disk, settings.sync_record));
  }
  storage::FileSystem& files = recorder != nullptr ? *recorder : *disk;
  HAIL_ASSIGN_OR_RETURN(
      const auto topics,
      broker::TopicStore::open(files, clock, folder.path().string(), kStorageThreads));
  broker::Broker core(*topics, clock, broker_metrics, health, options_of(settings, descriptors));
  core.load();
  std::vector<broker::Transport*> transports{&transport};
  if (kafka != nullptr) {
    kafka->set_cluster_id(topics->cluster_id());
    transports.push_back(kafka.get());
  }

  start.succeeded();
  log_info("listening", {{"port", transport.port()},
                         {"http_port", probes.port()},
                         {"kafka_port", kafka == nullptr ? 0 : kafka->port()},
                         {"data", folder.path().string()},
                         {"topics", topics->topics().size()}});
  broker::EventLoop(poller, std::move(transports), core, clock).run(start.stop());
  log_info("stopping");
  HAIL_RETURN_IF_ERROR(topics->close());
  return 0;
}

int run(int argc, char** argv) {
  Settings settings;
  if (const auto code = read(settings, argc, argv)) return *code;
  if (const Status begun = settings.log.begin("broker"); !begun.ok()) {
    return usage_error(kProgram, begun.error().message());
  }
  return run_server(kProgram, [&](ServerStart& start) { return serve(settings, start); });
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = kProgram, .open_files = kOpenFiles}, argc, argv, run);
}
