#include "common/http/event_stream.h"

#include <fmt/format.h>
#include <utility>

#include "common/http/answer_text.h"

namespace hailstorm::http {
namespace {

constexpr int64_t kBeatMs = 1'000;

Response event_response(std::string body) {
  return {200, std::move(body), "text/event-stream", {{"Cache-Control", "no-store"}}};
}

const std::shared_ptr<const std::string>& beginning() {
  static const auto kBeginning =
      std::make_shared<const std::string>(stream_head() + "retry: 1000\n\n");
  return kBeginning;
}

const std::shared_ptr<const std::string>& beat() {
  static const auto kBeat = std::make_shared<const std::string>(":hb\n\n");
  return kBeat;
}

}  // namespace

std::string stream_head() {
  return to_bytes(event_response(""), {.closes = true, .has_length = false});
}

Response streams_are_full() {
  return event_response(fmt::format("event: full\nretry: 10000\ndata: {{\"streams\":{}}}\n\n",
                                    EventFeed::kMaxStreams));
}

EventStream::EventStream(std::shared_ptr<EventFeed> feed, std::shared_ptr<void> place,
                         int64_t now_ms)
    : feed_(std::move(feed)),
      place_(std::move(place)),
      part_(beginning()),
      began_ms_(now_ms),
      next_beat_ms_(now_ms + kBeatMs) {}

std::string_view EventStream::unsent(int64_t now_ms) {
  if (part_ == nullptr) {
    sent_ = 0;
    began_ms_ = now_ms;
    if (now_ms >= next_beat_ms_) {
      next_beat_ms_ = now_ms + kBeatMs;
      part_ = beat();
    } else {
      part_ = feed_->newer_than(seen_);
    }
  }
  if (part_ == nullptr) return {};
  return std::string_view(*part_).substr(sent_);
}

void EventStream::count_sent(size_t bytes) {
  sent_ += bytes;
  if (part_ != nullptr && sent_ == part_->size()) part_.reset();
}

}  // namespace hailstorm::http
