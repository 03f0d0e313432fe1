#include "services/lab/passport/command.h"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "common/base/output_file.h"
#include "common/log/log.h"
#include "services/lab/api/errors.h"
#include "services/lab/passport/otlp.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab passport";

/// Prints why, and gives the exit code.
int failed(const Error& error) {
  const int bad_usage = usage_error(kProgram, error.message());
  return error.is(ApiErrc::bad_request) ? bad_usage : 1;
}

Status write_trace(const std::string& file, const Passport& passport) {
  HAIL_ASSIGN_OR_RETURN(const auto out, OutputFile::check(file));
  return out.write(json::to_text(to_otlp(passport), json::Layout::indented) + "\n");
}

}  // namespace

void PassportCommand::add_to(Options& options) {
  auto& command = options.add_command("passport", "Everything that happened to one ride, in order.",
                                      [this] { return run(); });
  command.add_positional("ride-id", ride_id_, "as the gateway answered it");
  address_.add_to(command);
  command.add("data", data_, "the folder that the platform runs with, where no lab is named");
  command.add_address("broker", broker_, "hailstorm", "the log's address, beside --data");
  command.add_flag("json", json_, "for programs");
  command.add("otlp", otlp_, "file to write as a trace, in OTLP's JSON, which Jaeger opens");
}

Result<Passport> PassportCommand::read() const {
  if (!address_.lab.empty()) {
    HAIL_ASSIGN_OR_RETURN(auto client, address_.connect());
    HAIL_ASSIGN_OR_RETURN(const auto answer, client.get("/api/passports/" + ride_id_));
    return passport_from(answer);
  }
  std::error_code unreadable;
  if (!std::filesystem::is_directory(data_, unreadable)) {
    return Error(ApiErrc::bad_request, "--data: " + data_ + " is no folder that can be read");
  }
  HAIL_ASSIGN_OR_RETURN(const auto engine, log::open(broker_));
  return passport_of({data_, engine.get()}, ride_id_);
}

int PassportCommand::run() const {
  if (address_.lab.empty() && data_.empty()) {
    return usage_error(kProgram, "name either the platform's folder, --data, or its lab, --lab");
  }
  const auto passport = read();
  if (!passport.ok()) return failed(passport.error());
  if (!otlp_.empty()) {
    if (const Status written = write_trace(otlp_, *passport); !written.ok())
      return failed(written.error());
  }
  std::cout << (json_ ? json::to_text(to_json(*passport)) + "\n" : to_text(*passport));
  return 0;
}

}  // namespace hailstorm::lab
