#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/broker/groups/group_world.h"
#include "tests/broker/groups/schedule_step.h"

namespace hailstorm::groups {

/// Six processes, two of them static members, and one coordinator. Lets the steps of a schedule
/// happen to them, keeps its own account of assignments and acknowledged commits, and compares
/// after each step.
///
/// Thread safety: not safe.
class ScheduleWorld : private GroupWorld {
 public:
  ScheduleWorld();

  void step(const Event& event);
  /// The first failure.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  using Id = wire::TopicPartition;
  static constexpr size_t kSlots = 6;
  static constexpr size_t kFirstStatic = 4;

  struct Process {
    Consumer consumer;
    size_t slot = 0;
    int incarnation = 0;
    bool running = false;
    bool frozen = false;
    bool waiting = false;  // for a heartbeat's answer
    bool deaf = false;     // a reply was lost after the last one that it got
    bool over = false;     // it knows that it owns nothing, whatever it remembers
    PartitionSet given;    // by the last reply that it got
    std::map<Id, int64_t> position;

    [[nodiscard]] const std::string& identity() const {
      return consumer.instance.empty() ? consumer.id : consumer.instance;
    }
  };
  /// The member that a reply assigned a partition to last.
  struct Grant {
    std::string id;
    int32_t epoch = 0;
    uint64_t number = 0;
  };
  /// The last rewind of a partition: commits of epochs before it are refused.
  struct Fence {
    uint64_t number = 0;
    int32_t epoch = 0;
    bool is_durable = false;
    bool is_unsure = false;  // until the partition is granted again
  };
  /// What assignments depend on, and the assignments.
  struct Plan {
    std::map<std::string, std::vector<std::string>> topics;  // by identity
    std::map<std::string, int32_t> counts;
    std::map<std::string, Uuid> ids;
    std::map<std::string, PartitionSet> targets;
    int32_t epoch = 0;
    uint64_t rewinds = 0;
  };

  void dispatch(const Event& event);
  void join(Process& process, uint32_t how);
  void beat(Process& process, uint32_t how, bool answer_lost = false);
  void leave(Process& process, bool for_a_moment);
  void crash(Process& process);
  void bounce(Process& process, uint32_t how);
  void commit(Process& process, uint32_t how);
  void commit(const Process& process, const Id& id, int32_t epoch);
  void rewind(uint32_t who, uint32_t how);
  void forget_unsure_fences();
  [[nodiscard]] bool is_fence_unsure(const Id& id) const;
  [[nodiscard]] bool is_fenced(const Id& id, int32_t epoch) const;
  void stale_beat(uint32_t who);
  void grow(uint32_t who);
  /// The topic is deleted and made again before any member gets a reply about it.
  void remake(uint32_t who);
  [[nodiscard]] Uuid next_id() { return {{++ids_given_}}; }
  void fail_journal(uint32_t how);
  void restart(uint32_t how);
  void settle_all();

  void heard(size_t slot, int incarnation, const wire::GroupHeartbeatReply& reply);
  void granted(Process& process, const wire::GroupHeartbeatReply& reply);
  static void start_afresh(Process& process);
  void resume_from_committed();

  void check_refusal(const wire::GroupHeartbeatRequest& request,
                     const std::optional<wire::GroupMember>& before, wire::ErrorCode answer);
  void check_nothing_taken_needlessly(const wire::GroupHeartbeatRequest& request,
                                      const PartitionSet& given);
  void check_one_owner();
  void check_plan(const Plan& before, const Plan& after);
  void check_committed();
  void check_whole();
  void check_everybody_may_commit();
  [[nodiscard]] bool is_settled();
  [[nodiscard]] Plan plan();
  [[nodiscard]] std::optional<wire::GroupMember> member(const std::string& id);
  [[nodiscard]] std::string owner(const Id& id);

  void fail(const std::string& what) {
    if (failure_.empty()) failure_ = what;
  }

  Plan plan_;  // after the last step
  std::array<Process, kSlots> processes_;
  std::vector<Process> zombies_;
  std::map<std::pair<Id, int32_t>, std::string> owner_at_;  // identity by partition and epoch
  std::map<Id, Grant> grants_;
  std::map<Id, int64_t> acknowledged_;
  std::map<Id, Fence> fences_;
  std::set<std::pair<size_t, Id>> to_resume_;
  uint64_t grant_count_ = 0;
  uint64_t rewind_count_ = 0;
  uint8_t ids_given_ = 0;
  bool journal_failed_ = false;  // what is known may be ahead of the journal
  std::string failure_;
};

}  // namespace hailstorm::groups
