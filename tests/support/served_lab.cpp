#include "tests/support/served_lab.h"

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/token_file.h"
#include "services/registry/services.h"
#include "tests/support/await.h"
#include "tests/support/free_ports.h"
#include "tests/support/raw_client.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

const std::string kStream = "/api/stream";

std::vector<std::string> command_line(std::vector<std::string> command, const std::string& data,
                                      int base_port) {
  command.insert(command.begin(), program_folder() / "hail-lab");
  command.insert(command.end(), {"--data", data, "--base-port", std::to_string(base_port)});
  return command;
}

}  // namespace

ServedLab::ServedLab(const std::vector<std::string>& command)
    : port_(free_ports(registry::port_range()) + registry::kLabPort), command_(command) {
  start();
}

void ServedLab::start() {
  data_ = folder_.path() / fmt::format("run-{}", ++starts_);
  process_ = Child(command_line(command_, data_, port_ - registry::kLabPort),
                   {.out = folder_.path() / "out", .err = folder_.path() / "err"});
  const bool is_up = await([this] {
    HAIL_CHECK(!process_.has_ended());
    if (!std::filesystem::exists(token_file())) return false;
    const auto frame = client().get("/api/state");
    const json::Value* processes = frame.ok() ? frame->find("processes") : nullptr;
    if (processes == nullptr) return false;
    for (const auto& [name, one] : *processes->members()) {
      if (!one.find("ready")->boolean().value_or(false)) return false;
    }
    return true;
  });
  HAIL_CHECK(is_up);
}

std::string ServedLab::bearer() const { return "Bearer " + read_token(token_file()).value(); }

lab::LabClient ServedLab::client() const { return {{"127.0.0.1", port_}, bearer()}; }

std::string ServedLab::output() const { return read_text(folder_.path() / "out"); }

std::vector<pid_t> ServedLab::pids() const {
  std::vector<pid_t> pids;
  const auto frame = client().get("/api/state").value();
  for (const auto& [name, one] : *frame.find("processes")->members()) {
    pids.push_back(static_cast<pid_t>(*one.find("pid")->integer()));
  }
  return pids;
}

std::string ServedLab::ask_for_a_ride(const std::string& rider) const {
  const auto& gateway = registry::service(registry::kGateway);
  http::Client client({"127.0.0.1", port_ - registry::kLabPort + gateway.port_offset}, 20'000);
  const json::Value ride = {{"rider_id", rider},
                            {"pickup", {{"lat", 40.7128}, {"lon", -74.006}}},
                            {"dropoff", {{"lat", 40.7306}, {"lon", -73.9866}}}};
  const auto answer = client.post("/rides", json::to_text(ride), {{"Idempotency-Key", rider}});
  HAIL_CHECK(answer.ok());
  const auto body = json::parse(answer->body);
  HAIL_CHECK(body.ok() && body->find("ride_id") != nullptr);
  return *body->find("ride_id")->text();
}

http::Response ServedLab::open_stream(const http::Headers& headers) const {
  std::string request = "GET " + kStream + " HTTP/1.1\r\nConnection: close\r\n";
  if (!headers.contains("Host")) request += "Host: 127.0.0.1\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  RawClient client(port_);
  client.send(request + "\r\n");
  const std::string answer = client.read_until("}\n\n");  // of an event; a refusal ends
  http::Response response;
  response.status = std::stoi(answer.substr(answer.find(' ') + 1));
  const auto after = [&answer](const std::string& mark, const std::string& end) {
    const size_t at = answer.find(mark);
    if (at == std::string::npos) return std::string();
    return answer.substr(at + mark.size(), answer.find(end, at) - at - mark.size());
  };
  response.content_type = after("Content-Type: ", "\r\n");
  response.body =
      response.status == 200 ? after("\ndata: ", "\n\n") : answer.substr(answer.find("\r\n\r\n"));
  return response;
}

http::Response ServedLab::send(const std::string& method, const std::string& path,
                               http::Headers headers, const std::string& body) const {
  if (path == kStream && method == "GET") return open_stream(headers);
  http::Request request;
  request.method = method;
  request.path = path;
  request.headers = std::move(headers);
  request.headers.emplace("Content-Type", "application/json");
  if (method != "GET") request.body = body;
  http::Client client({"127.0.0.1", port_}, 60'000);
  auto response = client.send(request);
  return response.ok() ? *response : http::Response{0, response.error().message(), "", {}};
}

}  // namespace hailstorm::testing
