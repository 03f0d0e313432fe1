#include "common/http/bearer.h"

#include <gtest/gtest.h>

namespace hailstorm::http {
namespace {

constexpr const char* kToken = "a-token-of-enough-characters";

Response answer_to(Headers headers) {
  const Handler handler = with_bearer(kToken, "the vault", [](const Request&) {
    return Response{200, "open", "text/plain", {}};
  });
  Request request;
  request.headers = std::move(headers);
  return handler(request);
}

TEST(BearerTest, TheTokenLetsARequestPass) {
  for (const char* scheme : {"Bearer ", "bearer ", "BEARER "}) {
    EXPECT_EQ(answer_to({{"Authorization", scheme + std::string(kToken)}}).body, "open") << scheme;
  }
}

TEST(BearerTest, WithoutItTheAnswerSaysWhatIsMissing) {
  const std::string token = kToken;
  for (const std::string& given :
       {std::string(), std::string("Bearer"), std::string("Bearer "), token, "Basic " + token,
        "Bearer" + token, "Bearer  " + token, "Bearer " + token + "x", "Bearer x" + token,
        "Bearer " + token.substr(1), "Bearer " + token + ", Bearer " + token}) {
    const Response refused = answer_to({{"Authorization", given}});
    EXPECT_EQ(refused.status, 401) << given;
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_EQ(refused.headers.at("WWW-Authenticate"), "Bearer realm=\"the vault\"");
    EXPECT_EQ(refused.body.find(token), std::string::npos);
  }
  EXPECT_EQ(answer_to({}).status, 401);
}

}  // namespace
}  // namespace hailstorm::http
