#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/http/event_feed.h"
#include "common/http/http.h"

namespace hailstorm::http {

/// The head of every stream; its body ends with the connection.
[[nodiscard]] std::string stream_head();
/// The answer where there is no place for one more stream: an event `full`, after which a browser
/// asks again in 10 s. Another status would end its EventSource for good.
[[nodiscard]] Response streams_are_full();

/// What one open stream has yet to write: the event that is half written, else the newest one of
/// its feed, and once a second a comment that shows the reader that this server lives.
///
/// Thread safety: not safe.
class EventStream {
 public:
  /// `place` is what EventFeed::take_place() gave. Times are on the steady clock.
  EventStream(std::shared_ptr<EventFeed> feed, std::shared_ptr<void> place, int64_t now_ms);

  /// What the socket is to take next; empty: nothing now.
  [[nodiscard]] std::string_view unsent(int64_t now_ms);
  /// It took so many bytes of it.
  void count_sent(size_t bytes);
  /// Since when what unsent() gave is not taken whole. REQUIRES: it gave something.
  [[nodiscard]] int64_t waits_since_ms() const { return began_ms_; }

 private:
  const std::shared_ptr<EventFeed> feed_;
  const std::shared_ptr<void> place_;
  std::shared_ptr<const std::string> part_;  // shared with other streams; null: all is written
  size_t sent_ = 0;                          // of the part
  int64_t began_ms_;
  uint64_t seen_ = 0;
  int64_t next_beat_ms_;
};

}  // namespace hailstorm::http
