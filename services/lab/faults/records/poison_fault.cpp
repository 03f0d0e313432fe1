#include "services/lab/faults/records/poison_fault.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "services/lab/faults/process_fault.h"
#include "services/lab/faults/records/record_fault.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kDeadLetters = "dead_letter";
constexpr const char* kUnknownType = "no_such_type";
constexpr size_t kMostLetters = 10'000;  // that are looked through

std::string text_of(const log::TopicPartition& id) {
  return fmt::format("{}-{}", id.topic, id.partition);
}

std::string header_in(const log::Headers& headers, const std::string& name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value.value_or("");
  }
  return "";
}

class PoisonFault final : public RecordFault {
 public:
  PoisonFault(const std::string& broker_url, const FaultRequest& request, bool is_impossible)
      : RecordFault(broker_url, request), is_impossible_(is_impossible), seed_(request.seed) {}

  Status inject() override {
    HAIL_RETURN_IF_ERROR(open());
    HAIL_ASSIGN_OR_RETURN(const auto info, topic());
    HAIL_ASSIGN_OR_RETURN(letters_begin_, ends_of(kDeadLetters));
    log::Record record;
    if (is_impossible_) {
      HAIL_ASSIGN_OR_RETURN(record, last_event_of_no_type());
    } else {
      record.key = fmt::format("poison-{}", seed_);
      record.value = fmt::format("{{\"ride_id\": {}, this is no event", seed_);
    }
    value_ = record.value;
    HAIL_ASSIGN_OR_RETURN(const auto delivered, publish({std::move(record)}));
    place_ = {delivered.at(0).id, delivered.at(0).offset, info.topic_id};
    return {};
  }

  Probe is_in_effect() override { return is_reverted() ? probe_letters() : probe_place(); }

  [[nodiscard]] json::Value details() const override {
    return {
        {"topic", place_.id.topic}, {"partition", place_.id.partition}, {"offset", place_.offset}};
  }

 private:
  /// Of all open partitions; none where there is no such topic.
  Result<std::vector<log::Position>> ends_of(const std::string& name) {
    const auto found = admin().describe_topics({name});
    if (!found.ok() && found.error().is(log::LogErrc::unknown_topic))
      return std::vector<log::Position>();
    if (!found.ok()) return fault_error(found.error());
    std::vector<log::Position> ends;
    for (const auto& partition : found->front().partitions) {
      if (!partition.is_closed)
        ends.push_back({{name, partition.partition}, partition.high_watermark, {}});
    }
    return ends;
  }

  Result<log::Record> last_event_of_no_type() {
    HAIL_ASSIGN_OR_RETURN(const auto ends, ends_of(target()));
    for (const auto& end : ends) {
      if (end.offset == 0) continue;
      const log::Position last{end.id, end.offset - 1, {}};
      HAIL_ASSIGN_OR_RETURN(const auto records, read({last}, {end}, 1));
      if (records.empty() || header_in(records[0].headers, "ce_type").empty()) continue;
      log::Record copy{.key = records[0].key, .value = records[0].value, .headers = {}};
      for (auto [name, value] : records[0].headers)
        copy.headers.emplace_back(name, name == "ce_type" ? kUnknownType : value);
      return copy;
    }
    return Error(FaultErrc::not_possible,
                 fmt::format("{} has no event that could be made impossible", target()));
  }

  /// The record lies where it was put.
  Probe probe_place() {
    log::Position end = place_;
    ++end.offset;
    const auto records = read({place_}, {end}, 100);
    if (!records.ok()) return {Effect::unclear, records.error().message()};
    const bool is_there = !records->empty() && records->front().offset == place_.offset &&
                          records->front().value == value_;
    return {is_there ? Effect::on : Effect::unclear,
            fmt::format("{} has {} at offset {}", text_of(place_.id),
                        is_there ? "it" : "something else", place_.offset)};
  }

  /// All groups that read the topic have gone past it, and those that keep dead letters have one.
  Probe probe_letters() {
    Probe probe = passed({{place_.id, place_.offset + 1}});
    if (probe.effect != Effect::off) return probe;
    const auto groups = groups_with_a_letter();
    if (!groups.ok()) return {Effect::unclear, groups.error().message()};
    std::string names;
    for (const auto& group : *groups) names += (names.empty() ? "" : ", ") + group;
    if (names.empty()) return {Effect::unclear, probe.evidence + "; no dead letter of it is there"};
    return {Effect::off, fmt::format("dead_letter has it of {}", names)};
  }

  Result<std::set<std::string>> groups_with_a_letter() {
    HAIL_ASSIGN_OR_RETURN(const auto ends, ends_of(kDeadLetters));
    auto begins = letters_begin_;
    if (begins.empty()) {
      begins = ends;
      for (auto& begin : begins) begin.offset = 0;
    }
    HAIL_ASSIGN_OR_RETURN(const auto letters, read(begins, ends, kMostLetters));
    std::set<std::string> groups;
    for (const auto& letter : letters) {
      const auto says = [&](const char* what) { return header_in(letter.headers, what); };
      if (says("dead_letter_topic") == place_.id.topic &&
          says("dead_letter_partition") == std::to_string(place_.id.partition) &&
          says("dead_letter_offset") == std::to_string(place_.offset))
        groups.insert(says("dead_letter_group"));
    }
    return groups;
  }

  const bool is_impossible_;
  const uint64_t seed_;
  std::optional<std::string> value_;
  log::Position place_;
  std::vector<log::Position> letters_begin_;  // where dead_letter ended before
};

}  // namespace

Result<std::unique_ptr<Fault>> make_poison_fault(const std::string& broker_url,
                                                 const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {"kind"}));
  const auto* kind = request.attributes.find("kind");
  const std::string named = kind == nullptr || kind->text() == nullptr ? "" : *kind->text();
  if (kind != nullptr && named != "undecodable" && named != "impossible")
    return Error(FaultErrc::bad_request, "kind is \"undecodable\" or \"impossible\"");
  return std::unique_ptr<Fault>(
      std::make_unique<PoisonFault>(broker_url, request, named == "impossible"));
}

}  // namespace hailstorm::lab
