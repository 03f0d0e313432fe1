#include "common/service/settings.h"

#include "common/service/unsafe.h"

namespace hailstorm::service {

void ServiceSettings::add_to(Options& options, int64_t default_http_port) {
  http_port = default_http_port;
  options.add_address("broker", broker, "hailstorm", "the log's address");
  options.add_required("data", data, "folder of this service's database; made if missing");
  options.add_host("http-host", http_host,
                   "address to listen on; of a name the first IPv4 address, else the first IPv6");
  options.add("http-port", http_port, kPortOrAnyRange, "port to listen on; 0 takes any free one");
  options.add("http-threads", http_threads, {1, 4096, "requests"}, "requests handled at a time");
  options.add_hosts(
      "http-hosts", http_hosts,
      "names under which clients reach this process, besides localhost and IP addresses");
  options.add("instance-id", instance_id,
              "static membership: an instance that comes back under its id keeps its partitions; "
              "@host stands for the service's and the machine's name");
  options.add("session-timeout-ms", session_timeout_ms, {500, 60'000, "ms"},
              "after so long a silence the group gives this instance's partitions to others");
  log.add_to(options);
  options.add_flag("accept-missing-records", accept_missing_records,
                   "go on where the log has no longer all records that the store needs; for one "
                   "start, after the service has named them");
  options.add_choice("topic-flush", topic_flush, {"always", "interval"},
                     "of topics that this service makes: interval acknowledges events before they "
                     "are on the disk, so that a power cut loses some");
  options.add_choices(
      "unsafe", unsafe, unsafe_names(),
      "for experiments, gives up a promise: no-inbox lets redelivered events count again, "
      "commit-before-effect and no-outbox let a crash lose events");
}

}  // namespace hailstorm::service
