#include "services/lab/platform/status_reader.h"

#include <algorithm>
#include <string>
#include <vector>

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

StatusReader::StatusReader(const ProcessPlan& plan)
    : is_service_(plan.is_service), client_({plan.host, plan.http_port}, kStatusTimeoutMs) {}

void StatusReader::read(ProcessSample& sample, int64_t now_ms) {
  sample.outbox = outbox_;
  if (!sample.running()) return;
  const auto response = client_.get(is_service_ ? "/status" : "/readyz");
  if (!response.ok()) return;
  sample.answers = true;
  if (!is_service_) return read_readiness(*response, sample);
  read_status(*response, sample, now_ms);
}

void StatusReader::read_status(const http::Response& response, ProcessSample& sample,
                               int64_t now_ms) {
  if (response.status != 200) return;
  const auto status = json::parse(response.body);
  if (!status.ok() || status->members() == nullptr) return;
  std::vector<std::string> reasons;
  json::MemberReader reader(*status);
  reader.optional("ready", sample.ready)
      .optional("events", sample.events)
      .optional("dead_letters", sample.dead_letters)
      .optional("reasons", reasons)
      .optional("outbox", outbox_);
  for (const std::string& reason : reasons) {
    sample.why_not += (sample.why_not.empty() ? "" : "; ") + reason;
  }
  if (!reader.ok()) sample.ready = false;  // a field of another type: no status of a service
  sample.outbox = outbox_;
  measure_rate(sample.events, now_ms);
  sample.rate = rate_;
}

void StatusReader::measure_rate(int64_t events, int64_t now_ms) {
  const bool restarted = events < events_then_;
  if (!restarted && now_ms - then_ms_ < kRateWindowMs) return;
  const auto span_ms = static_cast<double>(std::max<int64_t>(1, now_ms - then_ms_));
  rate_ =
      restarted || then_ms_ == 0 ? 0 : static_cast<double>(events - events_then_) * 1e3 / span_ms;
  events_then_ = events;
  then_ms_ = now_ms;
}

}  // namespace hailstorm::lab
