#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <type_traits>

#include "common/kafka/message.h"
#include "common/kafka/messages/all_messages.h"
#include "tests/support/random_message.h"

namespace hailstorm::kafka {
namespace {

constexpr uint64_t kSeed = 20'261;
constexpr uint64_t kMessages = 100;  // of each kind and version

template <class Message>
void expect_every_version_comes_back() {
  const Api& api = api_of(Message::kKey);
  for (int16_t version = api.first_version; version <= api.last_version; ++version) {
    for (uint64_t seed = kSeed; seed < kSeed + kMessages; ++seed) {
      const std::string sent =
          testing::RandomMessage(seed, version, api.is_flexible(version)).of(Message::fields());
      const auto message = decode<Message>(as_bytes(sent), version);
      ASSERT_TRUE(message.ok()) << message.error().message() << ", seed " << seed;
      const EncodedMessage encoded = encode(*message, version);
      ASSERT_EQ(encoded.joined(), sent)
          << Message::kName << " version " << version << ", seed " << seed;
      EXPECT_EQ(encoded.size_bytes(), sent.size());
    }
  }
}

TEST(RoundTripTest, EveryMessageInEveryVersionIsWrittenAsItWasRead) {
  AllRequests::each([]<class Request>(std::type_identity<Request> /*type*/) {
    expect_every_version_comes_back<Request>();
    expect_every_version_comes_back<typename Request::Response>();
  });
}

/// Cut anywhere, a message is an error that names a field, or it is read from what is there.
template <class Message>
void expect_errors_name_a_field() {
  const Api& api = api_of(Message::kKey);
  for (int16_t version = api.first_version; version <= api.last_version; ++version) {
    const std::string whole =
        testing::RandomMessage(kSeed, version, api.is_flexible(version)).of(Message::fields());
    for (size_t size = 0; size < whole.size(); ++size) {
      const auto message = decode<Message>(as_bytes(whole).first(size), version);
      ASSERT_FALSE(message.ok()) << Message::kName << " version " << version << ", " << size
                                 << " of " << whole.size() << " bytes";
      EXPECT_TRUE(message.error().is(MessageErrc::cut_short)) << message.error().message();
      EXPECT_TRUE(message.error().message().starts_with(
          fmt::format("{} version {}, field ", Message::kName, version)))
          << message.error().message();
    }
  }
}

TEST(RoundTripTest, AMessageCutAnywhereIsAnErrorWithTheNameOfAField) {
  AllRequests::each([]<class Request>(std::type_identity<Request> /*type*/) {
    expect_errors_name_a_field<Request>();
    expect_errors_name_a_field<typename Request::Response>();
  });
}

TEST(RoundTripTest, EachApiHasItsRequestAndItsResponse) {
  for (const Api& api : all_apis()) {
    bool found = false;
    EXPECT_TRUE(AllRequests::with(api.key, [&]<class Request>(std::type_identity<Request>) {
      found = true;
      EXPECT_EQ(Request::kName, fmt::format("{}Request", api.name));
      EXPECT_EQ(Request::Response::kName, fmt::format("{}Response", api.name));
      EXPECT_EQ(Request::Response::kKey, api.key);
    })) << api.name;
    EXPECT_TRUE(found);
  }
}

}  // namespace
}  // namespace hailstorm::kafka
