#include "tests/support/platform.h"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

#include "common/base/check.h"
#include "common/http/client.h"
#include "common/store/database.h"
#include "services/lab/agent/link_table.h"
#include "services/registry/services.h"
#include "tests/support/broker_process.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;

constexpr auto kDeadline = std::chrono::seconds(60);
constexpr auto kLookAgain = std::chrono::milliseconds(10);
constexpr int kExitTimeoutMs = 60'000;

/// Some process holds SQLite's lock for writing, checkpoints or recovery: bytes 120 to 122 of a
/// WAL's shared memory file (https://www.sqlite.org/walformat.html, section 2.3.1).
bool is_locked(const std::filesystem::path& shm) {
  const int fd = ::open(shm.c_str(), O_RDWR | O_CLOEXEC);
  HAIL_CHECK(fd >= 0);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = 120;
  lock.l_len = 3;
  HAIL_CHECK(::fcntl(fd, F_GETLK, &lock) == 0);
  ::close(fd);
  return lock.l_type != F_UNLCK;
}

/// Replaces the value that follows `flag`.
void set_value(std::vector<std::string>& arguments, const std::string& flag,
               const std::string& value) {
  *std::next(std::find(arguments.begin(), arguments.end(), flag)) = value;
}

}  // namespace

Platform::Platform(Options options) : options_(std::move(options)) {
  layout_.programs = options_.programs.empty() ? program_folder() : options_.programs;
  layout_.data = data();
  layout_.base_port = free_ports(registry::port_range());
  layout_.with_links = options_.with_links;
  std::filesystem::create_directories(data() / "lab");  // as hail-lab does: the broker writes there
  if (options_.with_links) relay_ = std::make_unique<lab::LinkRelay>(clock_);
  std::filesystem::create_directories(data() / "lab");  // of the broker's record of syncs
  for (const auto& plan : lab::plan_of(layout_)) add_process(plan.name, plan);
  engine_ = log::open(broker_url()).value();
  admin_ = engine_->make_admin();
  for (const auto& [name, process] : processes_) start(name);
  for (const auto& [name, process] : processes_) wait_until_ready(name);
}

std::string Platform::program(const std::string& name) const {
  return layout_.programs / ("hail-" + name);
}

void Platform::add_process(const std::string& name, const lab::ProcessPlan& plan) {
  Process process{plan.argv, plan.http_port, {}};
  if (relay_) HAIL_CHECK(lab::LinkTable(*relay_).connect(name, plan.links, process.arguments).ok());
  if (plan.is_service) {
    process.arguments.insert(process.arguments.end(),
                             {"--session-timeout-ms", std::to_string(options_.session_timeout_ms)});
  }
  if (plan.is_service && plan.name != registry::kGateway) {
    const auto& more = options_.service_arguments;
    process.arguments.insert(process.arguments.end(), more.begin(), more.end());
  }
  if (const auto of = options_.arguments_of.find(plan.name); of != options_.arguments_of.end()) {
    process.arguments.insert(process.arguments.end(), of->second.begin(), of->second.end());
  }
  processes_[name] = std::move(process);
}

void Platform::add_instance(const std::string& service, const std::string& name,
                            const std::string& instance_id) {
  auto plans = lab::plan_of(layout_);
  auto plan = std::find_if(plans.begin(), plans.end(),
                           [&](const auto& one) { return one.name == service; });
  HAIL_CHECK(plan != plans.end());
  plan->http_port = free_port();
  set_value(plan->argv, "--http-port", std::to_string(plan->http_port));
  set_value(plan->argv, "--instance-id", instance_id);
  add_process(name, *plan);
}

void Platform::start_instance(const std::string& service, const std::string& name) {
  add_instance(service, name, name);
  start(name);
}

void Platform::start_copy(const std::string& service, const std::string& name) {
  add_instance(service, name, service + "-1");  // as the lab names the first instance
  start(name);
}

void Platform::start(const std::string& name) {
  Process& process = processes_.at(name);
  HAIL_CHECK(!process.child.is_held());
  process.child = Child(process.arguments, {.err = data() / (name + ".err")});
}

void Platform::kill(const std::string& name) { processes_.at(name).child.kill(); }

void Platform::freeze(const std::string& name) {
  const auto shm = data() / name / (name + ".db-shm");
  Child& child = processes_.at(name).child;
  wait_until(name + " is frozen outside of a transaction", [&] {
    child.freeze();
    if (!is_locked(shm)) return true;
    child.thaw();
    return false;
  });
}
void Platform::thaw(const std::string& name) { processes_.at(name).child.thaw(); }

