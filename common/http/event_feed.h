#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace hailstorm::http {

/// One event as a stream carries it (WHATWG HTML §9.2): its id, then each line of `data`.
[[nodiscard]] std::shared_ptr<const std::string> event_text(int64_t id, std::string_view data);

/// The newest event of one kind, for every stream that a server has open on it. There is no queue:
/// a stream whose reader is slow misses events, and gets the newest.
///
/// Thread safety: safe.
class EventFeed {
 public:
  static constexpr size_t kMaxStreams = 16;
  static constexpr size_t kMaxAnonymousStreams = 4;  // of them

  /// Takes the place of the event before it. `event` is as event_text() gives it.
  void publish(std::shared_ptr<const std::string> event);
  /// How many streams are open: a publisher may work less where nobody reads.
  [[nodiscard]] size_t streams() const;

  // For the server.

  /// Counts a stream as open until the last copy is gone. Null: there are too many.
  [[nodiscard]] static std::shared_ptr<void> take_place(const std::shared_ptr<EventFeed>& feed,
                                                        bool is_anonymous);
  /// The newest event, unless it is number `seen`, which is set to its number. Null: there is none.
  [[nodiscard]] std::shared_ptr<const std::string> newer_than(uint64_t& seen) const;
  /// `wake` is called by each publish() from now on, while streams are open; null: nothing is.
  void on_publish(std::function<void()> wake);

 private:
  void give_back(bool is_anonymous);

  mutable std::mutex mutex_;
  std::shared_ptr<const std::string> newest_;
  uint64_t published_ = 0;
  size_t streams_ = 0;
  size_t anonymous_ = 0;
  std::function<void()> wake_;
};

}  // namespace hailstorm::http
