#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/api/lab_client.h"
#include "services/lab/api/lab_server.h"
#include "services/lab/audit/audit.h"
#include "services/lab/page/page_files.h"
#include "services/lab/platform/platform.h"
#include "services/lab/runs/run_desk.h"
#include "services/lab/serve/audit_desk.h"
#include "services/lab/serve/fault_desk.h"
#include "services/lab/serve/traffic_control.h"
#include "services/lab/views/views.h"

namespace hailstorm::lab {

struct LabSettings {
  std::string host = "127.0.0.1";
  std::vector<std::string> hosts = {};  // names besides localhost and IP addresses
  std::string claims = {};              // file; empty: DATA/traffic/claimed
  std::string published = {};           // http://HOST:PORT for browsers; empty: url()
  std::string page_dir = {};            // the page is read from there; empty: from this program
};

/// The lab of a running platform: its desks, and the API that offers them. See services/lab/api/
/// openapi.json for what it offers.
///
/// Thread safety: made, started and stopped by one thread; its desks are safe.
class Lab {
 public:
  /// `platform` and `clock` must remain live while this is in use; the platform is started before
  /// this is.
  Lab(Platform& platform, LabSettings settings, const Clock& clock);
  ~Lab() { stop(); }
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  /// Writes the token (DATA/lab/lab-token) and listens on the platform's base port + 8. Errors of
  /// token files and of the HTTP layer.
  [[nodiscard]] Status start();
  /// Ends the run that is on, then takes no more requests; the riders end. May be called twice.
  void stop();

  /// http://127.0.0.1:PORT
  [[nodiscard]] std::string url() const;
  /// The same with a key after "#k=", with which a browser opens a session once. The part after #
  /// is sent to nobody and written to no log.
  [[nodiscard]] std::string page_url();
  /// A client of this lab that may change things.
  [[nodiscard]] LabClient client() const;

  [[nodiscard]] Platform& platform() { return platform_; }
  [[nodiscard]] FaultDesk& faults() { return faults_; }
  [[nodiscard]] AuditDesk& audit() { return audit_; }
  [[nodiscard]] TrafficControl& traffic() { return *traffic_; }
  [[nodiscard]] LabServer& server() { return server_; }
  [[nodiscard]] Views& views() { return views_; }

 private:
  /// What this knows of the platform now.
  [[nodiscard]] Result<FrameSources> look();

  Platform& platform_;
  const std::string token_;
  const LabListener listener_;
  const std::string published_;
  const PageFiles page_;
  LabServer server_;
  FaultDesk faults_;
  AuditDesk audit_;
  std::unique_ptr<TrafficControl> traffic_;
  RunDesk runs_;
  Views views_;
};

}  // namespace hailstorm::lab
