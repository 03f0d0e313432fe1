#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/kafka/config_resource.h"
#include "broker/transport/kafka/kafka_errors.h"
#include "broker/transport/kafka/serve.h"

// Settings of topics, changed.
namespace hailstorm::broker {
namespace {

// What an incremental change does, by Kafka's numbers.
enum class Operation : int8_t { set = 0, reset = 1, append = 2, subtract = 3 };

struct Change {
  std::string name;
  Operation operation = Operation::set;
  std::optional<std::string> value;
};
struct Alteration {
  ConfigResource type;
  std::string resource;
  std::vector<Change> changes;
  bool resets_others = false;
};

wire::Outcome invalid_alteration(std::string why) {
  return {ErrorCode::invalid_request, std::move(why)};
}

wire::Outcome check_alteration(const KafkaContext& context, const Alteration& wanted) {
  std::set<std::string> names;
  for (const Change& change : wanted.changes) {
    if (!names.insert(change.name).second)
      return invalid_alteration(fmt::format("{} is named more than once", change.name));
    if (change.operation < Operation::set || change.operation > Operation::subtract)
      return invalid_alteration(fmt::format("{}: there is no such operation", change.name));
    if (change.operation != Operation::reset && !change.value)
      return invalid_alteration(fmt::format("{} is given no value", change.name));
  }
  if (wanted.type == ConfigResource::topic) return {};
  if (wanted.type != ConfigResource::broker)
    return invalid_alteration("only the settings of topics can be changed");
  if (wire::Outcome bad = check_broker_name(wanted.resource); bad.code != ErrorCode::none)
    return bad;
  const auto known = broker_configs(context);
  for (const Change& change : wanted.changes) {
    const bool is_known = std::ranges::find(known, change.name, &NamedConfig::name) != known.end();
    return invalid_alteration(
        is_known ? fmt::format("{} is set when the broker is started", change.name)
                 : fmt::format("there is no setting '{}' of a broker here", change.name));
  }
  return {};
}

std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (comma > 0) parts.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

/// The list with these parts more, or without them.
std::string changed_list(const std::string& list, const Change& change) {
  std::vector<std::string> parts = parts_of(list);
  for (std::string& part : parts_of(*change.value)) {
    const auto at = std::ranges::find(parts, part);
    if (change.operation == Operation::subtract && at != parts.end()) parts.erase(at);
    if (change.operation == Operation::append && at == parts.end())
      parts.push_back(std::move(part));
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

wire::Outcome add_change(wire::AlterTopicRequest& alter, const wire::TopicMetadata& topic,
                         const Change& change) {
  auto& setting = alter.settings.emplace_back();
  setting.name = change.name;
  setting.is_default = change.operation == Operation::reset;
  setting.value = change.value.value_or("");
  if (change.operation < Operation::append) return {};
  const auto configs = configs_of(topic.config);
  const auto config = std::ranges::find(configs, change.name, &NamedConfig::name);
  if (config == configs.end() || config->type != ConfigType::list)
    return {ErrorCode::invalid_config, fmt::format("{} is no list", change.name)};
  setting.value = changed_list(config->value, change);
  return {};
}

/// Calls `then(outcome)` once. What the settings are now decides what becomes of lists; no other
/// request comes between.
template <class Then>
void alter_topic(const KafkaContext& context, const KafkaCall& call, const Alteration& wanted,
                 bool validate_only, Then then) {
  context.ask(call, wire::MetadataRequest{{wanted.resource}},
              [context, call, wanted, validate_only, then](const auto& found, auto) {
                const wire::TopicMetadata& topic = found.topics.at(0);
                wire::AlterTopicRequest alter{topic.name, {}, wanted.resets_others, validate_only};
                wire::Outcome bad = topic.outcome;
                for (const Change& change : wanted.changes) {
                  if (bad.code == ErrorCode::none) bad = add_change(alter, topic, change);
                }
                if (bad.code != ErrorCode::none) return then(bad);
                context.ask(call, std::move(alter),
                            [then](const auto& reply, auto) { then(reply.outcome); });
              });
}

template <class Response, class Responses>
void alter_all(const KafkaContext& context, const KafkaCall& call,
               const std::vector<Alteration>& all, bool validate_only,
               Responses Response::*responses) {
  const auto collector = Collector<Response>::make(
      call, {}, [](const KafkaCall& done, auto& response) { done.respond(response); });
  (collector->state.*responses).resize(all.size());
  std::set<std::pair<ConfigResource, std::string>> resources;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto take = [collector, i, responses](const wire::Outcome& outcome) {
      auto& into = (collector->state.*responses)[i];
      into.error_code = kafka_error(outcome.code);
      into.error_message = kafka_message(outcome);
      collector->finish();
    };
    auto& into = (collector->state.*responses)[i];
    into.resource_type = static_cast<int8_t>(all[i].type);
    into.resource_name = all[i].resource;
    collector->begin();
    wire::Outcome bad = check_alteration(context, all[i]);
    if (!resources.emplace(all[i].type, all[i].resource).second)
      bad = invalid_alteration("the request names this resource more than once");
    if (bad.code != ErrorCode::none || all[i].type != ConfigResource::topic) {
      take(bad);
      continue;
    }
    alter_topic(context, call, all[i], validate_only, take);
  }
  collector->finish();
}

}  // namespace

void serve(KafkaContext context, KafkaCall call, const kafka::AlterConfigsRequest& request) {
  std::vector<Alteration> all;
  for (const auto& resource : request.resources) {
    auto& one = all.emplace_back(Alteration{
        static_cast<ConfigResource>(resource.resource_type), resource.resource_name, {}, true});
    for (const auto& config : resource.configs)
      one.changes.push_back({config.name, Operation::set, config.value});
  }
  alter_all(context, call, all, request.validate_only, &kafka::AlterConfigsResponse::responses);
}

void serve(KafkaContext context, KafkaCall call,
           const kafka::IncrementalAlterConfigsRequest& request) {
  std::vector<Alteration> all;
  for (const auto& resource : request.resources) {
    auto& one = all.emplace_back(Alteration{
        static_cast<ConfigResource>(resource.resource_type), resource.resource_name, {}, false});
    for (const auto& config : resource.configs)
      one.changes.push_back(
          {config.name, static_cast<Operation>(config.config_operation), config.value});
  }
  alter_all(context, call, all, request.validate_only,
            &kafka::IncrementalAlterConfigsResponse::responses);
}

}  // namespace hailstorm::broker
