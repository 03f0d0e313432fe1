#include "services/lab/views/traffic_state.h"

#include "common/json/member_reader.h"

namespace hailstorm::lab {

json::Value to_json(const TrafficState& traffic) {
  return {{"rate", traffic.rate},
          {"lanes", traffic.lanes},
          {"running", traffic.running},
          {"rides", traffic.rides}};
}

Result<TrafficState> traffic_state_of(const json::Value& document) {
  TrafficState traffic;
  json::MemberReader reader(document);
  reader.optional("rate", traffic.rate)
      .optional("lanes", traffic.lanes)
      .optional("running", traffic.running)
      .optional("rides", traffic.rides);
  if (!reader.ok()) return reader.status().error();
  return traffic;
}

}  // namespace hailstorm::lab
