#include "tests/support/scripted_lab.h"

#include "common/base/check.h"
#include "common/json/member_reader.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/registry/dependencies.h"

namespace hailstorm::testing {
namespace {

using lab::FaultPhase;
using lab::FaultState;

json::Value process_json() {
  return {{"state", "running"}, {"ready", true}, {"rate", 40.0},     {"lag", 0},
          {"lag_s", 0.0},       {"outbox", 0},   {"dead_letters", 0}};
}

json::Value lane_json(int64_t rides) {
  return {{"requested", rides}, {"accepted", rides}, {"failed", 0},
          {"settled", rides},   {"p50_ms", 2.0},     {"p99_ms", 8.0}};
}

json::Value counts_json(int64_t rides, int64_t lost) {
  return {{"requested", rides}, {"accepted", rides}, {"settled", rides - lost},
          {"lost", lost},       {"duplicated", 0},   {"orphaned", 0}};
}

json::Value list_of(const std::vector<FaultState>& faults) {
  json::Value list = json::Value::array();
  for (const auto& one : faults) list.push_back(to_json(one));
  return list;
}

}  // namespace

ScriptedLab::ScriptedLab() : server_({.port = port_}, token_) {}

void ScriptedLab::start() {
  const auto with_lock = [this](auto work) {
    return [this, work](const http::Request& request) {
      const std::lock_guard lock(mutex_);
      let_time_pass();
      return lab::answer(work(request));
    };
  };
  using Answer = Result<json::Value>;
  server_.on_read("GET", "/api/state",
                  with_lock([this](const auto&) -> Answer { return frame(); }));
  server_.on_read("GET", "/api/audit",
                  with_lock([this](const auto&) -> Answer { return audit(); }));
  server_.on_read("GET", "/api/faults", with_lock([this](const auto&) -> Answer {
                    return json::Value{{"faults", list_of(faults_)}};
                  }));
  server_.on_read("GET", "/api/faults/{id}", with_lock([this](const auto& request) -> Answer {
                    for (const auto& one : faults_) {
                      if (one.request.id == request.captures.at(0)) return to_json(one);
                    }
                    return Error(lab::ApiErrc::not_found, "there is no such fault");
                  }));
  server_.on_change("POST", "/api/faults", with_lock([this](const auto& request) -> Answer {
                      HAIL_ASSIGN_OR_RETURN(const auto document, lab::body_of(request));
                      return inject(document);
                    }));
  server_.on_change("POST", "/api/faults/reset", with_lock([this](const auto&) -> Answer {
                      for (auto& one : faults_) one.reverts_at_ms = 0;
                      return json::Value{{"reverted", 0}};
                    }));
  server_.on_change("PUT", "/api/traffic", with_lock([this](const auto& request) -> Answer {
                      HAIL_ASSIGN_OR_RETURN(const auto document, lab::body_of(request));
                      double rate = 0;
                      json::MemberReader(document).optional("rate", rate);
                      set_rate(rate);
                      return document;
                    }));
  HAIL_CHECK(server_.start().ok());
}

lab::LabClient ScriptedLab::client() const {
  return lab::LabClient({"127.0.0.1", port_}, bearer());
}
std::string ScriptedLab::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::vector<FaultState> ScriptedLab::faults() {
  const std::lock_guard lock(mutex_);
  return faults_;
}
std::vector<double> ScriptedLab::rates() {
  const std::lock_guard lock(mutex_);
  return rates_;
}

void ScriptedLab::set_rate(double rate) { rates_.push_back(rate); }

void ScriptedLab::let_time_pass() {
  const int64_t now_ms = clock_.wall_ms();
  const double rate = rates_.empty() ? 0 : rates_.back();
  if (counted_at_ms_ != 0) rides_ += rate * static_cast<double>(now_ms - counted_at_ms_) / 1e3;
  counted_at_ms_ = now_ms;
  for (auto& one : faults_) {
    if (!one.is_on() || now_ms < one.reverts_at_ms) continue;
    one.reverted_at_ms = one.proven_off_at_ms = now_ms;
    if (one.phase != FaultPhase::not_proven) one.phase = FaultPhase::proven_off;
    change(one);
  }
}

Result<json::Value> ScriptedLab::inject(const json::Value& document) {
  HAIL_ASSIGN_OR_RETURN(auto request, lab::fault_request_of(document));
  if (auto refused = refuse(request)) return std::move(*refused);
  for (const auto& one : faults_) {
    if (!one.is_on() || one.request.target != request.target) continue;
    if (one.request.action == request.action) return Error(lab::ApiErrc::conflict, "held by us");
  }
  FaultState state;
  state.request = std::move(request);
  if (state.request.id.empty()) state.request.id = "f" + std::to_string(faults_.size());
  state.phase = FaultPhase::proven;
  state.asked_at_ms = state.injected_at_ms = state.proven_at_ms = clock_.wall_ms();
  state.reverts_at_ms = state.injected_at_ms + state.request.duration_ms;
  state.evidence = "the script says so";
  change(state);
  faults_.push_back(state);
  return to_json(state);
}

json::Value ScriptedLab::frame() {
  json::Value processes = json::Value::object();
  for (const auto& name : registry::process_names()) processes.add(name, process_json());
  const auto rides = static_cast<int64_t>(rides_);
  json::Value frame = {{"v", 1},
                       {"run", "scripted"},
                       {"seq", ++seq_},
                       {"t_ms", clock_.wall_ms()},
                       {"processes", std::move(processes)},
                       {"lanes", {{"log", lane_json(rides)}, {"chain", lane_json(rides)}}},
                       {"traffic", {{"rate", rates_.empty() ? 0.0 : rates_.back()}}},
                       {"faults", {{"on", 0}, {"not_proven", 0}, {"list", list_of(faults_)}}}};
  std::vector<FaultState> on;
  for (const auto& one : faults_) {
    if (one.is_on()) on.push_back(one);
  }
  paint(frame, on);
  return frame;
}

json::Value ScriptedLab::audit() {
  const auto rides = static_cast<int64_t>(rides_);
  return {{"log", counts_json(rides, lost)},
          {"chain", counts_json(rides, 0)},
          {"stores", {{"double_booked", 0}, {"ledger_sum_cents", 0}, {"altered_entries", 0}}},
          {"log_files", {{"misordered", 0}, {"corrupt", 0}}},
          {"offences", json::Value::array()}};
}

}  // namespace hailstorm::testing
