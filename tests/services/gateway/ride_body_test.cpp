#include "services/gateway/ride_body.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace hailstorm::gateway {
namespace {

constexpr int64_t kNowMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr std::string_view kGood =
    R"({"rider_id":"rider-1","pickup":{"lat":40.75,"lon":-73.99},)"
    R"("dropoff":{"lat":40.70,"lon":-74.01},"requested_at":"2014-04-01T00:11:00Z"})";

/// kGood with its first `what` put in the place of `by`.
std::string good_but(std::string_view what, std::string_view by) {
  std::string body(kGood);
  const size_t at = body.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return body.replace(at, what.size(), by);
}

struct BadInput {
  std::string name;
  std::string body;
  int status;
  std::string field;
};
void PrintTo(const BadInput& input, std::ostream* out) { *out << input.body.substr(0, 200); }

class BadRide : public testing::TestWithParam<BadInput> {};

TEST_P(BadRide, IsRefusedAndItsFieldIsNamed) {
  const auto parsed = parse_ride_body(GetParam().body, kNowMs);
  ASSERT_TRUE(std::holds_alternative<RequestProblem>(parsed));
  const auto& problem = std::get<RequestProblem>(parsed);
  EXPECT_EQ(problem.status, GetParam().status) << problem.detail;
  EXPECT_EQ(problem.field, GetParam().field) << problem.detail;
  EXPECT_FALSE(problem.detail.empty());
  EXPECT_LT(problem.detail.size(), 300U);
}

const std::vector<BadInput> kBadInputs = {
    {"Empty", "", 400, "body"},
    {"NotJson", "hello", 400, "body"},
    {"CutOff", std::string(kGood.substr(0, kGood.size() - 1)), 400, "requested_at"},
    {"TextAfterTheRide", std::string(kGood) + "x", 400, "requested_at"},
    {"TwoRides", std::string(kGood) + std::string(kGood), 400, "requested_at"},
    {"TrailingComma", good_but(R"("lon":-73.99})", R"("lon":-73.99,})"), 400, "pickup.lon"},
    {"Comment", "/* ride */" + std::string(kGood), 400, "body"},
    {"BrokenUtf8", good_but("rider-1", "rider\xff"), 400, "rider_id"},
    {"LoneSurrogate", good_but("rider-1", R"(\ud800)"), 400, "rider_id"},
    {"Array", "[" + std::string(kGood) + "]", 422, "body"},
    {"Text", R"("ride")", 422, "body"},
    {"Null", "null", 422, "body"},
    {"Number", "7", 422, "body"},
    {"EmptyObject", "{}", 422, "rider_id"},
    {"DeepNesting", std::string(30'000, '['), 422, "body"},
    {"DeepField", R"({"pickup":)" + std::string(30'000, '['), 422, "pickup"},
    {"DeepObjects", R"({"pickup":{"lat":{"lat":{}}}})", 422, "pickup.lat"},
    {"TooLarge", good_but("rider-1", std::string(70'000, 'x')), 413, "body"},

    {"MissingRider", good_but(R"("rider_id":"rider-1",)", ""), 422, "rider_id"},
    {"MissingPickup", good_but(R"("pickup":{"lat":40.75,"lon":-73.99},)", ""), 422, "pickup"},
    {"MissingLatitude", good_but(R"("lat":40.75,)", ""), 422, "pickup.lat"},
    {"MissingDropoff", good_but(R"("dropoff":{"lat":40.70,"lon":-74.01},)", ""), 422, "dropoff"},
    {"UnknownField", good_but(R"("rider_id")", R"("color":"red","rider_id")"), 422, "color"},
    {"UnknownInPoint", good_but(R"("lat":40.75)", R"("lat":40.75,"alt":3)"), 422, "pickup.alt"},
    {"UnknownFieldLikeAPath", good_but(R"("rider_id")", R"("pickup.lat":1,"rider_id")"), 422,
     "pickup.lat"},
    {"EmptyName", good_but(R"("rider_id")", R"("":1,"rider_id")"), 422, "(empty name)"},
    {"PointMemberAtTheTop", good_but(R"("rider_id")", R"("lat":1,"rider_id")"), 422, "lat"},
    {"DuplicateField", good_but(R"("rider_id")", R"("rider_id":"x","rider_id")"), 422, "rider_id"},
    {"DuplicateInPoint", good_but(R"("lat":40.75)", R"("lat":1,"lat":40.75)"), 422, "pickup.lat"},
    {"DuplicatePoint", good_but(R"("dropoff")", R"("pickup":{"lat":1,"lon":1},"dropoff")"), 422,
     "pickup"},

    {"RiderIsNumber", good_but(R"("rider-1")", "1"), 422, "rider_id"},
    {"RiderIsNull", good_but(R"("rider-1")", "null"), 422, "rider_id"},
    {"RiderIsEmpty", good_but("rider-1", ""), 422, "rider_id"},
    {"RiderTooLong", good_but("rider-1", std::string(101, 'x')), 422, "rider_id"},
    {"RiderWithNewline", good_but("rider-1", R"(a\nb)"), 422, "rider_id"},
    {"RiderWithNul", good_but("rider-1", R"(a\u0000b)"), 422, "rider_id"},
    {"RiderWithC1Control", good_but("rider-1", R"(a\u0085b)"), 422, "rider_id"},
    {"RiderIsBlank", good_but("rider-1", "  "), 422, "rider_id"},
    {"RiderIsAWideBlank", good_but("rider-1", R"(\u3000\u00a0)"), 422, "rider_id"},
    {"RiderIsAZeroWidthSpace", good_but("rider-1", R"(\u200b)"), 422, "rider_id"},
    {"RiderWithAZeroWidthSpace", good_but("rider-1", R"(rider\u200b-1)"), 422, "rider_id"},
    {"RiderTurnsTheText", good_but("rider-1", R"(rider\u202e-1)"), 422, "rider_id"},
    {"RiderIsolatesText", good_but("rider-1", R"(\u2066rider-1\u2069)"), 422, "rider_id"},
    {"RiderWithAByteOrderMark", good_but("rider-1", R"(\ufeffrider-1)"), 422, "rider_id"},
    {"RiderWithALineSeparator", good_but("rider-1", R"(a\u2028b)"), 422, "rider_id"},
    {"RiderWithATag", good_but("rider-1", R"(a\udb40\udc41)"), 422, "rider_id"},
    {"RiderIsAFiller", good_but("rider-1", R"(\u3164)"), 422, "rider_id"},
    {"PickupIsText", good_but(R"({"lat":40.75,"lon":-73.99})", R"("here")"), 422, "pickup"},
    {"PickupIsArray", good_but(R"({"lat":40.75,"lon":-73.99})", "[40.75,-73.99]"), 422, "pickup"},
    {"LatitudeIsText", good_but("40.75", R"("40.75")"), 422, "pickup.lat"},
    {"LatitudeIsBoolean", good_but("40.75", "true"), 422, "pickup.lat"},
    {"LatitudeIsNull", good_but("40.75", "null"), 422, "pickup.lat"},
    {"LatitudeNaN", good_but("40.75", "NaN"), 422, "pickup.lat"},
    {"LatitudeLowerNan", good_but("40.75", "nan"), 422, "pickup.lat"},
    {"LatitudeMinusNaN", good_but("40.75", "-NaN"), 422, "pickup.lat"},
    {"LatitudeInfinity", good_but("40.75", "Infinity"), 422, "pickup.lat"},
    {"LatitudeMinusInfinity", good_but("40.75", "-Infinity"), 422, "pickup.lat"},
    {"LatitudeOverflows", good_but("40.75", "1e999"), 422, "pickup.lat"},
    {"LatitudeHugeInteger", good_but("40.75", "123456789012345678901234567890"), 422, "pickup.lat"},
    {"LatitudeHex", good_but("40.75", "0x10"), 400, "pickup.lat"},
    {"Latitude91", good_but("40.75", "91"), 422, "pickup.lat"},
    {"LatitudeJustAbove", good_but("40.75", "90.000001"), 422, "pickup.lat"},
    {"LatitudeMinus91", good_but("40.75", "-91"), 422, "pickup.lat"},
    {"Longitude181", good_but("-73.99", "181"), 422, "pickup.lon"},
    {"DropoffLongitude", good_but("-74.01", "-180.5"), 422, "dropoff.lon"},
    {"TimeIsNumber", good_but(R"("2014-04-01T00:11:00Z")", "1396311060"), 422, "requested_at"},
    {"TimeIsWords", good_but("2014-04-01T00:11:00Z", "yesterday"), 422, "requested_at"},
    {"TimeWithoutZone", good_but("2014-04-01T00:11:00Z", "2014-04-01T00:11:00"), 422,
     "requested_at"},
    {"TimeMonth13", good_but("2014-04-01", "2014-13-01"), 422, "requested_at"},
    {"TimeFebruary30", good_but("2014-04-01", "2014-02-30"), 422, "requested_at"},
    {"TimeBefore1970", good_but("2014-04-01", "1969-12-31"), 422, "requested_at"},
    {"TimeAfter2100", good_but("2014-04-01", "2101-01-01"), 422, "requested_at"},
    {"TimeIn2100", good_but("2014-04-01", "2100-01-01"), 422, "requested_at"},
    {"TimeMoreThanADayAhead", good_but("2014-04-01T00:11:00Z", "2026-01-02T00:00:00.001Z"), 422,
     "requested_at"},
};
INSTANTIATE_TEST_SUITE_P(Inputs, BadRide, testing::ValuesIn(kBadInputs),
                         [](const auto& bad) { return bad.param.name; });

TEST(RideBodyTest, GoodRideIsReadFieldByField) {
  const auto parsed = parse_ride_body(kGood, kNowMs);
  ASSERT_TRUE(std::holds_alternative<RideBody>(parsed));
  const auto& ride = std::get<RideBody>(parsed).ride;
  EXPECT_EQ(ride.rider_id, "rider-1");
  EXPECT_EQ(ride.pickup, (events::GeoPoint{40.75, -73.99}));
  EXPECT_EQ(ride.dropoff, (events::GeoPoint{40.70, -74.01}));
  EXPECT_EQ(ride.requested_at_ms, 1'396'311'060'000);
  EXPECT_TRUE(ride.ride_id.empty());
}

TEST(RideBodyTest, ARideWithoutATimeIsRequestedNow) {
  const auto parsed =
      parse_ride_body(good_but(R"(,"requested_at":"2014-04-01T00:11:00Z")", ""), kNowMs);
  ASSERT_TRUE(std::holds_alternative<RideBody>(parsed));
  EXPECT_EQ(std::get<RideBody>(parsed).ride.requested_at_ms, kNowMs);
  EXPECT_FALSE(std::get<RideBody>(parsed).has_time);
}

TEST(RideBodyTest, EdgesOfTheRangesAreIn) {
  for (const auto& body :
       {good_but("40.75", "90"), good_but("40.75", "-90.0"), good_but("-73.99", "180"),
        good_but("-73.99", "-180"), good_but("40.75", "-0.0"), good_but("40.75", "9e1"),
        good_but("2014-04-01T00:11:00Z", "1970-01-01T00:00:00Z"),
        good_but("2014-04-01T00:11:00Z", "2026-01-02T00:00:00Z"),
        good_but("rider-1", std::string(100, 'x')),
        good_but("rider-1", "Žofie \u00e9 \U0001F695")}) {
    const auto parsed = parse_ride_body(body, kNowMs);
    EXPECT_TRUE(std::holds_alternative<RideBody>(parsed))
        << body << "\n"
        << std::get<RequestProblem>(parsed).detail;
  }
}

TEST(RideBodyTest, RiderIdCountsCharactersNotBytes) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "é";
  EXPECT_TRUE(
      std::holds_alternative<RideBody>(parse_ride_body(good_but("rider-1", hundred), kNowMs)));
  EXPECT_TRUE(std::holds_alternative<RequestProblem>(
      parse_ride_body(good_but("rider-1", hundred + "é"), kNowMs)));
}

// Invariant 43, for HTTP: whatever the bytes, an answer and no more memory than they take.
TEST(RideBodyTest, GarbledBodiesAreRefusedOrRead) {
  constexpr uint64_t kSeed = 20140401;
  std::mt19937_64 random(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    std::string body(kGood);
    for (uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
      body[random() % body.size()] = static_cast<char>(random());
    }
    const auto parsed = parse_ride_body(body, kNowMs);
    if (const auto* problem = std::get_if<RequestProblem>(&parsed)) {
      ASSERT_TRUE(problem->status == 400 || problem->status == 422) << "seed " << kSeed;
      ASSERT_FALSE(problem->field.empty()) << "seed " << kSeed << ", body " << body;
    }
  }
}

}  // namespace
}  // namespace hailstorm::gateway
