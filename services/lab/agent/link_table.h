#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/agent/errors.h"
#include "services/lab/links/link_relay.h"

namespace hailstorm::lab {

/// Servers by name, each HOST:PORT: {"broker", "127.0.0.1:7400"}.
using LinkServers = std::map<std::string, std::string>;

/// "broker=HOST:PORT" of each. Error cannot_start: one is written otherwise.
[[nodiscard]] Result<LinkServers> parse_links(const std::vector<std::string>& texts);

/// The outgoing links of an agent's processes, each named CALLER:SERVER. A link stays when its
/// process ends, so that the process finds it on the same port when it is started again.
///
/// Thread safety: safe.
class LinkTable {
 public:
  /// `relay` must remain live while this is in use.
  explicit LinkTable(LinkRelay& relay) : relay_(relay) {}

  /// Holds a link from `caller` to each of the servers, and writes where it is, 127.0.0.1:PORT, for
  /// each {NAME} in `argv`. Errors: cannot_start; those of LinkRelay.
  [[nodiscard]] Status connect(const std::string& caller, const LinkServers& servers,
                               std::vector<std::string>& argv);
  /// [{"name","server","port","connections","faults":[…]}…]
  [[nodiscard]] json::Value to_json() const;

 private:
  LinkRelay& relay_;
};

}  // namespace hailstorm::lab
