#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/log/hailstorm/transport.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/schedule.h"
#include "tests/simulation/simulated_broker.h"

namespace hailstorm::simulation {

/// How bad a network is.
struct NetworkFaults {
  int64_t max_delay_ms = 5;
  int64_t lost_connection_in = 0;  // one message in so many breaks its connection; 0: none does
};

/// Connections between clients and one broker. It delays messages, never reorders those of one
/// connection, and breaks connections: then the messages that are under way are lost in both
/// directions. Some losses the client does not notice.
///
/// Thread safety: not safe. It must outlive the events of `schedule`.
class SimulatedNetwork {
 public:
  SimulatedNetwork(Schedule& schedule, Chance& chance, Trace& trace, NetworkFaults faults)
      : schedule_(schedule), chance_(chance), trace_(trace), faults_(faults) {}

  /// Must be called before a client connects.
  void attach(SimulatedBroker& broker) { broker_ = &broker; }
  /// To the client that has the connection `peer`, if it still has.
  void send_to_client(SimulatedBroker::PeerNumber peer, const log::hail::Message& message);

  /// `on_input` is called when a connection of this transport has something for its client.
  [[nodiscard]] std::unique_ptr<log::hail::Transport> make_transport(
      std::function<void()> on_input);

  [[nodiscard]] int64_t lost_connections() const { return lost_connections_; }
  /// No connection breaks any more.
  void calm_down() { faults_.lost_connection_in = 0; }

 private:
  class ClientConnection;
  class ClientTransport;
  /// The client's end of its connection. It outlives the client for the events that refer to it.
  struct End {
    struct Input {
      log::hail::Connection::Event event;
      log::hail::Message message;
    };
    std::function<void()> on_input;
    SimulatedBroker::PeerNumber peer = 0;  // 0: there is none
    std::deque<Input> inputs;
    bool is_woken = false;
    int64_t last_to_broker_ms = 0;  // when the last message arrives
    int64_t last_to_client_ms = 0;
  };
  using SharedEnd = std::shared_ptr<End>;

  void open(const SharedEnd& end);
  void close(End& end);
  void lose(const SharedEnd& end);
  void send_to_broker(const SharedEnd& end, RequestFrames frames);
  void add_input(End& end, log::hail::Connection::Event event, log::hail::Message message = {});
  [[nodiscard]] int64_t arrival_ms(int64_t& last_ms);
  [[nodiscard]] bool is_lost();

  Schedule& schedule_;
  Chance& chance_;
  Trace& trace_;
  NetworkFaults faults_;
  SimulatedBroker* broker_ = nullptr;
  std::map<SimulatedBroker::PeerNumber, SharedEnd> ends_;  // of connections that are not broken
  SimulatedBroker::PeerNumber last_peer_ = 0;
  int64_t lost_connections_ = 0;
};

}  // namespace hailstorm::simulation
