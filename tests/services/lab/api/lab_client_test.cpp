#include "services/lab/api/lab_client.h"

#include <filesystem>
#include <gtest/gtest.h>

#include "common/base/token_file.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/lab/api/lab_address.h"
#include "services/lab/api/lab_server.h"
#include "tests/support/free_ports.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

class LabClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.on_read("GET", "/api/fails/{code}", [](const http::Request& request) {
      const auto code = static_cast<ApiErrc>(std::stoi(request.captures.at(0)));
      return answer(Error(code, "it is " + std::string(name_of(code))));
    });
    const auto echo = [](const http::Request& request) {
      const auto body = body_of(request);
      if (!body.ok()) return answer(json::Value{{"did", request.method}});
      return answer(json::Value{{"did", request.method}, {"body", *body}});
    };
    server_.on_change("POST", "/api/things", echo);
    server_.on_change("PUT", "/api/things", echo);
    server_.on_change("DELETE", "/api/things", echo);
    ASSERT_TRUE(server_.start().ok());
  }

  const int port_ = testing::free_port();
  LabServer server_{{.port = port_}, kToken};
};

TEST_F(LabClientTest, GivesBackTheErrorThatTheHandlerGave) {
  LabClient client({"127.0.0.1", port_}, "");
  for (int i = 0; i < static_cast<int>(ApiErrc::unreachable); ++i) {
    const auto code = static_cast<ApiErrc>(i);
    const auto refused = client.get("/api/fails/" + std::to_string(i));
    ASSERT_FALSE(refused.ok());
    EXPECT_TRUE(refused.error().is(code)) << name_of(code);
    EXPECT_EQ(refused.error().message(), "it is " + std::string(name_of(code)));
  }
  EXPECT_TRUE(client.get("/api/nothing").error().is(ApiErrc::not_found));
  EXPECT_TRUE(client.post("/api/things", json::Value::object()).error().is(ApiErrc::unauthorized));
}

TEST_F(LabClientTest, AFileWithoutATokenIsBadUsage) {
  const LabAddress address{"http://127.0.0.1:1", "/no/such/token", ""};
  const auto client = address.connect();
  ASSERT_FALSE(client.ok());
  EXPECT_TRUE(client.error().is(ApiErrc::bad_request));
}

TEST_F(LabClientTest, ChangesWithTheTokenOfAFileOrOfItsVariable) {
  const testing::TempFolder folder;
  const std::string file = (folder.path() / "lab-token").string();
  ASSERT_TRUE(write_token(file, kToken).ok());
  const std::string url = "http://127.0.0.1:" + std::to_string(port_);
  for (const LabAddress& address :
       {LabAddress{url, file, ""}, LabAddress{url, "", "Bearer " + kToken}}) {
    auto client = address.connect();
    ASSERT_TRUE(client.ok());
    EXPECT_EQ(json::to_text(client->post("/api/things", {{"a", 1}}).value()),
              R"({"did":"POST","body":{"a":1}})");
    EXPECT_EQ(json::to_text(client->put("/api/things", {{"a", 2}}).value()),
              R"({"did":"PUT","body":{"a":2}})");
    EXPECT_EQ(json::to_text(client->remove("/api/things").value()), R"({"did":"DELETE"})");
  }
  EXPECT_FALSE((LabAddress{url, file + ".not", ""}.connect().ok()));
}

TEST_F(LabClientTest, SaysWhereNoLabAnswers) {
  server_.stop();
  LabClient client({"127.0.0.1", port_}, "");
  const auto gone = client.get("/api");
  ASSERT_FALSE(gone.ok());
  EXPECT_TRUE(gone.error().is(ApiErrc::unreachable));
  EXPECT_NE(gone.error().message().find(std::to_string(port_)), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::lab
