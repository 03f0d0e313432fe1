#include "services/lab/experiments/experiment_lab.h"

namespace hailstorm::lab {
namespace {

constexpr int kUsualTimeoutMs = 60'000;

}  // namespace

HttpLab::HttpLab(Address address)
    : address_(std::move(address)), usual_(address_, kUsualTimeoutMs) {}

Result<http::Response> HttpLab::send(const http::Request& request, int timeout_ms) {
  if (timeout_ms == kUsualTimeoutMs) return usual_.send(request);
  return http::Client(address_, timeout_ms).send(request);
}

}  // namespace hailstorm::lab
