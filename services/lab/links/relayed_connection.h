#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "services/lab/links/flow.h"
#include "services/lab/links/flow_faults.h"
#include "services/lab/links/relay_loop.h"
#include "services/lab/links/server_address.h"
#include "services/lab/links/socket.h"

namespace hailstorm::lab {

/// The faults of both directions of a link.
struct LinkFaults {
  FlowFaults upstream;
  FlowFaults downstream;

  /// Carries nothing in one direction at least, so that no connection can begin.
  [[nodiscard]] bool is_cut() const { return upstream.timeout || downstream.timeout; }
};

/// A client's connection and the one to the server that carries on its bytes. What happens to the
/// one happens to the other: an end in one direction, a reset, a server that takes no connection.
///
/// Thread safety: used on the loop's thread. REQUIRES: it outlives the loop's pass in which it
/// ends.
class RelayedConnection final : public LoopTimer {
 public:
  /// `loop` and `faults` must remain live while this is in use. `on_end` is called when it is over;
  /// it may not destroy this object. `seed`: of what its faults draw by chance.
  RelayedConnection(RelayLoop& loop, const LinkFaults& faults, Socket client, uint64_t seed,
                    std::function<void()> on_end);
  ~RelayedConnection() override { release(); }
  RelayedConnection(const RelayedConnection&) = delete;
  RelayedConnection& operator=(const RelayedConnection&) = delete;

  /// Connects to the first of `addresses` that takes the connection; where none does, the client
  /// gets a reset.
  void connect(std::vector<SocketAddress> addresses);
  /// Goes on with a connection that there is already.
  void use(Socket server);
  /// It waits for connect().
  [[nodiscard]] bool is_new() const { return state_ == State::fresh; }
  [[nodiscard]] bool is_over() const { return state_ == State::over; }

  /// The faults have changed.
  void look_again();
  /// Both ends get a reset.
  void reset();

  void on_time(int64_t now_us) override;

 private:
  enum class State { fresh, connecting, open, over };
  struct Side final : LoopSource {
    Side(RelayedConnection& its_connection, Socket its_socket)
        : connection(its_connection), socket(std::move(its_socket)) {}
    void on_events(uint32_t events) override { connection.on_events(*this, events); }

    RelayedConnection& connection;
    Socket socket;
    uint32_t watched = 0;
    bool is_watched = false;
  };

  void on_events(Side& side, uint32_t events);
  void on_connect_event();
  void connect_next();
  void opened();
  void go_on_opening();
  void carry(Side& side, uint32_t events);
  /// False: the connection is over.
  bool handle(Flow::Outcome outcome);
  void settle();
  void watch(Side& side, uint32_t events);
  void unwatch(Side& side);
  [[nodiscard]] int64_t end_us() const;
  void release();
  void end();

  RelayLoop& loop_;
  const LinkFaults& faults_;
  const std::function<void()> on_end_;
  const int64_t began_us_;
  State state_ = State::fresh;
  Side client_;
  Side server_;
  Flow upstream_;
  Flow downstream_;
  std::vector<SocketAddress> addresses_;  // to be tried, the last first
};

}  // namespace hailstorm::lab
