#include "services/lab/serve/run_serve.h"

#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <utility>

#include "services/lab/api/errors.h"
#include "services/lab/serve/own_lab.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab serve";

void say(const std::string& line) { std::cout << line << std::endl; }

}  // namespace

void ServeSettings::add_to(Options& options) {
  platform.add_to(options);
  options.add_host("host", listener.host, "address to listen on");
  options.add_hosts("http-hosts", listener.hosts,
                    "names under which clients reach the lab, besides localhost and IP addresses");
  options.add_address("published", listener.published, "http",
                      "where browsers reach the lab, for the address that is printed; where it "
                      "listens if it is not given");
  options.add("page-dir", listener.page_dir,
              "folder from which the page is read at each request, for those who write it");
}

int run_serve(ServeSettings settings, const Clock& clock, StopSignal& stop) {
  auto own = OwnLab::open({.address = {},
                           .platform = std::move(settings.platform),
                           .listener = std::move(settings.listener)},
                          clock, stop);
  if (!own.ok()) {
    const int code = usage_error(kProgram, own.error().message());
    if (stop.requested()) return stop.exit_code();
    return own.error().is(ApiErrc::bad_request) ? code : 1;
  }
  Lab& lab = *(*own)->lab();
  say(fmt::format("Watch and break it: {}", lab.page_url()));
  const PlatformSettings& platform = lab.platform().settings();
  if (!platform.in_containers()) {
    say(fmt::format("Join it with any Kafka client: kcat -b {} -L", kafka_address(platform)));
  }
  say(fmt::format("Its token is in {}/lab/lab-token; the API is listed at {}/api", (*own)->data(),
                  lab.url()));
  say("Ctrl-C ends everything.");
  stop.wait();
  const std::string data = (*own)->data();
  own->reset();
  say("Everything is stopped. The data is kept in " + data);
  return 0;
}

}  // namespace hailstorm::lab
