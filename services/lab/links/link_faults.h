#pragma once

#include "services/lab/faults/injection.h"
#include "services/lab/links/link_relay.h"

namespace hailstorm::lab {

/// latency, bandwidth, timeout, reset_peer, slicer and limit_data of a link. Each is proven by
/// bytes that go through the same fault of the relay, and not to the link's server. `relay` must
/// remain live as long as the maker and what it made.
[[nodiscard]] FaultMaker link_fault_maker(LinkRelay& relay);

}  // namespace hailstorm::lab
