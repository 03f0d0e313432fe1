#include "broker/groups/assignor.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace hailstorm::groups {
namespace {

constexpr size_t kNone = SIZE_MAX;

/// The work of one assign(): members and topics by number, in the order of their names.
class Assignment {
 public:
  explicit Assignment(const AssignorInput& input) {
    for (const auto& [name, count] : input.partitions) {
      topic_names_.push_back(name);
      owners_.emplace_back(static_cast<size_t>(std::max(count, 0)), kNone);
    }
    subscribers_.resize(topic_names_.size());
    for (const auto& [id, member] : input.members) {
      const size_t number = holds_.size();
      holds_.emplace_back(topic_names_.size());
      loads_.push_back(0);
      for (const std::string& topic : member.topics) {
        const size_t at = topic_number(topic);
        if (at != kNone) subscribers_[at].push_back(number);
      }
      topics_of_.push_back(topic_numbers(member.topics));
      keep(number, member.previous);
    }
  }

  void assign_unowned() {
    for (size_t topic = 0; topic < owners_.size(); ++topic) {
      if (subscribers_[topic].empty()) continue;
      for (size_t partition = 0; partition < owners_[topic].size(); ++partition) {
        if (owners_[topic][partition] != kNone) continue;
        const auto lightest = std::min_element(
            subscribers_[topic].begin(), subscribers_[topic].end(),
            [&](size_t a, size_t b) { return weight(a, topic) < weight(b, topic); });
        take(*lightest, topic, partition);
      }
    }
  }

  /// Ends, because each round makes the sum of the squared loads smaller.
  void even_out() {
    std::vector<size_t> order(holds_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    bool moved = true;
    while (moved) {
      moved = false;
      std::stable_sort(order.begin(), order.end(),
                       [&](size_t a, size_t b) { return loads_[a] > loads_[b]; });
      for (const size_t heavy : order) {
        if (loads_[heavy] < loads_[order.back()] + 2) break;
        if (move_one_from(heavy)) {
          moved = true;
          break;
        }
      }
    }
  }

  [[nodiscard]] std::map<std::string, Partitions> result(const AssignorInput& input) const {
    std::map<std::string, Partitions> all;
    size_t number = 0;
    for (const auto& [id, member] : input.members) {
      Partitions& mine = all[id];
      for (size_t topic = 0; topic < topic_names_.size(); ++topic) {
        for (const size_t partition : holds_[number][topic]) {
          mine.insert({topic_names_[topic], static_cast<int32_t>(partition)});
        }
      }
      ++number;
    }
    return all;
  }

 private:
  [[nodiscard]] size_t topic_number(const std::string& name) const {
    const auto at = std::lower_bound(topic_names_.begin(), topic_names_.end(), name);
    if (at == topic_names_.end() || *at != name) return kNone;
    return static_cast<size_t>(at - topic_names_.begin());
  }

  [[nodiscard]] std::vector<size_t> topic_numbers(const std::vector<std::string>& names) const {
    std::vector<size_t> numbers;
    for (const std::string& name : names) {
      if (const size_t number = topic_number(name); number != kNone) numbers.push_back(number);
    }
    return numbers;
  }

  void keep(size_t member, const Partitions& previous) {
    for (const wire::TopicPartition& id : previous) {
      const size_t topic = topic_number(id.topic);
      if (topic == kNone || id.partition < 0) continue;
      const auto& mine = topics_of_[member];
      if (!std::binary_search(mine.begin(), mine.end(), topic)) continue;
      const auto partition = static_cast<size_t>(id.partition);
      if (partition >= owners_[topic].size() || owners_[topic][partition] != kNone) continue;
      take(member, topic, partition);
    }
  }

  /// Total load first, then the load of this topic, so that each topic spreads too.
  [[nodiscard]] std::tuple<size_t, size_t, size_t> weight(size_t member, size_t topic) const {
    return {loads_[member], holds_[member][topic].size(), member};
  }

  void take(size_t member, size_t topic, size_t partition) {
    owners_[topic][partition] = member;
    holds_[member][topic].insert(partition);
    ++loads_[member];
  }

  void move_along(size_t from, size_t to, size_t topic) {
    const size_t partition = *holds_[from][topic].rbegin();
    holds_[from][topic].erase(partition);
    --loads_[from];
    take(to, topic, partition);
  }

  /// Chains of members from one member, each of which can hand a partition to the next.
  struct Chains {
    std::vector<size_t> previous;  // [member]; kNone: no chain has reached it
    std::vector<size_t> via;       // [member]: the topic whose partition it would get
    std::vector<bool> topic_seen;  // [topic]
  };

  /// Finds the shortest chain from `heavy` to the lightest member at its distance with at least two
  /// partitions fewer, and moves one partition along each link. False: there is no such chain.
  bool move_one_from(size_t heavy) {
    Chains chains{std::vector<size_t>(holds_.size(), kNone),
                  std::vector<size_t>(holds_.size(), kNone),
                  std::vector<bool>(owners_.size(), false)};
    chains.previous[heavy] = heavy;
    for (std::vector<size_t> level{heavy}; !level.empty();) {
      level = next_level(chains, level);
      const auto light = std::min_element(level.begin(), level.end(), [&](size_t a, size_t b) {
        return std::tuple(loads_[a], a) < std::tuple(loads_[b], b);
      });
      if (light == level.end() || loads_[*light] + 2 > loads_[heavy]) continue;
      for (size_t to = *light; to != heavy; to = chains.previous[to]) {
        move_along(chains.previous[to], to, chains.via[to]);
      }
      return true;
    }
    return false;
  }

  /// The members that one more link reaches from those of `level`.
  [[nodiscard]] std::vector<size_t> next_level(Chains& chains,
                                               const std::vector<size_t>& level) const {
    std::vector<size_t> next;
    for (const size_t member : level) {
      for (const size_t topic : topics_by_surplus(member)) {
        if (chains.topic_seen[topic]) continue;
        chains.topic_seen[topic] = true;
        reach_subscribers(chains, member, topic, next);
      }
    }
    return next;
  }

  void reach_subscribers(Chains& chains, size_t member, size_t topic,
                         std::vector<size_t>& next) const {
    for (const size_t other : subscribers_[topic]) {
      if (chains.previous[other] != kNone) continue;
      chains.previous[other] = member;
      chains.via[other] = topic;
      next.push_back(other);
    }
  }

  /// The topics of which `member` holds partitions, the one with most of them first.
  [[nodiscard]] std::vector<size_t> topics_by_surplus(size_t member) const {
    std::vector<size_t> topics;
    for (const size_t topic : topics_of_[member]) {
      if (!holds_[member][topic].empty()) topics.push_back(topic);
    }
    std::stable_sort(topics.begin(), topics.end(), [&](size_t a, size_t b) {
      return holds_[member][a].size() > holds_[member][b].size();
    });
    return topics;
  }

  std::vector<std::string> topic_names_;
  std::vector<std::vector<size_t>> owners_;           // [topic][partition]
  std::vector<std::vector<size_t>> subscribers_;      // [topic]
  std::vector<std::vector<size_t>> topics_of_;        // [member]
  std::vector<std::vector<std::set<size_t>>> holds_;  // [member][topic]
  std::vector<size_t> loads_;                         // [member]
};

}  // namespace

std::map<std::string, Partitions> assign(const AssignorInput& input) {
  Assignment assignment(input);
  assignment.assign_unowned();
  assignment.even_out();
  return assignment.result(input);
}

}  // namespace hailstorm::groups
