#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "common/http/router.h"

namespace hailstorm::http {

/// The thread that answers probes, there from the start. All requests that wait for the same page
/// when it is made get the same one: a flood of them costs one call at a time.
///
/// Thread safety: safe; start() and stop() by one thread.
class ProbeThread {
 public:
  using Give = std::function<void(const Response&)>;

  ~ProbeThread() { stop(); }

  /// Throws std::system_error where there is no thread.
  void start();
  /// `give` is called with the page of this route, on this thread. `page` must remain live.
  void ask(const Route& page, Give give);
  /// Answers all that wait, then ends the thread.
  void stop();

 private:
  struct Waiting {
    const Route* page;
    std::vector<Give> all;
  };
  void work();
  static void answer(const Waiting& waiting);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;  // one of a page, the first to be made first
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace hailstorm::http
