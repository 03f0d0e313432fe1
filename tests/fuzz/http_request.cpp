#include <algorithm>
#include <string>
#include <vector>

#include "common/base/check.h"
#include "common/http/request_parser.h"
#include "common/http/web_guard.h"
#include "tests/fuzz/targets.h"

namespace hailstorm::fuzz {
namespace {

using http::RequestParser;

/// What a parser made of the bytes: each request as text, and whether the rest was refused.
struct Outcome {
  std::vector<std::string> requests;
  bool is_refused = false;
  bool operator==(const Outcome&) const = default;
};

std::string text_of(const http::ReceivedRequest& received) {
  std::string text = received.request.method + '\n' + received.request.path + '\n';
  for (const auto& [name, value] : received.request.query) text += name + '=' + value + '\n';
  for (const auto& [name, value] : received.request.headers) text += name + ':' + value + '\n';
  return text + received.authority + '\n' + received.request.body;
}

void check(const http::ReceivedRequest& received, const http::Limits& limits) {
  HAIL_CHECK(received.request.body.size() <= limits.max_body_bytes);
  HAIL_CHECK(received.request.headers.size() <= limits.max_headers);
  HAIL_CHECK(received.request.path.find('\0') == std::string::npos);
  for (const auto& [name, value] : received.request.headers) {
    HAIL_CHECK(!name.empty() && (name + value).find_first_of("\r\n") == std::string::npos);
  }
  HAIL_CHECK(received.is_http_1_0 || !received.authority.empty());
  static const http::WebGuard guard({"gateway"});
  static_cast<void>(guard.check_site(received));
  static_cast<void>(http::WebGuard::check_type(received.request));
}

Outcome parse(std::string_view bytes, size_t piece, const http::Limits& limits) {
  RequestParser parser(limits);
  Outcome outcome;
  while (!bytes.empty() && !outcome.is_refused) {
    const auto next = bytes.substr(0, piece);
    bytes.remove_prefix(next.size());
    parser.append(next);
    auto step = parser.advance();
    while (step == RequestParser::Step::complete || step == RequestParser::Step::want_go_on) {
      if (step == RequestParser::Step::complete) {
        const auto received = parser.take();
        check(received, limits);
        outcome.requests.push_back(text_of(received));
      }
      step = parser.advance();
    }
    outcome.is_refused = step == RequestParser::Step::refused;
    HAIL_CHECK(!outcome.is_refused || parser.refusal().status >= 400);
    HAIL_CHECK(parser.held_bytes() <=
               4 * (limits.max_head_bytes + limits.max_body_bytes + next.size() + 64));
  }
  return outcome;
}

}  // namespace

/// The same whatever the pieces in which the bytes come, and in bounded memory.
void http_request(Bytes input) {
  const http::Limits limits{
      .max_line_bytes = 500, .max_headers = 20, .max_head_bytes = 1'500, .max_body_bytes = 1'000};
  const std::string_view bytes = as_text(input);
  const Outcome at_once = parse(bytes, std::max<size_t>(1, bytes.size()), limits);
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{100}}) {
    HAIL_CHECK(parse(bytes, piece, limits) == at_once);
  }
}

}  // namespace hailstorm::fuzz
