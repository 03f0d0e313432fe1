#include "services/lab/links/link_faults.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <utility>
#include <vector>

#include "services/lab/links/flow_faults.h"
#include "services/lab/links/link_probe.h"

namespace hailstorm::lab {
namespace {

using std::chrono::milliseconds;
using Seen = LinkProbe::Seen;

constexpr milliseconds kPatience(850);      // of one look
constexpr milliseconds kSilence(250);       // so long nothing comes: then nothing is carried
constexpr milliseconds kResetTakes(100);    // longer than a reset needs to arrive
constexpr double kRateTolerance = 1.3;      // for what a link saves while it is idle
constexpr int64_t kBandwidthProbeMs = 200;  // a probe's bytes take so long at the rate
constexpr int64_t kMostProbeBytes = 4 << 20;
constexpr int64_t kBeyondLimitBytes = 1'000;
constexpr int64_t kMostSlices = 8;
constexpr int64_t kSureDelayUs = 2'000;

/// What all faults of a link share. Each direction is probed by a connection of its own; a fault is
/// proven when each of its directions shows it.
class LinkFaultBase : public Fault {
 public:
  LinkFaultBase(LinkRelay& relay, std::string link, LinkFault fault)
      : relay_(relay), link_(std::move(link)), fault_(std::move(fault)) {}

  Status inject() override {
    probes_.clear();
    return relay_.put(link_, fault_);
  }
  Status revert() override {
    probes_.clear();
    return relay_.clear(link_, fault_.action);
  }
  Probe is_in_effect() override {
    for (const Stream stream : fault_.streams()) {
      if (probes_.size() == fault_.streams().size()) break;  // they go on
      auto probe = LinkProbe::begin(relay_, link_, fault_.action, stream, probe_bytes());
      if (!probe.ok()) return {Effect::unclear, probe.error().message()};
      probes_.push_back(std::move(probe).value());
    }
    watch(probes_);
    std::vector<Probe> all;
    for (const auto& one : probes_) all.push_back(look(one));
    if (!goes_on(all)) probes_.clear();
    return together(all);
  }

 protected:
  [[nodiscard]] virtual size_t probe_bytes() const { return 1; }
  virtual void watch(std::vector<LinkProbe>& probes) const { LinkProbe::watch(probes, kPatience); }
  [[nodiscard]] virtual Probe look(const LinkProbe& probe) const = 0;
  /// The same connections are looked at again.
  [[nodiscard]] virtual bool goes_on(const std::vector<Probe>& /*all*/) const { return false; }
  [[nodiscard]] const FlowFaults& effect() const { return fault_.effect; }

 private:
  [[nodiscard]] Probe together(const std::vector<Probe>& all) const {
    Probe result = {all.front().effect, {}};
    std::vector<std::string> evidence;
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i].effect != result.effect) result.effect = Effect::unclear;
      evidence.push_back(fmt::format("{}: {}", name_of(fault_.streams()[i]), all[i].evidence));
    }
    result.evidence = fmt::format("{}", fmt::join(evidence, ", "));
    return result;
  }

  LinkRelay& relay_;
  const std::string link_;
  const LinkFault fault_;
  std::vector<LinkProbe> probes_;
};

