#include "services/lab/views/frame.h"

#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "common/json/json.h"
#include "services/lab/views/event_words.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kNow = 1'700'000'000'000;

FaultState fault(const std::string& id, const std::string& target, FaultAction action) {
  FaultState state;
  state.request.id = id;
  state.request.target = target;
  state.request.action = action;
  state.request.duration_ms = 1'000;
  state.phase = FaultPhase::proven;
  state.asked_at_ms = state.injected_at_ms = state.proven_at_ms = kNow - 1'000;
  return state;
}

FaultState ended(FaultState state, int64_t at_ms) {
  state.reverted_at_ms = at_ms;
  state.phase = FaultPhase::proven_off;
  return state;
}

ProcessSample running(const std::string& name) {
  ProcessSample one;
  one.process.name = name;
  one.process.state = ProcessState::running;
  one.process.pid = 71;
  one.is_known = one.answers = one.ready = true;
  return one;
}

log::GroupDescription group_of_payment() {
  log::GroupDescription group;
  group.info = {"payment", "Stable", 3, 2};
  group.members = {{"member-a", "payment-1", 3, {}}, {"member-b", "", 3, {}}};
  group.partitions = {{{"ride_requested", 0}, 5, 0, 7, 2, "member-a"},
                      {{"ride_requested", 1}, -1, 0, 0, 0, "member-b"}};
  return group;
}

Frame whole_frame() {
  Frame frame;
  frame.run = "a run";
  frame.seq = 12;
  frame.t_ms = kNow;
  frame.platform.processes = {running("broker"), running("payment")};
  frame.platform.links = {{"payment:broker", 2}};
  frame.platform.groups["payment"] = group_of_payment();
  frame.traffic = {{"rate", 40.0},
                   {"lanes", json::Value(std::vector<std::string>{"log"})},
                   {"running", true},
                   {"rides", 7}};
  frame.rides = {{.ride_id = "r1",
                  .lane = events::Lane::chain,
                  .state = "matched",
                  .pickup = events::GeoPoint{.lat = 40.5, .lon = -73.123456789},
                  .asked_at_ms = kNow - 70,
                  .waits_for = HopSet().set(static_cast<size_t>(Hop::payment)),
                  .driver = events::GeoPoint{.lat = 40.6, .lon = -73.9}}};
  frame.earlier = {{.at_ms = kNow - 400, .ride = frame.rides.front()}};
  frame.zones = {{{.lat = 40.71, .lon = -74.004}, 6, 4, 1.5}};
  frame.faults = {fault("f1", "payment:broker", FaultAction::latency)};
  frame.events = {{1, kNow, "payment runs"}};
  return frame;
}

/// Where a path of names and indices leads; null: nowhere.
const json::Value* find(const json::Value& document, std::string_view path) {
  const json::Value* at = &document;
  while (at != nullptr && !path.empty()) {
    const size_t end = path.find('/');
    const std::string_view part = path.substr(0, end);
    const auto* elements = at->elements();
    if (elements == nullptr) {
      at = at->find(part);
    } else {
      const size_t index = std::stoul(std::string(part));
      at = index < elements->size() ? &(*elements)[index] : nullptr;
    }
    path = end == path.npos ? std::string_view() : path.substr(end + 1);
  }
  return at;
}

std::string kind_of_value(const json::Value& value) {
  if (value.integer()) return "integer";
  if (value.number()) return "number";
  if (value.boolean()) return "boolean";
  if (value.text() != nullptr) return "text";
  if (value.elements() != nullptr) return "list";
  return value.members() != nullptr ? "object" : "null";
}

