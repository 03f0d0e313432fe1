#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/address.h"
#include "services/lab/links/flow_faults.h"
#include "services/lab/links/relay_loop.h"
#include "services/lab/links/relayed_connection.h"
#include "services/lab/links/server_address.h"
#include "services/lab/links/socket.h"

namespace hailstorm::lab {

/// One link: the port on which a caller reaches a server, its connections, and its faults.
///
/// Thread safety: used on the loop's thread, and destroyed after it.
class Link final : public LoopSource, public LoopTimer {
 public:
  /// `loop` must remain live while this is in use. `listener`: of listen_on().
  Link(RelayLoop& loop, Socket listener, Address server);
  ~Link() override;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const Address& server() const { return server_; }
  /// Counts for the connections that begin from now on.
  void set_server(Address server) { server_ = std::move(server); }
  [[nodiscard]] size_t connections() const;
  [[nodiscard]] std::vector<FaultAction> faults() const;

  void put(const LinkFault& fault);
  void clear(FaultAction action);
  /// Carries between two sockets that are connected already, under this one fault as it is now. It
  /// is not counted.
  void carry_between(FaultAction action, Socket client, Socket server);

  void on_events(uint32_t events) override;
  void on_time(int64_t now_us) override;

 private:
  /// A connection that has one fault of its own, for a proof.
  struct Probed final : LoopTimer {
    Probed(RelayLoop& its_loop, const LinkFaults& one, Socket client, uint64_t seed,
           std::function<void()> on_end);
    ~Probed() override { loop.call_at(*this, kNeverUs); }
    void on_time(int64_t /*now_us*/) override { connection.reset(); }

    RelayLoop& loop;
    const LinkFaults faults;
    RelayedConnection connection;
  };
  void take(FaultAction action, const FlowFaults& up, const FlowFaults& down);
  [[nodiscard]] bool has_room() const;
  void listen_if_wanted();
  void begin(Socket client);
  void forget_ended();

  RelayLoop& loop_;
  Socket listener_;
  const int port_;
  Address server_;
  LinkFaults faults_;
  uint64_t seed_ = 1;
  bool is_listening_ = false;
  bool has_too_few_descriptors_ = false;
  std::list<RelayedConnection> connections_;
  std::list<Probed> probes_;
  std::optional<NameLookup> lookup_;  // last: it uses the above
};

}  // namespace hailstorm::lab
