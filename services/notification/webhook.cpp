#include "services/notification/webhook.h"

#include <utility>

#include "common/base/logging.h"
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

Result<std::unique_ptr<Webhook>> Webhook::make(const std::string& url,
                                               const std::string& database_path) {
  HAIL_ASSIGN_OR_RETURN(Url parsed, parse_url(url, "http"));
  return std::unique_ptr<Webhook>(new Webhook(std::move(parsed), database_path));
}

Webhook::Webhook(Url url, std::string database_path)
    : client_(std::move(url.address), kTimeoutMs),
      path_(std::move(url.path)),
      database_path_(std::move(database_path)),
      back_off_(kFirstPauseMs, kLongestPauseMs) {}

Webhook::~Webhook() {
  stopping_ = true;
  thread_.wake();
}

void Webhook::start() {
  thread_.start([this] { return run_once(); });
}

std::optional<int> Webhook::run_once() {
  if (stopping_) return std::nullopt;
  const auto count = deliver();
  if (!count.ok()) log_warn("webhook: trying again", {count.error()});
  if (count.ok() && *count > 0) back_off_.reset();
  return back_off_.next_ms();
}

/// Gives how many messages were taken, up to the first that was not.
Result<int64_t> Webhook::deliver() {
  HAIL_ASSIGN_OR_RETURN(auto db, store::Database::open(database_path_));
  HAIL_ASSIGN_OR_RETURN(const auto messages, undelivered(*db, kMaxRows));
  int64_t count = 0;
  for (const StoredMessage& stored : messages) {
    HAIL_ASSIGN_OR_RETURN(const auto answer, client_.post(path_, to_json(stored),
                                                          {{"Idempotency-Key", key_of(stored)}}));
    if (answer.status < 200 || answer.status >= 300) break;
    HAIL_RETURN_IF_ERROR(set_delivered(*db, stored.id));
    ++count;
  }
  return count;
}

}  // namespace hailstorm::notification
