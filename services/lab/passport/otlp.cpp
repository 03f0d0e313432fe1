#include "services/lab/passport/otlp.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace hailstorm::lab {
namespace {

// OTLP's numbers for the kinds of spans, and for a status.
constexpr int kInternal = 1;
constexpr int kServer = 2;
constexpr int kProducer = 4;
constexpr int kConsumer = 5;
constexpr int kError = 2;

/// FNV-1a, never 0, which is no id.
uint64_t hash_of(std::string_view text) {
  uint64_t hash = 14'695'981'039'346'656'037U;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 1'099'511'628'211U;
  return hash == 0 ? 1 : hash;
}

std::string span_id_of(const std::string& name) { return fmt::format("{:016x}", hash_of(name)); }

/// The fields of a traceparent, "00-TRACE-SPAN-FLAGS".
struct Trace {
  std::string id;
  std::string parent;  // empty: none
};

Trace trace_of(const Passport& passport) {
  const std::string& text = passport.traceparent;
  if (text.size() >= 52) return {text.substr(3, 32), text.substr(36, 16)};
  return {fmt::format("{:016x}{:016x}", hash_of(passport.ride_id),
                      hash_of(passport.ride_id + "/trace")),
          ""};
}

std::string nanos(int64_t time_ms) { return fmt::format("{}000000", time_ms); }

/// Times are whole milliseconds: what ended in one ends with it. A span without any length is
/// taken for a wrong one by those who read traces.
std::string end_nanos(int64_t time_ms) { return nanos(time_ms + 1); }

json::Value attribute(std::string_view name, const json::Value& value) {
  if (const auto integer = value.integer())
    return {{"key", name}, {"value", {{"intValue", std::to_string(*integer)}}}};
  const std::string text = value.text() != nullptr ? *value.text() : json::to_text(value);
  return {{"key", name}, {"value", {{"stringValue", text}}}};
}

json::Value attributes_of(const PassportEntry& entry) {
  json::Value all = json::Value::array();
  all.push_back(attribute("hailstorm.lane", entry.lane));
  all.push_back(attribute("hailstorm.what", entry.what));
  all.push_back(attribute("hailstorm.detail", entry.detail));
  for (const auto& [name, value] : *entry.more.members())
    all.push_back(attribute("hailstorm." + name, value));
  return all;
}

int kind_of(const PassportEntry& entry) {
  if (entry.what == "appended" || entry.what == "replayed") return kProducer;
  return entry.what == "handled" ? kConsumer : kInternal;
}

/// Builds spans, by the service that each belongs to.
class TraceBuilder {
 public:
  explicit TraceBuilder(const Passport& passport)
      : passport_(passport), trace_(trace_of(passport)), root_(span_id_of(passport.ride_id)) {
    for (const auto& entry : passport.entries) {
      if (!entry.time_ms) continue;
      first_ms_ = first_ms_ == 0 ? *entry.time_ms : std::min(first_ms_, *entry.time_ms);
      last_ms_ = std::max(last_ms_, *entry.time_ms);
    }
  }

  json::Value build() {
    add_root();
    for (size_t i = 0; i < passport_.entries.size(); ++i) add(i);
    json::Value resources = json::Value::array();
    for (auto& [service, spans] : spans_) {
      json::Value scope = json::Value::array();
      scope.push_back({{"scope", {{"name", "hailstorm"}}}, {"spans", std::move(spans)}});
      json::Value own = json::Value::array();
      own.push_back(attribute("service.name", service));
      resources.push_back(
          {{"resource", {{"attributes", std::move(own)}}}, {"scopeSpans", std::move(scope)}});
    }
    return {{"resourceSpans", std::move(resources)}};
  }

 private:
  json::Value& spans_of(const std::string& service) {
    return spans_.try_emplace(service, json::Value::array()).first->second;
  }

  void add_root() {
    json::Value attributes = json::Value::array();
    attributes.push_back(attribute("hailstorm.ride_id", passport_.ride_id));
    attributes.push_back(attribute("hailstorm.rider_id", passport_.rider_id));
    json::Value span = {{"traceId", trace_.id}, {"spanId", root_}};
    if (!trace_.parent.empty()) span.add("parentSpanId", trace_.parent);
    span.add("name", "ride");
    span.add("kind", kServer);
    span.add("startTimeUnixNano", nanos(first_ms_));
    span.add("endTimeUnixNano", end_nanos(last_ms_));
    span.add("attributes", std::move(attributes));
    spans_of("gateway").push_back(std::move(span));
  }

  /// What an entry followed from: the newest one before it that can be its cause.
  const PassportEntry* cause_of(size_t index) const {
    const auto& entry = passport_.entries[index];
    const PassportEntry* cause = nullptr;
    for (size_t i = 0; i < index; ++i) {
      const auto& other = passport_.entries[i];
      const bool is_record = other.what == "appended" && other.event == entry.event;
      const bool is_same_event =
          entry.event.empty() ? other.time_ms == entry.time_ms : other.event == entry.event;
      const bool is_same_work = other.what == "handled" && other.by == entry.by && is_same_event;
      if (entry.what == "handled" || entry.what == "skipped") {
        if (is_record) cause = &other;
      } else if (entry.lane == other.lane && is_same_work) {
        cause = &other;
      }
    }
    return cause;
  }

  [[nodiscard]] std::string id_of(const PassportEntry& entry) const {
    const auto index = &entry - passport_.entries.data();
    return span_id_of(fmt::format("{}/{}/{}", passport_.ride_id, index, entry.what));
  }

  void add(size_t index) {
    const auto& entry = passport_.entries[index];
    const PassportEntry* const cause = cause_of(index);
    const int64_t end_ms = entry.time_ms.value_or(first_ms_);
    const bool waited = entry.what == "handled" && cause != nullptr && cause->time_ms;
    const int64_t begin_ms = waited ? std::min(*cause->time_ms, end_ms) : end_ms;
    const json::Value* source = entry.more.find("source");
    std::string service = entry.by;
    if (source != nullptr && source->text() != nullptr && source->text()->rfind('/') < 100)
      service = source->text()->substr(source->text()->rfind('/') + 1);
    json::Value span = {{"traceId", trace_.id},
                        {"spanId", id_of(entry)},
                        {"parentSpanId", cause != nullptr ? id_of(*cause) : root_},
                        {"name", entry.event.empty() ? entry.what : entry.what + " " + entry.event},
                        {"kind", kind_of(entry)},
                        {"startTimeUnixNano", nanos(begin_ms)},
                        {"endTimeUnixNano", end_nanos(end_ms)},
                        {"attributes", attributes_of(entry)}};
    if (entry.what == "dead letter")
      span.add("status", {{"code", kError}, {"message", entry.detail}});
    spans_of(service).push_back(std::move(span));
  }

  const Passport& passport_;
  const Trace trace_;
  const std::string root_;
  int64_t first_ms_ = 0;
  int64_t last_ms_ = 0;
  std::map<std::string, json::Value> spans_;
};

}  // namespace

json::Value to_otlp(const Passport& passport) { return TraceBuilder(passport).build(); }

}  // namespace hailstorm::lab
