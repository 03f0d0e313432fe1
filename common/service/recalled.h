#pragma once

#include <optional>
#include <string_view>

#include "common/base/result.h"
#include "common/events/events.h"
#include "common/store/database.h"

/// What the log says that this service decided about rides which its store does not know: a store
/// that is rebuilt must not decide otherwise. Every function runs inside the caller's transaction.
namespace hailstorm::service {

/// The first event of a ride counts, as for all readers.
[[nodiscard]] Status remember_recalled(store::Database& db, const events::Event& event);
/// What was decided about the ride, once: it is forgotten thereby.
[[nodiscard]] Result<std::optional<events::Payload>> take_recalled(store::Database& db,
                                                                   std::string_view ride_id);
[[nodiscard]] Result<bool> has_recalled(store::Database& db);
/// Forgets them all; gives how many there were.
[[nodiscard]] Result<int64_t> forget_recalled(store::Database& db);

}  // namespace hailstorm::service
