#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/address.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/links/errors.h"
#include "services/lab/links/flow_faults.h"
#include "services/lab/links/link.h"
#include "services/lab/links/relay_loop.h"
#include "services/lab/links/socket.h"

namespace hailstorm::lab {

struct LinkInfo {
  std::string name;
  std::string server;  // HOST:PORT
  int port = 0;        // of 127.0.0.1, on which the caller reaches it
  size_t connections = 0;
  std::vector<FaultAction> faults;  // that are on
};

/// The relay of links: a caller connects to a port of 127.0.0.1, and one thread for all links
/// carries its bytes to the server and back, through the faults of the link. Without faults bytes
/// are carried at once, and a server that is away looks away to its caller.
///
/// Thread safety: safe. Error of whatever takes a link's name: unknown_link.
class LinkRelay {
 public:
  /// `clock` must remain live while this is in use. Its steady time must go on as the machine's.
  explicit LinkRelay(const Clock& clock);
  ~LinkRelay();  // ends every connection
  LinkRelay(const LinkRelay&) = delete;
  LinkRelay& operator=(const LinkRelay&) = delete;

  /// Begins to relay to `server`, and gives the port; a link of this name keeps its port, and new
  /// connections go to `server`. A name is looked up for each connection. Error cannot_listen.
  [[nodiscard]] Result<int> hold(const std::string& name, const Address& server);
  /// The same for a new link whose callers reach it through `listener`, of listen_on().
  [[nodiscard]] Result<int> hold(const std::string& name, const Address& server, Socket listener);
  [[nodiscard]] std::vector<LinkInfo> links();
  [[nodiscard]] Result<LinkInfo> describe(const std::string& name);

  /// Switches a fault of a link on, for connections that are open and for new ones. One of this
  /// kind that is on is replaced.
  [[nodiscard]] Status put(const std::string& name, const LinkFault& fault);
  /// Switches it off: what waited is carried at once.
  [[nodiscard]] Status clear(const std::string& name, FaultAction action);

  /// Carries between two sockets under one fault of a link as it is now, without the link's server:
  /// for probes.
  [[nodiscard]] Status carry_between(const std::string& name, FaultAction action, Socket client,
                                     Socket server);

 private:
  [[nodiscard]] Result<Link*> find(const std::string& name);

  RelayLoop loop_;
  std::map<std::string, Link> links_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab
