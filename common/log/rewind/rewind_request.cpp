#include "common/log/rewind/rewind_request.h"

#include <fmt/format.h>
#include <set>
#include <utility>
#include <vector>

#include "common/json/member_reader.h"

namespace hailstorm::log {
namespace {

Error refused(std::string why) { return {LogErrc::refused, std::move(why)}; }

Result<PartitionPlace> place_of(const json::Value& document, int64_t now_ms) {
  PartitionPlace place;
  std::string to;
  json::MemberReader reader(document);
  reader.required("topic", place.id.topic)
      .required("partition", place.id.partition)
      .required("to", to);
  if (!reader.ok()) return refused("places: " + reader.status().error().message());
  HAIL_ASSIGN_OR_RETURN(place.to, parse_start_point(to, now_ms));
  return place;
}

Result<std::vector<PartitionPlace>> places_of(const json::Value& list, int64_t now_ms) {
  const auto* elements = list.elements();
  if (elements == nullptr || elements->empty() || elements->size() > kMostPlaces) {
    return refused(fmt::format("places: a list of 1 to {}", kMostPlaces));
  }
  std::vector<PartitionPlace> places;
  std::set<TopicPartition> seen;
  for (const auto& one : *elements) {
    HAIL_ASSIGN_OR_RETURN(auto place, place_of(one, now_ms));
    if (!seen.insert(place.id).second) {
      return refused(
          fmt::format("places: {}-{} is there twice", place.id.topic, place.id.partition));
    }
    places.push_back(std::move(place));
  }
  return places;
}

}  // namespace

Result<RewindRequest> rewind_request_of(const std::string& group, const json::Value& request,
                                        int64_t now_ms) {
  RewindRequest wanted;
  wanted.rewind.group = group;
  wanted.rewind.is_live = true;
  std::string to;
  const json::Value* places = request.find("places");
  json::MemberReader reader(request);
  if (places == nullptr) reader.required("to", to);
  reader.optional("preview", wanted.is_preview).optional("topic", wanted.rewind.topic);
  if (!reader.ok()) return refused(reader.status().error().message());
  if (places == nullptr) {
    HAIL_ASSIGN_OR_RETURN(wanted.rewind.to, parse_start_point(to, now_ms));
    return wanted;
  }
  if (request.find("to") != nullptr || wanted.rewind.topic) {
    return refused("each of the places has its own topic and to; leave the others out");
  }
  HAIL_ASSIGN_OR_RETURN(wanted.rewind.places, places_of(*places, now_ms));
  return wanted;
}

Result<json::Value> rewind_group(Engine& engine, const std::string& group,
                                 const json::Value& request, int64_t now_ms) {
  HAIL_ASSIGN_OR_RETURN(const auto wanted, rewind_request_of(group, request, now_ms));
  HAIL_ASSIGN_OR_RETURN(const auto report, wanted.is_preview ? preview_rewind(engine, wanted.rewind)
                                                             : apply_rewind(engine, wanted.rewind));
  return to_json(report);
}

}  // namespace hailstorm::log
