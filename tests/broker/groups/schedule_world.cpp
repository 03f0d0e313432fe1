#include "tests/broker/groups/schedule_world.h"

#include <algorithm>

namespace hailstorm::groups {

using wire::ErrorCode;

namespace {

const std::vector<std::string> kTopics = {"t0", "t1", "t2"};

std::vector<std::string> some_topics(uint32_t how) {
  if (how % 3 != 0) return kTopics;
  std::vector<std::string> topics;
  for (size_t i = 0; i < kTopics.size(); ++i) {
    if ((how >> (8 + i)) % 2 == 1) topics.push_back(kTopics[i]);
  }
  return topics.empty() ? kTopics : topics;
}

template <class Container>
auto nth(Container& all, size_t random) {
  auto at = all.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(random % all.size()));
  return at;
}

}  // namespace

ScheduleWorld::ScheduleWorld() {
  catalog_.counts = {{"t0", 1}, {"t1", 2}, {"t2", 4}};
  for (const std::string& topic : kTopics) catalog_.ids[topic] = next_id();
  plan_ = plan();
  for (size_t i = 0; i < kSlots; ++i) {
    processes_[i].slot = i;
    processes_[i].consumer.topics = kTopics;
    processes_[i].consumer.session_timeout_ms = 2'000;
    processes_[i].consumer.rebalance_timeout_ms = 2'500;
    if (i >= kFirstStatic) {
      processes_[i].consumer.instance = std::string("static").append(std::to_string(i));
    }
  }
}

void ScheduleWorld::step(const Event& event) {
  const Plan before = std::move(plan_);
  const bool was_certain = !journal_failed_ && journal_.pending() == 0;
  dispatch(event);
  resume_from_committed();
  check_one_owner();
  check_committed();
  plan_ = plan();
  if (event.step != Step::settle && (was_certain || event.step != Step::restart)) {
    check_plan(before, plan_);
  }
}