std::string nothing_in(const LinkProbe& probe) {
  return fmt::format("no byte came in {} ms", probe.age_us() / 1'000);
}

std::string took(int64_t us) {
  return fmt::format("a byte took {:.1f} ms", static_cast<double>(us) / 1e3);
}

class LatencyFault final : public LinkFaultBase {
 public:
  using LinkFaultBase::LinkFaultBase;

 protected:
  Probe look(const LinkProbe& probe) const override {
    const auto& latency = *effect().latency;
    const int64_t least_us = std::max(latency.latency_us - latency.jitter_us,
                                      std::min(latency.latency_us, kSureDelayUs));
    const Seen& seen = probe.seen();
    if (seen.is_all) {
      return {seen.first_us >= least_us ? Effect::on : Effect::off, took(seen.first_us)};
    }
    const bool may_take_longer = latency.latency_us + latency.jitter_us > probe.age_us();
    return {may_take_longer ? Effect::on : Effect::unclear, nothing_in(probe)};
  }
};

class BandwidthFault final : public LinkFaultBase {
 public:
  using LinkFaultBase::LinkFaultBase;

 protected:
  size_t probe_bytes() const override {
    const int64_t bytes = *effect().bandwidth_bytes_s * kBandwidthProbeMs / 1'000;
    return static_cast<size_t>(std::clamp<int64_t>(bytes, 1, kMostProbeBytes));
  }
  Probe look(const LinkProbe& probe) const override {
    const Seen& seen = probe.seen();
    const auto took_us = static_cast<double>(seen.is_all ? seen.last_us : probe.age_us());
    const double bytes_s = static_cast<double>(seen.bytes) * 1e6 / std::max(1.0, took_us);
    const bool is_slow =
        bytes_s <= static_cast<double>(*effect().bandwidth_bytes_s) * kRateTolerance;
    return {is_slow ? Effect::on : Effect::off,
            fmt::format("{} bytes took {:.1f} ms, {:.0f} kB/s", seen.bytes, took_us / 1e3,
                        bytes_s / 1e3)};
  }
};

class TimeoutFault final : public LinkFaultBase {
 public:
  using LinkFaultBase::LinkFaultBase;

 protected:
  void watch(std::vector<LinkProbe>& probes) const override { LinkProbe::watch(probes, kSilence); }
  Probe look(const LinkProbe& probe) const override {
    if (probe.seen().is_all) return {Effect::off, took(probe.seen().first_us)};
    if (probe.seen().is_ended) return {Effect::on, "no byte came before the connection's end"};
    return {Effect::on, nothing_in(probe)};
  }
};

class ResetPeerFault final : public LinkFaultBase {
 public:
  using LinkFaultBase::LinkFaultBase;

 protected:
  void watch(std::vector<LinkProbe>& probes) const override {
    const int64_t left_us = latest_us() - probes.front().age_us();
    const auto left = std::chrono::ceil<milliseconds>(std::chrono::microseconds(left_us));
    LinkProbe::watch(probes, std::min(kPatience, left), /*for_end=*/true);
  }
  Probe look(const LinkProbe& probe) const override {
    const int64_t age_ms = probe.age_us() / 1'000;
    if (probe.seen().is_reset) {
      return {Effect::on, fmt::format("a connection was reset within {} ms", age_ms)};
    }
    return {probe.age_us() >= latest_us() ? Effect::off : Effect::unclear,
            fmt::format("a connection lives after {} ms", age_ms)};
  }
  bool goes_on(const std::vector<Probe>& all) const override {
    return std::any_of(all.begin(), all.end(),
                       [](const Probe& one) { return one.effect == Effect::unclear; });
  }

 private:
  [[nodiscard]] int64_t latest_us() const {
    return effect().reset_peer->after_us + std::chrono::microseconds(kResetTakes).count();
  }
};

class SlicerFault final : public LinkFaultBase {
 public:
  using LinkFaultBase::LinkFaultBase;

 protected:
  size_t probe_bytes() const override {
    return static_cast<size_t>(slices() * largest() - largest() + 1);
  }
  Probe look(const LinkProbe& probe) const override {
    const Seen& seen = probe.seen();
    const int64_t pauses_us = (slices() - 1) * effect().slicer->delay_us;
    const bool is_sliced = seen.pieces > 1 && seen.last_us >= pauses_us;
    const Effect found = is_sliced ? Effect::on : Effect::off;
    return {seen.is_all ? found : Effect::unclear,
            fmt::format("{} bytes came in {} pieces within {:.1f} ms", seen.bytes, seen.pieces,
                        static_cast<double>(seen.last_us) / 1e3)};
  }

 private:
  [[nodiscard]] int64_t largest() const {
    return effect().slicer->average_size_bytes + effect().slicer->size_variation_bytes;
  }
  /// So many pieces at least come within one look; a small block comes in one piece without them.
  [[nodiscard]] int64_t slices() const {
    const int64_t delay_us = std::max<int64_t>(1, effect().slicer->delay_us);
    const int64_t fit = std::chrono::microseconds(kPatience).count() / 4 / delay_us;
    return std::clamp<int64_t>(fit, 2, kMostSlices);
  }
};

class LimitDataFault final : public LinkFaultBase {
 public:
  using LinkFaultBase::LinkFaultBase;

 protected:
  size_t probe_bytes() const override {
    return static_cast<size_t>(effect().limit_data->bytes + kBeyondLimitBytes);
  }
  Probe look(const LinkProbe& probe) const override {
    const Seen& seen = probe.seen();
    if (seen.is_all) return {Effect::off, fmt::format("{} bytes came", seen.bytes)};
    const bool is_exact = static_cast<int64_t>(seen.bytes) == effect().limit_data->bytes;
    return {seen.is_ended && is_exact ? Effect::on : Effect::unclear,
            fmt::format("{} bytes came, and the connection {}", seen.bytes,
                        seen.is_ended ? "ended" : "lives")};
  }
};

template <class OneFault>
std::unique_ptr<Fault> make(LinkRelay& relay, const FaultRequest& request, LinkFault fault) {
  return std::make_unique<OneFault>(relay, request.target, std::move(fault));
}

std::unique_ptr<Fault> make_of_its_kind(LinkRelay& relay, const FaultRequest& request,
                                        LinkFault fault) {
  switch (request.action) {
    case FaultAction::latency:
      return make<LatencyFault>(relay, request, std::move(fault));
    case FaultAction::bandwidth:
      return make<BandwidthFault>(relay, request, std::move(fault));
    case FaultAction::timeout:
      return make<TimeoutFault>(relay, request, std::move(fault));
    case FaultAction::reset_peer:
      return make<ResetPeerFault>(relay, request, std::move(fault));
    case FaultAction::slicer:
      return make<SlicerFault>(relay, request, std::move(fault));
    default:
      return make<LimitDataFault>(relay, request, std::move(fault));
  }
}

}  // namespace

FaultMaker link_fault_maker(LinkRelay& relay) {
  return [&relay](const FaultRequest& request) -> Result<std::unique_ptr<Fault>> {
    if (!is_of_a_link(request.action)) {
      return Error(FaultErrc::unknown_target,
                   fmt::format("{} is no fault of a link", name_of(request.action)));
    }
    if (!relay.describe(request.target).ok()) {
      return Error(FaultErrc::unknown_target, fmt::format("no link is named {}", request.target));
    }
    HAIL_ASSIGN_OR_RETURN(auto fault, link_fault_of(request));
    return make_of_its_kind(relay, request, std::move(fault));
  };
}

}  // namespace hailstorm::lab
