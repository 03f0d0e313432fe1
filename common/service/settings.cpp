#include "common/service/settings.h"

namespace hailstorm::service {

void ServiceSettings::add_to(Options& options, int64_t default_http_port) {
  http_port = default_http_port;
  options.add("broker", broker, "the log's address: hailstorm://HOST:PORT");
  options.add_required("data", data, "folder of this service's database; made if missing");
  options.add("http-host", http_host, "address to listen on");
  options.add("http-port", http_port, "port to listen on; 0 takes any free one");
  options.add("http-threads", http_threads, "requests handled at a time");
  options.add("http-hosts", http_hosts,
              "names under which clients reach this process, besides localhost and IP addresses; "
              "separated by commas");
  options.add("instance-id", instance_id,
              "static membership: an instance that comes back under its id keeps its partitions; "
              "@host stands for the service's and the machine's name");
  options.add("session-timeout-ms", session_timeout_ms,
              "after so long a silence the group gives this instance's partitions to others");
  options.add("log-level", log_level, "debug, info, warn or error");
  options.add("unsafe", unsafe,
              "for experiments: no-inbox gives up exactly-once effects, redelivered events count "
              "again");
}

}  // namespace hailstorm::service
