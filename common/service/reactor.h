#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/events/events.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// How a reaction fails. `transient`: the same event is tried again with back-off, nothing is
/// skipped. `permanent`: the event goes to the dead_letter topic in the same transaction, and the
/// partition moves on.
enum class ReactErrc { transient, permanent };
[[nodiscard]] std::string_view name_of(ReactErrc code);

/// What a reaction may do besides writing its own rows: publish events, in the same transaction.
class Effects {
 public:
  virtual ~Effects() = default;
  /// An outbox row; the relay publishes it after the commit. Error permanent: no log takes this
  /// event, because it is too large. Return the error, so that the reaction is rolled back.
  [[nodiscard]] virtual Status publish(const events::Event& event) = 0;
};

/// A service as the runtime sees it.
///
/// Thread safety: react() is called from one thread at a time, inside a transaction of `db`.
class Reactor {
 public:
  virtual ~Reactor() = default;
  /// The event types (topics) it reads.
  [[nodiscard]] virtual std::vector<std::string> topics() const = 0;
  /// The event types (topics) that this service alone publishes, in a reaction or elsewhere.
  [[nodiscard]] virtual std::vector<std::string> publishes() const { return {}; }
  /// Applies one event. A store error is taken as transient.
  [[nodiscard]] virtual Status react(const events::Event& event, store::Database& db,
                                     Effects& effects) = 0;
  /// The store has none of the rows that events lead to.
  [[nodiscard]] virtual Result<bool> is_empty(store::Database&) const { return false; }
  /// The log has this event of the service. Where the store does not know what it says, keeps it,
  /// so that the service never contradicts it. Gives whether the store did not know it.
  [[nodiscard]] virtual Result<bool> recall(const events::Event&, store::Database&) {
    return false;
  }
  /// The store was rebuilt from the log and has caught up: does all that waited for that.
  [[nodiscard]] virtual Status rebuilt(store::Database&, Effects&) { return {}; }
  /// The transaction was rolled back: what memory keeps of it must go.
  virtual void rolled_back() {}
};

}  // namespace hailstorm::service
