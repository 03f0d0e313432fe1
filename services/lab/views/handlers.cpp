#include "services/lab/views/handlers.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace hailstorm::lab {
namespace {

// As old as a frame may be: 5 Hz.
constexpr int64_t kFrameMs = 200;
constexpr int64_t kMaxSeconds = 86'400;

std::optional<int64_t> seconds_of(const http::Request& request) {
  const auto found = request.query.find("seconds");
  if (found == request.query.end()) return kMaxSeconds;
  const std::string& text = found->second;
  int64_t seconds = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_whole = wrong == std::errc{} && end == text.data() + text.size();
  if (!is_whole || seconds < 1 || seconds > kMaxSeconds) return std::nullopt;
  return seconds;
}

}  // namespace

http::Response state_answer(Views& views) {
  const auto frame = views.frame(kFrameMs);
  if (frame == nullptr) return http::try_again("there is no frame yet");
  http::Response response;
  response.body = *frame->text;
  response.headers["Cache-Control"] = "no-store";
  return response;
}

http::Response recording_answer(const Views& views, const http::Request& request) {
  const auto seconds = seconds_of(request);
  if (!seconds) return http::problem(422, "seconds takes 1 to 86400", {{"field", "seconds"}});
  http::Response response;
  response.body = views.recording(*seconds * 1'000);
  response.content_type = "application/jsonl";
  response.headers["Cache-Control"] = "no-store";
  return response;
}

}  // namespace hailstorm::lab
