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
#include "tests/support/broker_process.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;

constexpr auto kDeadline = std::chrono::seconds(60);
constexpr auto kLookAgain = std::chrono::milliseconds(10);
constexpr int kExitTimeoutMs = 60'000;

/// Each service's place behind the base port, in the order of the coupled lane.
constexpr int kBrokerHttp = 1;
const std::map<std::string, int> kServices = {
    {"gateway", 2}, {"matching", 3}, {"payment", 4}, {"notification", 5}, {"analytics", 6}};
constexpr int kPortCount = 7;

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

}  // namespace

Platform::Platform(Options options)
    : options_(std::move(options)), base_port_(free_ports(kPortCount)) {
  add_broker();
  for (const auto& [service, place] : kServices) {
    const bool is_gateway = service == "gateway";
    add_service(service, service,
                is_gateway ? std::vector<std::string>{} : options_.service_arguments);
  }
  engine_ = log::open(broker_url()).value();
  admin_ = engine_->make_admin();
  for (const auto& [name, process] : processes_) start(name);
  for (const auto& [name, process] : processes_) wait_until_ready(name);
}

std::string Platform::program(const std::string& name) const {
  return (options_.programs.empty() ? program_folder() : options_.programs) / ("hail-" + name);
}

void Platform::add_broker() {
  Process broker;
  broker.http_port = base_port_ + kBrokerHttp;
  broker.arguments = {program("broker"),
                      "--data",
                      data() / "broker",
                      "--port",
                      std::to_string(base_port_),
                      "--http-port",
                      std::to_string(broker.http_port)};
  processes_["broker"] = std::move(broker);
}

void Platform::add_service(const std::string& service, const std::string& name,
                           const std::vector<std::string>& extra) {
  Process process;
  const int place = kServices.at(service);
  process.http_port = name == service ? base_port_ + place : free_port();
  process.arguments = {program(service),
                       "--broker",
                       "hailstorm://127.0.0.1:" + std::to_string(base_port_),
                       "--data",
                       data() / service,
                       "--http-port",
                       std::to_string(process.http_port),
                       "--instance-id",
                       name,
                       "--session-timeout-ms",
                       std::to_string(options_.session_timeout_ms)};
  if (service != "analytics") {
    process.arguments.push_back("--next");
    const int next = service == "gateway" ? kServices.at("matching") : place + 1;
    process.arguments.push_back("http://127.0.0.1:" + std::to_string(base_port_ + next));
  }
  process.arguments.insert(process.arguments.end(), extra.begin(), extra.end());
  processes_[name] = std::move(process);
}

void Platform::start_instance(const std::string& service, const std::string& name) {
  add_service(service, name, options_.service_arguments);
  start(name);
}

void Platform::start_copy(const std::string& service, const std::string& name) {
  add_service(service, name, options_.service_arguments);
  auto& arguments = processes_.at(name).arguments;
  *std::next(std::find(arguments.begin(), arguments.end(), "--instance-id")) = service;
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
  const auto gateway = "http://127.0.0.1:" + std::to_string(processes_.at("gateway").http_port);
  std::filesystem::create_directories(data() / "traffic");
  riders_ = Child(
      {program("traffic"), "--gateway", gateway, "--lanes", "log", "--rides", std::to_string(count),
       "--first-ride", std::to_string(next_ride_), "--rate", std::to_string(rate), "--retries",
       "1000", "--out", data() / "traffic" / "answers.jsonl"},
      {.err = data() / "riders.err"});
  next_ride_ += count;
}

void Platform::wait_for_riders() {
  const int exit_code = riders_.wait(kExitTimeoutMs);
  if (exit_code != 0) give_up("the riders' exit code was " + std::to_string(exit_code));
}

void Platform::give_up(const std::string& what) const {
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
    if (std::chrono::steady_clock::now() > deadline) give_up("waited in vain until " + what);
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
    for (const auto& [service, place] : kServices) {
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
    give_up("the audit said: " + result.out + result.err);
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
