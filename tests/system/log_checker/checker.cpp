#include "tests/system/log_checker/checker.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace hailstorm::history {
namespace {

using Log = std::map<int64_t, std::string>;  // offset -> value

using Share = std::pair<std::string, int32_t>;  // a group and a partition

struct Place {
  int32_t partition = 0;
  int64_t offset = 0;
};

std::string text_of(const Place& place) {
  return fmt::format("partition {} offset {}", place.partition, place.offset);
}

/// One run over a history. Thread safety: not safe.
class HistoryCheck {
 public:
  explicit HistoryCheck(std::span<const Event> events) : events_(events) {}

  std::vector<Finding> run() {
    read_log();
    check_log();
    check_producers();
    check_readers();
    check_commits();
    check_group_read_all();
    check_ends();
    return std::move(findings_);
  }

 private:
  void say(Fault fault, std::string what) { findings_.push_back({fault, std::move(what)}); }

  template <class Do>
  void each(Kind kind, Do&& what) const {
    for (const Event& event : events_) {
      if (event.kind == kind) what(event);
    }
  }

  [[nodiscard]] const std::string* at(int32_t partition, int64_t offset) const {
    const auto log = logs_.find(partition);
    if (log == logs_.end()) return nullptr;
    const auto found = log->second.find(offset);
    return found == log->second.end() ? nullptr : &found->second;
  }

  void read_log();
  void check_log();
  void check_producers();
  void check_acked(const Event& event);
  void check_readers();
  void check_read(const Event& event);
  void check_commits();
  void check_group_read_all();
  void check_ends();

