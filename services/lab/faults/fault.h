#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/json/json.h"

/// What a fault is: what somebody asks for, and what became of it. The same JSON is spoken by the
/// agents and by the lab's API. Pure functions and values: safe from any thread.
namespace hailstorm::lab {

/// The faults of a link have Toxiproxy's names.
enum class FaultAction {
  // of a process
  kill,     // SIGKILL, and it stays dead
  restart,  // SIGTERM, and a start
  freeze,   // SIGSTOP
  slow,     // SIGSTOP and SIGCONT by turns; attribute share_percent: the part that it runs
  store_lock,
  disk_full,
  power_cut,
  // of a link
  latency,     // attributes latency_ms, jitter_ms
  bandwidth,   // attribute rate_kb_s
  timeout,     // nothing is carried
  reset_peer,  // attribute timeout_ms: after so long
  slicer,      // attributes average_size_bytes, size_variation_bytes, delay_us
  limit_data,  // attribute bytes: then the connection ends
  // of a topic or a group
  poison,     // attribute kind: "undecodable" or "impossible"
  duplicate,  // attribute last_s: events of so many seconds are published again
  redeliver,  // attribute last_s: the group's offsets go back as far
};
[[nodiscard]] std::string_view name_of(FaultAction action);

/// asked → injected → proven → reverted → proven_off; not_proven instead of the proofs.
enum class FaultPhase { asked, injected, proven, not_proven, reverted, proven_off };
[[nodiscard]] std::string_view name_of(FaultPhase phase);

enum class FaultErrc {
  bad_request,     // names the field
  unknown_target,  // there is no such process, link, topic or group
  not_possible,    // this fault is not possible for this target here; says why
  held,            // the target has a fault of this kind; names its holder
  failed,          // the operating system refused
  unknown_fault,   // there is no fault of this id
};
[[nodiscard]] std::string_view name_of(FaultErrc code);

/// What somebody asks for. As JSON:
/// {"target":"payment","action":"freeze","duration":"15s","attributes":{},"seed":1,"by":"lesson 2"}
///
/// Targets: a process ("payment", "broker"); a link, CALLER:SERVER ("payment:broker"); a topic or a
/// group of the log.
struct FaultRequest {
  std::string id;  // empty: the lab gives one
  std::string target;
  FaultAction action = FaultAction::kill;
  int64_t duration_ms = 0;  // after it the fault reverts by itself; JSON: "15s", "500ms", "2m"
  json::Value attributes = json::Value::object();
  uint64_t seed = 0;  // of what the fault draws by chance
  std::string by;     // of whom asks: for people, and for whom is refused meanwhile
};

/// One fault: what was asked for, and what became of it. Times are in ms since 1970; 0: not yet.
struct FaultState {
  FaultRequest request;
  FaultPhase phase = FaultPhase::asked;
  int64_t asked_at_ms = 0;
  int64_t injected_at_ms = 0;
  int64_t proven_at_ms = 0;
  int64_t reverted_at_ms = 0;
  int64_t proven_off_at_ms = 0;
  int64_t reverts_at_ms = 0;  // the end of its lease
  std::string evidence;       // what was probed, and what it said: "/proc/71/stat says T"
  json::Value details = json::Value::object();  // what else it did, such as bytes that were cut

  /// It holds its target: injected, and not reverted yet.
  [[nodiscard]] bool is_on() const { return injected_at_ms != 0 && reverted_at_ms == 0; }
};

/// By its name. Error bad_request: lists the names.
[[nodiscard]] Result<FaultPhase> fault_phase_of(std::string_view name);

/// Errors bad_request: names the field, and says what it may be.
[[nodiscard]] Result<FaultRequest> fault_request_of(const json::Value& document);
[[nodiscard]] Result<FaultState> fault_state_of(const json::Value& document);
[[nodiscard]] json::Value to_json(const FaultRequest& request);
/// The request's members, and phase, asked_at_ms, injected_at_ms, proven_at_ms, reverted_at_ms,
/// proven_off_at_ms, reverts_at_ms, evidence, details.
[[nodiscard]] json::Value to_json(const FaultState& state);

/// "15s", "500ms", "2m", "1h" in ms, 1 ms to 24 h. Error bad_request.
[[nodiscard]] Result<int64_t> duration_ms_of(std::string_view text);
/// The shortest such text.
[[nodiscard]] std::string duration_text(int64_t duration_ms);

}  // namespace hailstorm::lab
