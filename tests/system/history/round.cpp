#include "tests/system/history/round.h"

#include <chrono>
#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/support/pace.h"
#include "tests/support/run_program.h"
#include "tests/system/history/history_file.h"

namespace hailstorm::testing {
namespace {

constexpr const char* kTopic = "rides";
constexpr const char* kLink = "clients:broker";
constexpr int64_t kHealMs = 60'000;

int64_t now_ms() { return SystemClock().steady_ms(); }
void pause(int64_t ms) { pace(std::chrono::milliseconds(ms)); }

using Arguments = std::vector<std::string>;

/// Clients learn the relay's port.
Arguments kafka_arguments(int port, int relay_port) {
  return {"--kafka-port", std::to_string(port), "--kafka-advertised",
          "127.0.0.1:" + std::to_string(relay_port)};
}

}  // namespace

Round::Round(uint64_t seed, Clients clients)
    : random_(seed),
      is_over_kafka_(clients == Clients::librdkafka),
      broker_port_(relay_.hold(kLink, {"127.0.0.1", kafka_port_}).value()),
      broker_(is_over_kafka_ ? kafka_arguments(kafka_port_, broker_port_) : Arguments()),
      started_ms_(now_ms()) {
  if (!is_over_kafka_) HAIL_CHECK(relay_.hold(kLink, {"127.0.0.1", broker_.port()}).ok());
  // An idempotent producer of Kafka waits for all.
  const bool all = draw(0, 1) == 0 || is_over_kafka_;
  const bool flush_always = draw(0, 1) == 0;
  const bool fan_out = draw(0, 1) == 0;
  partitions_ = draw(0, 1) == 0 ? 8 : 1;
  acks_ = all ? "-1" : "1";
  value_bytes_ = draw(0, 1) == 0 ? "100" : "1024";
  per_second_ = draw(0, 1) == 0 ? "2000" : "20000";
  shape_ =
      fmt::format("acks {}, flush {}, {}, {} partitions, {} bytes a record, {}/s a producer",
                  all ? "all" : "1", flush_always ? "always" : "interval",
                  fan_out ? "four groups" : "one group", partitions_, value_bytes_, per_second_);
  auto engine = log::open(broker_.url());
  HAIL_CHECK(engine.ok());
  engine_ = std::move(engine).value();
  admin_ = engine_->make_admin(20'000);
  log::TopicSettings settings;
  settings.partitions = partitions_;
  settings.flush_always = flush_always;
  settings.segment_bytes = 1 << 20;
  HAIL_CHECK(admin_->create_topic(kTopic, settings).ok());
  add_clients(fan_out);
}

/// Two producers and two members of one group, or one producer and four groups of one member.
void Round::add_clients(bool fan_out) {
  const auto add = [this](const std::string& role, const std::string& name,
                          const std::string& group) {
    Client client;
    client.role = role;
    client.name = name;
    client.group = group;
    clients_.push_back(std::move(client));
  };
  groups_ = {"g1"};
  if (fan_out) groups_ = {"g1", "g2", "g3", "g4"};
  add("produce", "p1", "");
  if (!fan_out) add("produce", "p2", "");
  for (const std::string& group : groups_) add("consume", "c1" + group, group);
  if (!fan_out) add("consume", "c2g1", "g1");
  add("observe", "o1", "g1");
  for (Client& client : clients_) start(client);
}

int64_t Round::draw(int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(random_);
}

void Round::note(const std::string& what) {
  story_ += fmt::format("{:6} ms  {}\n", now_ms() - started_ms_, what);
}

void Round::start(Client& client) {
  const std::string who = fmt::format("{}.{}", client.name, ++client.life);
  const std::string program = is_over_kafka_ ? "hail-kafka-history-load" : "hail-history-load";
  const std::string scheme = is_over_kafka_ ? "" : "hailstorm://";
  std::vector<std::string> command = {program_folder() / program,
                                      client.role,
                                      "--url",
                                      fmt::format("{}127.0.0.1:{}", scheme, broker_port_),
                                      "--topic",
                                      kTopic,
                                      "--who",
                                      who,
                                      "--out",
                                      folder_.path() / (who + ".jsonl"),
                                      "--acks=" + acks_,
                                      "--value-bytes",
                                      value_bytes_,
                                      "--per-second",
                                      per_second_};
  if (!client.group.empty()) command.insert(command.end(), {"--group", client.group});
  client.child = Child(std::move(command), {.err = folder_.path() / "clients.err"});
}

void Round::kill_again(Client& client) {
  note(fmt::format("SIGKILL {}.{}", client.name, client.life));
  client.child.kill();
  client.frozen_until_ms = 0;
  start(client);
}

void Round::freeze(Client& client, int64_t duration_ms) {
  note(fmt::format("SIGSTOP {}.{} for {} ms", client.name, client.life, duration_ms));
  client.child.freeze();
  client.frozen_until_ms = now_ms() + duration_ms;
}

void Round::thaw(Client& client) {
  client.frozen_until_ms = 0;
  client.child.thaw();
}

void Round::cut_connections() {
  lab::LinkFault fault;
  fault.action = lab::FaultAction::reset_peer;
  fault.effect.reset_peer.emplace();
  HAIL_CHECK(relay_.put(kLink, fault).ok() && relay_.clear(kLink, fault.action).ok());
}

void Round::stall(int64_t duration_ms) {
  lab::LinkFault fault;
  fault.action = lab::FaultAction::timeout;
  fault.effect.timeout.emplace();
  HAIL_CHECK(relay_.put(kLink, fault).ok());
  stalled_until_ms_ = now_ms() + duration_ms;
}

void Round::carry_again() {
  stalled_until_ms_ = 0;
  HAIL_CHECK(relay_.clear(kLink, lab::FaultAction::timeout).ok());
}

void Round::break_something() {
  Client& client =
      clients_[static_cast<size_t>(draw(0, static_cast<int64_t>(clients_.size()) - 2))];
  switch (draw(0, 7)) {
    case 0:
    case 1: {
      const int64_t down_ms = draw(0, 100);
      note(fmt::format("SIGKILL the broker for {} ms", down_ms));
      broker_.kill();
      pause(down_ms);
      return broker_.start();
    }
    case 2: {
      const int64_t frozen_ms = draw(20, 400);
      note(fmt::format("SIGSTOP the broker for {} ms", frozen_ms));
      broker_.freeze();
      pause(frozen_ms);
      return broker_.thaw();
    }
    case 3:
      return kill_again(client);
    case 4:
      return freeze(client, draw(50, 1'200));  // beyond a member's session, too
    case 5:
    case 6:
      note("cut all connections");
      return cut_connections();
    default: {
      const int64_t stalled_ms = draw(20, 300);
      note(fmt::format("carry nothing for {} ms", stalled_ms));
      return stall(stalled_ms);
    }
  }
}

void Round::storm(int64_t duration_ms) {
  const int64_t end_ms = now_ms() + duration_ms;
  int64_t next_ms = now_ms() + draw(50, 300);
  while (now_ms() < end_ms) {
    for (Client& client : clients_) {
      if (client.frozen_until_ms != 0 && now_ms() >= client.frozen_until_ms) thaw(client);
    }
    if (stalled_until_ms_ != 0 && now_ms() >= stalled_until_ms_) carry_again();
    if (now_ms() >= next_ms) {
      break_something();
      next_ms = now_ms() + draw(20, 250);
    }
    pause(2);
  }
}

bool Round::stop_clients(const std::string& role) {
  bool well = true;
  for (Client& client : clients_) {
    if (client.role == role) client.child.terminate();
  }
  for (Client& client : clients_) {
    if (client.role != role) continue;
    const int code = client.child.wait(static_cast<int>(kHealMs));
    if (code == 0) continue;
    note(fmt::format("{}.{} ended with {}: {}", client.name, client.life, code,
                     read_text(folder_.path() / "clients.err")));
    well = false;
  }
  return well;
}

bool Round::has_read_all(const std::string& group, std::string& why) {
  const auto described = admin_->describe_group(group);
  if (!described.ok()) {
    why = described.error().message();
    return false;
  }
  int64_t lag = 0;
  for (const auto& partition : described->partitions) lag += partition.lag;
  why = fmt::format("{}: {} members, lag {}", group, described->members.size(), lag);
  return !described->partitions.empty() && lag == 0;
}

bool Round::wait_for_groups() {
  const int64_t deadline_ms = now_ms() + kHealMs;
  std::string why;
  for (const std::string& group : groups_) {
    while (!has_read_all(group, why)) {
      if (now_ms() >= deadline_ms) {
        note("not everything was read: " + why);
        return false;
      }
      pause(10);
    }
  }
  return true;
}

bool Round::heal() {
  note("heal");
  carry_again();
  for (Client& client : clients_) thaw(client);
  const bool produced = stop_clients("produce");
  const bool read = produced && wait_for_groups();
  const bool consumed = stop_clients("consume");
  const bool observed = stop_clients("observe");
  note("healed");
  return produced && read && consumed && observed;
}

const std::filesystem::path& Round::close(bool& well) {
  well = broker_.stop() == 0;
  return broker_.data();
}

Result<std::vector<history::Event>> Round::events() {
  std::vector<history::Event> events;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (entry.path().extension() != ".jsonl") continue;
    HAIL_RETURN_IF_ERROR(history::read_history(entry.path(), events));
  }
  std::vector<log::Position> starts;
  std::map<int32_t, int64_t> left;
  HAIL_ASSIGN_OR_RETURN(const auto topics, admin_->describe_topics({kTopic}));
  for (const log::PartitionInfo& info : topics.at(0).partitions) {
    starts.push_back({{kTopic, info.partition}, 0});
    if (info.high_watermark > 0) left[info.partition] = info.high_watermark;
  }
  const auto reader = engine_->make_consumer({});
  reader->assign(starts);
  std::string lines;
  while (!left.empty()) {
    HAIL_ASSIGN_OR_RETURN(const auto records, reader->poll(10'000));
    if (records.empty()) {
      return Error(log::LogErrc::unavailable, "the log cannot be read to its end");
    }
    for (const log::ConsumedRecord& record : records) {
      if (record.undecodable)
        return Error(log::LogErrc::undecodable, log::to_text(record.offset, *record.undecodable));
      history::Event event;
      event.kind = history::Kind::final_log;
      event.partition = record.partition;
      event.offset = record.offset;
      event.value = record.value->substr(0, record.value->find(' '));
      lines += history::to_line(event);
      events.push_back(std::move(event));
      if (record.offset + 1 >= left[record.partition]) left.erase(record.partition);
    }
  }
  history::HistoryFile(folder_.path() / "final.jsonl").write(lines);
  return events;
}

}  // namespace hailstorm::testing
