#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/result.h"
#include "common/base/stop_signal.h"
#include "services/lab/api/lab_address.h"
#include "services/lab/api/lab_client.h"
#include "services/lab/platform/platform.h"
#include "services/lab/platform/platform_options.h"
#include "services/lab/serve/lab.h"

namespace hailstorm::lab {

/// The options of a command that works on a lab: one that runs already, or one of its own.
struct OwnLabSettings {
  LabAddress address;
  PlatformOptions platform;
  LabSettings listener = {};  // where one of its own is reached

  void add_to(Options& options);
};

/// A lab for one command: with a platform of its own, whose processes start again when they end by
/// themselves; or the one that --lab names. Both are used over the API.
///
/// Thread safety: made by one thread; the client is safe.
class OwnLab {
 public:
  /// Returns when every process is ready; containers are not waited for. Errors: not_ready; those
  /// of the platform; a wrong option, which says so. `clock` must remain live while the lab is in
  /// use.
  [[nodiscard]] static Result<std::unique_ptr<OwnLab>> open(OwnLabSettings settings,
                                                            const Clock& clock, StopSignal& stop);
  ~OwnLab();  // ends what it started
  OwnLab(const OwnLab&) = delete;
  OwnLab& operator=(const OwnLab&) = delete;

  [[nodiscard]] LabClient& client() { return *client_; }
  /// The lab in this process; null: it is another's.
  [[nodiscard]] Lab* lab() { return lab_.get(); }
  /// Where the platform of its own keeps its data; empty: it is another's.
  [[nodiscard]] const std::string& data() const { return data_; }

 private:
  OwnLab() = default;
  [[nodiscard]] Status start(OwnLabSettings& own, const Clock& clock, StopSignal& stop);

  std::string data_;
  std::unique_ptr<Platform> platform_;
  std::unique_ptr<Lab> lab_;
  std::optional<LabClient> client_;
};

/// Until every process of the platform does its work. Errors: not_ready after 60 s, stopped.
[[nodiscard]] Status await_ready(Platform& platform, const Clock& clock, const StopSignal& stop);

}  // namespace hailstorm::lab
