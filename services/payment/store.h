#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/events/lane.h"
#include "common/store/database.h"

/// Payment's own tables, and the only place that knows their SQL. Every function runs inside the
/// caller's transaction.
namespace hailstorm::payment {

[[nodiscard]] const std::vector<std::string>& migrations();

/// One row of `payments`. status: "held", "voided" or "declined".
struct Payment {
  int64_t id = 0;
  events::Lane lane = events::Lane::log;
  std::string ride_id;
  int64_t amount_cents = 0;
  std::string hold_id;  // empty: declined
  std::string status;
  std::string reason;
};

[[nodiscard]] Status insert(store::Database& db, const Payment& payment);
/// The ride's newest payment.
[[nodiscard]] Result<std::optional<Payment>> find(store::Database& db, events::Lane lane,
                                                  std::string_view ride_id);
[[nodiscard]] Status set_status(store::Database& db, int64_t id, std::string_view status);

/// Both sides of one movement of money: what leaves `from` arrives on `to`, so the ledger's sum is
/// always 0.
struct Movement {
  events::Lane lane = events::Lane::log;
  std::string_view ride_id;
  std::string_view entry;  // "hold" or "void"
  std::string_view from;
  std::string_view to;
  int64_t amount_cents = 0;
};
[[nodiscard]] Status book(store::Database& db, const Movement& movement);

/// The ride was unmatched before payment had seen its request.
[[nodiscard]] Status note_unmatched(store::Database& db, events::Lane lane,
                                    std::string_view ride_id);
[[nodiscard]] Result<bool> is_noted_unmatched(store::Database& db, events::Lane lane,
                                              std::string_view ride_id);

}  // namespace hailstorm::payment
