#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/base/clock.h"
#include "common/log/hailstorm/accumulator.h"
#include "common/log/hailstorm/connection.h"
#include "common/log/hailstorm/lane.h"
#include "common/log/hailstorm/topic_directory.h"
#include "common/log/log.h"

namespace hailstorm::log::hail {

/// Gathers records on the callers' threads. A caller that waits takes the answers itself, which
/// saves the way over another thread; a thread of the producer's own does it while none waits.
///
/// Thread safety: safe.
class HailstormProducer final : public Producer {
 public:
  /// `network` must remain live while this is in use.
  HailstormProducer(Network& network, ProducerOptions options);
  /// Waits for nothing: what is not answered for is reported as unknown_outcome. Call flush()
  /// first.
  ~HailstormProducer() override;

  Status send(const std::string& topic, Record record, DeliveryCallback done) override;
  Status send(const std::string& topic, std::span<const RecordView> records,
              const BatchCallback& done) override;
  Status flush(int timeout_ms) override;
  std::optional<int32_t> partition_of(const std::string& topic, std::string_view key) override;

 private:
  enum class Question { produce, metadata, identity };
  struct Pending {
    Question question = Question::produce;
    int64_t deadline_ms = 0;
    TopicPartition id;   // produce
    uint64_t token = 0;  // produce
  };

  using Lock = std::unique_lock<std::mutex>;
  using TimePoint = std::chrono::steady_clock::time_point;

  [[nodiscard]] Status wait_for_room(Lock& lock);
  /// Waits for `done`, until `until`, taking turns or for somebody who does. Gives done().
  template <class Done>
  bool wait_driving(Lock& lock, TimePoint until, const Done& done);
  template <class Done>
  void drive(Lock& lock, TimePoint until, const Done& done);

  void run();
  void send_now();
  /// One look at everything: takes the answers that came, sends what is due. Gives how long nothing
  /// else is due, in ms.
  [[nodiscard]] int64_t turn();

  // With the wheel.
  void take_answers(int64_t now_ms);
  void send_due(int64_t now_ms);
  void collect(int64_t now_ms);
  void refuse_partitions();
  void expire(int64_t now_ms);
  void ask(int64_t now_ms);
  void ask_identity(int64_t now_ms);
  void transmit(int64_t now_ms);
  [[nodiscard]] int64_t wait_ms(int64_t now_ms);
  void take_reply(const Reply& reply, int64_t now_ms);
  void take_produced(const Pending& pending, const Reply& reply, int64_t now_ms);
  void take_metadata(const Reply& reply, int64_t now_ms);
  void take_identity(const Reply& reply, int64_t now_ms);
  void note_closed(const wire::MetadataReply& reply);
  void close(const TopicPartition& id, const wire::Outcome& outcome);
  void reopen(const TopicPartition& id);
  void reopen_all();
  void fail_sent(const TopicPartition& id, const wire::Outcome& outcome);
  void fail_closed();
  void take_topic(const TopicDirectory::News::Known& known, int64_t now_ms);
  void give_up_topic(const std::string& topic, std::string why);
  void lost(int64_t now_ms);
  [[nodiscard]] bool may_begin() const;
  [[nodiscard]] bool is_pending(Question question) const;
  [[nodiscard]] bool has_room(const TopicPartition& id) const;
  void tell_refusal(const TopicPartition& id, const wire::Outcome& outcome);
  void settle(const TopicPartition& id, std::vector<Lane::Settled> settled);
  void settle(std::vector<Accumulator::Ready> ready, const Error& error);
  void settle_everything();

  const ProducerOptions options_;
  const SystemClock clock_;

  // Protects what follows, down to the other mutex; is locked before that one.
  std::mutex wheel_;
  Connection connection_;
  std::map<TopicPartition, Lane> lanes_;
  TopicDirectory directory_;
  ProducerIdentity identity_;
  int64_t ask_identity_at_ms_ = 0;
  int64_t next_turn_ms_ = 0;                       // of whoever drives
  std::map<TopicPartition, std::string> closed_;   // by the broker, with the reason
  std::optional<wire::ErrorCode> refused_with_;    // what was last told of
  std::unordered_map<uint64_t, Pending> pending_;  // by correlation id

  std::mutex mutex_;
  std::condition_variable changed_;  // for the callers
  std::condition_variable ending_;   // for our own thread
  Accumulator accumulator_;          // protected by mutex_
  int64_t unacknowledged_ = 0;       // records; protected by mutex_
  size_t unacknowledged_bytes_ = 0;  // protected by mutex_
  uint64_t oldest_unanswered_ = 0;   // a ticket, as of the last settling; protected by mutex_
  int flushing_ = 0;                 // protected by mutex_
  bool driving_ = false;             // a caller takes the turns; protected by mutex_
  int64_t last_driven_ms_ = 0;       // when a caller last took one; protected by mutex_
  bool stopping_ = false;            // protected by mutex_
  std::thread thread_;
};

}  // namespace hailstorm::log::hail
