#include <chrono>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "common/base/token_file.h"
#include "common/http/client.h"
#include "common/wire/codec.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/browser.h"
#include "tests/support/matchers.h"
#include "tests/support/platform.h"
#include "tests/support/raw_client.h"
#include "tests/support/web_site.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kToken = "a-token-of-enough-characters";
constexpr auto kBrowserPatience = std::chrono::seconds(60);

class WebPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!program_)
      GTEST_SKIP() << "there is no chromium-headless-shell; .ci/test-packages names it";
  }

  void visit(const WebSite& site, const std::string& host = "127.0.0.1") {
    browser_.emplace(*program_, site.url(host), WebSite::kName);
  }
  void await_word(const WebSite& words, const std::string& what) const {
    ASSERT_TRUE(await([&] { return !words.said(what).empty(); }, kBrowserPatience))
        << "the page never said " << what << "\n"
        << browser_->log();
  }

  const std::optional<std::string> program_ = Browser::find_shell();
  std::optional<Browser> browser_;
};

json ride() {
  return {{"rider_id", "rider-1"},
          {"pickup", {{"lat", 40.75}, {"lon", -73.99}}},
          {"dropoff", {{"lat", 40.76}, {"lon", -73.97}}},
          {"requested_at", "2014-04-01T07:00:00Z"}};
}

/// JSON that a text/plain form sends as it is: with a "=" in it.
std::string form_text(json body) {
  body["~"] = "=";
  return body.dump();
}

std::string attack(const std::string& url, const std::string& body) {
  return fmt::format("attack({}, {}),", json(url).dump(), json(body).dump());
}
/// All of these at a time, then the page says that it is done.
std::string all_at_once(const std::string& attacks) {
  return "await Promise.all([" + attacks + "]); await said('all', 'done');";
}

// The other tests here would prove nothing if the browser sent nothing.
TEST_F(WebPageTest, ABrowserLetsAPageSendFormsAndPlainTextToAnyPort) {
  const Listener listener;
  WebSite site;
  site.show(all_at_once(attack(listener.url(), form_text(ride()))));
  visit(site);
  await_word(site, "all");
  const std::string heard = listener.heard();
  EXPECT_GE(count_of(heard, "POST /x HTTP/1.1"), 6U) << heard;
  EXPECT_GE(count_of(heard, "Content-Type: text/plain\r\n"), 2U) << heard;
  EXPECT_GE(count_of(heard, form_text(ride())), 3U) << heard;
}

TEST_F(WebPageTest, FormsAndFetchesOfAPageChangeNothing) {
  Platform platform;
  const std::string token_file = platform.data() / "token";
  ASSERT_OK(write_token(token_file, kToken));
  const int agent_port = free_port();
  const Child agent({program_folder() / "hail-lab", "agent", "--port", std::to_string(agent_port),
                     "--token-file", token_file});
  const auto url = [](int port, const char* path) {
    return fmt::format("http://127.0.0.1:{}{}", port, path);
  };
  json hop_ride = ride();
  hop_ride["ride_id"] = "forged";
  const std::string hop_body = form_text({{"ride_requested", hop_ride}});
  const int gateway_port = platform.http_port("gateway");
  std::string attacks = attack(url(gateway_port, "/rides"), form_text(ride())) +
                        attack(url(gateway_port, "/chain/rides"), form_text(ride()));
  for (const char* hop : {"matching", "payment", "notification", "analytics"}) {
    attacks += attack(url(platform.http_port(hop), "/chain/rides"), hop_body);
  }
  attacks += attack(url(agent_port, "/processes/forged"),
                    form_text({{"argv", {program_folder() / "hail-traffic"}}}));
  WebSite site;
  site.show(all_at_once(attacks));
  visit(site);
  await_word(site, "all");
  EXPECT_EQ(platform.number("gateway", "SELECT count(*) FROM rides"), 0);
  EXPECT_EQ(platform.number("matching", "SELECT count(*) FROM matches"), 0);
  EXPECT_EQ(platform.number("payment", "SELECT count(*) FROM payments"), 0);
  EXPECT_EQ(platform.number("notification", "SELECT count(*) FROM messages"), 0);
  EXPECT_EQ(platform.number("analytics", "SELECT count(*) FROM counted"), 0);
  http::Client lab({"127.0.0.1", agent_port}, 5'000);
  http::Request list;
  list.path = "/processes";
  list.headers["Authorization"] = std::string("Bearer ") + kToken;
  EXPECT_EQ(json::parse(lab.send(list)->body).at("processes").size(), 0U);
}

// A page's own name leads to this machine after a while: to the browser the gateway is then the
// page's own site, and no rule of the browser's stands in the way.
TEST_F(WebPageTest, ANameThatLeadsHereAfterwardsIsNotAnswered) {
  const WebSite words;
  WebSite site;
  site.show(fmt::format(R"(await said('page', 'shown');
      for (let answer = {{status: 404}}; ; await wait(100)) {{
        answer = await fetch('/rides', {{method: 'POST', body: {},
            headers: {{'Content-Type': 'application/json'}}}}).catch(() => answer);
        if (answer.status != 404) {{ await said('answer', answer.status); break; }}
      }})",
                        json(ride().dump()).dump()),
            &words);
  visit(site, WebSite::kName);
  await_word(words, "page");
  const int port = site.port();
  site.go();
  const TempFolder folder;
  const Child gateway({program_folder() / "hail-gateway", "--data", folder.path() / "gateway",
                       "--http-port", std::to_string(port), "--broker",
                       "hailstorm://127.0.0.1:" + std::to_string(free_port())});
  await_word(words, "answer");
  EXPECT_EQ(words.said("answer"), "421");
}

/// The body of a form that ZeroMQ, if it takes the browser's request for its protocol of 2010,
/// reads as a request to our broker. There a frame is its length, a byte of flags (odd: the message
/// goes on) and the rest. Wherever a frame that began among the headers ends, it is in a run of
/// frames of three bytes 2; the bytes after the run bring all three ways of reading it to one
/// place.
std::string request_in_form(const std::vector<uint8_t>& request) {
  std::string body(300, '\x02');
  std::string meeting(20, '\x02');
  meeting[0] = 3;   // to 4; a frame that begins at 1 ends there too
  meeting[2] = 4;   // to 7
  meeting[4] = 15;  // to 20
  meeting[7] = 12;  // to 20
  body += meeting;
  body += static_cast<char>(request.size() + 1);
  body += '\x02';
  body.append(request.begin(), request.end());
  return body + "=";
}

TEST_F(WebPageTest, AFormIsNoRequestToTheLog) {
  const BrokerProcess broker;
  const auto engine = log::open(broker.url()).value();
  const auto admin = engine->make_admin();
  ASSERT_OK(admin->create_topic("precious", {}));
  const wire::FrameHeader header{wire::Api::delete_topic, 1};
  const auto request = wire::encode(header, wire::DeleteTopicRequest{"precious"});
  const std::string url = fmt::format("http://127.0.0.1:{}/", broker.port());
  WebSite site;
  site.show(
      fmt::format("await submit({0}, 'text/plain', {1}); await attack({0}, {1});"
                  "await said('all', 'done');",
                  json(url).dump(), json(request_in_form(request)).dump()));
  visit(site);
  await_word(site, "all");
  EXPECT_OK(admin->describe_topics({"precious"}));
  EXPECT_THAT(broker.log(), HasSubstr("refused connections")) << "the forms never came";
}

}  // namespace
}  // namespace hailstorm::testing
