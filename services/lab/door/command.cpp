#include "services/lab/door/command.h"

#include <cstdio>
#include <fmt/format.h>

#include "common/base/address.h"
#include "common/base/run_server.h"
#include "services/lab/links/link_relay.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab door";

}  // namespace

void DoorCommand::add_to(Options& options) {
  auto& command =
      options.add_command("door", "Leads from a port to a server of another network, until Ctrl-C.",
                          [this] { return run(); });
  command.add_host("host", host_, "address to listen on");
  command.add("port", port_, kPortOrAnyRange, "port to listen on; 0: any free one");
  command.add_required("to", to_, "HOST:PORT of the server");
}

int DoorCommand::run() const {
  const auto server = parse_address("tcp://" + to_, "tcp");
  if (!server.ok()) return usage_error(kProgram, server.error().message());
  return run_server(kProgram, [&](ServerStart& start) -> Result<int> {
    HAIL_ASSIGN_OR_RETURN(auto listener, listen_on({host_, static_cast<int>(port_)}));
    LinkRelay relay(clock_);
    HAIL_ASSIGN_OR_RETURN(const int port, relay.hold("door", *server, std::move(listener)));
    start.succeeded();
    fmt::print("{} leads to {}\n", to_text({host_, port}), to_text(*server));
    std::fflush(stdout);
    start.stop().wait();
    return 0;
  });
}

}  // namespace hailstorm::lab
