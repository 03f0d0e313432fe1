#include "broker/transport/peers/listen.h"

#include <fmt/format.h>

#include "broker/transport/peers/peer_sockets.h"
#include "common/base/enum_name.h"
#include "common/base/shortage.h"
#include "common/http/http.h"

namespace hailstorm::broker {

std::string_view name_of(ListenErrc code) { return enum_name(code); }

Result<http::Listener> listen_for_peers(const std::string& host, int port,
                                        std::string_view port_option) {
  auto listener = http::Listener::open(host, port, PeerSockets::kPeerSocketBytes);
  if (listener.ok()) return listener;
  const Error& error = listener.error();
  if (error.is(http::HttpErrc::address_in_use)) {
    return Error(ListenErrc::port_in_use,
                 fmt::format("port {} on {} is in use by another process; stop that process or "
                             "choose another port with {}",
                             port, host, port_option))
        .caused_by(error.cause());
  }
  if (!error.is(http::HttpErrc::cannot_listen)) return error;
  const std::string_view advice =
      shortage_of(error.cause()) ? "" : "; give an address of this machine with --host";
  return Error(ListenErrc::cannot_bind, fmt::format("{}{}", error.message(), advice))
      .caused_by(error.cause());
}

}  // namespace hailstorm::broker
