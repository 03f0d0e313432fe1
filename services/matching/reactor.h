#pragma once

#include <string>
#include <vector>

#include "common/service/service.h"
#include "services/matching/dispatcher.h"

namespace hailstorm::matching {

/// Matching on the log lane: sends a driver to every requested ride, and releases the driver when
/// the payment is declined. The two events may come in either order.
///
/// A decision that is in the log is never made differently: while a store is rebuilt, rides that
/// were decided get their drivers first, and all others wait.
///
/// Thread safety: as Reactor says. `dispatcher` must remain live while it is in use.
class MatchingReactor final : public service::Reactor {
 public:
  explicit MatchingReactor(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}

  [[nodiscard]] std::vector<std::string> topics() const override;
  [[nodiscard]] std::vector<std::string> publishes() const override;
  [[nodiscard]] Result<bool> recall(const events::Event& event, store::Database& db) override;
  [[nodiscard]] Status rebuilt(store::Database& db, service::Effects& effects) override;
  [[nodiscard]] Result<bool> is_empty(store::Database& db) const override;
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             service::Effects& effects) override;
  void rolled_back() override { dispatcher_.forget(); }

 private:
  [[nodiscard]] Status on_requested(const events::Event& event, store::Database& db,
                                    service::Effects& effects);
  [[nodiscard]] Status decide(const events::Event& event, store::Database& db,
                              service::Effects& effects);
  [[nodiscard]] Status keep(const events::Event& event, const events::Payload& decided,
                            store::Database& db);
  [[nodiscard]] Status on_declined(const events::Event& event, store::Database& db);

  Dispatcher& dispatcher_;
};

}  // namespace hailstorm::matching
