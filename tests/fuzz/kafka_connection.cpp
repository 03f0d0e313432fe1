#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "broker/transport/kafka/serve.h"
#include "common/base/check.h"
#include "common/kafka/message.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/kafka_client.h"
#include "tests/fuzz/live_broker.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/wire_tags.h"

namespace hailstorm::fuzz {
namespace {

constexpr size_t kMaxChunks = 200;
constexpr int kMaxRestarts = 8;

/// A key and a version that are served, and batches with a length and a checksum that are right.
void make_request_plausible(MutableBytes request) {
  if (request.size() < 4) return;
  const auto apis = kafka::all_apis();
  const kafka::Api* api = kafka::find_api(get_be<int16_t>(request.data()));
  if (api == nullptr) api = &apis[request[1] % apis.size()];
  const int versions = api->last_version - api->first_version + 1;
  const auto version = static_cast<int16_t>(api->first_version + request[3] % versions);
  put_be(request.data(), static_cast<int16_t>(api->key));
  if (!api->has(get_be<int16_t>(request.data() + 2))) put_be(request.data() + 2, version);
  if (api->key != kafka::ApiKey::produce) return;
  const auto read = kafka::read_request(request);
  if (!read.ok()) return;
  const auto produce = kafka::decode<kafka::ProduceRequest>(read->body, read->header.api_version);
  if (!produce.ok()) return;
  for (const auto& topic : produce->topic_data) {
    for (const auto& partition : topic.partition_data) {
      if (!partition.records) continue;
      const Bytes records = partition.records->bytes;
      make_batch_plausible({const_cast<uint8_t*>(records.data()), records.size()});
    }
  }
}

/// The connections of two clients with a broker core, without sockets between. A connection that
/// the broker ends is followed by another one.
///
/// Thread safety: not safe.
class Connections final : public broker::KafkaResponseSink {
 public:
  Connections() { cluster_.id = "fuzzed"; }
  ~Connections() override { kill(); }
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  void take(const Chunk& chunk) {
    auto& client = clients_[(chunk.tag & kOtherPeer) != 0 ? 1 : 0];
    if (!client || client->is_closed) client = std::make_unique<KafkaClient>(++last_session_);
    std::vector<uint8_t> bytes(chunk.bytes.begin(), chunk.bytes.end());
    if ((chunk.tag & kPlausible) != 0) {
      make_request_plausible(bytes);
      std::array<uint8_t, kafka::kFrameSizeBytes> size{};
      put_be(size.data(), static_cast<int32_t>(bytes.size()));
      bytes.insert(bytes.begin(), size.begin(), size.end());
    }
    const size_t piece = (chunk.tag & kMore) != 0 ? 1 + chunk.tag / 64 : bytes.size();
    for (size_t at = 0; at < bytes.size(); at += piece)
      receive(*client, Bytes(bytes).subspan(at, std::min(piece, bytes.size() - at)));
    if ((chunk.tag & kSync) != 0) live_.sync();
    if ((chunk.tag & kTick) != 0) live_.tick();
    for (auto& one : clients_) {
      if (one && !one->is_closed) one->read_responses();
    }
    if ((chunk.tag & kRestart) != 0 && ++restarts_ <= kMaxRestarts) restart();
  }
  /// Whatever was said, it must go on, and come up again from what it wrote.
  void end() {
    live_.sync();
    restart();
    live_.shut_down();
  }

  void respond(const broker::KafkaRequestId& id, broker::KafkaMessage message) override {
    KafkaClient* const client = find(id.session);
    if (client != nullptr) client->session().respond(id.number, std::move(message));
  }
  void skip(const broker::KafkaRequestId& id) override {
    KafkaClient* const client = find(id.session);
    if (client != nullptr) client->skip(id.number);
  }
  void close(broker::SessionId session, const char*, std::string_view) override {
    KafkaClient* const client = find(session);
    if (client != nullptr) client->is_closed = true;
  }
  [[nodiscard]] int64_t credit_bytes(broker::SessionId) const override { return 1 << 20; }
  [[nodiscard]] Address local_address(broker::SessionId) const override {
    return {"127.0.0.1", 9092};
  }
  [[nodiscard]] std::string peer_host(broker::SessionId) const override { return "127.0.0.1"; }

 private:
  [[nodiscard]] KafkaClient* find(broker::SessionId id) {
    for (auto& client : clients_) {
      if (client && client->session().id() == id && !client->is_closed) return client.get();
    }
    return nullptr;
  }
  void receive(KafkaClient& client, Bytes bytes) {
    using Step = broker::PeerSession::Step;
    broker::KafkaSession& session = client.session();
    while (!client.is_closed && session.wants_input()) {
      const Step step = session.take(bytes, live_.now_ms());
      HAIL_CHECK(session.held_bytes() <= static_cast<int64_t>(KafkaClient::kMaxRequestBytes));
      if (step == Step::fault) client.is_closed = true;
      if (step != Step::message) return;
      const broker::KafkaContext context{&live_.core(), requests_.get(), &cluster_};
      const uint64_t number = client.note_request(session.request());
      serve_frame(context, *this, {session.id(), number}, session.request());
      session.clear_message();
    }
  }
  void kill() {
    for (auto& client : clients_) client.reset();
    requests_->close();
    live_.kill();
  }
  void restart() {
    kill();
    requests_ = std::make_unique<broker::SubRequests>(*this);
    live_.start();
  }

  broker::KafkaCluster cluster_;
  std::unique_ptr<broker::SubRequests> requests_ =  // outlives the broker
      std::make_unique<broker::SubRequests>(*this);
  LiveBroker live_;
  std::array<std::unique_ptr<KafkaClient>, 2> clients_;
  broker::SessionId last_session_ = 0;
  int restarts_ = 0;
};

}  // namespace

void kafka_connection(Bytes input) {
  Connections connections;
  ChunkReader chunks(input);
  for (size_t i = 0; i < kMaxChunks; ++i) {
    const auto chunk = chunks.next();
    if (!chunk) break;
    connections.take(*chunk);
  }
  connections.end();
}

}  // namespace hailstorm::fuzz
