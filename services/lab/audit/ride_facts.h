#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/events/lane.h"

namespace hailstorm::lab {

/// The five event types, which are also the kinds of messages and counts.
enum class Kind : size_t {
  ride_requested,
  ride_matched,
  ride_unmatched,
  payment_authorized,
  payment_declined
};
inline constexpr size_t kKinds = 5;
[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] std::optional<Kind> kind_of(std::string_view name);

/// How often something was seen, per kind.
struct KindCounts {
  std::array<int32_t, kKinds> counts{};
  int32_t& operator[](Kind kind) { return counts[static_cast<size_t>(kind)]; }
  int32_t operator[](Kind kind) const { return counts[static_cast<size_t>(kind)]; }
  [[nodiscard]] int64_t total() const;
};

/// Some kinds.
class KindSet {
 public:
  void add(Kind kind) { bits_ |= bit(kind); }
  void add_all(const KindSet& others) { bits_ |= others.bits_; }
  [[nodiscard]] bool has(Kind kind) const { return (bits_ & bit(kind)) != 0; }
  [[nodiscard]] bool has_all(const KindSet& others) const { return (others.bits_ & ~bits_) == 0; }
  [[nodiscard]] bool is_empty() const { return bits_ == 0; }

 private:
  static uint8_t bit(Kind kind) { return static_cast<uint8_t>(1U << static_cast<size_t>(kind)); }
  uint8_t bits_ = 0;
};

/// Some services, by their index in the registry.
class ServiceSet {
 public:
  void add(size_t service) { bits_ |= uint32_t{1} << service; }
  /// Whether this set has every service of `others`.
  [[nodiscard]] bool has_all(const ServiceSet& others) const {
    return (others.bits_ & ~bits_) == 0;
  }

 private:
  uint32_t bits_ = 0;
};

/// Everything that was found about one ride in one lane: its rider's answers, and every trace
/// of it in the log and in the stores.
struct RideFacts {
  // What its rider was answered, over all attempts.
  bool requested = false;
  bool accepted = false;
  bool refused = false;     // an answer that is not 2xx
  bool unanswered = false;  // no answer at all
  bool in_time = false;     // some answer came before the moment that the audit is about
  bool committed = false;   // the gateway's own store has it

  KindCounts in_log;  // records; the relay may publish one again

  int32_t matched = 0;    // rows
  int32_t unmatched = 0;  // rows
  int32_t released = 0;   // of the matched ones

  int32_t authorized = 0;  // rows
  int32_t declined = 0;    // rows
  int32_t held = 0;        // rows whose hold stands
  int32_t voided = 0;
  int64_t amount_cents = 0;

  int32_t hold_entries = 0;
  int32_t void_entries = 0;
  int64_t ledger_sum_cents = 0;       // over all accounts: 0, or money came from nowhere
  int64_t ledger_positive_cents = 0;  // the same, of the positive hold entries only

  KindCounts messages;
  KindCounts counted;

  // Only of a copy, and while the platform runs: the work that is still to be done.
  KindSet in_outbox;                            // of any service
  std::array<ServiceSet, kKinds> applied_by{};  // services that have applied each kind
};

/// Rides of one lane by id.
using LaneFacts = std::unordered_map<std::string, RideFacts>;

struct Facts {
  LaneFacts log;
  LaneFacts chain;
  [[nodiscard]] LaneFacts& lane(events::Lane which) {
    return which == events::Lane::chain ? chain : log;
  }
};

}  // namespace hailstorm::lab
