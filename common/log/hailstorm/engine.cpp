#include "common/log/hailstorm/engine.h"

#include <utility>

#include "common/log/hailstorm/admin.h"
#include "common/log/hailstorm/connection.h"
#include "common/log/hailstorm/consumer.h"
#include "common/log/hailstorm/producer.h"

namespace hailstorm::log::hail {
namespace {

class HailstormEngine final : public Engine {
 public:
  explicit HailstormEngine(Address address) : network_(std::move(address)) {}

  std::unique_ptr<Producer> make_producer(ProducerOptions options) override {
    return std::make_unique<HailstormProducer>(network_, options);
  }
  std::unique_ptr<Consumer> make_consumer(ConsumerOptions options) override {
    return std::make_unique<HailstormConsumer>(network_, std::move(options));
  }
  std::unique_ptr<Admin> make_admin(int timeout_ms) override {
    return std::make_unique<HailstormAdmin>(network_, timeout_ms);
  }

 private:
  Network network_;
};

}  // namespace

std::unique_ptr<Engine> open_engine(Address address) {
  return std::make_unique<HailstormEngine>(std::move(address));
}

}  // namespace hailstorm::log::hail
