#include "services/lab/supervisor/status_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/http/client.h"

namespace hailstorm::lab {
namespace {

using nlohmann::json;

constexpr int kTimeoutMs = 500;
// The rate is taken over at least this long, or it would jump about.
constexpr int64_t kRateWindowMs = 900;

}  // namespace

struct StatusReader::Impl {
  bool is_service;
  http::Client client;
  int64_t outbox = 0;
  int64_t events_then = 0;
  int64_t then_ms = 0;
  double rate = 0;

  void read_status(const json& status, ProcessSample& sample) {
    sample.ready = status.value("ready", false);
    sample.events = status.value("events", int64_t{0});
    sample.dead_letters = status.value("dead_letters", int64_t{0});
    outbox = status.value("outbox", int64_t{0});
  }

  void measure_rate(int64_t events, int64_t now_ms) {
    const bool restarted = events < events_then;
    if (!restarted && now_ms - then_ms < kRateWindowMs) return;
    const auto span_ms = static_cast<double>(std::max<int64_t>(1, now_ms - then_ms));
    rate =
        restarted || then_ms == 0 ? 0 : static_cast<double>(events - events_then) * 1e3 / span_ms;
    events_then = events;
    then_ms = now_ms;
  }
};

StatusReader::StatusReader(const ProcessPlan& plan)
    : impl_(new Impl{plan.is_service, http::Client({plan.host, plan.http_port}, kTimeoutMs)}) {}
StatusReader::~StatusReader() = default;
StatusReader::StatusReader(StatusReader&& other) noexcept = default;

void StatusReader::read(ProcessSample& sample, int64_t now_ms) {
  sample.outbox = impl_->outbox;
  if (!sample.running()) return;
  const auto response = impl_->client.get(impl_->is_service ? "/status" : "/readyz");
  if (!response.ok()) return;
  sample.answers = true;
  if (response->status != 200) return;
  if (!impl_->is_service) {
    sample.ready = true;
    return;
  }
  const json status = json::parse(response->body, nullptr, false);
  if (!status.is_object()) return;
  try {
    impl_->read_status(status, sample);
  } catch (const json::exception&) {
    sample.ready = false;  // a field of another type: no status of ours
  }
  sample.outbox = impl_->outbox;
  impl_->measure_rate(sample.events, now_ms);
  sample.rate = impl_->rate;
}

}  // namespace hailstorm::lab
