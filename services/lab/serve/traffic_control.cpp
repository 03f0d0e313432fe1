#include "services/lab/serve/traffic_control.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fmt/format.h>
#include <iterator>
#include <sys/wait.h>
#include <thread>
#include <utility>

#include "common/base/logging.h"
#include "common/json/member_reader.h"
#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto kLookEvery = std::chrono::milliseconds(50);
constexpr double kHighestRate = 100'000;
// All rides of a process are drawn before the first is sent.
constexpr double kMostRidesOfABatch = 100'000;
constexpr double kLongestBatchS = 600;
constexpr size_t kMostBatches = 8;
constexpr int64_t kBeginsWithinMs = 5'000;
constexpr int64_t kEndsWithinMs = 3'000;

int64_t batch_size(double rate) {
  return std::max<int64_t>(1, std::llround(std::min(rate * kLongestBatchS, kMostRidesOfABatch)));
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& one : all) text += (text.empty() ? "" : ",") + one;
  return text;
}

Error bad_request(std::string why) { return {ApiErrc::bad_request, std::move(why)}; }

}  // namespace

Result<TrafficOrder> traffic_order_of(const json::Value& document, const TrafficOrder& before) {
  TrafficOrder order = before;
  json::MemberReader reader(document);
  reader.optional("rate", order.rate).optional("lanes", order.lanes);
  if (!reader.ok()) return bad_request(reader.status().error().message());
  if (!(order.rate >= 0 && order.rate <= kHighestRate)) {
    return bad_request(fmt::format("rate is {}: give 0 to {} rides/s", order.rate, kHighestRate));
  }
  if (order.rate > 0 && order.rate < 0.001) return bad_request("rate is below 0.001 rides/s");
  auto lanes = order.lanes;
  std::sort(lanes.begin(), lanes.end());
  const bool known = std::all_of(lanes.begin(), lanes.end(),
                                 [](const auto& one) { return events::lane_named(one); });
  const bool twice = std::adjacent_find(lanes.begin(), lanes.end()) != lanes.end();
  if (lanes.empty() || !known || twice) {
    return bad_request("lanes: give some of \"log\" and \"chain\", each once");
  }
  return order;
}

TrafficControl::TrafficControl(Settings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock), owner_(kLookEvery, [this] { tick(); }) {}

TrafficControl::~TrafficControl() {
  owner_.run([this] {
    order_.rate = 0;
    ask_all_to_end(0);
    const int64_t deadline_ms = clock_.steady_ms() + kEndsWithinMs;
    for (auto& one : batches_) {
      const int64_t left_ms = std::max<int64_t>(0, deadline_ms - clock_.steady_ms());
      if (!await_exit(one.pid, static_cast<int>(left_ms))) ::kill(one.pid, SIGKILL);
      ::waitpid(one.pid, nullptr, 0);
    }
    batches_.clear();
  });
}

int64_t TrafficControl::Batch::count_rides() {
  for (const Answer& answer : answers.read_new()) ++lines[static_cast<size_t>(answer.lane)];
  return *std::max_element(std::begin(lines), std::end(lines));
}

SpawnRequest TrafficControl::request_of(int64_t rides, const fs::path& answers) const {
  SpawnRequest request;
  request.argv = {settings_.program.string(),
                  "--gateway",
                  settings_.gateway,
                  "--trips",
                  settings_.trips.empty() ? "none" : settings_.trips,
                  "--seed",
                  std::to_string(settings_.seed),
                  "--claims",
                  settings_.claims.string(),
                  "--rides",
                  std::to_string(rides),
                  "--rate",
                  fmt::format("{}", order_.rate),
                  "--lanes",
                  joined(order_.lanes),
                  "--out",
                  answers.string(),
                  "--act",
                  "live"};
  request.log_file = (settings_.data / "lab" / "riders.log").string();
  return request;
}

/// Starts a process for the order, and waits until it rides.
Status TrafficControl::send() {
  const int64_t rides = batch_size(order_.rate);
  const fs::path answers = settings_.data / "traffic" /
                           fmt::format("live-{}-{}.jsonl", clock_.wall_ms(), ++batches_begun_);
  const auto pid = spawn(request_of(rides, answers));
  if (!pid.ok()) return Error(ApiErrc::failed, pid.error().message());
  batches_.push_back({*pid, AnswerReader(answers)});
  const int64_t began_ms = clock_.steady_ms();
  std::error_code not_there;
  while (!fs::exists(answers, not_there) && clock_.steady_ms() - began_ms < kBeginsWithinMs) {
    if (await_exit(*pid, 2)) break;  // the next look says why
  }
  next_at_ms_ = clock_.steady_ms() + std::llround(static_cast<double>(rides) * 1e3 / order_.rate);
  return {};
}

void TrafficControl::ask_all_to_end(size_t but_the_last) {
  for (size_t i = 0; i + but_the_last < batches_.size(); ++i) {
    ::kill(batches_[i].pid, SIGTERM);
    batches_[i].is_asked_to_end = true;
  }
}

void TrafficControl::note_end(int status, bool is_current) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  problem_ = fmt::format("riders ended by themselves ({} {}); see {}",
                         WIFSIGNALED(status) ? "signal" : "exit code",
                         WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                         (settings_.data / "lab" / "riders.log").string());
  log_warn("riders ended by themselves", {{"status", status}});
  if (is_current) order_.rate = 0;  // else they would be started again and again
}

void TrafficControl::reap() {
  for (auto one = batches_.begin(); one != batches_.end();) {
    int status = 0;
    if (::waitpid(one->pid, &status, WNOHANG) != one->pid) {
      ++one;
      continue;
    }
    if (!one->is_asked_to_end) note_end(status, std::next(one) == batches_.end());
    rides_of_ended_ += one->count_rides();
    one = batches_.erase(one);
  }
}

void TrafficControl::tick() {
  reap();
  if (order_.rate == 0 || clock_.steady_ms() < next_at_ms_ || batches_.size() >= kMostBatches) {
    return;
  }
  if (const auto sent = send(); !sent.ok()) {
    problem_ = sent.error().message();
    order_.rate = 0;
  }
}

Status TrafficControl::set(TrafficOrder order) {
  return owner_.run([&]() -> Status {
    if (!reserved_by_.empty()) {
      return Error(ApiErrc::conflict, fmt::format("{} sends the riders now", reserved_by_));
    }
    reap();
    if (batches_.size() >= kMostBatches) {
      return Error(ApiErrc::not_now, "the riders of earlier changes still wait for their answers");
    }
    order_ = std::move(order);
    problem_.clear();
    if (order_.rate == 0) {
      ask_all_to_end(0);
      return {};
    }
    HAIL_RETURN_IF_ERROR(send());
    ask_all_to_end(1);
    return {};
  });
}

TrafficOrder TrafficControl::order() {
  return owner_.run([this] { return order_; });
}

void TrafficControl::reserve(std::string by_whom) {
  owner_.run([&] { reserved_by_ = std::move(by_whom); });
}

json::Value TrafficControl::state() {
  return owner_.run([this] {
    int64_t rides = rides_of_ended_;
    for (auto& one : batches_) rides += one.count_rides();
    return json::Value{{"rate", order_.rate},
                       {"lanes", order_.lanes},
                       {"running", !batches_.empty()},
                       {"rides", rides},
                       {"problem", problem_}};
  });
}

}  // namespace hailstorm::lab
