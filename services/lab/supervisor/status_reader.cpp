#include "services/lab/supervisor/status_reader.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/http/client.h"
#include "common/json/json.h"
#include "common/json/member_reader.h"

namespace hailstorm::lab {
namespace {

constexpr int kStatusTimeoutMs = 500;
// The rate is taken over at least this long, or it would jump about.
constexpr int64_t kRateWindowMs = 900;

void read_readiness(const http::Response& response, ProcessSample& sample) {
  sample.ready = response.status == 200;
  const auto body = json::parse(response.body);
  if (!sample.ready && body.ok()) json::MemberReader(*body).optional("detail", sample.why_not);
}

}  // namespace

struct StatusReader::Impl {
  bool is_service;
  http::Client client;
  int64_t outbox = 0;
  int64_t events_then = 0;
  int64_t then_ms = 0;
  double rate = 0;

  void read_status(const json::Value& status, ProcessSample& sample) {
    std::vector<std::string> reasons;
    json::MemberReader reader(status);
    reader.optional("ready", sample.ready)
        .optional("events", sample.events)
        .optional("dead_letters", sample.dead_letters)
        .optional("reasons", reasons)
        .optional("outbox", outbox);
    for (const std::string& reason : reasons) {
      sample.why_not += (sample.why_not.empty() ? "" : "; ") + reason;
    }
    if (!reader.ok()) sample.ready = false;  // a field of another type: no status of a service
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
    : impl_(
          new Impl{plan.is_service, http::Client({plan.host, plan.http_port}, kStatusTimeoutMs)}) {}
StatusReader::~StatusReader() = default;
StatusReader::StatusReader(StatusReader&& other) noexcept = default;

void StatusReader::read(ProcessSample& sample, int64_t now_ms) {
  sample.outbox = impl_->outbox;
  if (!sample.running()) return;
  const auto response = impl_->client.get(impl_->is_service ? "/status" : "/readyz");
  if (!response.ok()) return;
  sample.answers = true;
  if (!impl_->is_service) return read_readiness(*response, sample);
  if (response->status != 200) return;
  const auto status = json::parse(response->body);
  if (!status.ok() || status->members() == nullptr) return;
  impl_->read_status(*status, sample);
  sample.outbox = impl_->outbox;
  impl_->measure_rate(sample.events, now_ms);
  sample.rate = impl_->rate;
}

}  // namespace hailstorm::lab
