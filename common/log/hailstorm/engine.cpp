#include "common/log/hailstorm/engine.h"

#include <utility>

#include "common/base/ids.h"
#include "common/log/hailstorm/admin.h"
#include "common/log/hailstorm/consumer.h"
#include "common/log/hailstorm/producer.h"
#include "common/log/hailstorm/zmq_transport.h"

namespace hailstorm::log::hail {
namespace {

class HailstormEngine : public Engine {
 public:
  explicit HailstormEngine(Environment environment) : environment_(std::move(environment)) {}

  std::unique_ptr<Producer> make_producer(ProducerOptions options) override {
    return std::make_unique<HailstormProducer>(environment_, options);
  }
  std::unique_ptr<Consumer> make_consumer(ConsumerOptions options) override {
    return std::make_unique<HailstormConsumer>(environment_, std::move(options));
  }
  std::unique_ptr<Admin> make_admin(int timeout_ms) override {
    return std::make_unique<HailstormAdmin>(environment_, timeout_ms);
  }

 private:
  const Environment environment_;
};

/// What a real client needs: sockets, the machine's clock, random ids.
struct RealParts {
  std::unique_ptr<Transport> transport;
  SystemClock clock;
};

class RealEngine final : private RealParts, public HailstormEngine {
 public:
  explicit RealEngine(Address address)
      : RealParts{make_zmq_transport(std::move(address)), {}},
        HailstormEngine({*transport, clock, [] { return IdGenerator().uuid(); }}) {}
};

}  // namespace

std::unique_ptr<Engine> open_engine(Address address) {
  return std::make_unique<RealEngine>(std::move(address));
}

std::unique_ptr<Engine> open_engine(Environment environment) {
  return std::make_unique<HailstormEngine>(std::move(environment));
}

}  // namespace hailstorm::log::hail