void ScheduleWorld::dispatch(const Event& event) {
  Process& process = processes_[event.who % kSlots];
  const bool awake = process.running && !process.frozen && !process.waiting;
  switch (event.step) {
    case Step::join:
      return join(process, event.how);
    case Step::beat:
    case Step::beat_lost:
      if (awake) beat(process, event.how, event.step == Step::beat_lost);
      return;
    case Step::leave:
      if (awake) leave(process, !process.consumer.instance.empty() && event.how % 2 == 0);
      return;
    case Step::crash:
      if (process.running) crash(process);
      return;
    case Step::freeze:
    case Step::thaw:
      process.frozen = event.step == Step::freeze;
      return;
    case Step::bounce:
      return bounce(processes_[kFirstStatic + event.who % (kSlots - kFirstStatic)], event.how);
    case Step::commit:
      if (process.running && !process.frozen) commit(process, event.how);
      return;
    case Step::stale_commit:
      if (!zombies_.empty()) commit(*nth(zombies_, event.who), event.how);
      return;
    case Step::rewind:
      return rewind(event.who, event.how);
    case Step::stale_beat:
      return stale_beat(event.who);
    case Step::subscribe:
      process.consumer.topics = some_topics(event.how);
      return;
    case Step::grow:
      return grow(event.who);
    case Step::remake:
      return remake(event.who);
    case Step::pass:
      return pass_ms(event.how % 1'500);
    case Step::hold_journal:
      return journal_.hold();
    case Step::settle_journal:
      return journal_.settle();
    case Step::fail_journal:
      return fail_journal(event.how);
    case Step::restart:
      return restart(event.how);
    case Step::compact:
      if (!journal_failed_) compact();
      return;
    case Step::settle:
      return settle_all();
  }
}

void ScheduleWorld::join(Process& process, uint32_t how) {
  if (process.running) {
    if (process.consumer.instance.empty()) return;
    crash(process);  // the old process still runs, and does not know
  }
  process.running = true;
  process.frozen = false;
  process.waiting = false;
  ++process.incarnation;
  process.consumer.id = std::string("m")
                            .append(std::to_string(process.slot))
                            .append("-")
                            .append(std::to_string(process.incarnation));
  if (process.consumer.instance.empty()) process.consumer.topics = some_topics(how);
  start_afresh(process);
  beat(process, 1);
}

void ScheduleWorld::start_afresh(Process& process) {
  process.consumer.epoch = wire::kJoinEpoch;
  process.consumer.owned.clear();
  process.position.clear();
  process.given.clear();
  process.deaf = false;
}

void ScheduleWorld::beat(Process& process, uint32_t how, bool answer_lost) {
  const PartitionSet given = process.deaf ? PartitionSet() : process.given;
  const auto known = member(process.consumer.id);
  process.consumer.releases = how % 4 != 0;
  process.deaf = process.deaf || answer_lost;
  process.waiting = !answer_lost;
  const auto request = process.consumer.request(kGroup);
  const auto answer = std::make_shared<ErrorCode>(ErrorCode::unknown_outcome);
  coordinator_->heartbeat(
      request, [this, answer, answer_lost, slot = process.slot,
                incarnation = process.incarnation](const wire::GroupHeartbeatReply& reply) {
        *answer = reply.outcome.code;
        if (!answer_lost) heard(slot, incarnation, reply);
      });
  check_refusal(request, known, *answer);
  check_nothing_taken_needlessly(request, given);
}

void ScheduleWorld::heard(size_t slot, int incarnation, const wire::GroupHeartbeatReply& reply) {
  Process& process = processes_[slot];
  if (!process.running || process.incarnation != incarnation) return;
  process.waiting = false;
  switch (reply.outcome.code) {
    case ErrorCode::none:
      return granted(process, reply);
    case ErrorCode::storage_error:  // it may have happened
      process.deaf = true;
      return;
    case ErrorCode::unknown_member_id:
    case ErrorCode::fenced_member_epoch:
      zombies_.push_back(process);
      zombies_.back().over = true;
      return start_afresh(process);
    default:
      return fail(process.consumer.id + " heard " + std::string(name_of(reply.outcome.code)));
  }
}

void ScheduleWorld::granted(Process& process, const wire::GroupHeartbeatReply& reply) {
  const PartitionSet before = process.deaf ? PartitionSet() : process.given;
  process.consumer.take(reply);
  process.given = PartitionSet(reply.assignment.begin(), reply.assignment.end());
  process.deaf = false;
  std::erase_if(process.position,
                [&](const auto& at) { return !process.consumer.owned.contains(at.first); });
  for (const Id& id : process.given) {
    const std::string& owner = process.identity();
    const auto [at, is_new] = owner_at_.try_emplace({id, reply.member_epoch}, owner);
    if (!is_new && at->second != owner) {
      fail(id.topic + "-" + std::to_string(id.partition) + " in epoch " +
           std::to_string(reply.member_epoch) + " is of " + at->second + " and of " + owner);
    }
    if (before.contains(id)) continue;
    if (is_fence_unsure(id) && !is_fenced(id, reply.member_epoch)) fences_.erase(id);
    grants_[id] = {process.consumer.id, reply.member_epoch, ++grant_count_};
    process.position.erase(id);
    to_resume_.insert({process.slot, id});
  }
}

void ScheduleWorld::resume_from_committed() {
  for (const auto& [slot, id] : std::exchange(to_resume_, {})) {
    const auto floor = acknowledged_.find(id);
    const int64_t at_least = floor == acknowledged_.end() ? wire::kNewToGroup : floor->second;
    coordinator_->fetch_offsets(
        {kGroup, {id}}, [this, slot = slot, id = id, at_least,
                         number = grants_.at(id).number](const wire::OffsetFetchReply& reply) {
          const int64_t offset = reply.offsets.at(0).offset;
          if (offset < at_least) fail("an owner got an offset before the acknowledged one");
          Process& process = processes_[slot];
          if (grants_.at(id).number != number || grants_.at(id).id != process.consumer.id ||
              !process.consumer.owned.contains(id)) {
            return;
          }
          process.position[id] = std::max<int64_t>(offset, 0);
        });
  }
}

void ScheduleWorld::leave(Process& process, bool for_a_moment) {
  auto request = process.consumer.request(kGroup);
  request.member_epoch = for_a_moment ? wire::kLeaveStaticEpoch : wire::kLeaveEpoch;
  crash(process);
  zombies_.back().over = true;
  coordinator_->heartbeat(request, [](const wire::GroupHeartbeatReply&) {});
}

/// For the group like a SIGSTOP for ever: a commit of the process may still be on its way.
void ScheduleWorld::crash(Process& process) {
  zombies_.push_back(process);
  process.running = false;
  start_afresh(process);
}

void ScheduleWorld::bounce(Process& process, uint32_t how) {
  if (!process.running || process.frozen || process.waiting || process.deaf) return;
  const auto before = member(process.consumer.id);
  const PartitionSet had = process.consumer.owned;
  if (how % 2 == 0) {
    leave(process, /*for_a_moment=*/true);
  } else {
    crash(process);
  }
  join(process, how);
  if (!before || process.waiting || process.deaf) return;
  if (before->topics != process.consumer.topics) return;
  for (const Id& id : before->target) {
    if (had.contains(id) && !process.consumer.owned.contains(id)) {
      fail("a bounce cost " + process.consumer.instance + " a partition");
    }
  }
}

void ScheduleWorld::commit(Process& process, uint32_t how) {
  if (process.position.empty()) return;
  const auto at = nth(process.position, how >> 8);
  at->second += 1 + how % 3;
  // Work that was handed out in an earlier epoch is as good, if the partition has not moved since.
  const Grant& grant = grants_.at(at->first);
  const bool early = grant.id == process.consumer.id && (how >> 4) % 2 == 0;
  commit(process, at->first,
         early ? std::min(grant.epoch, process.consumer.epoch) : process.consumer.epoch);
}

void ScheduleWorld::commit(const Process& process, const Id& id, int32_t epoch) {
  const std::string& name = process.consumer.id;
  const int64_t offset = process.position.at(id);
  const Grant& grant = grants_.at(id);
  const bool is_there = catalog_.ids.at(id.topic) == id.topic_id;
  const bool is_unsure = is_fence_unsure(id);
  const bool may = is_there && grant.id == name && epoch >= grant.epoch && owner(id) == name &&
                   (is_unsure || !is_fenced(id, epoch));
  const bool live = process.running && !process.waiting && !process.deaf;
  const auto known = member(name);
  const bool must = may && !is_unsure && live && !process.over && known &&
                    known->member_epoch >= process.consumer.epoch;
  wire::OffsetCommitRequest request{kGroup, name, epoch, {}};
  request.offsets.push_back({id, offset, -1, {}});
  coordinator_->commit(request,
                       [this, may, must, id, offset, name](const wire::OffsetCommitReply& reply) {
                         const ErrorCode code = reply.outcome.code;
                         if (code != ErrorCode::none) {
                           if (must && code != ErrorCode::storage_error)
                             fail(name + ": " + reply.outcome.message);
                           return;
                         }
                         if (!may) fail("a stale commit of " + name + " was accepted");
                         if (catalog_.ids.at(id.topic) != id.topic_id) return;  // gone since
                         const auto [at, is_new] = acknowledged_.try_emplace(id, offset);
                         if (!is_new && offset < at->second) fail("a committed offset went back");
                         at->second = offset;
                       });
}

void ScheduleWorld::stale_beat(uint32_t who) {
  std::vector<const Process*> candidates;
  for (const Process& zombie : zombies_) {
    const bool is_another = processes_[zombie.slot].consumer.id != zombie.consumer.id ||
                            !processes_[zombie.slot].running;
    if (is_another && zombie.consumer.epoch > 0) candidates.push_back(&zombie);
  }
  if (candidates.empty()) return;
  const auto request = (*nth(candidates, who))->consumer.request(kGroup);
  coordinator_->heartbeat(request, [](const wire::GroupHeartbeatReply&) {});
}

void ScheduleWorld::grow(uint32_t who) {
  int32_t& count = catalog_.counts.at(kTopics[who % kTopics.size()]);
  if (count < 8) ++count;
  coordinator_->topics_changed();
}

void ScheduleWorld::remake(uint32_t who) {
  const std::string& topic = kTopics[who % kTopics.size()];
  const int32_t count = std::exchange(catalog_.counts[topic], 0);
  coordinator_->topics_changed();
  catalog_.counts[topic] = count;
  catalog_.ids[topic] = next_id();
  coordinator_->topics_changed();
  std::erase_if(acknowledged_, [&](const auto& one) { return one.first.topic == topic; });
}

void ScheduleWorld::fail_journal(uint32_t how) {
  if (journal_.pending() > 0) {
    journal_.fail(how % 2 == 0);
  } else {
    journal_.refuse_next();
  }
  journal_failed_ = true;
}

void ScheduleWorld::restart(uint32_t how) {
  const bool certain = !journal_failed_ && journal_.pending() == 0;
  const std::string before = picture();
  coordinator_.reset();
  journal_.die(how % (journal_.pending() + 1));
  forget_unsure_fences();
  load();
  if ((*fetch({}))->outcome.code != ErrorCode::coordinator_load_in_progress) {
    fail("an answer before everything was loaded");
  }
  coordinator_->finish_loading();
  for (Process& process : processes_) {
    process.deaf = process.deaf || process.waiting;
    process.waiting = false;
    // A fetch without an answer is sent again.
    for (const Id& id : process.consumer.owned) {
      const auto grant = grants_.find(id);
      const bool mine = grant != grants_.end() && grant->second.id == process.consumer.id;
      if (mine && !process.position.contains(id)) to_resume_.insert({process.slot, id});
    }
  }
  coordinator_->tick();  // looks for topics that changed meanwhile, or whose change was lost
  if (certain && picture() != before) fail("it was\n" + before + "and is\n" + picture());
  journal_failed_ = false;
}

void ScheduleWorld::settle_all() {
  journal_.settle();
  for (Process& process : processes_) process.frozen = false;
  for (int round = 0; round < 40; ++round) {
    pass_ms(300);
    for (Process& process : processes_) {
      if (process.running) beat(process, 1);
    }
    resume_from_committed();
    check_one_owner();
    if (is_settled()) break;
  }
  if (!is_settled()) fail("it does not settle:\n" + picture());
  if (!failure_.empty()) return;
  check_whole();
  check_everybody_may_commit();
}

}  // namespace hailstorm::groups
