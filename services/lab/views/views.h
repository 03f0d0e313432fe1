#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/http/event_feed.h"
#include "common/json/json.h"
#include "services/lab/views/frame_maker.h"
#include "services/lab/views/recording.h"

namespace hailstorm::lab {

/// A frame that was made, in the forms in which it is asked for.
struct MadeFrame {
  int64_t number = 0;
  int64_t at_ms = 0;  // steady clock
  std::shared_ptr<const std::string> text;
  json::Value document;
};

/// Looks at the platform, with a thread of its own, and makes a frame each time: 5 a second while
/// somebody looks, else one. However many look, there is one frame for all of them.
///
/// Thread safety: safe; start() and stop() from one thread.
class Views {
 public:
  /// What others know. Called on the thread of this; may take as long as it needs.
  using Source = std::function<Result<FrameSources>()>;

  /// `data` is the platform's folder; `head` has run, seed and settings for recordings. `clock`
  /// must remain live while this is in use.
  Views(Source source, const std::filesystem::path& data, Schedule head, const Clock& clock);
  ~Views();  // stop()
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  /// Begins to look; the first frame is there when it returns. May throw std::system_error where
  /// no thread can be made.
  void start();
  void stop();

  /// A frame that is younger than that; a new one is made where there is none, up to 10 a second.
  /// Null before start(), and after stop() if there was none.
  [[nodiscard]] std::shared_ptr<const MadeFrame> frame(int64_t max_age_ms);
  /// Each frame as an event, for streams.
  [[nodiscard]] const std::shared_ptr<http::EventFeed>& feed() const { return feed_; }
  /// See Recording::lines().
  [[nodiscard]] std::string recording(int64_t last_ms) const { return recording_.lines(last_ms); }

 private:
  using Guard = std::unique_lock<std::mutex>;

  void loop();
  void look(Guard& lock);
  [[nodiscard]] bool is_due(int64_t now_ms) const;
  [[nodiscard]] std::shared_ptr<const MadeFrame> make(int64_t number);

  const Source source_;
  const Clock& clock_;
  FrameMaker maker_;
  Recording recording_;
  const std::shared_ptr<http::EventFeed> feed_ = std::make_shared<http::EventFeed>();

  std::mutex mutex_;
  std::condition_variable wanted_or_stopped_;
  std::condition_variable made_one_;
  bool is_wanted_ = false;
  bool stops_ = true;
  int64_t begun_ = 0;    // frames
  int64_t asked_at_ms_;  // for the last time
  std::shared_ptr<const MadeFrame> newest_;
  std::thread thread_;
};

}  // namespace hailstorm::lab
