#include "tests/system/floods/log_floods.h"

#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/wire/record_batch.h"
#include "tests/support/raw_client.h"
#include "tests/system/bounded/raw_peer.h"

namespace hailstorm::testing {
namespace {

using std::chrono::milliseconds;

zmq::context_t& context() {
  static zmq::context_t one;
  return one;
}

/// Sends some bytes that are not the protocol, or not all of it, and waits.
class BytesPeer : public BadPeer {
 public:
  BytesPeer(int port, std::string bytes) : port_(port), bytes_(std::move(bytes)) {}
  void poke() override {
    if (client_ && client_->drain()) return;
    client_.emplace(port_);
    client_->try_send(bytes_);
  }

 private:
  const int port_;
  const std::string bytes_;
  std::optional<RawClient> client_;
};

/// ZMTP's greeting and handshake, then a frame that announces 16 MB and brings 64 KB.
std::string half_frame() {
  std::string bytes("\xff\0\0\0\0\0\0\0\x01\x7f\x03\x00NULL", 16);
  bytes.resize(64, '\0');
  const std::string ready(
      "\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06"
      "DEALER",
      30);
  const std::string announced("\x02\0\0\0\0\x01\0\0\0", 9);
  return bytes + ready + announced + std::string(64 << 10, 'x');
}

/// Speaks the protocol, and has never enough.
class LogPeer : public BadPeer {
 public:
  explicit LogPeer(int port) : peer_(context(), port, 100), id_(++last_id_) {}

 protected:
  template <class Request>
  void ask(wire::Api api, const Request& request, const std::vector<uint8_t>& batch = {}) {
    (void)peer_.ask(api, request, batch, /*wait=*/false);
  }
  /// Another one each time, of all peers of all kinds.
  [[nodiscard]] std::string next_name(const std::string& kind) {
    return kind + "-" + std::to_string(id_) + "-" + std::to_string(++names_);
  }
  void drain() { peer_.drain(); }
  [[nodiscard]] int64_t id() const { return id_; }

 private:
  static inline int64_t last_id_ = 0;
  RawPeer peer_;
  const int64_t id_;
  int64_t names_ = 0;
};

std::vector<uint8_t> batch_of(const std::string& value, int64_t producer = -1) {
  wire::RecordBatchBuilder builder;
  if (producer >= 0) builder.set_producer(producer, 0, 0);
  builder.append(1'000, std::nullopt, value);
  return builder.finish();
}

/// Fetches and never reads what comes.
class UnreadFetches : public LogPeer {
  using LogPeer::LogPeer;
  void poke() override {
    wire::FetchRequest request;
    request.partitions.push_back({{"ride_requested", 0}, 0, 16 << 20});
    request.max_bytes = 16 << 20;
    for (int i = 0; i < 10; ++i) ask(wire::Api::fetch, request);
  }
};

class ManyGroups : public LogPeer {
  using LogPeer::LogPeer;
  void poke() override {
    drain();
    wire::GroupHeartbeatRequest join;
    join.group = next_name("flood-group");
    join.member_id = join.group;
    join.topics = {"ride_requested"};
    ask(wire::Api::group_heartbeat, join);
  }
};

class ManyProducers : public LogPeer {
  using LogPeer::LogPeer;
  void poke() override {
    drain();
    if (count_ == 0) ask(wire::Api::create_topic, wire::CreateTopicRequest{"flood", {}});
    const int64_t producer = id() * 1'000'000 + ++count_;
    ask(wire::Api::produce, wire::ProduceRequest{"flood", 0, wire::Acks::leader},
        batch_of("x", producer));
  }
  int64_t count_ = 0;
};

class ManyTopics : public LogPeer {
  using LogPeer::LogPeer;
  void poke() override {
    drain();
    wire::CreateTopicRequest request;
    request.name = next_name("flood-topic");
    request.config.partitions = 1;
    if (++count_ <= kMost) ask(wire::Api::create_topic, request);
  }
  static constexpr int kMost = 50;
  int count_ = 0;
};

/// Records that no service can read, among those that they read.
class BadRecords : public LogPeer {
  using LogPeer::LogPeer;
  void poke() override {
    drain();
    ask(wire::Api::produce, wire::ProduceRequest{"ride_requested", 0, wire::Acks::leader},
        batch_of("no event at all"));
  }
};

template <class Peer, class... Arguments>
std::function<std::unique_ptr<BadPeer>(int)> log_peers_of(Arguments... arguments) {
  return [=](int port) { return std::make_unique<Peer>(port, arguments...); };
}

}  // namespace

std::vector<FloodKind> log_floods() {
  const std::string page =
      "POST /topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
      "Content-Length: 100000\r\n\r\n" +
      std::string(1'000, 'x');
  return {
      {"silent connections", 1'000, milliseconds(500), log_peers_of<BytesPeer>("")},
      {"half frames", 100, milliseconds(500), log_peers_of<BytesPeer>(half_frame())},
      {"HTTP to the log", 100, milliseconds(100), log_peers_of<BytesPeer>(page)},
      {"fetches not read", 60, milliseconds(50), log_peers_of<UnreadFetches>()},
      {"many groups", 10, milliseconds(10), log_peers_of<ManyGroups>()},
      {"many producers", 10, milliseconds(10), log_peers_of<ManyProducers>()},
      {"many topics", 4, milliseconds(100), log_peers_of<ManyTopics>()},
      {"bad records", 10, milliseconds(100), log_peers_of<BadRecords>()},
  };
}

}  // namespace hailstorm::testing
