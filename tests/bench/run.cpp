#include "tests/bench/run.h"

#include <iostream>

#include "common/base/clock.h"
#include "tests/support/process_figures.h"

namespace hailstorm::testing {

Run::Run(const Workload& workload, const std::string& peer, const std::string& name, pid_t broker)
    : workload_(workload), broker_(broker), cpu_s_(broker_cpu_s()), start_us_(steady_us()) {
  line_ = {{"peer", peer},          {"mode", workload.mode},     {"w", name},
           {"size", workload.size}, {"window", workload.window}, {"batch", workload.batch}};
}

double Run::broker_cpu_s() const { return broker_ > 0 ? figures_of(broker_).cpu_s : 0; }

double Run::elapsed_s() const { return static_cast<double>(steady_us() - start_us_) / 1e6; }

nlohmann::ordered_json Run::finish(int64_t messages) {
  const double seconds = elapsed_s();
  const auto count = static_cast<double>(messages);
  line_["n"] = messages;
  line_["secs"] = seconds;
  line_["msg_s"] = count / seconds;
  line_["mb_s"] = count * static_cast<double>(workload_.size) / seconds / 1e6;
  if (broker_ > 0) line_["srv_cpu_us_msg"] = (broker_cpu_s() - cpu_s_) * 1e6 / count;
  std::cout << line_.dump() << std::endl;
  return line_;
}

}  // namespace hailstorm::testing
