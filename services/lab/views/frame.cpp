#include "services/lab/views/frame.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "services/lab/views/ride_json.h"

namespace hailstorm::lab {
namespace {

/// Three decimals are enough for all that is measured here, and five for a place.
double rounded(double value, double parts = 1e3) { return std::round(value * parts) / parts; }

std::string_view state_of(const ProcessSample& one, const std::vector<FaultState>& faults) {
  if (!one.is_known) return "unknown";
  if (one.process.state == ProcessState::exited) return "exited";
  const bool is_slow = std::any_of(faults.begin(), faults.end(), [&one](const FaultState& fault) {
    return fault.is_on() && fault.request.action == FaultAction::slow &&
           fault.request.target == one.process.name;
  });
  return is_slow ? "slow" : name_of(one.process.state);
}

json::Value to_json(const ProcessSample& one, const std::vector<FaultState>& faults) {
  return {{"state", state_of(one, faults)},
          {"pid", one.process.pid},
          {"ready", one.ready},
          {"why_not", one.why_not},
          {"rate", rounded(one.rate)},
          {"lag", one.lag},
          {"lag_s", rounded(one.lag_s)},
          {"outbox", one.outbox},
          {"dead_letters", one.dead_letters},
          {"rss_kb", one.process.rss_kb},
          {"restarts", one.process.restarts}};
}

json::Value to_json(const LinkSample& link, const std::vector<FaultState>& faults) {
  json::Value on = json::Value::array();
  for (const FaultState& fault : faults) {
    if (fault.is_on() && fault.request.target == link.name) {
      on.push_back(name_of(fault.request.action));
    }
  }
  return {{"connections", link.connections}, {"faults", std::move(on)}};
}

/// What the member is started as, which stays over its restarts and is shorter than its id; else
/// that.
std::string name_of(const std::string& member, const log::GroupDescription& group) {
  for (const auto& one : group.members) {
    if (one.member_id == member && !one.instance_id.empty()) return one.instance_id;
  }
  return member;
}

/// By topic, each partition where its number says.
json::Value topics_of(const log::GroupDescription& group) {
  std::map<std::string, json::Value> topics;
  for (const auto& one : group.partitions) {
    auto& partitions = topics.try_emplace(one.id.topic, json::Value::array()).first->second;
    partitions.push_back({{"start", one.log_start_offset},
                          {"end", one.high_watermark},
                          {"committed", one.committed_offset},
                          {"owner", name_of(one.owner, group)}});
  }
  json::Value document = json::Value::object();
  for (auto& [topic, partitions] : topics) document.add(topic, std::move(partitions));
  return document;
}

json::Value to_json(const log::GroupDescription& group) {
  json::Value members = json::Value::array();
  for (const auto& one : group.members) {
    members.push_back(
        {{"id", one.member_id}, {"instance", one.instance_id}, {"epoch", one.member_epoch}});
  }
  return {{"epoch", group.info.epoch},
          {"state", group.info.state},
          {"members", std::move(members)},
          {"topics", topics_of(group)}};
}

json::Value to_json(const HopCounts& counts) {
  json::Value document = json::Value::object();
  for (size_t hop = 0; hop < kHops; ++hop) {
    document.add(std::string(name_of(static_cast<Hop>(hop))), counts[hop]);
  }
  return document;
}

json::Value to_json(const LaneFigures& lane, const HopCounts& waiting) {
  return {{"requested", lane.requested},
          {"accepted", lane.accepted},
          {"failed", lane.failed},
          {"settled", lane.settled},
          {"accepted_ratio", rounded(lane.accepted_ratio, 1e4)},
          {"rate", rounded(lane.rate)},
          {"settled_rate", rounded(lane.settled_rate)},
          {"p50_ms", rounded(lane.p50_ms)},
          {"p99_ms", rounded(lane.p99_ms)},
          {"waiting", to_json(waiting)}};
}

const HopCounts& waiting_in(const Frame& frame, events::Lane lane) {
  return frame.waiting[static_cast<size_t>(lane)];
}

json::Value rides_of(const Frame& frame) {
  json::Value rides = json::Value::array();
  for (const RideChange& one : frame.rides) rides.push_back(to_json(one, frame.t_ms));
  return rides;
}

json::Value earlier_of(const Frame& frame) {
  json::Value rides = json::Value::array();
  for (const auto& [at_ms, ride] : frame.earlier) {
    json::Value change = json::Value::array();
    change.push_back(frame.t_ms - at_ms);
    change.push_back(to_json(ride, frame.t_ms));
    rides.push_back(std::move(change));
  }
  return rides;
}

json::Value faults_of(const Frame& frame) {
  std::vector<const FaultState*> ended;
  std::vector<const FaultState*> listed;
  int64_t on = 0;
  int64_t not_proven = 0;
  for (const FaultState& one : frame.faults) {
    if (one.phase == FaultPhase::not_proven) ++not_proven;
    if (one.is_on() || one.reverted_at_ms == 0) {
      listed.push_back(&one);
      on += one.is_on() ? 1 : 0;
    } else if (one.reverted_at_ms > frame.t_ms - kEndedFaultsMs) {
      ended.push_back(&one);
    }
  }
  const size_t left_out = ended.size() - std::min(ended.size(), kMaxEndedFaults);
  listed.insert(listed.end(), ended.begin() + static_cast<std::ptrdiff_t>(left_out), ended.end());
  json::Value list = json::Value::array();
  for (const FaultState* one : listed) list.push_back(to_json(*one));
  return {{"on", on}, {"not_proven", not_proven}, {"list", std::move(list)}};
}

json::Value events_of(const Frame& frame) {
  json::Value events = json::Value::array();
  for (const LabEvent& one : frame.events) {
    events.push_back({{"id", one.id}, {"t_ms", one.t_ms}, {"text", one.text}});
  }
  return events;
}

}  // namespace

json::Value to_json(const Frame& frame) {
  json::Value processes = json::Value::object();
  for (const auto& one : frame.platform.processes) {
    processes.add(one.process.name, to_json(one, frame.faults));
  }
  json::Value links = json::Value::object();
  for (const auto& one : frame.platform.links) links.add(one.name, to_json(one, frame.faults));
  json::Value groups = json::Value::object();
  for (const auto& [name, group] : frame.platform.groups) groups.add(name, to_json(group));
  return {{"v", 1},
          {"run", frame.run},
          {"seq", frame.seq},
          {"t_ms", frame.t_ms},
          {"processes", std::move(processes)},
          {"links", std::move(links)},
          {"lag_known", frame.platform.lag_known},
          {"groups", std::move(groups)},
          {"lanes",
           {{"log", to_json(frame.log, waiting_in(frame, events::Lane::log))},
            {"chain", to_json(frame.chain, waiting_in(frame, events::Lane::chain))}}},
          {"traffic", frame.traffic},
          {"rides", rides_of(frame)},
          {"earlier", earlier_of(frame)},
          {"zones", to_json(frame.zones)},
          {"faults", faults_of(frame)},
          {"events", events_of(frame)}};
}

}  // namespace hailstorm::lab
