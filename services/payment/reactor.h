#pragma once

#include <string>
#include <vector>

#include "common/service/service.h"
#include "services/payment/cashier.h"

namespace hailstorm::payment {

/// Payment on the log lane: holds the fare of every requested ride, and gives it back when the ride
/// turns out to be unmatched. The two facts may come in either order. What the log says that it
/// decided before, it never decides otherwise.
///
/// Thread safety: as Reactor says. `cashier` must remain live while it is in use.
class PaymentReactor final : public service::Reactor {
 public:
  explicit PaymentReactor(Cashier& cashier) : cashier_(cashier) {}

  [[nodiscard]] std::vector<std::string> topics() const override;
  [[nodiscard]] std::vector<std::string> publishes() const override;
  [[nodiscard]] Result<bool> recall(const events::Event& event, store::Database& db) override;
  [[nodiscard]] Result<bool> is_empty(store::Database& db) const override;
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             service::Effects& effects) override;

 private:
  [[nodiscard]] Status on_requested(const events::Event& event, store::Database& db,
                                    service::Effects& effects);
  [[nodiscard]] Status on_unmatched(const std::string& ride_id, store::Database& db);

  Cashier& cashier_;
};

}  // namespace hailstorm::payment
