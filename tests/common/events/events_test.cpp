#include "common/events/events.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace hailstorm::events {
namespace {

constexpr int64_t kNowMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr int64_t kDayMs = 86'400'000;

Event requested() {
  return make_event(
      "/hailstorm/gateway", 1'396'311'060'000,
      RideRequested{"ride-1", "rider-7", {40.7128, -74.006}, {40.73, -73.99}, 1'396'311'060'000},
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
}

log::ConsumedRecord as_consumed(log::Record record) {
  log::ConsumedRecord consumed;
  consumed.key = std::move(record.key);
  consumed.value = std::move(record.value);
  consumed.headers = std::move(record.headers);
  return consumed;
}

void set_header(log::ConsumedRecord& record, const std::string& name, const std::string& value) {
  for (auto& [key, held] : record.headers) {
    if (key == name) held = value;
  }
}

template <class P>
void expect_round_trip(const P& payload) {
  const auto event = make_event("/hailstorm/test", 12'345, payload);
  const auto back = decode(as_consumed(encode(event)), kNowMs);
  ASSERT_OK(back);
  EXPECT_EQ(back->id, event.id);
  EXPECT_EQ(back->source, event.source);
  EXPECT_EQ(back->time_ms, event.time_ms);
  EXPECT_EQ(back->type(), P::kType);
  EXPECT_EQ(to_json(back->payload), to_json(event.payload));
}

TEST(EventsTest, EveryTypeSurvivesTheWayThroughTheLog) {
  expect_round_trip(RideRequested{"r", "p", {1.5, -2.25}, {3, 4}, 99});
  expect_round_trip(RideMatched{"r", "p", "d", 100, 200});
  expect_round_trip(RideUnmatched{"r", "p", "no_driver"});
  expect_round_trip(PaymentAuthorized{"r", "p", "hold-1", 1234});
  expect_round_trip(PaymentDeclined{"r", "p", "card"});
}

TEST(EventsTest, ARecordIsACloudEventInBinaryMode) {
  const auto record = encode(requested());
  EXPECT_EQ(record.key, "rider-7");
  EXPECT_EQ(
      record.value,
      R"({"dropoff":{"lat":40.73,"lon":-73.99},"pickup":{"lat":40.7128,"lon":-74.006},)"
      R"("requested_at":"2014-04-01T00:11:00.000Z","ride_id":"ride-1","rider_id":"rider-7"})");
  const log::Headers expected = {
      {"ce_specversion", "1.0"},
      {"ce_id", "ride-1/ride_requested"},
      {"ce_source", "/hailstorm/gateway"},
      {"ce_type", "ride_requested"},
      {"ce_time", "2014-04-01T00:11:00.000Z"},
      {"ce_subject", "ride-1"},
      {"content-type", "application/json"},
      {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}};
  EXPECT_EQ(record.headers, expected);
}

TEST(EventsTest, UnknownFieldsAndHeadersAreIgnored) {
  auto record = as_consumed(encode(requested()));
  record.value->insert(1, R"("tip":{"cents":5},)");
  record.headers.emplace_back("ce_vehicle", "van");
  EXPECT_OK(decode(record, kNowMs));
}

TEST(EventsTest, EachMissingAttributeIsNamed) {
  for (const char* name : {"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"}) {
    auto record = as_consumed(encode(requested()));
    std::erase_if(record.headers, [&](const auto& header) { return header.first == name; });
    const auto decoded = decode(record, kNowMs);
    EXPECT_FAILS_WITH(decoded, EventErrc::missing_attribute);
    EXPECT_NE(decoded.error().message().find(name), std::string::npos);
  }
}

TEST(EventsTest, EachUnreadableEventIsRefusedWithItsErrorCode) {
  auto record = as_consumed(encode(requested()));
  set_header(record, "ce_specversion", "2.0");
  EXPECT_FAILS_WITH(decode(record, kNowMs), EventErrc::unsupported_version);

  record = as_consumed(encode(requested()));
  set_header(record, "ce_type", "ride_sung");
  EXPECT_FAILS_WITH(decode(record, kNowMs), EventErrc::unknown_type);

  record = as_consumed(encode(requested()));
  record.value = "{\"ride_id\":";
  EXPECT_FAILS_WITH(decode(record, kNowMs), EventErrc::bad_json);
  record.value.reset();
  EXPECT_FAILS_WITH(decode(record, kNowMs), EventErrc::bad_json);

  record.value = R"({"ride_id":"r","rider_id":"p","pickup":{"lat":"north"}})";
  const auto decoded = decode(record, kNowMs);
  EXPECT_FAILS_WITH(decoded, EventErrc::bad_field);
  EXPECT_NE(decoded.error().message().find("pickup"), std::string::npos);
}

TEST(EventsTest, WhatContradictsThePayloadIsRefused) {
  const auto good = as_consumed(encode(requested()));
  const auto expect_contradiction = [](const log::ConsumedRecord& record, const std::string& what) {
    const auto decoded = decode(record, kNowMs);
    EXPECT_FAILS_WITH(decoded, EventErrc::contradiction);
    EXPECT_NE(decoded.error().message().find(what), std::string::npos) << decoded.error().message();
  };
  for (const char* id :
       {"ride-2/ride_requested", "ride-1/ride_matched", "ride-1", "", "ride-1/ride_requested "}) {
    auto record = good;
    set_header(record, "ce_id", id);
    expect_contradiction(record, "ce_id");
  }
  auto record = good;
  set_header(record, "ce_subject", "ride-2");
  expect_contradiction(record, "ce_subject");
  record = good;
  record.value->insert(1, R"("ride_id":"ride-2",)");
  EXPECT_FAILS_WITH(decode(record, kNowMs), EventErrc::bad_field);
  record = good;
  record.key = "rider-8";
  expect_contradiction(record, "key");
  record.key.reset();
  expect_contradiction(record, "key is missing");
  for (const char* name : {"ce_specversion", "ce_id", "ce_type", "ce_time", "ce_subject"}) {
    record = good;
    const auto same = std::find_if(record.headers.begin(), record.headers.end(),
                                   [&](const auto& header) { return header.first == name; });
    record.headers.emplace_back(name, same->second);
    expect_contradiction(record, name);
  }
}

TEST(EventsTest, AnEventOfMoreThanADayAheadIsRefusedByItsField) {
  auto event = requested();
  std::get<RideRequested>(event.payload).requested_at_ms = kNowMs + 74 * 365 * kDayMs;
  const auto late = decode(as_consumed(encode(event)), kNowMs);
  EXPECT_FAILS_WITH(late, EventErrc::bad_field);
  EXPECT_NE(late.error().message().find("requested_at"), std::string::npos);

  event = requested();
  event.time_ms = kNowMs + 2 * kDayMs;
  const auto late_header = decode(as_consumed(encode(event)), kNowMs);
  EXPECT_FAILS_WITH(late_header, EventErrc::bad_field);
  EXPECT_NE(late_header.error().message().find("ce_time"), std::string::npos);
}

TEST(EventsTest, ALaterReaderDecidesAsTheFirstOneDid) {
  auto event = requested();
  event.time_ms = std::get<RideRequested>(event.payload).requested_at_ms = kNowMs + 2 * kDayMs;
  auto record = as_consumed(encode(event));
  record.timestamp_ms = kNowMs;
  EXPECT_FAILS_WITH(decode(record, kNowMs + 30 * kDayMs), EventErrc::bad_field);
  record.timestamp_ms = kNowMs + 2 * kDayMs;
  EXPECT_OK(decode(record, kNowMs + 30 * kDayMs));
  // The time of a record that lies ahead of the clock does not count.
  EXPECT_FAILS_WITH(decode(record, kNowMs), EventErrc::bad_field);
}

TEST(EventsTest, AMalformedTraceparentIsIgnored) {
  auto record = as_consumed(encode(requested()));
  set_header(record, "traceparent", std::string(10'000, 'x'));
  const auto decoded = decode(record, kNowMs);
  ASSERT_OK(decoded);
  EXPECT_TRUE(decoded->traceparent.empty());
}

TEST(EventsTest, TextThatIsNotUtf8DoesNotEndTheProgram) {
  EXPECT_NE(to_json(RideUnmatched{"r", "p", "\xff\xfe"}).find("reason"), std::string::npos);
}

TEST(RideIdTest, TheSameRequestIsTheSameRide) {
  EXPECT_EQ(ride_id_for("rider-7", "key-1"), ride_id_for("rider-7", "key-1"));
  EXPECT_NE(ride_id_for("rider-7", "key-1"), ride_id_for("rider-7", "key-2"));
  EXPECT_NE(ride_id_for("ab", "c"), ride_id_for("a", "bc"));
}

TEST(RideIdTest, LooksLikeAVersion8Uuid) {
  const auto id = ride_id_for("rider-7", "key-1");
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '8');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::events
