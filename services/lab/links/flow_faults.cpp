#include "services/lab/links/flow_faults.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/enum_name.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kKilobyte = 1'000;  // as Toxiproxy counts

Error bad_attribute(std::string why) { return {FaultErrc::bad_request, std::move(why)}; }

struct Attribute {
  std::string_view name;
  std::string_view toxiproxys_name;
  int64_t least;
  int64_t most;
  std::optional<int64_t> fallback = std::nullopt;  // nothing: it must be given
};

/// Reads an object's members, and notes the first that is wrong.
class AttributeReader {
 public:
  explicit AttributeReader(const json::Value& attributes) : attributes_(attributes) {}

  int64_t read(const Attribute& one) {
    known_.emplace_back(one.name);
    known_.emplace_back(one.toxiproxys_name);
    const auto* value = attributes_.find(one.name);
    if (value == nullptr) value = attributes_.find(one.toxiproxys_name);
    const auto number = value == nullptr ? one.fallback : value->integer();
    if (number && *number >= one.least && *number <= one.most) return *number;
    note(fmt::format("attributes.{} must be a whole number from {} to {}", one.name, one.least,
                     one.most));
    return one.least;
  }

  void read_stream(LinkFault& fault) {
    known_.emplace_back("stream");
    const auto* value = attributes_.find("stream");
    if (value == nullptr) return;
    const auto* stream = value->text();
    const bool is_known = stream != nullptr && (*stream == "upstream" || *stream == "downstream");
    if (!is_known) return note("attributes.stream must be \"upstream\" or \"downstream\"");
    fault.is_upstream = *stream == "upstream";
    fault.is_downstream = !fault.is_upstream;
  }

  [[nodiscard]] Status status() {
    for (const auto& member : *attributes_.members()) {
      if (std::find(known_.begin(), known_.end(), member.name) != known_.end()) continue;
      note(fmt::format("attributes.{} is not known here: give {}", member.name,
                       fmt::join(known_, ", ")));
    }
    if (problem_.empty()) return {};
    return bad_attribute(problem_);
  }

 private:
  void note(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  const json::Value& attributes_;
  std::vector<std::string> known_;
  std::string problem_;
};

FlowFaults effect_of(FaultAction action, AttributeReader& reader) {
  FlowFaults effect;
  switch (action) {
    case FaultAction::latency: {
      const int64_t latency_ms = reader.read({"latency_ms", "latency", 1, 60'000});
      const int64_t jitter_ms = reader.read({"jitter_ms", "jitter", 0, 60'000, 0});
      effect.latency = {latency_ms * 1'000, jitter_ms * 1'000};
      break;
    }
    case FaultAction::bandwidth:
      effect.bandwidth_bytes_s = reader.read({"rate_kb_s", "rate", 1, 100'000}) * kKilobyte;
      break;
    case FaultAction::timeout:
      effect.timeout = {reader.read({"timeout_ms", "timeout", 0, kDayMs, 0}) * 1'000, 0};
      break;
    case FaultAction::reset_peer:
      effect.reset_peer = {reader.read({"timeout_ms", "timeout", 0, 2'000, 0}) * 1'000, 0};
      break;
    case FaultAction::slicer: {
      const int64_t size = reader.read({"average_size_bytes", "average_size", 1, 16'384});
      const int64_t variation =
          reader.read({"size_variation_bytes", "size_variation", 0, size - 1, 0});
      effect.slicer = {size, variation, reader.read({"delay_us", "delay", 0, 500'000, 1'000})};
      break;
    }
    default:
      effect.limit_data = {reader.read({"bytes", "bytes", 1, 64'000'000}), 0};
  }
  return effect;
}

}  // namespace

std::string_view name_of(Stream stream) { return enum_name(stream); }

std::vector<Stream> LinkFault::streams() const {
  std::vector<Stream> all;
  if (is_upstream) all.push_back(Stream::upstream);
  if (is_downstream) all.push_back(Stream::downstream);
  return all;
}

void FlowFaults::take(FaultAction action, const FlowFaults& from) {
  switch (action) {
    case FaultAction::latency:
      latency = from.latency;
      break;
    case FaultAction::bandwidth:
      bandwidth_bytes_s = from.bandwidth_bytes_s;
      break;
    case FaultAction::timeout:
      timeout = from.timeout;
      break;
    case FaultAction::reset_peer:
      reset_peer = from.reset_peer;
      break;
    case FaultAction::slicer:
      slicer = from.slicer;
      break;
    case FaultAction::limit_data:
      limit_data = from.limit_data;
      break;
    default:
      break;
  }
}

bool FlowFaults::is_any_on() const {
  return latency || bandwidth_bytes_s || timeout || reset_peer || slicer || limit_data;
}

bool is_of_a_link(FaultAction action) {
  return action >= FaultAction::latency && action <= FaultAction::limit_data;
}

Result<LinkFault> link_fault_of(const FaultRequest& request) {
  if (!is_of_a_link(request.action)) {
    return bad_attribute(fmt::format("{} is not a fault of a link", name_of(request.action)));
  }
  if (request.attributes.members() == nullptr) return bad_attribute("attributes is no object");
  LinkFault fault;
  fault.action = request.action;
  fault.seed = request.seed;
  AttributeReader reader(request.attributes);
  fault.effect = effect_of(request.action, reader);
  reader.read_stream(fault);
  HAIL_RETURN_IF_ERROR(reader.status());
  return fault;
}

}  // namespace hailstorm::lab