/// Where each member is, and of which kind.
const std::vector<std::pair<const char*, const char*>> kSchema = {
    {"v", "integer"},
    {"run", "text"},
    {"seq", "integer"},
    {"t_ms", "integer"},
    {"lag_known", "boolean"},
    {"processes/payment/state", "text"},
    {"processes/payment/pid", "integer"},
    {"processes/payment/ready", "boolean"},
    {"processes/payment/why_not", "text"},
    {"processes/payment/rate", "number"},
    {"processes/payment/lag", "integer"},
    {"processes/payment/lag_s", "number"},
    {"processes/payment/outbox", "integer"},
    {"processes/payment/dead_letters", "integer"},
    {"processes/payment/rss_kb", "integer"},
    {"processes/payment/restarts", "integer"},
    {"links/payment:broker/connections", "integer"},
    {"links/payment:broker/faults/0", "text"},
    {"groups/payment/epoch", "integer"},
    {"groups/payment/state", "text"},
    {"groups/payment/members/0/id", "text"},
    {"groups/payment/members/0/instance", "text"},
    {"groups/payment/members/0/epoch", "integer"},
    {"groups/payment/topics/ride_requested/0/start", "integer"},
    {"groups/payment/topics/ride_requested/0/end", "integer"},
    {"groups/payment/topics/ride_requested/0/committed", "integer"},
    {"groups/payment/topics/ride_requested/0/owner", "text"},
    {"lanes/log/requested", "integer"},
    {"lanes/log/accepted", "integer"},
    {"lanes/log/failed", "integer"},
    {"lanes/log/settled", "integer"},
    {"lanes/log/accepted_ratio", "number"},
    {"lanes/log/rate", "number"},
    {"lanes/log/settled_rate", "number"},
    {"lanes/log/p50_ms", "number"},
    {"lanes/log/p99_ms", "number"},
    {"lanes/chain/accepted_ratio", "number"},
    {"lanes/chain/waiting/payment", "integer"},
    {"traffic/rate", "number"},
    {"traffic/lanes/0", "text"},
    {"traffic/running", "boolean"},
    {"traffic/rides", "integer"},
    {"rides/0/0", "text"},
    {"rides/0/1", "text"},
    {"rides/0/2", "text"},
    {"rides/0/3", "number"},
    {"rides/0/4", "number"},
    {"rides/0/5", "integer"},
    {"rides/0/6/0", "text"},
    {"rides/0/7", "number"},
    {"rides/0/8", "number"},
    {"earlier/0/0", "integer"},
    {"earlier/0/1/0", "text"},
    {"zones/width", "number"},
    {"zones/height", "number"},
    {"zones/list/0/0", "number"},
    {"zones/list/0/1", "number"},
    {"zones/list/0/2", "integer"},
    {"zones/list/0/3", "integer"},
    {"zones/list/0/4", "number"},
    {"faults/on", "integer"},
    {"faults/not_proven", "integer"},
    {"faults/list/0/phase", "text"},
    {"events/0/id", "integer"},
    {"events/0/t_ms", "integer"},
    {"events/0/text", "text"},
};

TEST(FrameTest, HasEveryMemberOfItsKind) {
  const auto document = json::parse(json::to_text(to_json(whole_frame())));
  ASSERT_TRUE(document.ok());
  for (const auto& [path, kind] : kSchema) {
    const json::Value* value = find(*document, path);
    ASSERT_NE(value, nullptr) << path;
    // A number without a fraction is an integer, too.
    const std::string found = kind_of_value(*value);
    EXPECT_TRUE(found == kind || (std::string(kind) == "number" && found == "integer"))
        << path << " is a " << found;
  }
  EXPECT_EQ(document->members()->size(), 15U);
}

TEST(FrameTest, OfARideThatFailedTheServiceIsNamedAndNoPlace) {
  Frame frame = whole_frame();
  frame.rides = {{.ride_id = "r2",
                  .lane = events::Lane::chain,
                  .state = "failed",
                  .asked_at_ms = kNow - 70,
                  .failed_hop = "payment"}};
  EXPECT_EQ(json::to_text(*find(to_json(frame), "rides/0")),
            R"(["r2","chain","failed",null,null,70,["payment"]])");
}

TEST(FrameTest, AnOwnerIsCalledByItsInstanceWhereItHasOne) {
  const auto document = to_json(whole_frame());
  const std::string partitions = "groups/payment/topics/ride_requested/";
  EXPECT_EQ(*find(document, partitions + "0/owner")->text(), "payment-1");
  EXPECT_EQ(*find(document, partitions + "1/owner")->text(), "member-b");
}

