#include "common/log/hailstorm/engine.h"

#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "common/log/hailstorm/admin.h"
#include "common/log/hailstorm/connection.h"
#include "common/log/hailstorm/consumer.h"
#include "common/log/hailstorm/producer.h"

namespace hailstorm::log::hail {
namespace {

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

bool is_host(std::string_view text) {
  return !text.empty() && text.find_first_of(" /@?#;*") == std::string_view::npos;
}

class HailstormEngine final : public Engine {
 public:
  explicit HailstormEngine(const std::string& address) : network_(address) {}

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

Result<std::unique_ptr<Engine>> open_engine(std::string address) {
  if (address.ends_with('/')) address.pop_back();
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || !is_host(std::string_view(address).substr(0, colon)) ||
      !is_port(std::string_view(address).substr(colon + 1))) {
    return Error(LogErrc::refused,
                 fmt::format("'hailstorm://{}' is no address of a broker; write it as "
                             "hailstorm://HOST:PORT, for example hailstorm://127.0.0.1:7400",
                             address));
  }
  return std::unique_ptr<Engine>(std::make_unique<HailstormEngine>(address));
}

}  // namespace hailstorm::log::hail
