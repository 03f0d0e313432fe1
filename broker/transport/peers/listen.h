#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/http/listener.h"

namespace hailstorm::broker {

enum class ListenErrc { port_in_use, cannot_bind };
[[nodiscard]] std::string_view name_of(ListenErrc code);

/// A listener for peers. `port` 0: any free one. `port_option`: the option that gives the port, for
/// the advice of an error. Errors: any ListenErrc, and AddressErrc::unknown_host.
[[nodiscard]] Result<http::Listener> listen_for_peers(const std::string& host, int port,
                                                      std::string_view port_option);

}  // namespace hailstorm::broker
