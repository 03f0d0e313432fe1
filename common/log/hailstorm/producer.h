#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/log/hailstorm/accumulator.h"
#include "common/log/hailstorm/event_loop.h"
#include "common/log/hailstorm/sender.h"
#include "common/log/producer.h"

namespace hailstorm::log::hail {

/// Puts the records of its callers into the accumulator, from where the sender takes them. A caller
/// sends what is due itself, and runs the event loop while it waits.
///
/// Thread safety: safe.
class HailstormProducer final : public Producer {
 public:
  /// `environment` must remain live while this is in use.
  HailstormProducer(const Environment& environment, ProducerOptions options);
  /// Waits for nothing: what is not answered for is reported as unknown_outcome. Call flush()
  /// first.
  ~HailstormProducer() override;

  Status send(const std::string& topic, Record record, DeliveryCallback done) override;
  Status send(const std::string& topic, std::span<const RecordView> records,
              const BatchCallback& done) override;
  Status flush(int timeout_ms) override;
  std::optional<int32_t> partition_of(const std::string& topic, std::string_view key) override;

 private:
  [[nodiscard]] Status wait_for_room();
  void send_now();

  const ProducerOptions options_;
  const Clock& clock_;
  Accumulator accumulator_;
  Sender sender_;
  EventLoop loop_;  // last: its thread uses the others
};

}  // namespace hailstorm::log::hail