  std::span<const Event> events_;
  std::vector<Finding> findings_;
  std::map<int32_t, Log> logs_;
  std::unordered_map<std::string, Place> places_;
  std::unordered_map<std::string, std::pair<std::string, int64_t>> sent_;  // value -> who, seq
};

void HistoryCheck::read_log() {
  each(Kind::final_log, [&](const Event& event) {
    const Place place{event.partition, event.offset};
    if (const auto [there, fresh] = logs_[event.partition].emplace(event.offset, event.value);
        !fresh) {
      if (there->second != event.value) {
        say(Fault::changed,
            fmt::format("{} is '{}' and '{}'", text_of(place), there->second, event.value));
      }
      return;
    }
    const auto [first, once] = places_.emplace(event.value, place);
    if (once) return;
    say(Fault::duplicated, fmt::format("'{}' is at {} and at {}", event.value,
                                       text_of(first->second), text_of(place)));
  });
  each(Kind::send, [&](const Event& event) {
    sent_[value_of(event.who, event.seq)] = {event.who, event.seq};
  });
}

void HistoryCheck::check_log() {
  std::map<std::pair<std::string, int32_t>, int64_t> last_seq;
  for (const auto& [partition, log] : logs_) {
    int64_t expected = 0;
    for (const auto& [offset, value] : log) {
      const std::string where = text_of({partition, offset});
      if (offset != expected) {
        say(Fault::lost,
            fmt::format("the log has nothing between offset {} and {}", expected - 1, where));
      }
      expected = offset + 1;
      const auto sent = sent_.find(value);
      if (sent == sent_.end()) {
        say(Fault::phantom, fmt::format("'{}' at {} was never sent", value, where));
        continue;
      }
      const auto& [who, seq] = sent->second;
      const auto [last, first] = last_seq.emplace(std::pair{who, partition}, seq);
      if (!first && seq < last->second) {
        say(Fault::reordered, fmt::format("'{}' at {} comes after {} of the same producer", value,
                                          where, last->second));
      }
      last->second = std::max(last->second, seq);
    }
  }
}

void HistoryCheck::check_acked(const Event& event) {
  const std::string value = value_of(event.who, event.seq);
  const auto there = places_.find(value);
  if (there == places_.end()) {
    return say(Fault::lost, fmt::format("'{}' was acknowledged for {} and is not in the log", value,
                                        text_of({event.partition, event.offset})));
  }
  if (event.offset < 0) return;
  const std::string* found = at(event.partition, event.offset);
  if (found != nullptr && *found == value) return;
  say(Fault::changed,
      fmt::format("'{}' was acknowledged for {} and is at {}", value,
                  text_of({event.partition, event.offset}), text_of(there->second)));
}

void HistoryCheck::check_producers() {
  each(Kind::acked, [&](const Event& event) { check_acked(event); });
  each(Kind::refused, [&](const Event& event) {
    const auto there = places_.find(value_of(event.who, event.seq));
    if (there == places_.end()) return;
    say(Fault::phantom,
        fmt::format("'{}' was refused and is at {}", there->first, text_of(there->second)));
  });
}

void HistoryCheck::check_read(const Event& event) {
  const std::string where = text_of({event.partition, event.offset});
  const std::string* found = at(event.partition, event.offset);
  if (found == nullptr) {
    say(Fault::lost, fmt::format("{} read '{}' at {}, where the log has nothing", event.who,
                                 event.value, where));
  } else if (*found != event.value) {
    say(Fault::changed,
        fmt::format("{} read '{}' at {}, which is '{}'", event.who, event.value, where, *found));
  }
  if (!sent_.contains(event.value)) {
    say(Fault::phantom,
        fmt::format("{} read '{}' at {}, which was never sent", event.who, event.value, where));
  }
}

/// Within one assignment a member reads every offset once and in order.
void HistoryCheck::check_readers() {
  std::map<std::pair<std::string, int32_t>, int64_t> next;
  for (const Event& event : events_) {
    const std::pair id{event.who, event.partition};
    if (event.kind == Kind::assigned) next.erase(id);
    if (event.kind != Kind::read) continue;
    check_read(event);
    const auto [expected, first] = next.emplace(id, event.offset);
    if (!first && event.offset > expected->second) {
      say(Fault::lost, fmt::format("{} was not given partition {} offsets {} to {}", event.who,
                                   event.partition, expected->second, event.offset - 1));
    }
    if (!first && event.offset < expected->second) {
      say(Fault::offset_regressed,
          fmt::format("{} was at partition {} offset {} and was then given {}", event.who,
                      event.partition, expected->second, event.offset));
    }
    expected->second = event.offset + 1;
  }
}

/// A commit that was answered before a question was asked is seen by its answer.
void HistoryCheck::check_commits() {
  struct Seen {
    int64_t begin_ns;
    const Event* event;
    std::string how;
  };
  std::map<Share, std::vector<const Event*>> acked;  // by the time of the answer
  std::map<Share, std::vector<Seen>> seen;
  std::map<std::pair<std::string, int32_t>, int64_t> assigned_ns;
  for (const Event& event : events_) {
    const std::pair id{event.who, event.partition};
    const Share share{event.group, event.partition};
    if (event.kind == Kind::committed) {
      acked[share].push_back(&event);
      seen[share].push_back({event.begin_ns, &event, event.who + " committed"});
    } else if (event.kind == Kind::saw_commit) {
      seen[share].push_back({event.begin_ns, &event, "the broker said"});
    } else if (event.kind == Kind::assigned) {
      assigned_ns[id] = event.end_ns;
    } else if (event.kind == Kind::read && assigned_ns.contains(id)) {
      seen[share].push_back({assigned_ns[id], &event, event.who + " began to read at"});
      assigned_ns.erase(id);
    }
  }
  for (auto& [share, list] : seen) {
    auto& commits = acked[share];
    std::sort(commits.begin(), commits.end(),
              [](const Event* a, const Event* b) { return a->end_ns < b->end_ns; });
    std::sort(list.begin(), list.end(),
              [](const Seen& a, const Seen& b) { return a.begin_ns < b.begin_ns; });
    auto commit = commits.begin();
    const Event* highest = nullptr;
    for (const Seen& one : list) {
      for (; commit != commits.end() && (*commit)->end_ns < one.begin_ns; ++commit) {
        if (highest == nullptr || (*commit)->offset > highest->offset) highest = *commit;
      }
      if (highest == nullptr || one.event->offset >= highest->offset) continue;
      say(Fault::offset_regressed,
          fmt::format("{} offset {} of partition {} after the commit of {} by {} was acknowledged",
                      one.how, one.event->offset, share.second, highest->offset, highest->who));
    }
  }
}

/// Members commit what they noted as read: nothing below the last commit is unread.
void HistoryCheck::check_group_read_all() {
  std::map<Share, int64_t> committed;
  std::map<Share, std::set<int64_t>> read;
  each(Kind::committed, [&](const Event& event) {
    int64_t& highest = committed[{event.group, event.partition}];
    highest = std::max(highest, event.offset);
  });
  each(Kind::read, [&](const Event& event) {
    read[{event.group, event.partition}].insert(event.offset);
  });
  for (const auto& [share, end] : committed) {
    const auto& offsets = read[share];
    for (int64_t offset = 0; offset < end; ++offset) {
      if (offsets.contains(offset)) continue;
      say(Fault::lost,
          fmt::format("group '{}' committed partition {} up to {}, and no member was given {}",
                      share.first, share.second, end, offset));
      break;
    }
  }
}

/// The end of the log is beyond everything that was durable, or seen as its end, before the
/// question.
void HistoryCheck::check_ends() {
  struct Known {
    int64_t ns;
    int64_t end;
  };
  std::map<int32_t, std::vector<Known>> known;
  std::map<int32_t, std::vector<const Event*>> asked;
  for (const Event& event : events_) {
    if (event.kind == Kind::acked && event.durable && event.offset >= 0) {
      known[event.partition].push_back({event.end_ns, event.offset + 1});
    } else if (event.kind == Kind::read) {
      known[event.partition].push_back({event.end_ns, event.offset + 1});
    } else if (event.kind == Kind::saw_end) {
      known[event.partition].push_back({event.end_ns, event.offset});
      asked[event.partition].push_back(&event);
    }
  }
  for (auto& [partition, questions] : asked) {
    auto& facts = known[partition];
    std::sort(facts.begin(), facts.end(),
              [](const Known& a, const Known& b) { return a.ns < b.ns; });
    std::sort(questions.begin(), questions.end(),
              [](const Event* a, const Event* b) { return a->begin_ns < b->begin_ns; });
    auto fact = facts.begin();
    int64_t least = 0;
    for (const Event* question : questions) {
      for (; fact != facts.end() && fact->ns < question->begin_ns; ++fact) {
        least = std::max(least, fact->end);
      }
      if (question->offset >= least) continue;
      say(Fault::stale_read, fmt::format("partition {} was said to end at {} when {} was known",
                                         partition, question->offset, least));
    }
  }
}

}  // namespace

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::lost:
      return "lost";
    case Fault::duplicated:
      return "duplicated";
    case Fault::reordered:
      return "reordered";
    case Fault::phantom:
      return "phantom";
    case Fault::changed:
      return "changed";
    case Fault::stale_read:
      return "stale-read";
    case Fault::offset_regressed:
      return "offset-regressed";
  }
  return "unknown";
}

std::vector<Finding> check(std::span<const Event> events) { return HistoryCheck(events).run(); }

std::map<Kind, int64_t> count(std::span<const Event> events) {
  std::map<Kind, int64_t> counts;
  for (const Event& event : events) ++counts[event.kind];
  return counts;
}

}  // namespace hailstorm::history
