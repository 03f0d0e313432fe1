#pragma once

#include "common/service/chain_hop.h"
#include "services/payment/cashier.h"

namespace hailstorm::payment {

/// Payment on the coupled lane. It is called after matching, so it knows at once whether there is a
/// ride to pay for.
///
/// Thread safety: as ChainStep says. `cashier` must remain live while it is in use.
class PaymentStep final : public service::ChainStep {
 public:
  explicit PaymentStep(Cashier& cashier) : cashier_(cashier) {}

  [[nodiscard]] Status apply(service::ChainRide& ride, store::Database& db) override;
  [[nodiscard]] Status undo(const service::ChainRide& ride, store::Database& db) override;

 private:
  Cashier& cashier_;
};

}  // namespace hailstorm::payment
