#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace hailstorm::payment {

/// unavailable: it is unknown whether the call took effect; the same call with the same key may be
/// repeated.
enum class ProviderErrc { unavailable };
[[nodiscard]] std::string_view name_of(ProviderErrc code);

/// A payment provider's answer to a hold.
struct Hold {
  bool authorized = false;
  std::string hold_id;  // where authorized
  std::string reason;   // where not
};

/// What payment needs of a payment provider. Both calls are idempotent: the same key, or the same
/// hold, gives the same outcome at every call.
///
/// Thread safety: implementations are safe.
class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;

  /// Holds money on the rider's method.
  [[nodiscard]] virtual Result<Hold> authorize(const std::string& idempotency_key,
                                               const std::string& rider_id,
                                               int64_t amount_cents) = 0;
  /// Gives a hold back.
  [[nodiscard]] virtual Status void_hold(const std::string& hold_id) = 0;
};

/// Decides by a hash of seed and key, so that it needs no memory: the same run declines the same
/// rides.
class SimulatedProvider final : public PaymentProvider {
 public:
  /// `decline_rate` from 0 to 1.
  SimulatedProvider(uint64_t seed, double decline_rate)
      : seed_(seed), decline_rate_(decline_rate) {}

  Result<Hold> authorize(const std::string& idempotency_key, const std::string& rider_id,
                         int64_t amount_cents) override;
  Status void_hold(const std::string& hold_id) override;

 private:
  const uint64_t seed_;
  const double decline_rate_;
};

}  // namespace hailstorm::payment
