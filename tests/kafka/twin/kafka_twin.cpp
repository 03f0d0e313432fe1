#include <charconv>
#include <exception>
#include <fmt/format.h>
#include <iostream>
#include <string_view>

#include "common/kafka/messages/all_messages.h"
#include "tests/kafka/twin/twin.h"

/// kafka_twin OUR_PORT KAFKA_PORT DIFFERENCES: the same requests to our broker and to Apache
/// Kafka, both new, on loopback. Exit code 1: they differ where the file does not say so.
namespace hailstorm::twin {
namespace {

constexpr int16_t kUnknownMember = 25;

int port_of(std::string_view text) {
  int port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

void learn_versions(Side& side) {
  const kafka::RequestHeader header{.api_version = 0, .correlation_id = 1, .client_id = "twin"};
  const std::string bytes =
      side.exchange(kafka::request_frame(header, kafka::ApiVersionsRequest{}).joined());
  const auto response =
      kafka::decode<kafka::ApiVersionsResponse>(as_bytes(bytes).subspan(sizeof(int32_t)), 0);
  if (!response.ok()) throw std::runtime_error(side.name() + " does not say its versions");
  for (const auto& api : response->api_keys)
    side.versions[api.api_key] = {api.min_version, api.max_version};
}

/// What is each broker's own, and Kafka's coordinator, which comes up with the first question.
void prepare(Twin& twin) {
  twin.ask_in(
      "brokers", 1, [](const Side&, int16_t) { return kafka::DescribeClusterRequest{}; },
      [&](const auto& pair) {
        twin.remember("cluster", pair.ours.cluster_id, pair.theirs.cluster_id);
      });
  twin.await(
      4,
      [](const Side&, int16_t) {
        kafka::FindCoordinatorRequest find;
        find.coordinator_keys = {"warm"};
        return find;
      },
      [](const auto& response) {
        return response.coordinators.size() == 1 && response.coordinators[0].error_code == 0;
      });
  twin.await(
      3,
      [](const Side&, int16_t) {
        kafka::HeartbeatRequest beat;
        beat.group_id = "warm";
        return beat;
      },
      [](const auto& response) { return response.error_code == kUnknownMember; });
  twin.await(
      4,
      [](const Side&, int16_t) {
        kafka::InitProducerIdRequest init;
        init.transactional_id.reset();
        return init;
      },
      [](const auto& response) { return response.error_code == 0; });
}

/// What is served by both must be in some case.
size_t print_untried(const Side& ours, const Side& theirs, const Compared& compared) {
  size_t untried = 0;
  for (const kafka::Api& api : kafka::all_apis()) {
    const auto key = static_cast<int16_t>(api.key);
    if (!theirs.versions.contains(key)) continue;
    if (!ours.versions.contains(key)) {
      fmt::print("not served here: {}\n", api.name);
    } else if (!compared.apis().contains(std::string(api.name))) {
      fmt::print("UNTRIED: {}\n", api.name);
      ++untried;
    }
  }
  return untried;
}

int run(int our_port, int their_port, const std::string& file) {
  Differences wanted(file);
  Compared compared(wanted);
  Side ours("ours", our_port);
  Side theirs("Kafka", their_port);
  learn_versions(ours);
  learn_versions(theirs);
  Twin twin(ours, theirs, compared);
  prepare(twin);
  ask_about_topics(twin);
  ask_about_produce(twin);
  ask_about_reading(twin);
  ask_about_members(twin);
  ask_about_groups(twin);
  ask_about_cluster(twin);
  size_t wrong = compared.unwanted() + print_untried(ours, theirs, compared);
  for (const std::string& line : wanted.unused()) {
    fmt::print("NO LONGER DIFFERENT: {}\n", line);
    ++wrong;
  }
  size_t versions = 0;
  for (const auto& [api, tried] : compared.apis()) versions += tried.size();
  fmt::print("{} APIs in {} versions, {} answers, {} fields: {} differ as {} lines say, {} else\n",
             compared.apis().size(), versions, compared.answers(), compared.fields(),
             compared.wanted(), wanted.size(), wrong);
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace hailstorm::twin

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: kafka_twin OUR_PORT KAFKA_PORT DIFFERENCES\n";
    return 2;
  }
  try {
    return hailstorm::twin::run(hailstorm::twin::port_of(argv[1]),
                                hailstorm::twin::port_of(argv[2]), argv[3]);
  } catch (const std::exception& error) {
    std::cerr << "kafka_twin: " << error.what() << "\n";
    return 2;
  }
}
