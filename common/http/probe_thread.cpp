#include "common/http/probe_thread.h"

#include <algorithm>
#include <utility>

namespace hailstorm::http {

void ProbeThread::start() {
  thread_ = std::thread([this] { work(); });
}

void ProbeThread::ask(const Route& page, Give give) {
  {
    const std::lock_guard lock(mutex_);
    auto found = std::find_if(waiting_.begin(), waiting_.end(),
                              [&page](const Waiting& one) { return one.page == &page; });
    if (found == waiting_.end()) found = waiting_.insert(waiting_.end(), Waiting{&page, {}});
    found->all.push_back(std::move(give));
  }
  changed_.notify_one();
}

void ProbeThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ProbeThread::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    answer(next);
    lock.lock();
  }
}

void ProbeThread::answer(const Waiting& waiting) {
  Response response;
  try {
    response = call(waiting.page->handler, Request{});
  } catch (const std::exception&) {
    response.status = 500;  // there is no memory, not even for words
  }
  for (const Give& give : waiting.all) give(response);
}

}  // namespace hailstorm::http
