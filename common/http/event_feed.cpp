#include "common/http/event_feed.h"

#include <fmt/format.h>
#include <utility>

namespace hailstorm::http {

std::shared_ptr<const std::string> event_text(int64_t id, std::string_view data) {
  auto event = std::make_shared<std::string>(fmt::format("id: {}\n", id));
  event->reserve(event->size() + data.size() + 16);
  while (true) {
    const size_t end = data.find_first_of("\r\n");
    event->append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.npos) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  event->append("\n");
  return event;
}

void EventFeed::publish(std::shared_ptr<const std::string> event) {
  const std::lock_guard lock(mutex_);
  newest_ = std::move(event);
  ++published_;
  if (wake_ && streams_ > 0) wake_();
}

size_t EventFeed::streams() const {
  const std::lock_guard lock(mutex_);
  return streams_;
}

std::shared_ptr<void> EventFeed::take_place(const std::shared_ptr<EventFeed>& feed,
                                            bool is_anonymous) {
  const std::lock_guard lock(feed->mutex_);
  if (feed->streams_ >= kMaxStreams) return nullptr;
  if (is_anonymous && feed->anonymous_ >= kMaxAnonymousStreams) return nullptr;
  ++feed->streams_;
  if (is_anonymous) ++feed->anonymous_;
  return {feed.get(), [feed, is_anonymous](void* /*place*/) { feed->give_back(is_anonymous); }};
}

void EventFeed::give_back(bool is_anonymous) {
  const std::lock_guard lock(mutex_);
  --streams_;
  if (is_anonymous) --anonymous_;
}

std::shared_ptr<const std::string> EventFeed::newer_than(uint64_t& seen) const {
  const std::lock_guard lock(mutex_);
  if (seen == published_) return nullptr;
  seen = published_;
  return newest_;
}

void EventFeed::on_publish(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

}  // namespace hailstorm::http
