#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "services/lab/faults/fault.h"

namespace hailstorm::lab {

/// The directions of a link, as Toxiproxy names them.
enum class Stream {
  upstream,    // from the client to the server
  downstream,  // from the server to the client
};
[[nodiscard]] std::string_view name_of(Stream stream);

/// The faults that are on in one direction of a link, with Toxiproxy's names. `since_us`: when a
/// fault was switched on, by the relay's clock. Thread safety: a value.
struct FlowFaults {
  struct Latency {
    int64_t latency_us = 0;
    int64_t jitter_us = 0;  // drawn evenly from -jitter to +jitter
  };
  struct Timeout {
    int64_t close_after_us = 0;  // 0: the connection is kept, and what waits is carried afterwards
    int64_t since_us = 0;
  };
  struct ResetPeer {
    int64_t after_us = 0;
    int64_t since_us = 0;
  };
  struct Slicer {
    int64_t average_size_bytes = 0;
    int64_t size_variation_bytes = 0;
    int64_t delay_us = 0;
  };
  struct LimitData {
    int64_t bytes = 0;
    int64_t since_us = 0;
  };

  std::optional<Latency> latency;
  std::optional<int64_t> bandwidth_bytes_s;
  std::optional<Timeout> timeout;
  std::optional<ResetPeer> reset_peer;
  std::optional<Slicer> slicer;
  std::optional<LimitData> limit_data;

  /// Takes the fault `action` as `from` has it, on or off.
  void take(FaultAction action, const FlowFaults& from);
  [[nodiscard]] bool is_any_on() const;
};

/// One fault of a link.
struct LinkFault {
  FaultAction action = FaultAction::latency;
  FlowFaults effect;  // this one fault alone
  bool is_upstream = true;
  bool is_downstream = true;
  uint64_t seed = 0;  // of what it draws by chance

  [[nodiscard]] std::vector<Stream> streams() const;
};

/// Reads the attributes of a link's fault: those that fault.h names, or the same as Toxiproxy names
/// them (latency, jitter, rate, timeout, average_size, size_variation, delay, bytes), and "stream":
/// "upstream" or "downstream"; both without it. Error bad_request: names the attribute.
[[nodiscard]] Result<LinkFault> link_fault_of(const FaultRequest& request);

[[nodiscard]] bool is_of_a_link(FaultAction action);

}  // namespace hailstorm::lab