TEST(FrameTest, AProcessIsSlowWhileItsFaultIsOnAndUnknownWithoutItsAgent) {
  Frame frame = whole_frame();
  frame.faults.push_back(fault("f2", "payment", FaultAction::slow));
  frame.platform.processes[1].process.state = ProcessState::frozen;
  EXPECT_EQ(*find(to_json(frame), "processes/payment/state")->text(), "slow");
  frame.faults.back() = ended(frame.faults.back(), kNow);
  EXPECT_EQ(*find(to_json(frame), "processes/payment/state")->text(), "frozen");
  frame.platform.processes[1].is_known = false;
  EXPECT_EQ(*find(to_json(frame), "processes/payment/state")->text(), "unknown");
}

TEST(FrameTest, ListsTheFaultsThatAreOnAndTheLastThatEnded) {
  Frame frame = whole_frame();
  frame.faults.clear();
  frame.faults.push_back(ended(fault("long ago", "payment", FaultAction::kill), kNow - 61'000));
  for (int i = 0; i < 100; ++i) {
    frame.faults.push_back(
        ended(fault(std::to_string(i), "payment", FaultAction::kill), kNow - 1'000));
  }
  frame.faults.push_back(fault("on", "matching", FaultAction::freeze));
  auto open = fault("open", "gateway", FaultAction::freeze);
  open.phase = FaultPhase::not_proven;
  frame.faults.push_back(open);
  const auto document = to_json(frame);
  EXPECT_EQ(find(document, "faults/on")->integer(), 2);
  EXPECT_EQ(find(document, "faults/not_proven")->integer(), 1);
  const auto& list = *find(document, "faults/list")->elements();
  ASSERT_EQ(list.size(), 2 + kMaxEndedFaults);
  EXPECT_EQ(*list[0].find("id")->text(), "on");
  EXPECT_EQ(*list.back().find("id")->text(), "99");
}

std::string last_words(const EventWords& words, size_t count) {
  std::string all;
  const auto& events = words.events();
  for (size_t i = events.size() - std::min(count, events.size()); i < events.size(); ++i) {
    all += events[i].text + "\n";
  }
  return all;
}

TEST(EventWordsTest, SayWhatHasChangedTheCauseFirst) {
  EventWords words;
  PlatformSample sample = whole_frame().platform;
  words.look(kNow, sample, {}, {});
  EXPECT_EQ(last_words(words, 20),
            "broker runs\nbroker is ready\npayment runs\npayment is ready\n"
            "group payment: epoch 3, 2 members\n");
  words.look(kNow, sample, {}, {});
  EXPECT_EQ(words.events().size(), 5U) << "nothing has changed";

  auto freeze = fault("f", "payment", FaultAction::freeze);
  freeze.evidence = "/proc/71/stat says T";
  sample.processes[1].process.state = ProcessState::frozen;
  sample.processes[1].ready = false;
  sample.groups["payment"].info.epoch = 4;
  words.look(kNow, sample, {40, {"log", "chain"}, true, 0}, {freeze});
  EXPECT_EQ(last_words(words, 4),
            "freeze payment is proven: /proc/71/stat says T\npayment is frozen\n"
            "group payment: epoch 4, 2 members\nriders: 40 rides/s on log and chain\n");
  EXPECT_EQ(words.events().back().id, 9);
}

TEST(EventWordsTest, KeepTheLastEventsAlone) {
  EventWords words;
  for (int i = 0; i < 100; ++i) words.add(kNow, std::to_string(i));
  EXPECT_EQ(words.events().size(), EventWords::kKept);
  EXPECT_EQ(words.events().back().text, "99");
  EXPECT_EQ(words.events().back().id, 100);
}

TEST(EventWordsTest, WhatEndedBeforeTheFirstLookIsNoNews) {
  EventWords words;
  words.look(kNow, {}, {}, {ended(fault("f", "payment", FaultAction::kill), kNow - 1)});
  EXPECT_EQ(last_words(words, 20), "");
}

}  // namespace
}  // namespace hailstorm::lab
