#include "services/notification/webhook.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "common/base/logging.h"
#include "common/http/client.h"
#include "common/json/json.h"
#include "services/notification/store.h"

namespace hailstorm::notification {
namespace {

constexpr int kTimeoutMs = 5'000;
constexpr int kFirstPauseMs = 50;
constexpr int kLongestPauseMs = 5'000;
constexpr int64_t kMaxRows = 100;

std::string to_json(const StoredMessage& stored) {
  return json::to_sorted_text({{"id", stored.id},
                               {"lane", stored.lane},
                               {"ride_id", stored.message.ride_id},
                               {"kind", stored.message.kind},
                               {"recipient", stored.message.recipient},
                               {"body", stored.message.body}});
}

/// The message's own name, also in a store that was rebuilt in another order.
std::string key_of(const StoredMessage& stored) {
  return stored.lane + "/" + stored.message.ride_id + "/" + stored.message.kind;
}

}  // namespace

struct Webhook::Impl {
  Impl(Address address, std::string to, std::string database)
      : client(std::move(address), kTimeoutMs),
        path(std::move(to)),
        database_path(std::move(database)),
        thread([this](const std::stop_token& stop) { run(stop); }) {}

  http::Client client;
  const std::string path;
  const std::string database_path;
  std::mutex mutex;
  std::condition_variable_any changed;
  std::jthread thread;  // last: it uses the others

  void run(const std::stop_token& stop) {
    int pause_ms = kFirstPauseMs;
    while (!stop.stop_requested()) {
      const auto count = deliver();
      if (!count.ok()) log_warn("webhook: trying again", {count.error()});
      const bool progress = count.ok() && *count > 0;
      pause_ms = progress ? kFirstPauseMs : std::min(2 * pause_ms, kLongestPauseMs);
      std::unique_lock lock(mutex);
      changed.wait_for(lock, stop, std::chrono::milliseconds(pause_ms), [] { return false; });
    }
  }

  /// How many messages were taken, up to the first that was not.
  Result<int64_t> deliver() {
    HAIL_ASSIGN_OR_RETURN(auto db, store::Database::open(database_path));
    HAIL_ASSIGN_OR_RETURN(const auto messages, undelivered(*db, kMaxRows));
    int64_t count = 0;
    for (const StoredMessage& stored : messages) {
      HAIL_ASSIGN_OR_RETURN(const auto answer, client.post(path, to_json(stored),
                                                           {{"Idempotency-Key", key_of(stored)}}));
      if (answer.status < 200 || answer.status >= 300) break;
      HAIL_RETURN_IF_ERROR(set_delivered(*db, stored.id));
      ++count;
    }
    return count;
  }
};

Webhook::Webhook() = default;
Webhook::~Webhook() = default;

Result<std::unique_ptr<Webhook>> Webhook::start(const std::string& url,
                                                const std::string& database_path) {
  HAIL_ASSIGN_OR_RETURN(Url parsed, parse_url(url, "http"));
  std::unique_ptr<Webhook> webhook(new Webhook());
  webhook->impl_ =
      std::make_unique<Impl>(std::move(parsed.address), std::move(parsed.path), database_path);
  return webhook;
}

}  // namespace hailstorm::notification