int Platform::stop(const std::string& name) {
  Child& child = processes_.at(name).child;
  child.terminate();
  return child.wait(kExitTimeoutMs);
}

std::vector<std::string> Platform::names() const {
  std::vector<std::string> names;
  for (const auto& [name, process] : processes_) names.push_back(name);
  return names;
}

void Platform::ride(int64_t count, double rate) {
  HAIL_CHECK(!riders_.is_held());
  const auto gateway = lab::gateway_url(layout_);
  std::filesystem::create_directories(data() / "traffic");
  riders_ = Child(
      {program("traffic"), "--gateway", gateway, "--lanes", options_.lanes, "--rides",
       std::to_string(count), "--first-ride", std::to_string(next_ride_), "--rate",
       std::to_string(rate), "--retries", "1000", "--out", data() / "traffic" / "answers.jsonl"},
      {.err = data() / "riders.err"});
  next_ride_ += count;
}

void Platform::wait_for_riders() {
  const int exit_code = riders_.wait(kExitTimeoutMs);
  if (exit_code != 0) fail("the riders' exit code was " + std::to_string(exit_code));
}

void Platform::fail(const std::string& what) const {
  std::cerr << "platform: " << what << "\n";
  for (const auto& [name, process] : processes_) {
    const std::string log = log_of(name);
    std::cerr << "---- " << name << "\n"
              << log.substr(log.size() - std::min<size_t>(log.size(), 2000));
  }
  std::abort();
}

void Platform::wait_until(const std::string& what, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) fail("waited too long until " + what);
    std::this_thread::sleep_for(kLookAgain);
  }
}

void Platform::wait_until_ready(const std::string& name) {
  http::Client client({"127.0.0.1", processes_.at(name).http_port}, 1'000);
  wait_until(name + " is ready", [&] {
    const auto answer = client.get("/readyz");
    return answer.ok() && answer->status == 200;
  });
}

int64_t Platform::status(const std::string& name, const std::string& field) const {
  http::Client client({"127.0.0.1", processes_.at(name).http_port}, 1'000);
  const auto answer = client.get("/status");
  if (!answer.ok() || answer->status != 200) return -1;
  return json::parse(answer->body).value(field, int64_t{-1});
}

void Platform::wait_for_events(const std::string& name, int64_t count) {
  wait_until(name + " has handled " + std::to_string(count) + " events",
             [&] { return status(name, "events") >= count; });
}

int64_t Platform::lag(const std::string& group) {
  const auto description = admin_->describe_group(group);
  if (!description.ok()) return -1;
  int64_t lag = 0;
  for (const auto& partition : description->partitions) lag += partition.lag;
  return lag;
}

void Platform::wait_until_settled() {
  // Twice in a row: between two looks an event may be on its way from one outbox to another group.
  int settled_count = 0;
  wait_until("all lags are 0", [&] {
    bool settled = true;
    for (const auto& service : registry::names()) {
      settled = settled && status(service, "outbox") == 0 && lag(service) == 0;
    }
    settled_count = settled ? settled_count + 1 : 0;
    return settled_count >= 2;
  });
}

AuditCounts Platform::audit() const {
  const auto result = run_program({program("lab"), "audit", "--data", data(), "--json"});
  const json report = json::parse(result.out, nullptr, false);
  if (!report.is_object() || !report.contains("log")) {
    fail("the audit said: " + result.out + result.err);
  }
  const json& lane = report.at("log");
  return {lane.at("requested"),  lane.at("accepted"), lane.at("settled"), lane.at("lost"),
          lane.at("duplicated"), lane.at("orphaned"), result.out};
}

int64_t Platform::number(const std::string& service, const std::string& sql) const {
  auto db =
      store::Database::open(data() / service / (service + ".db"), store::Database::Mode::read_only);
  HAIL_CHECK(db.ok());
  int64_t number = 0;
  HAIL_CHECK((*db)->query(sql, {}, [&](const store::Row& row) { number = row.integer(0); }).ok());
  return number;
}

std::map<std::string, pid_t> Platform::pids() const {
  std::map<std::string, pid_t> pids;
  for (const auto& [name, process] : processes_) {
    if (process.child.is_held()) pids[name] = process.child.pid();
  }
  return pids;
}

std::string Platform::log_of(const std::string& name) const {
  return read_text(data() / (name + ".err"));
}

}  // namespace hailstorm::testing
